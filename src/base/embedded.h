/*
 * embedded: a file of the source tree, compiled in (see cmake/embed.cmake).
 */
#pragma once
#include <stddef.h>

struct embedded {
	const char *name; /* without folder and extension */
	const char *text; /* ends with a zero byte */
	size_t length;
	const char *checksum; /* SHA-256 of the file, in hexadecimal digits */
};
