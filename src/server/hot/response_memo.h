/*
 * shortcut: requests that were answered before, told by their raw bytes.
 *
 * Path, query and negotiation of equal bytes come to the same end, so that what was found out once
 * needs no second look: which kept answer it is, in which form, and with which fields. Whether that
 * answer still holds is asked each time (struct recall).
 */
#pragma once
#include "http/negotiation/content_coding.h"
#include "http/message/exchange.h"

enum { SHORTCUT_TARGET = 512, SHORTCUT_TEXTS = 2048 };

/* What of a request chooses its answer; NULL for fields that are absent. */
struct selection {
	const char *target, *accept, *accept_language, *accept_encoding;
};

/* What was found out. */
struct memo_entry {
	uint64_t serial; /* of the kept answer */
	const struct route *route;
	const char *media_type; /* outlives the service */
	enum content_coding coding;
	time_t modified;
	unsigned path_length; /* of the target */
	unsigned lasting;     /* how many bytes of the fields, from the first, a 304 has too */
	unsigned length;      /* of all fields */
	unsigned key,
		tag;   /* where in the texts the kept answer's key and the value of ETag begin */
	unsigned size; /* of the texts */
	char texts[SHORTCUT_TEXTS]; /* first the lines of the fields, as they are sent */
};

struct response_memo;

/* NULL when out of memory. */
struct response_memo *response_memo_open(void);
void response_memo_close(struct response_memo **shortcuts);

/* Notes how a request was answered, when others can be answered so too. */
void response_memo_note(struct response_memo *shortcuts, const struct raw_request *incoming,
			const struct exchange *exchange);

/* Copies what is known of such a request; false when nothing is. */
bool response_memo_find(struct response_memo *shortcuts, const struct selection *selection,
			struct memo_entry *found);
