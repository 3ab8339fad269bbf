/*
 * conditional: conditional requests, which need no body if the client has it already.
 * (RFC 9110, section 13)
 */
#pragma once
#include <stdbool.h>
#include <time.h>

/* Whether the conditions of a GET or HEAD say that the client has this representation: the fields'
 * values, NULL when absent. `tag` is its entity tag with quotes, `modified` 0 when unknown. With
 * If-None-Match, If-Modified-Since is ignored. */
bool conditional_unmodified(const char *if_none_match, const char *if_modified_since,
			    const char *tag, time_t modified);
