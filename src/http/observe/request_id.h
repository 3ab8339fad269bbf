/*
 * identity: which request this is.
 */
#pragma once
#include <stdbool.h>

enum { REQUEST_ID_SIZE = 65 };

/* Takes over what the client sent when it matches [A-Za-z0-9._-]{1,64}, else makes one. */
void request_id_set(char id[REQUEST_ID_SIZE], const char *sent);

/* True for a well-formed traceparent field. (W3C Trace Context, section 3.2) */
bool request_id_traceparent_valid(const char *text);
