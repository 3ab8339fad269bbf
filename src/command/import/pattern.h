/*
 * pattern: POSIX extended regular expressions, compiled at their first use. Only for commands with
 * one thread.
 */
#pragma once
#include <regex.h>
#include <stdbool.h>

struct pattern {
	const char *expression;
	int flags; /* of regcomp */
	regex_t compiled;
	bool ready;
};

/* Returns 0 when the text, of bytes, contains the pattern; REG_NOMATCH when it does not; another
 * number when memory runs out. *place is where, if not NULL. `flags` are those of regexec. */
int pattern_find(struct pattern *pattern, const char *text, int flags, regmatch_t *place);
