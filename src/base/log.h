/*
 * log: one JSON object a line on standard output.
 *
 *	log_write(LOG_INFO, "server_listening", LOG_TEXT("address", address), LOG_NUMBER("port",
 *port));
 *
 * writes
 *{"time":"2026-11-23T10:00:00.123Z","level":"info","event":"server_listening","address":...}. Safe
 *from any thread. On a pipe or a file opened for appending several processes may share standard
 *output: only whole lines are written, at most LOG_LINE_BYTES at once.
 *
 * After log_start no caller waits for the reader of standard output: lines go to a queue of 1 MiB,
 * which one thread writes out. A line that finds the queue full, or that cannot be written, is
 * dropped; as soon as lines can be written again, log_lines_dropped reports the number.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

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

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };

/* At least one field: standard C has no empty variable arguments. */
#define log_write(level, event, ...)                                                               \
	log_fields(level, event, (const struct log_field[]){__VA_ARGS__, {0}})

/* Lines below this level are not written; the default is LOG_INFO. */
void log_threshold(enum log_level level);

/* The level of that name ("debug" ...), or -1. */
int log_level_named(const char *name);

/* Starts the writer thread, once and for the life of the process. Before that, and without it, the
 * caller of log_write writes the line itself. */
MUST_CHECK bool log_start(struct error *err);

/* Waits until all lines are written; false when the time ended first. Call it before the process
 * exits. */
bool log_flush(long milliseconds);

/* Lines dropped so far. */
uint64_t log_dropped(void);

void log_fields(enum log_level level, const char *event, const struct log_field *fields);
