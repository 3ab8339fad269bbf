/*
 * stored: answers that are kept, so that most requests never reach the database.
 */
#pragma once
#include "api/representation.h"
#include "http/reply.h"

/* Makes what a request asks for from a database. */
typedef bool representation_build(const struct request *request, struct db *db,
				  struct representation *representation, struct error *err);

/* Answers from the cache; else makes the answer, keeps it where it may be kept, and answers. With
 * the database away, what was kept is given as old. Fails as `build` does; *mistaken is then the
 * parameter that is to blame, or NULL. */
MUST_CHECK bool stored_answer(const struct request *request, representation_build *build,
			      struct reply *reply, const char **mistaken, struct error *err);
