/*
 * file_limit: the number of files that this process may open.
 */
#pragma once
#include "base/error.h"

/* Raises the soft limit so that `connections` and `others` may be open at once. Fails
 * with ERROR_UNAVAILABLE and a sentence that names the setting when the hard limit is too low. */
MUST_CHECK bool file_limit_suffices(long connections, long others, struct error *err);
