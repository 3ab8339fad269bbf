#include "command/import/import.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

#define SHOWN ((size_t)200)

static bool make_room(struct problems *problems)
{
	size_t capacity = problems->capacity ? problems->capacity * 2 : 64;
	struct problem *list;

	if (problems->count < problems->capacity)
		return true;
	list = realloc(problems->list, capacity * sizeof *list);
	if (!list)
		return false;
	problems->list = list;
	problems->capacity = capacity;
	return true;
}

void problem_add(struct import *import, size_t file, unsigned line, unsigned column,
		 const char *format, ...)
{
	char text[2 * REASON_BYTES];
	const char *kept;
	va_list args;

	if (import->problems.count >= PROBLEMS_KEPT) {
		import->problems.dropped++;
		return;
	}
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	utf8_trim(text);
	kept = arena_copy(import->memory, text, strlen(text));
	if (!kept || !make_room(&import->problems)) {
		import->failed = true;
		return;
	}
	import->problems.list[import->problems.count++] =
		(struct problem){.file = file, .line = line, .column = column, .text = kept};
}

static int by_place(const void *a, const void *b)
{
	const struct problem *x = a, *y = b;

	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->column != y->column)
		return x->column < y->column ? -1 : 1;
	return strcmp(x->text, y->text);
}

void problems_print(struct import *import)
{
	struct problems *problems = &import->problems;

	if (problems->count == 0)
		return;
	qsort(problems->list, problems->count, sizeof *problems->list, by_place);
	for (size_t i = 0; i < problems->count && i < SHOWN; i++) {
		const struct problem *problem = &problems->list[i];
		const char *file = import->files[problem->file].name;

		if (problem->line)
			fprintf(stderr, "%s:%u:%u: %s.\n", file, problem->line, problem->column,
				problem->text);
		else
			fprintf(stderr, "%s: %s.\n", file, problem->text);
	}
	if (problems->count > SHOWN)
		fprintf(stderr, "and %zu more.\n", problems->count + problems->dropped - SHOWN);
}
