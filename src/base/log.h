/*
 * log: one JSON object a line on standard output.
 *
 *	log_write(LOG_INFO, "listening", LOG_TEXT("address", address), LOG_NUMBER("port", port));
 *
 * writes {"time":"2026-11-23T10:00:00.123Z","level":"info","event":"listening","address":...}.
 * Safe from any thread. On a pipe or a file opened for appending several processes may share
 * standard output: only whole lines are written, at most LOG_LINE_BYTES at once.
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
#include "base/log_line.h"

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
