/*
 * representation: the finished body of a document, with what its headers are made from.
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
	uint64_t revision; /* of the dataset, as the query saw it */
	int64_t changed;   /* when the dataset got that revision, in microseconds since 1970 */
	char record_revision[21]; /* of a single record, otherwise "" */
	const char *mistaken;	  /* on ERROR_BAD_REQUEST: the parameter at fault, or NULL */
	const char *next; /* address of the next page or NULL; lives as long as the request */
};

/* Builds the body for a request from a database. */
typedef bool representation_build(const struct request *request, struct db *db,
				  struct representation *representation, struct error *err);

/* A page of the route's document. */
representation_build representation_list;

/* The record that the path identifies, or all sections of the route's document about it. Fails with
 * ERROR_NOT_FOUND when it does not exist. */
representation_build representation_record;

/* Takes ownership of the body, which is empty after, and takes the revision from the rows. */
MUST_CHECK bool representation_finish(struct buffer *body, const struct rows *rows,
				      struct representation *representation, struct error *err);

void representation_free(struct representation *representation);
