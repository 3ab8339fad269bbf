#include "command/import/pattern.h"

#include "base/banned.h"

int pattern_find(struct pattern *pattern, const char *text, int flags, regmatch_t *place)
{
	int failure;

	if (!pattern->ready) {
		failure = regcomp(&pattern->compiled, pattern->expression,
				  REG_EXTENDED | pattern->flags);
		if (failure)
			return failure;
		pattern->ready = true;
	}
	return regexec(&pattern->compiled, text, place ? 1 : 0, place, flags);
}
