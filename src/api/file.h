/*
 * file: answers that depend on this program and its settings alone, not on the facts.
 */
#pragma once
#include "http/reply.h"

/* What a page without scripts may load: its stylesheet and its icon. */
#define POLICY_PAGE                                                                                \
	"default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "                  \
	"form-action 'none'; frame-ancestors 'none'"

/* 200 with a copy of the bytes and their ETag. `policy` is the Content-Security-Policy, NULL for
 * that of all answers; it and media_type outlive the request. */
MUST_CHECK bool file_reply(struct reply *reply, const char *media_type, const char *policy,
			   const char *bytes, size_t length, struct error *err);
