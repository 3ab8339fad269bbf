/*
 * file: answers that depend on this program and its settings alone, not on the facts.
 */
#pragma once
#include "base/embedded.h"
#include "http/message/response.h"
#include "http/message/request.h"

/* What a page without scripts may load: its stylesheet and its icon. */
#define POLICY_PAGE                                                                                \
	"default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "                  \
	"form-action 'none'; frame-ancestors 'none'"

/* A large file as the build packed it (cmake/pack.mjs). */
struct packed_file {
	const struct embedded *gzip, *brotli;
	const struct embedded *digest; /* SHA-256 of the unpacked bytes, in hex digits */
};

/* 200 with a copy of the bytes and their ETag. `policy` is the Content-Security-Policy, NULL for
 * that of all answers; it and media_type outlive the request. */
MUST_CHECK bool static_file_reply(struct response *response, const char *media_type,
				  const char *policy, const char *bytes, size_t length,
				  struct error *err);

/* 200 with the file in the coding that the client likes best; unpacked for one that takes none. */
MUST_CHECK bool static_file_reply_packed(const struct request *request, struct response *response,
					 const char *media_type, const struct packed_file *packed,
					 struct error *err);
