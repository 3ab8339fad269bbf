/*
 * grant: the rights of the role that the service connects as.
 */
#pragma once
#include <stddef.h>

#include "db/session.h"

/* Gives `role` the rights to read everything in the schema, and takes from it what else it was
 * given on the tables. `session` belongs to their owner and has the migrations. All of it or
 * nothing; *count tells how many rights changed. Fails with ERROR_BAD_REQUEST when there is no such
 * role, or when it may do more than any grant could limit. */
MUST_CHECK bool role_grants_apply(struct session *session, const char *role, size_t *count,
				  struct error *err);
