#include "api/query/query_catalogue.h"

#include "api/query/query_builder.h"
#include "base/cleanup.h"
#include "statements.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum { TEMPLATE_MAXIMUM = 400 };

/* Adds a template, or finds the one with its name: documents that share a file share its queries.
 * *template is all-zero after. */
static bool add_template(struct query_catalogue *catalogue, struct query_template *template,
			 const struct query_template **place, struct error *err)
{
	CLEANUP(query_template_free) struct query_template taken = *template;
	struct query_template *at = catalogue->templates, *end = at + catalogue->template_count;

	*template = (struct query_template){0};
	while (at < end && strcmp(at->name, taken.name) != 0)
		at++;
	if (at < end && strcmp(at->text, taken.text) != 0)
		return error_set(err, ERROR_INTERNAL, "Two queries are named %s.", taken.name);
	*place = at;
	if (at < end)
		return true;
	if (catalogue->template_count == TEMPLATE_MAXIMUM)
		return error_set(err, ERROR_INTERNAL, "More than %d queries.", TEMPLATE_MAXIMUM);
	*at = taken;
	taken = (struct query_template){0};
	catalogue->template_count++;
	catalogue->whole[at - catalogue->templates] = &at->whole;
	return true;
}

static bool add_pages(struct query_catalogue *catalogue, const struct document *document,
		      struct document_queries *queries, struct error *err)
{
	struct query_template template;

	for (size_t sort = 0; sort < DOCUMENT_SORTS && document->sorts[sort].name; sort++)
		for (int descending = 0; descending < 2; descending++)
			if (!query_builder_page(document, &document->sorts[sort], descending,
						&template, err) ||
			    !add_template(catalogue, &template, &queries->page[sort][descending],
					  err))
				return false;
	return true;
}

static bool add_document(struct query_catalogue *catalogue, const struct document *document,
			 struct error *err)
{
	struct document_queries *queries = &catalogue->documents[catalogue->document_count++];
	struct query_template template;

	queries->document = document;
	if (document->sections)
		return (document->lines ? query_builder_lines(document, &template, err)
					: query_builder_sections(document, &template, err)) &&
		       add_template(catalogue, &template, &queries->sections, err);
	return add_pages(catalogue, document, queries, err) &&
	       query_builder_record(document, &template, err) &&
	       add_template(catalogue, &template, &queries->record, err) &&
	       (document->feed || !document->key ||
		(query_builder_spelling(document, &template, err) &&
		 add_template(catalogue, &template, &queries->spelling, err))) &&
	       query_builder_fields(document, &template, err) &&
	       add_template(catalogue, &template, &queries->fields, err);
}

static bool add_plain(struct query_catalogue *catalogue, const struct embedded *file,
		      const struct query_template **place, struct error *err)
{
	struct query_template template;

	return query_template_parse(file->name, file->text, &template, err) &&
	       add_template(catalogue, &template, place, err);
}

bool query_catalogue_open(const struct document *const *documents,
			  struct query_catalogue **catalogue, struct error *err)
{
	struct query_catalogue *opened = calloc(1, sizeof *opened);
	size_t count = 0;

	*catalogue = opened;
	while (documents[count])
		count++;
	if (!opened)
		return error_out_of_memory(err);
	opened->templates = calloc(TEMPLATE_MAXIMUM, sizeof *opened->templates);
	opened->whole = calloc(TEMPLATE_MAXIMUM + 1, sizeof *opened->whole);
	opened->documents = calloc(count + 1, sizeof *opened->documents);
	if (!opened->templates || !opened->whole || !opened->documents)
		return error_out_of_memory(err);
	for (size_t i = 0; i < count; i++)
		if (!add_document(opened, documents[i], err))
			return false;
	return add_plain(opened, &statements_country_code, &opened->country_code, err) &&
	       add_plain(opened, &statements_retraction, &opened->retraction, err) &&
	       add_plain(opened, &statements_applied, &opened->applied, err) &&
	       add_plain(opened, &statements_rights, &opened->rights, err) &&
	       add_plain(opened, &statements_revision, &opened->revision, err);
}

static void free_fields(struct record_fields *fields)
{
	for (size_t i = 0; fields && i < fields->count; i++)
		free(fields->field[i].name);
	free(fields);
}

void query_catalogue_close(struct query_catalogue **catalogue)
{
	if (!*catalogue)
		return;
	for (size_t i = 0; i < (*catalogue)->template_count; i++)
		query_template_free(&(*catalogue)->templates[i]);
	for (size_t i = 0; i < (*catalogue)->document_count; i++)
		free_fields(atomic_load(&(*catalogue)->documents[i].known_fields));
	free((*catalogue)->templates);
	free((*catalogue)->whole);
	free((*catalogue)->documents);
	free(*catalogue);
	*catalogue = NULL;
}

struct document_queries *query_catalogue_find(const struct query_catalogue *catalogue,
					      const struct document *document)
{
	struct document_queries *queries = catalogue->documents;

	while (queries->document != document)
		queries++;
	return queries;
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

bool query_catalogue_fields(const struct query_catalogue *catalogue,
			    const struct document *document, struct db *db,
			    struct deadline deadline, const struct record_fields **fields,
			    struct error *err)
{
	static const char *const none[QUERY_PARAMETERS] = {NULL};
	struct document_queries *queries = query_catalogue_find(catalogue, document);
	CLEANUP(rows_free) struct rows rows = {0};
	struct record_fields *read = NULL, *first = NULL;

	*fields = atomic_load(&queries->known_fields);
	if (*fields)
		return true;
	if (!db_rows(db, &queries->fields->whole, none, deadline, &rows, err))
		return false;
	if (!read_fields(&rows, &read, err)) {
		free_fields(read);
		return false;
	}
	*fields = read;
	/* When two threads read at once, the first result stays; they are equal. */
	if (!atomic_compare_exchange_strong(&queries->known_fields, &first, read)) {
		free_fields(read);
		*fields = first;
	}
	return true;
}
