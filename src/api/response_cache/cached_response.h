/*
 * finished: an answer as it lies in the cache: its bytes in every coding, and what goes with them.
 */
#pragma once
#include "api/read/representation.h"
#include "cache/entry.h"
#include "http/message/recallable.h"
#include "http/message/response.h"

/* Makes an entry of a representation, whose body it takes over, with the form (api/forms.h) that
 * this request is answered in. One that is kept has the gzip form too. NULL when out of memory. */
struct entry *cached_response_entry(const struct request *request, const char *key, long day,
				    bool keep, struct representation *representation);

/* An entry in the hands of src/http, which releases it. */
struct recallable cached_response_recall(struct entry *entry);

/* Answers with an entry that fits the request (api/forms.h) and lets go of it. `age` is that of an
 * answer that may be old, in seconds; -1: it is current. */
void cached_response_send(struct response *response, const struct request *request,
			  struct entry **entry, long age);
