/*
 * representation: the finished answer to a request for a document. What an answer cache keeps.
 */
#pragma once
#include <stdint.h>
#include <time.h>

#include "base/buffer.h"
#include "db/db.h"
#include "http/message/request.h"

struct representation {
	char *body; /* owned */
	size_t length;
	uint64_t revision;	  /* of the dataset, as the query saw it */
	time_t changed;		  /* when the dataset got it */
	char record_revision[21]; /* of a single record, "" for anything else */
	const char *mistaken; /* on ERROR_BAD_REQUEST: the parameter that is to blame, or NULL */
	const char *next;     /* address of the next page or NULL; lives as long as the request */
};

void representation_free(struct representation *representation);

/* Builds a page of the route's document. */
MUST_CHECK bool representation_list(const struct request *request, struct db *db,
				    struct representation *representation, struct error *err);

/* Builds the record that the path names. Fails with ERROR_NOT_FOUND when there is none. */
MUST_CHECK bool representation_record(const struct request *request, struct db *db,
				      struct representation *representation, struct error *err);

/* Takes over the built body, which is empty after, and the revision that its rows were read at. */
MUST_CHECK bool representation_finish(struct buffer *body, const struct rows *rows,
				      struct representation *representation, struct error *err);

/* Builds all sections of the route's document around one record. Fails as above. */
MUST_CHECK bool representation_sections(const struct request *request, struct db *db,
					struct representation *representation, struct error *err);
