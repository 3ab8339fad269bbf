/*
 * log: one JSON object a line on standard output.
 *
 *	log_write(LOG_INFO, "listening", LOG_TEXT("address", address), LOG_NUMBER("port", port));
 *
 * gives {"time":"2026-11-23T10:00:00.123Z","level":"info","event":"listening","address":...}.
 * Safe from any thread and, on a pipe or a file opened for appending, beside other processes: lines
 * are written whole, at most LOG_LINE_BYTES at once.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };

/* With its line end. Texts that would not fit are cut and end with an ellipsis; fields for which
 * nothing is left are dropped. This is PIPE_BUF of Linux. */
#define LOG_LINE_BYTES 4096

struct log_field {
	const char *key;  /* NULL ends a list; plain ASCII */
	const char *text; /* NULL is written as null; bytes that are not UTF-8 as U+FFFD */
	int64_t number;
	bool is_number;
};

#define LOG_TEXT(key, value) ((struct log_field){(key), (value), 0, false})
#define LOG_NUMBER(key, value) ((struct log_field){(key), 0, (int64_t)(value), true})

/* At least one field: standard C has no empty variable arguments. */
#define log_write(level, event, ...)                                                               \
	log_fields(level, event, (const struct log_field[]){__VA_ARGS__, {0}})

/* Lines below this level are not written; the default is LOG_INFO. */
void log_threshold(enum log_level level);

/* The level of that name ("debug" ...), or -1. */
int log_level_named(const char *name);

/* A line that cannot be written is lost: there is nowhere to say so. */
void log_fields(enum log_level level, const char *event, const struct log_field *fields);

/* Lines of one thread that are written together. */
struct log_lines {
	char bytes[LOG_LINE_BYTES];
	size_t length;
};

/* From now on this thread's lines are gathered in `lines`, which the caller keeps, until log_pour
 * or until there is no room for the next one. NULL: each is written at once, as at first. */
void log_gather(struct log_lines *lines);

/* Writes what this thread has gathered. */
void log_pour(void);
