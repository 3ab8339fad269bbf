#include "command/import/dataset_files.h"

#include "codec/csv.h"
#include "command/import/read_csv.h"
#include "command/import/read_json.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

#define TOOLS "tools.json"
#define PROFILES "profiles"

/* Reads the text of an open file. Returns the reason when that fails, otherwise NULL. */
static const char *read_open_file(struct dataset *dataset, struct dataset_file *file, FILE *stream)
{
	struct stat facts;

	if (fstat(fileno(stream), &facts) != 0)
		return "cannot be read";
	if (!S_ISREG(facts.st_mode))
		return "is not a file";
	if ((size_t)facts.st_size > CSV_FILE_BYTES)
		return "is larger than 64 MiB";
	file->length = (size_t)facts.st_size;
	file->text = arena_take(dataset->memory, file->length + 1);
	if (!file->text)
		return "does not fit into memory";
	if (fread(file->text, 1, file->length, stream) != file->length)
		return "cannot be read to its end";
	return NULL;
}

static void add_problem(struct dataset *dataset, const struct dataset_file *file,
			const char *reason)
{
	problem_list_add(&dataset->problems, file->name, 0, 0, "%s", reason);
}

/* Reads the text of a file. Returns false after it has added the problem. */
static bool read_text(struct dataset *dataset, int folder, struct dataset_file *file)
{
	int descriptor = openat(folder, file->name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	FILE *stream = descriptor < 0 ? NULL : fdopen(descriptor, "r");
	const char *reason;

	if (!stream)
		reason = errno == ENOENT ? "the file is missing" : "cannot be opened";
	else
		reason = read_open_file(dataset, file, stream);
	if (stream)
		fclose(stream);
	else if (descriptor >= 0)
		close(descriptor);
	if (reason)
		add_problem(dataset, file, reason);
	return !reason;
}

static bool ends_with(const char *name, const char *ending)
{
	size_t length = strlen(name), tail = strlen(ending);

	return length >= tail && strcmp(name + length - tail, ending) == 0;
}

static int is_data_file(const struct dirent *entry)
{
	return entry->d_name[0] != '.' &&
	       (ends_with(entry->d_name, ".csv") || ends_with(entry->d_name, ".json"));
}

static bool is_known(const char *name)
{
	for (size_t i = 0; dataset_schema_csv_files[i].name; i++)
		if (strcmp(dataset_schema_csv_files[i].name, name) == 0)
			return true;
	return strcmp(name, TOOLS) == 0;
}

static bool is_profile(const char *name)
{
	return name[0] >= 'A' && name[0] <= 'Z' && name[1] >= 'A' && name[1] <= 'Z' &&
	       strcmp(name + 2, ".json") == 0;
}

/* Calls `each` for every data file of a folder, sorted by name. Returns false when the folder
 * cannot be read. */
static bool list_folder(struct dataset *dataset, int folder, const char *name,
			void (*each)(struct dataset *dataset, int folder, const char *name))
{
	struct dirent **entries;
	int count = scandirat(folder, name, &entries, is_data_file, alphasort);

	if (count < 0)
		return false;
	for (int i = 0; i < count; i++) {
		each(dataset, folder, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return true;
}

/* A file whose name is misspelt would otherwise be ignored silently. */
static void refuse_unknown(struct dataset *dataset, int folder, const char *name)
{
	struct dataset_file *file;

	(void)folder;
	if (is_known(name))
		return;
	file = dataset_add(dataset, name, NULL, false);
	if (file)
		add_problem(dataset, file, "is not one of the files of a dataset");
}

static void read_profile(struct dataset *dataset, int folder, const char *name)
{
	const char *path = arena_format(dataset->memory, PROFILES "/%s", name);
	struct dataset_file *file =
		path ? dataset_add(dataset, path, dataset_schema_relations[PROFILE], false) : NULL;

	dataset->failed |= !path;
	if (!file)
		return;
	if (!is_profile(name))
		add_problem(dataset, file,
			    "is not named after a country: two capital letters and .json");
	else if (read_text(dataset, folder, file))
		read_json_profile(dataset, file);
	else
		dataset->rows.tables[STRATEGY].incomplete = true;
}

static void read_csv_files(struct dataset *dataset, int folder)
{
	for (const struct csv_file *csv = dataset_schema_csv_files; csv->name; csv++) {
		struct dataset_file *file;

		if (csv->optional && faccessat(folder, csv->name, F_OK, 0) != 0 && errno == ENOENT)
			continue;
		file = dataset_add(dataset, csv->name, dataset_schema_relations[csv->relation],
				   true);
		if (file && read_text(dataset, folder, file))
			read_csv(dataset, file);
		else
			dataset->rows.tables[csv->relation].incomplete = true;
	}
}

static void read_json_files(struct dataset *dataset, int folder)
{
	struct dataset_file *file;

	if (!list_folder(dataset, folder, PROFILES, read_profile)) {
		file = dataset_add(dataset, PROFILES, NULL, false);
		if (file)
			add_problem(dataset, file, "the folder is missing");
	}
	file = dataset_add(dataset, TOOLS, dataset_schema_relations[TOOL], false);
	if (file && read_text(dataset, folder, file))
		read_json_tools(dataset, file);
}

bool dataset_files_read(struct dataset *dataset, const char *name, struct error *err)
{
	int folder = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (folder < 0)
		return error_set(err, ERROR_BAD_REQUEST, "Cannot read the folder %s: %s.", name,
				 strerrordesc_np(errno));
	read_csv_files(dataset, folder);
	read_json_files(dataset, folder);
	if (!list_folder(dataset, folder, ".", refuse_unknown))
		dataset->failed = true;
	close(folder);
	return dataset_check(dataset, err);
}
