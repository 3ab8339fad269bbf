/*
 * problem_list: collects everything that is wrong with a dataset, to be printed at the end.
 */
#pragma once
#include <stddef.h>

#include "base/arena.h"
#include "base/buffer.h"

/* To locate each problem costs a pass over its file, so the list is bounded. */
#define PROBLEM_LIST_MAXIMUM ((size_t)2000)

struct problem {
	const char *file;
	unsigned line, column; /* 0: concerns the whole file */
	const char *text;
};

/* All-zero, with `memory` set, is an empty list. */
struct problem_list {
	struct buffer stored; /* of problems */
	size_t count;
	size_t dropped; /* counted, but not stored */
	struct arena *memory;
	bool failed; /* out of memory */
};

/* Adds a sentence without its full stop. `file` must live as long as the list. */
void problem_list_add(struct problem_list *list, const char *file, unsigned line, unsigned column,
		      const char *format, ...) PRINTF_LIKE(5, 6);

/* The number of problems, including those that were dropped. */
size_t problem_list_total(const struct problem_list *list);

/* Prints the first 200 problems to standard error, sorted by place, and the number of the rest. */
void problem_list_print(struct problem_list *list);

void problem_list_free(struct problem_list *list);
