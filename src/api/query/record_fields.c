#include "api/query/record_fields.h"

#include "base/cleanup.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

static void free_fields(struct record_fields **fields)
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

bool record_fields_get(_Atomic(struct record_fields *) *known,
		       const struct query_template *template, struct db *db,
		       struct deadline deadline, const struct record_fields **fields,
		       struct error *err)
{
	static const char *const none[QUERY_PARAMETERS] = {NULL};
	CLEANUP(rows_free) struct rows rows = {0};
	struct record_fields *read = NULL, *first = NULL;

	*fields = atomic_load(known);
	if (*fields)
		return true;
	if (!db_rows(db, &template->whole, none, deadline, &rows, err))
		return false;
	if (!read_fields(&rows, &read, err)) {
		free_fields(&read);
		return false;
	}
	*fields = read;
	/* When two threads read at once, the first result stays; they are equal. */
	if (!atomic_compare_exchange_strong(known, &first, read)) {
		free_fields(&read);
		*fields = first;
	}
	return true;
}

void record_fields_free(_Atomic(struct record_fields *) *fields)
{
	struct record_fields *known = atomic_exchange(fields, NULL);

	free_fields(&known);
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
