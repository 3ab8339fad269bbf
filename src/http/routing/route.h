/*
 * route: one row of the route table, which is in api/routes.c.
 */
#pragma once
#include <stddef.h>

#include "base/error.h"

struct request;
struct response;
struct parameter;
struct value;
struct media_type;

enum parameter_place { PARAMETER_PATH, PARAMETER_QUERY };

/* Checks a value that the client sent (decoded, valid UTF-8, no NUL). value->canonical is the text
 * at first; the check may replace it by the spelling that all equal values share, which lives as
 * long as the request. Fails with ERROR_BAD_REQUEST (in a path with ERROR_NOT_FOUND) and a message
 * that names the error and the valid values, or with a 5xx kind when it cannot check. */
typedef bool route_parameter_check(const struct request *request, struct value *value,
				   struct error *err);

struct parameter {
	const char *name; /* in the address and in openapi.yaml */
	enum parameter_place place;
	route_parameter_check *check;
	const char *binds;	    /* the query's $name that it fills; NULL: the same as name */
	const char *const *choices; /* a closed set, ends with a null pointer; else NULL */
	bool many;		    /* takes a comma-separated list */
	bool period;		    /* takes days: the canonical value is FIRST..LAST */
	bool endless; /* has so many values that a response is cached at its second request */
};

/* Fills the response, or fails: dispatch then responds with a problem document. */
typedef bool route_handler(const struct request *request, struct response *response,
			   struct error *err);

enum { ROUTE_PARAMETERS = 20 };

struct route {
	const char *method, *template; /* "/v1/countries/{code}" */
	const char *operation;	       /* operationId in openapi.yaml */
	route_handler *handler;
	const void *detail;			   /* for the handler alone */
	const struct parameter *const *parameters; /* ends with a null pointer */
	const struct media_type *const
		*media;	  /* the media types of the handler, the preferred one first; ends
			   * with a null pointer. NULL: there is no choice */
	const char *body; /* media type of the body that a request must have; NULL: none is taken */
};
