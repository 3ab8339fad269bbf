#include "command/import/import.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "codec/csv.h"

#include "base/banned.h"

#define TOOLS "tools.json"
#define PROFILES "profiles"

static size_t add_file(struct import *import, const char *name, const struct relation *relation,
		       bool csv)
{
	struct file *files = realloc(import->files, (import->file_count + 1) * sizeof *files);
	const char *kept = arena_copy(import->memory, name, strlen(name));

	if (files)
		import->files = files;
	if (!files || !kept) {
		import->failed = true;
		return SIZE_MAX;
	}
	files[import->file_count] = (struct file){.name = kept, .relation = relation, .csv = csv};
	return import->file_count++;
}

static bool read_all(int descriptor, char *text, size_t length)
{
	size_t done = 0;

	while (done < length) {
		ssize_t got = read(descriptor, text + done, length - done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		done += (size_t)got;
	}
	text[length] = '\0';
	return true;
}

/* The reason why the open file cannot be read, or NULL and the text in file. */
static const char *read_open(struct file *file, int descriptor)
{
	struct stat facts;

	if (fstat(descriptor, &facts) != 0)
		return "cannot be read";
	if (!S_ISREG(facts.st_mode))
		return "is not a file";
	if ((size_t)facts.st_size > CSV_FILE_BYTES)
		return "is larger than 64 MiB";
	file->length = (size_t)facts.st_size;
	file->text = malloc(file->length + 1);
	if (!file->text)
		return "does not fit into memory";
	if (!read_all(descriptor, file->text, file->length))
		return "cannot be read to its end";
	return NULL;
}

/* Reads the file; false with the problem noted. */
static bool read_text(struct import *import, int folder, size_t number)
{
	struct file *file = &import->files[number];
	int descriptor = openat(folder, file->name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	const char *reason;

	if (descriptor < 0) {
		problem_add(import, number, 0, 0, "%s",
			    errno == ENOENT ? "the file is missing" : "cannot be opened");
		return false;
	}
	reason = read_open(file, descriptor);
	close(descriptor);
	if (reason)
		problem_add(import, number, 0, 0, "%s", reason);
	return !reason;
}

static bool ends_with(const char *name, const char *ending)
{
	size_t length = strlen(name), tail = strlen(ending);

	return length >= tail && strcmp(name + length - tail, ending) == 0;
}

/* A file whose name is nearly right would be left out without a word. */
static int is_data(const struct dirent *entry)
{
	return entry->d_name[0] != '.' &&
	       (ends_with(entry->d_name, ".csv") || ends_with(entry->d_name, ".json"));
}

static bool is_known(const char *name)
{
	for (size_t i = 0; csv_files[i].name; i++)
		if (strcmp(csv_files[i].name, name) == 0)
			return true;
	return strcmp(name, TOOLS) == 0;
}

static bool is_profile(const char *name)
{
	return name[0] >= 'A' && name[0] <= 'Z' && name[1] >= 'A' && name[1] <= 'Z' &&
	       strcmp(name + 2, ".json") == 0;
}

/* Calls `each` for every data file of a folder in order of name; false when it cannot be read. */
static bool list_folder(struct import *import, int folder, const char *name,
			void (*each)(struct import *import, int folder, const char *name))
{
	struct dirent **entries;
	int count = scandirat(folder, name, &entries, is_data, alphasort);

	if (count < 0)
		return false;
	for (int i = 0; i < count; i++) {
		each(import, folder, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return true;
}

static void refuse_unknown(struct import *import, int folder, const char *name)
{
	size_t number;

	(void)folder;
	if (is_known(name))
		return;
	number = add_file(import, name, NULL, false);
	if (number != SIZE_MAX)
		problem_add(import, number, 0, 0, "is not one of the files of a data set");
}

static void read_profile(struct import *import, int folder, const char *name)
{
	const char *path = arena_format(import->memory, PROFILES "/%s", name);
	size_t number = path ? add_file(import, path, relations[PROFILE], false) : SIZE_MAX;

	import->failed |= !path;
	if (number == SIZE_MAX)
		return;
	if (!is_profile(name)) {
		problem_add(import, number, 0, 0,
			    "is not named after a country: two capital letters and .json");
		return;
	}
	if (read_text(import, folder, number))
		import_profile(import, number);
	else
		import->stages[STRATEGY].incomplete = true;
}

static void read_csv_files(struct import *import, int folder)
{
	for (size_t i = 0; csv_files[i].name; i++) {
		size_t number =
			add_file(import, csv_files[i].name, relations[csv_files[i].relation], true);

		if (number == SIZE_MAX)
			return;
		if (read_text(import, folder, number))
			import_csv(import, number);
		else
			import->stages[csv_files[i].relation].incomplete = true;
	}
}

static void read_json_files(struct import *import, int folder)
{
	size_t number;

	if (!list_folder(import, folder, PROFILES, read_profile)) {
		number = add_file(import, PROFILES, NULL, false);
		if (number != SIZE_MAX)
			problem_add(import, number, 0, 0, "the folder is missing");
	}
	number = add_file(import, TOOLS, relations[TOOL], false);
	if (number != SIZE_MAX && read_text(import, folder, number))
		import_tools(import, number);
}

bool import_files(struct import *import, struct error *err)
{
	int folder = open(import->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (folder < 0)
		return error_set(err, ERROR_BAD_REQUEST, "There is no folder %s that can be read.",
				 import->folder);
	read_csv_files(import, folder);
	read_json_files(import, folder);
	if (!list_folder(import, folder, ".", refuse_unknown))
		import->failed = true;
	close(folder);
	if (import->failed)
		return error_out_of_memory(err);
	return true;
}

void import_free(struct import *import)
{
	for (size_t i = 0; i < import->file_count; i++)
		free(import->files[i].text);
	for (size_t i = 0; i < RELATIONS; i++)
		buffer_free(&import->stages[i].rows);
	free(import->files);
	free(import->places);
	free(import->problems.list);
	arena_close(&import->memory);
}
