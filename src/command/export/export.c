/*
 * export: writes the dataset into a folder, in the format that import reads.
 */
#include <dirent.h>
#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/config.h"
#include "codec/csv.h"
#include "command/command.h"
#include "command/import/dataset_schema.h"
#include "command/import/load.h"
#include "import_statements.h"

#include "base/banned.h"

enum { CONNECT_MILLISECONDS = 10000 };

#define PROFILES "profiles"
#define TOOLS "tools.json"

static const char usage[] =
	"Usage: cybertreaty export DIR\n"
	"Writes the dataset into DIR, in the format that `cybertreaty import` reads.\n"
	"DIR is created if it does not exist. Otherwise it must be empty, since an import would "
	"also\n"
	"read what an earlier export left there. A failed export removes what it wrote.\n";

/* One snapshot for all files, and dates in the format of the files. */
static const char begin[] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;"
			    "SET LOCAL datestyle = 'ISO, YMD'";

static bool failed(struct error *err, const char *doing, const char *name)
{
	return error_set(err, ERROR_BAD_REQUEST, "Cannot %s %s: %s.", doing, name,
			 strerrordesc_np(errno));
}

/* Fails when the file exists. */
static bool write_file(const char *name, const struct buffer *text, struct error *err)
{
	FILE *stream;
	bool written;

	if (text->failed)
		return error_out_of_memory(err);
	stream = fopen(name, "wxe");
	if (!stream)
		return failed(err, "create", name);
	written = fwrite(text->bytes, 1, text->length, stream) == text->length &&
		  fflush(stream) == 0 && fsync(fileno(stream)) == 0;
	if (fclose(stream) != 0 || !written)
		return failed(err, "write", name);
	return true;
}

static void print_count(const char *name, size_t count, const char *what)
{
	printf("%-16s %6zu %s\n", name, count, what);
}

/* An optional column is written if one row has a value in it. */
static bool is_shown(const struct dataset_field *field, const struct rows *rows, size_t column)
{
	if (field->presence != OPTIONAL)
		return true;
	for (size_t row = 0; row < rows->count; row++)
		if (rows_text(rows, row, column))
			return true;
	return false;
}

static void write_table(const struct relation *relation, const struct rows *rows,
			struct buffer *out)
{
	bool shown[CSV_ROW_CELLS] = {false};

	for (size_t i = 0; relation->fields[i].name; i++) {
		shown[i] = is_shown(&relation->fields[i], rows, i);
		if (shown[i])
			buffer_format(out, "%s%s", i ? "," : "", relation->fields[i].name);
	}
	buffer_text(out, "\n");
	for (size_t row = 0; row < rows->count; row++) {
		for (size_t i = 0; i < rows->columns; i++) {
			const char *text = rows_text(rows, row, i);

			if (!shown[i])
				continue;
			buffer_text(out, i ? "," : "");
			csv_write(out, text ? text : "");
		}
		buffer_text(out, "\n");
	}
}

static bool export_tables(struct session *session, struct error *err)
{
	const struct embedded *const queries[] = {
		[SOURCE] = &import_statements_export_source,
		[COUNTRY] = &import_statements_export_country,
		[COUNTRY_NAME] = &import_statements_export_country_name,
		[MEMBERSHIP] = &import_statements_export_membership,
		[TREATY] = &import_statements_export_treaty,
		[ARTICLE] = &import_statements_export_article,
		[ARTICLE_SUMMARY] = &import_statements_export_article_summary,
		[ARTICLE_TEXT] = &import_statements_export_article_text,
		[ACTION] = &import_statements_export_action,
		[STATEMENT] = &import_statements_export_statement,
		[STATEMENT_TEXT] = &import_statements_export_statement_text,
		[STATEMENT_REGISTER] = &import_statements_export_statement_register,
		[TERRITORY_EFFECT] = &import_statements_export_territory_effect,
		[AUTHORITY] = &import_statements_export_authority,
	};

	for (const struct csv_file *csv = dataset_schema_csv_files; csv->name; csv++) {
		const struct relation *relation = dataset_schema_relations[csv->relation];
		CLEANUP(rows_free) struct rows rows = {0};
		CLEANUP(buffer_free) struct buffer text = {0};

		if (!session_query(session, queries[relation->id]->text, NULL, 0, &rows, err))
			return false;
		if (csv->optional && rows.count == 0)
			continue;
		write_table(relation, &rows, &text);
		if (!write_file(csv->name, &text, err))
			return false;
		print_count(csv->name, rows.count, "records");
	}
	return true;
}

/* Removes optional keys without a value. */
static void drop_absent(const struct relation *relation, json_t *object)
{
	for (size_t i = 0; relation->fields[i].name; i++) {
		const struct dataset_field *field = &relation->fields[i];
		json_t *value = json_object_get(object, field->name), *item;
		size_t k;

		if (field->presence == OPTIONAL && json_is_null(value))
			json_object_del(object, field->name);
		if (field->type == FIELD_PARTS)
			json_array_foreach(value, k, item) drop_absent(field->parts, item);
	}
}

