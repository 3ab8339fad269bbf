/*
 * descriptors: files that this process may have open.
 */
#pragma once
#include "base/error.h"

/* Sees to it that `connections` and `others` may be open at once, by raising the soft limit. Fails
 * with ERROR_UNAVAILABLE and a sentence that names the setting when the hard limit is too low. */
MUST_CHECK bool file_limit_suffices(long connections, long others, struct error *err);
