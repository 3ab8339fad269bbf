/*
 * role_grants: the privileges of the role that the service connects as.
 */
#pragma once
#include <stddef.h>

#include "db/session.h"

/* Grants `role` the privileges to read everything in the schema, and revokes all others on its
 * tables, in one transaction. `session` belongs to the owner of the tables, after the migrations.
 * *count is the number of privileges that changed. Fails with ERROR_BAD_REQUEST when there is no
 * such role, or when no grant can limit it. */
MUST_CHECK bool role_grants_apply(struct session *session, const char *role, size_t *count,
				  struct error *err);
