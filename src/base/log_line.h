/*
 * log_line: formats one line of the log.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* With its line end. Texts that would not fit are cut and end with an ellipsis; fields without room
 * are left out. This is PIPE_BUF of Linux. */
#define LOG_LINE_BYTES 4096

struct log_field {
	const char *key;  /* NULL ends a list; plain ASCII */
	const char *text; /* NULL is written as null; bytes that are not UTF-8 as U+FFFD */
	int64_t number;
	bool is_number;
};

#define LOG_TEXT(key, value) ((struct log_field){(key), (value), 0, false})
#define LOG_NUMBER(key, value) ((struct log_field){(key), 0, (int64_t)(value), true})

struct log_line {
	char bytes[LOG_LINE_BYTES];
	size_t length;
};

/* Writes a whole line, at most LOG_LINE_BYTES with its line end. */
void log_line_format(struct log_line *line, const char *level, const char *event,
		     const struct log_field *fields);
