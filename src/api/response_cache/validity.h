/*
 * validity: what the response to a request depends on besides its address: the revision of the
 * dataset and, where legal time matters, the day.
 */
#pragma once
#include "api/response_cache/dataset_revision.h"
#include "cache/entry.h"
#include "http/message/request.h"

struct validity {
	struct dataset_state dataset; /* the newest one known when the request came */
	long today;		      /* days since 1970, in UTC */
	bool daily;		      /* the response holds for today alone: no day was requested */
};

struct validity validity_of(const struct request *request);

/* What an entry must be valid for to be served. */
struct entry_validity validity_wanted(const struct validity *validity);

/* Whether what a query read is not behind that dataset, nor of another one. */
bool validity_covers(const struct validity *validity, const struct dataset_state *seen);

/* What a response that was read at a revision is valid for. */
struct entry_validity validity_made(const struct validity *validity, uint64_t revision);
