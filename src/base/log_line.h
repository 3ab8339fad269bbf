/*
 * log_line: formats one line of the log. For log.c.
 */
#pragma once
#include "base/log.h"

struct log_line {
	char bytes[LOG_LINE_BYTES];
	size_t length;
};

/* Writes a whole line, at most LOG_LINE_BYTES with its line end. */
void log_line_format(struct log_line *line, const char *level, const char *event,
		     const struct log_field *fields);
