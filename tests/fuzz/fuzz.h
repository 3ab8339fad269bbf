/*
 * fuzz: what the targets share. Each is a libFuzzer program (./dev fuzz) that hands arbitrary bytes
 * to one parser and holds its promises against them.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* The input as a text, which ends at its first NUL as those of requests do; the caller frees. */
static inline char *text_of(const uint8_t *bytes, size_t length)
{
	char *text = malloc(length + 1);

	if (!text)
		abort();
	if (length > 0)
		memcpy(text, bytes, length);
	text[length] = '\0';
	return text;
}

#define PROMISE(condition)                                                                         \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #condition);    \
			abort();                                                                   \
		}                                                                                  \
	} while (0)
