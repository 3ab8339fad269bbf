#include "command/import/problem_list.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum { TEXT_BYTES = 800, PRINTED = 200 };

void problem_list_add(struct problem_list *list, const char *file, unsigned line, unsigned column,
		      const char *format, ...)
{
	char text[TEXT_BYTES];
	const char *copy;
	va_list args;

	if (list->count >= PROBLEM_LIST_MAXIMUM) {
		list->dropped++;
		return;
	}
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	utf8_trim(text);
	copy = arena_copy(list->memory, text, strlen(text));
	buffer_add(&list->stored, &(struct problem){file, line, column, copy},
		   sizeof(struct problem));
	list->failed |= !copy || list->stored.failed;
	list->count += !list->failed;
}

size_t problem_list_total(const struct problem_list *list)
{
	return list->count + list->dropped;
}

static int compare_places(const void *a, const void *b)
{
	const struct problem *x = a, *y = b;
	int files = strcmp(x->file, y->file);

	if (files != 0)
		return files;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->column != y->column)
		return x->column < y->column ? -1 : 1;
	return strcmp(x->text, y->text);
}

void problem_list_print(struct problem_list *list)
{
	struct problem *problems = (struct problem *)(void *)list->stored.bytes;

	if (list->count == 0 || list->failed)
		return;
	qsort(problems, list->count, sizeof *problems, compare_places);
	for (size_t i = 0; i < list->count && i < PRINTED; i++) {
		const struct problem *problem = &problems[i];

		if (problem->line)
			fprintf(stderr, "%s:%u:%u: %s.\n", problem->file, problem->line,
				problem->column, problem->text);
		else
			fprintf(stderr, "%s: %s.\n", problem->file, problem->text);
	}
	if (list->count > PRINTED)
		fprintf(stderr, "and %zu more.\n", problem_list_total(list) - PRINTED);
}

void problem_list_free(struct problem_list *list)
{
	buffer_free(&list->stored);
	*list = (struct problem_list){0};
}
