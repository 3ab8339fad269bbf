#include "command/export/export.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"

#include "base/banned.h"

#define PROFILES "profiles"

static void close_folder(int *folder)
{
	if (*folder >= 0)
		close(*folder);
}

static bool failed(struct error *err, const char *doing, const char *name)
{
	char reason[128];

	return error_set(err, ERROR_BAD_REQUEST, "Cannot %s %s: %s.", doing, name,
			 strerror_r(errno, reason, sizeof reason));
}

static int is_entry(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

static void free_entries(struct dirent **entries, int count)
{
	for (int i = 0; i < count; i++)
		free(entries[i]);
	free(entries);
}

static bool is_empty(int folder, const char *name, bool *empty, struct error *err)
{
	struct dirent **entries;
	int count = scandirat(folder, ".", &entries, is_entry, NULL);

	if (count < 0)
		return failed(err, "list", name);
	free_entries(entries, count);
	*empty = count == 0;
	return true;
}

/* Opens the folder and its profiles/, and creates them if they are missing. */
static bool open_folder(const char *name, bool force, int *folder, struct error *err)
{
	bool empty = false;

	if (mkdir(name, 0777) != 0 && errno != EEXIST)
		return failed(err, "create", name);
	*folder = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*folder < 0)
		return failed(err, "open", name);
	if (!is_empty(*folder, name, &empty, err))
		return false;
	if (!empty && !force)
		return error_set(err, ERROR_BAD_REQUEST,
				 "%s is not empty; --force replaces the data files in it.", name);
	if (mkdirat(*folder, PROFILES, 0777) != 0 && errno != EEXIST)
		return failed(err, "create", PROFILES);
	return true;
}

/* The temporary name of a file. It is hidden, so that an import does not read it. */
static void temporary_name(const char *name, char temporary[64])
{
	const char *slash = strrchr(name, '/');
	int folder = slash ? (int)(slash + 1 - name) : 0;

	snprintf(temporary, 64, "%.*s.%s.%ld", folder, name, name + folder, (long)getpid());
}

static bool write_all(int descriptor, const char *text, size_t length)
{
	while (length > 0) {
		ssize_t put = write(descriptor, text, length);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return false;
		text += put;
		length -= (size_t)put;
	}
	return fsync(descriptor) == 0;
}

static bool write_temporary(int folder, const struct export_file *file, struct error *err)
{
	char temporary[64];
	int descriptor;
	bool written;

	temporary_name(file->name, temporary);
	descriptor = openat(folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (descriptor < 0)
		return failed(err, "create", temporary);
	written = write_all(descriptor, file->text, file->length);
	if (close(descriptor) != 0 || !written)
		return failed(err, "write", temporary);
	return true;
}

static void remove_temporaries(int folder, const struct export *export, size_t first, size_t end)
{
	char temporary[64];

	for (size_t i = first; i < end; i++) {
		temporary_name(export->files[i].name, temporary);
		unlinkat(folder, temporary, 0);
	}
}

static int is_profile(const struct dirent *entry)
{
	const char *name = entry->d_name;

	return name[0] >= 'A' && name[0] <= 'Z' && name[1] >= 'A' && name[1] <= 'Z' &&
	       strcmp(name + 2, ".json") == 0;
}

static bool is_exported(const struct export *export, const char *path)
{
	for (size_t i = 0; i < export->count; i++)
		if (strcmp(export->files[i].name, path) == 0)
			return true;
	return false;
}

/* The next import would bring back the profiles that remain. */
static bool remove_old_profiles(int folder, const struct export *export, struct error *err)
{
	struct dirent **entries;
	int count = scandirat(folder, PROFILES, &entries, is_profile, NULL);
	bool done = true;

	if (count < 0)
		return failed(err, "list", PROFILES);
	for (int i = 0; i < count && done; i++) {
		char path[32];

		snprintf(path, sizeof path, PROFILES "/%.20s", entries[i]->d_name);
		if (!is_exported(export, path) && unlinkat(folder, path, 0) != 0)
			done = failed(err, "remove", path);
	}
	free_entries(entries, count);
	return done;
}

/* Renames every file. Until then the contents of the folder are unchanged. */
static bool put_in_place(int folder, const struct export *export, struct error *err)
{
	char temporary[64];

	for (size_t i = 0; i < export->count; i++) {
		temporary_name(export->files[i].name, temporary);
		if (renameat(folder, temporary, folder, export->files[i].name) != 0) {
			failed(err, "replace", export->files[i].name);
			remove_temporaries(folder, export, i, export->count);
			return false;
		}
	}
	return remove_old_profiles(folder, export, err);
}

bool export_write(const struct export *export, const char *name, bool force, struct error *err)
{
	CLEANUP(close_folder) int folder = -1;

	if (!open_folder(name, force, &folder, err))
		return false;
	for (size_t i = 0; i < export->count; i++) {
		if (!write_temporary(folder, &export->files[i], err)) {
			remove_temporaries(folder, export, 0, i + 1);
			return false;
		}
	}
	return put_in_place(folder, export, err);
}
