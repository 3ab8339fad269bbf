/*
 * finished: an answer as it lies in the cache: its bytes in every coding, and what goes with them.
 */
#pragma once
#include "api/representation.h"
#include "cache/entry.h"
#include "http/encoding.h"
#include "http/recall.h"
#include "http/reply.h"

enum { CODED_LEAST = 1024 }; /* bytes from which on a body is coded */

/* Makes an entry of a representation, whose body it takes over. All codings are made when it is
 * kept; else the one that this request is answered in. NULL when out of memory. */
struct entry *finished_entry(const struct request *request, const char *key, long day, bool keep,
			     struct representation *representation);

/* An entry in the hands of src/http, which releases it. */
struct recalled finished_recall(struct entry *entry);

/* Answers with an entry and lets go of it. `age` is that of an answer that may be old, in seconds;
 * -1: it is current. */
void finished_reply(struct reply *reply, const struct request *request, struct entry **entry,
		    long age);
