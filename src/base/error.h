/*
 * error: why an operation failed.
 *
 * A fallible function returns bool and takes `struct error *err` last.
 * On false, err is filled; on true, err is untouched.
 * http/problem/problem.h maps kinds to HTTP statuses.
 */
#pragma once
#include <stdbool.h>

#include "base/bilingual.h"

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(format_index, first_argument)                                                  \
	__attribute__((format(printf, format_index, first_argument)))

enum error_kind {
	ERROR_BAD_REQUEST,
	ERROR_NOT_FOUND,
	ERROR_WRONG_METHOD,
	ERROR_NOT_ACCEPTABLE,
	ERROR_GONE,
	ERROR_LENGTH_REQUIRED,
	ERROR_BODY_TOO_LARGE,
	ERROR_TARGET_TOO_LONG,
	ERROR_UNSUPPORTED_TYPE,
	ERROR_TOO_MANY_REQUESTS,
	ERROR_FIELDS_TOO_LARGE,
	ERROR_INTERNAL,
	ERROR_UNKNOWN_METHOD,
	ERROR_UNAVAILABLE,
	ERROR_VERSION_UNSUPPORTED,
	ERROR_KINDS /* their number; not a kind */
};

struct error {
	enum error_kind kind;
	char message[1024]; /* 4xx: shown to the client. 5xx: logged, never shown. */
	char french[1024];  /* of a 4xx: the message in French; "" when no client reads it */
};

/* Fills err and returns false, so that callers can `return error_set(...)`. A text that is too
 * long is cut at a character boundary. */
bool error_set(struct error *err, enum error_kind kind, const char *format, ...) PRINTF_LIKE(3, 4);

/* error_set for what clients read: the message in English and in French. Both texts have the same
 * arguments in the same order. */
bool error_tell(struct error *err, enum error_kind kind, const char *english, const char *french,
		...) PRINTF_LIKE(3, 5) PRINTF_LIKE(4, 5);

/* error_tell for a text without arguments. */
bool error_tell_text(struct error *err, enum error_kind kind, struct bilingual text);

/* The message in a language, "en" or "fr"; in English where there is no other. */
const char *error_in(const struct error *err, const char *language);

/* error_set for the one failure that every allocation shares. */
bool error_out_of_memory(struct error *err);

#ifdef __clang_analyzer__
/* The analyzer reads one file at a time and does not know that both return false. */
static inline bool error_false(bool set)
{
	(void)set;
	return false;
}
#define error_set(...) error_false(error_set(__VA_ARGS__))
#define error_tell(...) error_false(error_tell(__VA_ARGS__))
#define error_tell_text(...) error_false(error_tell_text(__VA_ARGS__))
#define error_out_of_memory(err) error_false(error_out_of_memory(err))
#endif
