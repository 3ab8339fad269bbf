/*
 * dataset_state: the data set that the database contains.
 */
#pragma once
#include "db/session.h"

/* Fails with ERROR_BAD_REQUEST when the database has no tables for a data set. */
MUST_CHECK bool dataset_state_check(struct session *session, struct error *err);

MUST_CHECK bool dataset_state_revision(struct session *session, long *revision, struct error *err);
