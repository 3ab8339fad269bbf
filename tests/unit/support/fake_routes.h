/*
 * fake_routes: a small route table and requests for it, without a socket. Included once in a test.
 */
#pragma once
#include "base/config.h"
#include "http/message/service.h"
#include "http/policy/framing.h"
#include "http/routing/dispatch.h"
#include "http/routing/route.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>

#define TAKES(...)                                                                                 \
	(const struct parameter *const[])                                                          \
	{                                                                                          \
		__VA_ARGS__, NULL                                                                  \
	}

static atomic_int handled; /* count of handler calls */

static inline bool check_code(const struct request *request, struct value *value, struct error *err)
{
	(void)request;
	if (strcasecmp(value->text, "down") == 0)
		return error_set(err, ERROR_UNAVAILABLE, "secret driver message");
	if (strcasecmp(value->text, "no") != 0 && strcasecmp(value->text, "nor") != 0)
		return error_set(err,
				 value->parameter->place == PARAMETER_PATH ? ERROR_NOT_FOUND
									   : ERROR_BAD_REQUEST,
				 "'%.3s' is no country.", value->text);
	value->canonical = "NO";
	return true;
}

static const struct parameter path_code = {
	.name = "code", .place = PARAMETER_PATH, .check = check_code};
static const struct parameter by_country = {
	.name = "country", .place = PARAMETER_QUERY, .check = check_code};
static const struct parameter by_text = {.name = "q", .place = PARAMETER_QUERY};
static const struct parameter by_list = {.name = "a", .place = PARAMETER_QUERY, .many = true};
static const struct parameter by_lang = {.name = "lang", .place = PARAMETER_QUERY};

/* Responds with the path and parameters, so that tests can check the request. */
static inline bool respond_with_echo(const struct request *request, struct response *response,
				     struct error *err)
{
	const char *q = request_value(request, "q"), *of = request_value(request, "country");
	const char *list = request_value(request, "a");
	char *body;

	handled++;
	if (asprintf(&body,
		     "{\"path\":\"%s\",\"q\":\"%s\",\"country\":\"%s\",\"language\":\"%s\","
		     "\"a\":\"%s\"}",
		     request->canonical_path, q ? q : "-", of ? of : "-", request->language,
		     list ? list : "-") < 0)
		return error_out_of_memory(err);
	response_field(response, "Link", "<a>");
	response_field(response, "link", "<b>");
	return response_body(response, 200, "application/json", body, strlen(body), err);
}

static inline bool respond_failing(const struct request *request, struct response *response,
				   struct error *err)
{
	const char *q = request_value(request, "q");

	response_field(response, "ETag", "\"gone\"");
	if (!q)
		return response_body(response, 200, "text/plain", strdup("left behind"), 11, err) &&
		       error_set(err, ERROR_INTERNAL, "/etc/secret: SELECT 1");
	if (strcmp(q, "gone") == 0)
		response_member(response, "replaced_by", "other");
	if (strcmp(q, "gone") == 0)
		return error_set(err, ERROR_GONE, "Retracted.");
	if (strcmp(q, "cursor") == 0) {
		response->mistaken = "q";
		return error_set(err, ERROR_BAD_REQUEST, "No cursor.");
	}
	if (strcmp(q, "field") == 0)
		response_field(response, "X-Evil", "a\r\nb: c");
	if (strcmp(q, "nothing") == 0)
		return true;
	return response_body(response, 200, "text/plain", strdup("x"), 1, err);
}

/* Reads the JSON body that it must have. */
static inline bool add_note(const struct request *request, struct response *response,
			    struct error *err)
{
	json_auto_t *note =
		json_loadb(request->body, request->body_length, JSON_REJECT_DUPLICATES, NULL);
	const char *title = json_string_value(json_object_get(note, "title"));
	char *body;

	handled++;
	if (!note)
		return error_set(err, ERROR_BAD_REQUEST, "The body is not valid JSON.");
	if (!title)
		return error_set(err, ERROR_BAD_REQUEST, "'title' must be a string.");
	if (asprintf(&body, "{\"title\":\"%zu bytes\"}", strlen(title)) < 0)
		return error_out_of_memory(err);
	return response_body(response, 200, "application/json", body, strlen(body), err);
}

#define NOTES                                                                                      \
	{                                                                                          \
		"POST", "/v1/notes", "add", add_note, NULL, TAKES(NULL), NULL, "application/json"  \
	}

static const struct route table[] = {
	{"GET", "/v1", "getEntry", respond_with_echo, NULL, TAKES(NULL), NULL, NULL},
	{"GET", "/v1/countries", "list", respond_with_echo, NULL,
	 TAKES(&by_country, &by_text, &by_list, &by_lang), NULL, NULL},
	{"GET", "/v1/countries/{code}", "get", respond_with_echo, NULL, TAKES(&path_code, &by_text),
	 NULL, NULL},
	NOTES,
	{"GET", "/v1/failing", "fail", respond_failing, NULL, TAKES(&by_text), NULL, NULL},
	{0},
};

static struct config config = {.public_url = "", .origins = "*"};

static inline void field_add(struct raw_request *raw, const char *name, const char *value)
{
	assert_true(raw->line_count < LIMIT_FIELDS);
	raw->lines[raw->line_count++] = (struct field){name, value};
}

static inline struct raw_request request_for(const char *method, const char *target)
{
	struct raw_request raw = {.method = method, .target = target, .version = "HTTP/1.1"};

	field_add(&raw, "Host", "x");
	return raw;
}

/* Reads the fields as a server does, then dispatches. */
static inline void dispatch_request(struct raw_request *raw, struct exchange *exchange)
{
	const struct service service = {.config = &config, .routes = table, .budget = 1000};

	request_fields_find(raw->lines, raw->line_count, &raw->fields);
	(void)framing_read(raw);
	*exchange = (struct exchange){0};
	handled = 0;
	dispatch(&service, raw, exchange);
}

static inline const char *response_value(const struct exchange *exchange, const char *name)
{
	for (size_t i = 0; i < exchange->response.field_count; i++)
		if (strcmp(exchange->response.fields[i].name, name) == 0)
			return exchange->response.fields[i].value;
	return NULL;
}

static inline void assert_value(const struct exchange *exchange, const char *name,
				const char *expected)
{
	const char *value = response_value(exchange, name);

	assert_non_null(value);
	assert_string_equal(value, expected);
}

/* Asserts that the body is a problem document that agrees with the response around it. */
static inline json_t *assert_problem(const struct exchange *exchange)
{
	json_t *problem = json_loadb(exchange->response.body, exchange->response.length, 0, NULL);
	const char *type = json_string_value(json_object_get(problem, "type"));
	const char *instance = json_string_value(json_object_get(problem, "instance"));

	assert_non_null(problem);
	assert_string_equal(exchange->response.media_type, "application/problem+json");
	assert_value(exchange, "Content-Type", "application/problem+json");
	assert_value(exchange, "Cache-Control", "no-store");
	assert_int_equal(json_integer_value(json_object_get(problem, "status")),
			 exchange->response.status);
	assert_non_null(strstr(type, "/problems/"));
	assert_true(json_string_length(json_object_get(problem, "title")) > 0);
	assert_true(json_string_length(json_object_get(problem, "detail")) > 0);
	assert_non_null(instance);
	assert_null(strchr(instance, '?'));
	assert_string_equal(json_string_value(json_object_get(problem, "request_id")),
			    exchange->request.id);
	assert_value(exchange, "X-Request-Id", exchange->request.id);
	return problem;
}
