#include "command/import/dataset.h"

#include <string.h>

#include "base/banned.h"

bool dataset_open(struct dataset *dataset, struct error *err)
{
	dataset->memory = arena_open(SIZE_MAX);
	dataset->problems.memory = dataset->memory;
	return dataset->memory || error_out_of_memory(err);
}

struct dataset_file *dataset_add(struct dataset *dataset, const char *name,
				 const struct relation *relation, bool csv)
{
	struct dataset_file *file = arena_take(dataset->memory, sizeof *file);
	const char *copy = arena_copy(dataset->memory, name, strlen(name));

	if (!file || !copy) {
		dataset->failed = true;
		return NULL;
	}
	*file = (struct dataset_file){.name = copy, .relation = relation, .csv = csv};
	return file;
}

bool dataset_check(const struct dataset *dataset, struct error *err)
{
	if (dataset->failed || dataset->rows.failed || dataset->problems.failed)
		return error_out_of_memory(err);
	return true;
}

void dataset_close(struct dataset *dataset)
{
	staging_rows_free(&dataset->rows);
	problem_list_free(&dataset->problems);
	arena_close(&dataset->memory);
}
