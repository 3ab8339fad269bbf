/*
 * response_memo: maps the bytes of a request to its cached response.
 *
 * Requests with equal targets and equal selecting fields get equal responses, so the result of
 * dispatch is found again without it: the cached response, its form and its fields. `recall` checks
 * each time that the cached response is current.
 */
#pragma once
#include "http/negotiation/content_coding.h"
#include "http/message/exchange.h"

enum { MEMO_TARGET = 512, MEMO_TEXTS = 2048 };

struct memo_entry {
	uint64_t serial; /* of the cached response */
	const struct route *route;
	const char *media_type; /* outlives the service */
	enum content_coding coding;
	time_t modified;
	time_t ends; /* the fields hold until the freshness shortens before it; 0: always */
	unsigned path_length;	/* of the target */
	unsigned lasting;	/* bytes of the fields at the start that a 304 has as well */
	unsigned length;	/* of all fields */
	unsigned key, tag;	/* where the cache key and the value of ETag begin in the texts */
	unsigned size;		/* of the texts */
	char texts[MEMO_TEXTS]; /* first the lines of the fields, as they are sent */
};

struct response_memo;

/* NULL when out of memory. */
struct response_memo *response_memo_open(void);
void response_memo_close(struct response_memo **memo);

/* Stores the response to a request if equal requests may get it too. */
void response_memo_note(struct response_memo *memo, const struct raw_request *raw,
			const struct exchange *exchange);

/* Copies the entry of a request with these bytes; false when there is none. */
bool response_memo_find(struct response_memo *memo, const struct raw_request *raw,
			struct memo_entry *found);
