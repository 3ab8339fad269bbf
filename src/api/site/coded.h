/*
 * coded: bodies that this program makes of itself, coded once and kept.
 */
#pragma once
#include "http/message/response.h"

/* The forms of a body, for response_shared; they live as long as the process. `tag` is of these
 * bytes and no others. NULL when they are not worth coding, or cannot be kept: send them as they
 * are. */
const struct response_form *coded_forms(const char *tag, const char *bytes, size_t length);
