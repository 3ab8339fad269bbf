#include "base/arena.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

#define BLOCK_BYTES ((size_t)4096)

struct block {
	struct block *next;
	_Alignas(max_align_t) unsigned char bytes[];
};

struct arena {
	struct block *blocks;
	size_t left; /* unused bytes at the end of the newest block */
	size_t size; /* of the newest block */
	size_t total, maximum;
};

struct arena *arena_open(size_t maximum)
{
	struct arena *arena = calloc(1, sizeof *arena);

	if (arena)
		arena->maximum = maximum;
	return arena;
}

void arena_close(struct arena **arena)
{
	if (!*arena)
		return;
	for (struct block *block = (*arena)->blocks, *next; block; block = next) {
		next = block->next;
		free(block);
	}
	free(*arena);
	*arena = NULL;
}

static struct block *add_block(struct arena *arena, size_t size)
{
	struct block *block = calloc(1, sizeof *block + size);

	if (!block)
		return NULL;
	block->next = arena->blocks;
	arena->blocks = block;
	arena->size = arena->left = size;
	return block;
}

/* The first unused byte of the newest block. */
static void *first_left(const struct arena *arena)
{
	return arena->blocks->bytes + (arena->size - arena->left);
}

void *arena_take(struct arena *arena, size_t size)
{
	const size_t unit = _Alignof(max_align_t);
	void *taken;

	if (size > arena->maximum - arena->total)
		return NULL;
	size = size ? (size + unit - 1) / unit * unit : unit;
	if (size > arena->left && !add_block(arena, size > BLOCK_BYTES ? size : BLOCK_BYTES))
		return NULL;
	taken = first_left(arena);
	arena->left -= size;
	arena->total = size > arena->maximum - arena->total ? arena->maximum : arena->total + size;
	return taken;
}

char *arena_copy(struct arena *arena, const char *text, size_t length)
{
	char *copy = length < SIZE_MAX ? arena_take(arena, length + 1) : NULL;

	if (copy && length)
		memcpy(copy, text, length);
	return copy;
}

char *arena_format_list(struct arena *arena, const char *format, va_list args)
{
	const size_t room = arena->left;
	char *left = room ? first_left(arena) : NULL, *text;
	va_list again;
	int length;

	/* Format in place first, since formatting is expensive and the text usually fits. */
	va_copy(again, args);
	length = vsnprintf(left, room, format, again);
	va_end(again);
	text = length < 0 ? NULL : arena_take(arena, (size_t)length + 1);
	if (text == left && (size_t)length < room)
		return text;
	if (left)
		memset(left, 0, room);
	if (text)
		vsnprintf(text, (size_t)length + 1, format, args);
	return text;
}

char *arena_format(struct arena *arena, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = arena_format_list(arena, format, args);
	va_end(args);
	return text;
}
