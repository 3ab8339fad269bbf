/*
 * cleanup: release a local variable on every path out of its block.
 *
 *	CLEANUP(buffer_free) struct buffer body = {0};
 */
#pragma once
#include <stdio.h>
#include <unistd.h>

#define CLEANUP(function) __attribute__((cleanup(function)))

static inline void cleanup_file(FILE **file)
{
	if (*file)
		fclose(*file);
}

static inline void cleanup_descriptor(const int *descriptor)
{
	if (*descriptor >= 0)
		close(*descriptor);
}
