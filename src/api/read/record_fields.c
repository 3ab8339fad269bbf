#include "api/read/record_fields.h"

#include "api/application.h"
#include "base/cleanup.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

static void release(struct record_fields **fields)
{
	for (size_t i = 0; *fields && i < (*fields)->count; i++)
		free((*fields)->field[i].name);
	free(*fields);
	*fields = NULL;
}

static bool copy_names(const struct rows *rows, struct record_fields *fields)
{
	for (; fields->count < rows->columns; fields->count++) {
		fields->field[fields->count].kind = rows_kind(rows, fields->count);
		fields->field[fields->count].name = strdup(rows_name(rows, fields->count));
		if (!fields->field[fields->count].name)
			return false;
	}
	return true;
}

static bool read_fields(const struct rows *rows, struct record_fields **fields, struct error *err)
{
	if (rows->columns > FIELDS_MAXIMUM)
		return error_set(err, ERROR_INTERNAL, "A record has more than %d fields.",
				 FIELDS_MAXIMUM);
	*fields = calloc(1, sizeof **fields);
	return (*fields && copy_names(rows, *fields)) || error_out_of_memory(err);
}

bool record_fields_get(const struct request *request, const struct record_fields **fields,
		       struct error *err)
{
	static const char *const none[QUERY_PARAMETERS] = {NULL};
	const struct application *application = request->application;
	struct prepared *prepared = application_prepared(application, request->route->detail);
	CLEANUP(rows_free) struct rows rows = {0};
	struct record_fields *read = NULL, *known = NULL;

	*fields = atomic_load(&prepared->known);
	if (*fields)
		return true;
	if (!db_rows(application->db, &prepared->fields->query, none, request->deadline, &rows,
		     err))
		return false;
	if (!read_fields(&rows, &read, err)) {
		release(&read);
		return false;
	}
	*fields = read;
	/* Of two that read at once the first one's answer stays; they are the same. */
	if (!atomic_compare_exchange_strong(&prepared->known, &known, read)) {
		release(&read);
		*fields = known;
	}
	return true;
}

void record_fields_free(_Atomic(struct record_fields *) *fields)
{
	struct record_fields *kept = atomic_exchange(fields, NULL);

	release(&kept);
}

bool record_fields_listed(const char *names, const char *name)
{
	size_t length = strlen(name);

	while (*names) {
		size_t part = strcspn(names, ",");

		if (part == length && strncmp(names, name, length) == 0)
			return true;
		names += part + (names[part] == ',');
	}
	return false;
}

const char *record_fields_identifier(const struct request *request)
{
	const struct document *document = request->route->detail;

	return document->identifier ? document->identifier : document->key + strlen("q.");
}