static int add_bytes(const char *bytes, size_t length, void *buffer)
{
	buffer_add(buffer, bytes, length);
	return 0;
}

/* Writes a file of one record or of a list of *count records, from JSON of the database. */
static bool write_records(const char *name, const struct relation *relation, const char *json,
			  size_t *count, struct error *err)
{
	json_auto_t *root = json_loads(json, 0, NULL);
	CLEANUP(buffer_free) struct buffer text = {0};
	json_t *item;
	size_t i;

	if (!root)
		return error_set(err, ERROR_INTERNAL, "%s cannot be built.", name);
	if (json_is_object(root))
		drop_absent(relation, root);
	json_array_foreach(root, i, item) drop_absent(relation, item);
	if (json_dump_callback(root, add_bytes, &text, JSON_INDENT(1)) != 0)
		return error_out_of_memory(err);
	buffer_text(&text, "\n");
	*count = json_array_size(root);
	return write_file(name, &text, err);
}

static bool export_profiles(struct session *session, struct error *err)
{
	CLEANUP(rows_free) struct rows rows = {0};
	size_t ignored;

	if (!session_query(session, import_statements_export_profile.text, NULL, 0, &rows, err))
		return false;
	for (size_t row = 0; row < rows.count; row++) {
		char name[32];

		snprintf(name, sizeof name, PROFILES "/%s.json", rows_text(&rows, row, 0));
		if (!write_records(name, dataset_schema_relations[PROFILE],
				   rows_text(&rows, row, 1), &ignored, err))
			return false;
	}
	print_count(PROFILES "/", rows.count, "files");
	return true;
}

static bool export_tools(struct session *session, struct error *err)
{
	CLEANUP(rows_free) struct rows rows = {0};
	size_t count;

	if (!session_query(session, import_statements_export_tool.text, NULL, 0, &rows, err) ||
	    !write_records(TOOLS, dataset_schema_relations[TOOL], rows_text(&rows, 0, 0), &count,
			   err))
		return false;
	print_count(TOOLS, count, "records");
	return true;
}

static bool check_empty(const char *folder, struct error *err)
{
	DIR *stream = opendir(folder);
	const struct dirent *entry;
	bool empty = true;

	if (!stream)
		return failed(err, "open", folder);
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): only this thread uses the stream. */
	while (empty && (entry = readdir(stream)))
		empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
	closedir(stream);
	return empty || error_set(err, ERROR_BAD_REQUEST, "%s is not empty.", folder);
}

/* The tools come last: import refuses a folder without them, so that of a killed export too. */
static bool write_files(struct session *session, struct error *err)
{
	if (mkdir(PROFILES, 0777) != 0)
		return failed(err, "create", PROFILES);
	return export_tables(session, err) && export_profiles(session, err) &&
	       export_tools(session, err) && session_run(session, "COMMIT", err);
}

/* Empties the folder that was empty when the export began. */
static void remove_files(void)
{
	glob_t profiles = {0};

	for (size_t i = 0; dataset_schema_csv_files[i].name; i++)
		unlink(dataset_schema_csv_files[i].name);
	unlink(TOOLS);
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): this program has one thread. */
	if (glob(PROFILES "/*.json", 0, NULL, &profiles) == 0)
		for (size_t i = 0; i < profiles.gl_pathc; i++)
			unlink(profiles.gl_pathv[i]);
	globfree(&profiles);
	rmdir(PROFILES);
}

static bool fill_folder(const char *folder, struct session *session, struct error *err)
{
	const bool made = mkdir(folder, 0777) == 0;
	char path[PATH_MAX];

	if (!made && errno != EEXIST)
		return failed(err, "create", folder);
	if (!made && !check_empty(folder, err))
		return false;
	if (chdir(folder) != 0)
		return failed(err, "open", folder);
	if (write_files(session, err))
		return true;
	remove_files();
	if (made && getcwd(path, sizeof path))
		rmdir(path);
	return false;
}

static bool export_folder(const char *folder, struct error *err)
{
	CLEANUP(session_close) struct session *session = NULL;
	struct config config;
	long revision;

	if (!config_read(&config, err) ||
	    !session_open(config.database_url, false, "cybertreaty export", CONNECT_MILLISECONDS,
			  &session, err) ||
	    !load_check_tables(session, err) || !session_run(session, begin, err) ||
	    !load_revision(session, &revision, err) || !fill_folder(folder, session, err))
		return false;
	printf("revision %ld\n", revision);
	return true;
}

int command_export(int argc, char **argv)
{
	struct error err;

	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		fputs(usage, stdout);
		return 0;
	}
	if (argc != 2 || argv[1][0] == '-') {
		fputs(usage, stderr);
		return 2;
	}
	if (!export_folder(argv[1], &err)) {
		fprintf(stderr, "%s\n", err.message);
		return 1;
	}
	return 0;
}
