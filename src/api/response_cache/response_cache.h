/*
 * stored: answers that are kept, so that most requests never reach the database.
 */
#pragma once
#include "api/read/representation.h"
#include "cache/entry.h"
#include "http/message/recallable.h"
#include "http/message/response.h"

/* The day that the answer to a request is bound to, ENTRY_ANY_DAY for none: where legal time
 * matters and no day is asked for, an answer is one for today. */
long response_cache_day(const struct request *request);

/* What an answer must hold for to be given now. */
struct entry_origin response_cache_origin(const struct request *request);

/* Makes what a request asks for from a database. */
typedef bool representation_build(const struct request *request, struct db *db,
				  struct representation *representation, struct error *err);

/* Gives an answer again that response_cache_answer gave before (http/recall.h). */
recall response_cache_recall;

/* Answers from the cache; else makes the answer, keeps it where it may be kept, and answers. With
 * the database away, what was kept is given as old. Fails as `build` does; *mistaken is then the
 * parameter that is to blame, or NULL. */
MUST_CHECK bool response_cache_answer(const struct request *request, representation_build *build,
				      struct response *response, const char **mistaken,
				      struct error *err);
