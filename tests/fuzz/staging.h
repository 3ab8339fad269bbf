/*
 * staging: one file in memory, read as an import reads it from a folder.
 */
#pragma once
#include "command/import/read_csv.h"
#include "command/import/read_json.h"
#include "fuzz.h"

static inline void stage_file(const uint8_t *bytes, size_t length, const char *name,
			      enum relation_id relation, bool csv,
			      void (*read)(struct dataset *dataset, struct dataset_file *file))
{
	struct dataset dataset = {0};
	struct dataset_file *file;
	/* A separate allocation, so that a read behind its end is noticed. */
	char *text = text_of(bytes, length);
	const struct problem *problems;
	struct error err;

	if (!dataset_open(&dataset, &err))
		abort();
	file = dataset_add(&dataset, name, dataset_schema_relations[relation], csv);
	if (!file)
		abort();
	file->text = text;
	file->length = length;
	read(&dataset, file);
	PROMISE(dataset_check(&dataset, &err));
	problems = (const struct problem *)(const void *)dataset.problems.stored.bytes;
	for (size_t i = 0; i < dataset.problems.count; i++)
		PROMISE(problems[i].text && problems[i].file == file->name);
	for (size_t i = 0; i < dataset.rows.count; i++)
		PROMISE(dataset.rows.origins[i].file == file);
	dataset_close(&dataset);
	free(text);
}
