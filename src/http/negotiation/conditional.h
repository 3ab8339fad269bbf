/*
 * conditional: requests that need no body because the client has it already.
 * (RFC 9110, section 13)
 */
#pragma once
#include <stdbool.h>
#include <time.h>

/* Returns true when the conditions of a GET or HEAD show that the client has this representation.
 * The fields are NULL when absent, `tag` is the entity tag with quotes, `modified` is 0 when
 * unknown. If-None-Match takes precedence over If-Modified-Since. */
bool conditional_unmodified(const char *if_none_match, const char *if_modified_since,
			    const char *tag, time_t modified);
