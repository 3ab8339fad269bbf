/*
 * staging: one file in memory, read as an import reads it from a folder.
 */
#pragma once
#include "command/import/import.h"
#include "fuzz.h"

static inline void stage_file(const uint8_t *bytes, size_t length, const char *name,
			      enum relation_id relation, bool csv,
			      void (*read)(struct import *import, size_t number))
{
	struct import import = {.folder = "", .memory = arena_open(8 << 20), .file_count = 1};

	import.files = calloc(1, sizeof *import.files);
	if (!import.files || !import.memory)
		abort();
	import.files[0] = (struct file){.name = name,
					.text = text_of(bytes, length),
					.length = length,
					.relation = relations[relation],
					.csv = csv};
	read(&import, 0);
	for (size_t i = 0; i < import.problems.count; i++)
		PROMISE(import.problems.list[i].text && import.problems.list[i].file == 0);
	for (size_t i = 0; i < import.place_count; i++)
		PROMISE(import.places[i].file == 0);
	import_free(&import);
}
