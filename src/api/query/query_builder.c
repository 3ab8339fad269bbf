#include "api/query/query_builder.h"

#include "api/validate/parameter_checks.h"
#include "api/query/named_parameters.h"
#include "base/cleanup.h"
#include "base/buffer.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

/* Names are put in order by their beginnings, since what an index holds is bounded. */
#define NAME_CHARACTERS "200"

/* The sort key as an expression that is never NULL, since a row comparison with NULL is neither
 * true nor false and would drop the row from every later page. */
static void add_sort_key(struct buffer *sql, const struct sort *sort, bool descending)
{
	const char *last = descending ? "-infinity" : "infinity";

	switch (sort->kind) {
	case SORT_DATE:
		buffer_format(sql, "coalesce(q.%s, '%s'::date)", sort->name, last);
		break;
	case SORT_NAME:
		buffer_format(sql, "left(q.%s, " NAME_CHARACTERS ") COLLATE \"und-x-icu\"",
			      sort->name);
		break;
	case SORT_NUMBER:
		buffer_format(sql, "q.%s", sort->name);
		break;
	default:
		buffer_format(sql, "%s%s COLLATE \"C\"", sort->value ? "" : "q.",
			      sort->value ? sort->value : sort->name);
		break;
	}
}

/* What tells rows with equal sort keys apart. */
static void add_tie(struct buffer *sql, const struct document *document)
{
	if (document->tie)
		buffer_text(sql, document->tie);
	else
		buffer_format(sql, "(%s) COLLATE \"C\"", document->key);
}

/* Whether the sort key is the identifier, which needs nothing to tell rows apart. */
static bool is_key(const struct document *document, const struct sort *sort)
{
	return !document->tie && !sort->value && strncmp(document->key, "q.", 2) == 0 &&
	       strcmp(document->key + 2, sort->name) == 0;
}

/* The rows behind the one that $after_value and $after_key name. PostgreSQL does not see that a
 * pair of the same column twice is that column: it would sort again, and search indexes badly. */
static void add_after(struct buffer *sql, const struct document *document, const struct sort *sort,
		      bool descending)
{
	const char sign = descending ? '<' : '>';

	buffer_text(sql, " AND (");
	add_sort_key(sql, sort, descending);
	if (is_key(document, sort)) {
		buffer_format(sql, ") %c $after_value", sign);
		return;
	}
	buffer_text(sql, ", ");
	add_tie(sql, document);
	buffer_format(sql, ") %c ($after_value, $after_key)", sign);
}

/* The order of a page by what its columns `of` hold. */
static void add_order(struct buffer *sql, const struct document *document, const struct sort *sort,
		      bool descending, const char *of)
{
	const char *direction = descending ? "DESC" : "ASC";

	buffer_format(sql, " ORDER BY %ssort_value %s", of, direction);
	if (!is_key(document, sort))
		buffer_format(sql, ", %ssort_key %s", of, direction);
}

/* The row that $key names. */
static void add_found(struct buffer *sql, const struct document *document)
{
	if (document->found)
		buffer_text(sql, document->found);
	else
		buffer_format(sql, "%s = $key", document->key);
}

void query_builder_free(struct derived_query *derived)
{
	for (size_t i = 0; i < derived->query.parameters; i++)
		free((char *)derived->parameters[i]);
	free((char *)derived->query.name);
	free((char *)derived->query.text);
	*derived = (struct derived_query){0};
}

/* Ends a derivation: takes the built text over as statement `name`. */
static bool finish(const char *name, struct buffer *sql, struct derived_query *derived,
		   struct error *err)
{
	CLEANUP(buffer_free) struct buffer numbered = {0};
	size_t length;

	*derived = (struct derived_query){0};
	derived->query.name = strdup(name);
	if (!sql->failed && named_parameters_number(sql->bytes, derived, &numbered))
		derived->query.text = buffer_steal(&numbered, &length);
	if (derived->query.name && derived->query.text)
		return true;
	query_builder_free(derived);
	return error_set(err, ERROR_INTERNAL, "%s.sql: too many parameters or too large.", name);
}

/* A value in parentheses: the record or records that an include embeds. */
static void add_embedded(struct buffer *sql, const struct include *include)
{
	const struct document *document = include->document;
	const struct sort *sort = &document->sorts[0];
	const char *direction = sort->descending ? "DESC" : "ASC";

	if (include->kind == SECTION_LIST) {
		buffer_text(sql, "(SELECT coalesce(json_agg(row_to_json(q) ORDER BY ");
		add_sort_key(sql, sort, sort->descending);
		buffer_format(sql, " %s, ", direction);
		add_tie(sql, document);
		buffer_format(sql, " %s), '[]')", direction);
	} else {
		buffer_text(sql, "(SELECT row_to_json(q)");
	}
	buffer_format(sql,
		      " FROM (\n" NUMBERING_EMBEDDED "%s\n" NUMBERING_AROUND ") AS q WHERE %s)",
		      document->sql->text, include->condition);
}

#define CHOSEN                                                                                     \
	"CASE WHEN $fields::text[] IS NULL THEN row_to_json(q) "                                   \
	"ELSE json_members(row_to_json(q), $fields) END"

/* The record, or those of its fields that were asked for, with what it is to include. Without
 * `include` the planner drops all that stands in the second branch. */
static void add_record(struct buffer *sql, const struct document *document)
{
	if (!document->includes) {
		buffer_text(sql, CHOSEN " AS record");
		return;
	}
	buffer_text(sql, "CASE WHEN $include::text[] IS NULL THEN " CHOSEN " ELSE json_with(" CHOSEN
			 ", 'included', (SELECT json_object_agg("
			 "m.name, m.value ORDER BY m.name) FROM (VALUES ");
	for (const struct include *include = document->includes; include->name; include++) {
		buffer_format(sql, "%s('%s', CASE WHEN '%s' = ANY ($include) THEN ",
			      include == document->includes ? "" : ", ", include->name,
			      include->name);
		add_embedded(sql, include);
		buffer_text(sql, " END)");
	}
	buffer_text(sql, ") AS m (name, value) WHERE m.name = ANY ($include))) END AS record");
}

/* The rows of a document. What an include embeds is named q too, so that its sort keys hold there;
 * to its condition the row outside is `around`. */
static void add_file(struct buffer *sql, const struct document *document)
{
	buffer_format(sql, " FROM (%s) AS q", document->sql->text);
	if (document->includes)
		buffer_text(sql, " CROSS JOIN LATERAL (SELECT q.*) AS around");
}

#define CHANGED "floor(extract(epoch FROM d.changed_at))::bigint AS changed"

/* The rows of a list: those of the file that changed since a moment, if one was given. */
static void add_rows(struct buffer *sql, const struct document *document)
{
	const char *changed = document->changed ? document->changed : "q.updated_at";

	add_file(sql, document);
	buffer_text(sql, " WHERE ($updated_since::text IS NULL OR ");
	if (document->since)
		buffer_format(sql, "%s)", document->since);
	else
		buffer_format(sql, "%s COLLATE \"C\" >= $updated_since)", changed);
}

bool query_builder_page(const struct document *document, const struct sort *sort, bool descending,
			bool after, struct derived_query *derived, struct error *err)
{
	CLEANUP(buffer_free) struct buffer sql = {0}, name = {0};

	buffer_format(&name, "%s_by_%s%s%s", document->sql->name, sort->name,
		      descending ? "_down" : "", after ? "_after" : "");
	buffer_text(&sql, "SELECT p.record, p.cursor, d.revision, "
			  "CASE WHEN $total::boolean THEN (SELECT count(*)");
	add_rows(&sql, document);
	buffer_text(&sql, ") END AS total, " CHANGED
			  " FROM dataset_revision AS d LEFT JOIN (SELECT * FROM (SELECT ");
	add_record(&sql, document);
	buffer_text(&sql, ", json_build_array((");
	add_sort_key(&sql, sort, descending);
	buffer_format(&sql, ")::text, (%s)::text) AS cursor, ",
		      document->tie ? document->tie : document->key);
	add_sort_key(&sql, sort, descending);
	buffer_text(&sql, " AS sort_value, ");
	add_tie(&sql, document);
	buffer_text(&sql, " AS sort_key");
	add_rows(&sql, document);
	if (after)
		add_after(&sql, document, sort, descending);
	add_order(&sql, document, sort, descending, "");
	/* The planner takes an unknown limit for a tenth of all rows. A known one, where there is
	 * one, tells it that the first rows of an index will do. */
	buffer_format(&sql, " LIMIT CASE WHEN $few::boolean IS NULL THEN NULL ELSE %d END) AS p",
		      LIMIT_MAXIMUM + 1);
	add_order(&sql, document, sort, descending, "");
	buffer_text(&sql, " LIMIT $limit) AS p ON true");
	add_order(&sql, document, sort, descending, "p.");
	if (name.failed)
		return error_out_of_memory(err);
	derived->query.late = finish(name.bytes, &sql, derived, err);
	return derived->query.late;
}

bool query_builder_record(const struct document *document, struct derived_query *derived,
			  struct error *err)
{
	CLEANUP(buffer_free) struct buffer sql = {0}, name = {0};

	buffer_format(&name, "%s_record", document->sql->name);
	buffer_text(&sql, "SELECT p.record, p.revision, d.revision, NULL, " CHANGED
			  " FROM dataset_revision AS d LEFT JOIN (SELECT ");
	add_record(&sql, document);
	buffer_format(&sql, ", %s AS revision", document->revised ? "q.revision" : "NULL");
	add_file(&sql, document);
	buffer_text(&sql, " WHERE ");
	add_found(&sql, document);
	buffer_text(&sql, ") AS p ON true");
	if (name.failed)
		return error_out_of_memory(err);
	return finish(name.bytes, &sql, derived, err);
}

bool query_builder_spelling(const struct document *document, struct derived_query *derived,
			    struct error *err)
{
	CLEANUP(buffer_free) struct buffer sql = {0}, name = {0};

	buffer_format(&name, "%s_spelling", document->sql->name);
	buffer_format(&sql, "SELECT %s FROM (%s) AS q WHERE lower(%s) = lower($key) LIMIT 2",
		      document->key, document->sql->text, document->key);
	if (name.failed)
		return error_out_of_memory(err);
	return finish(name.bytes, &sql, derived, err);
}

bool query_builder_fields(const struct document *document, struct derived_query *derived,
			  struct error *err)
{
	CLEANUP(buffer_free) struct buffer sql = {0}, name = {0};

	buffer_format(&name, "%s_fields_by_%s", document->sql->name, document->sorts[0].name);
	buffer_format(&sql, "SELECT * FROM (%s) AS q ORDER BY ", document->sql->text);
	for (size_t i = 0; i < DOCUMENT_SORTS && document->sorts[i].name; i++) {
		add_sort_key(&sql, &document->sorts[i], document->sorts[i].descending);
		buffer_text(&sql, ", ");
	}
	buffer_text(&sql, "NULL::text LIMIT 0");
	if (name.failed)
		return error_out_of_memory(err);
	return finish(name.bytes, &sql, derived, err);
}

static void add_section(struct buffer *sql, const struct section *section)
{
	const struct document *document = section->document;
	const struct sort *sort = &document->sorts[0];
	const char *direction = sort->descending ? "DESC" : "ASC";

	buffer_format(sql, "'%s', (SELECT ", section->name);
	if (section->kind == SECTION_LIST) {
		buffer_text(sql, "coalesce(json_agg(row_to_json(q) ORDER BY ");
		add_sort_key(sql, sort, sort->descending);
		buffer_format(sql, " %s, (%s) COLLATE \"C\" %s), '[]')", direction, document->key,
			      direction);
	} else {
		buffer_text(sql, section->kind == SECTION_VALUE ? "q.value" : "row_to_json(q)");
	}
	buffer_format(sql, " FROM (%s) AS q", document->sql->text);
	if (section->kind == SECTION_RECORD && document->key)
		buffer_format(sql, " WHERE %s = $key", document->key);
	buffer_text(sql, ")");
}

bool query_builder_sections(const struct document *document, struct derived_query *derived,
			    struct error *err)
{
	const struct document *about = document->sections[0].document;
	CLEANUP(buffer_free) struct buffer sql = {0}, name = {0};

	buffer_format(&name, "%s_sections", document->relation);
	buffer_text(&sql, "SELECT CASE WHEN ");
	if (about->key)
		buffer_format(&sql, "EXISTS (SELECT FROM (%s) AS q WHERE %s = $key)",
			      about->sql->text, about->key);
	else
		buffer_text(&sql, "true");
	buffer_text(&sql, " THEN json_build_object(");
	for (const struct section *section = document->sections; section->name; section++) {
		buffer_text(&sql, section == document->sections ? "" : ", ");
		add_section(&sql, section);
	}
	buffer_text(&sql, ") END AS record, NULL, d.revision, NULL, " CHANGED
			  " FROM dataset_revision AS d");
	if (name.failed)
		return error_out_of_memory(err);
	return finish(name.bytes, &sql, derived, err);
}

static void add_lines(struct buffer *sql, const struct section *section, size_t place)
{
	const struct document *document = section->document;
	const struct sort *sort = &document->sorts[0];
	const char *direction = sort->descending ? "DESC" : "ASC";

	buffer_format(sql, "%sSELECT %zu AS place, ", place ? " UNION ALL " : "", place);
	if (section->kind == SECTION_LIST) {
		buffer_text(sql, "row_number() OVER (ORDER BY ");
		add_sort_key(sql, sort, sort->descending);
		buffer_format(sql, " %s, ", direction);
		add_tie(sql, document);
		buffer_format(sql,
			      " %s) AS position, "
			      "json_build_object('type', '%s', 'data', row_to_json(q)) AS record",
			      direction, section->name);
	} else {
		buffer_text(sql, "1 AS position, row_to_json(q) AS record");
	}
	buffer_format(sql, " FROM (%s) AS q", document->sql->text);
}

bool query_builder_lines(const struct document *document, struct derived_query *derived,
			 struct error *err)
{
	CLEANUP(buffer_free) struct buffer sql = {0}, name = {0};

	buffer_format(&name, "%s_lines", document->relation);
	buffer_text(&sql, "SELECT l.record, NULL, d.revision, NULL, " CHANGED
			  " FROM dataset_revision AS d CROSS JOIN (");
	for (size_t place = 0; document->sections[place].name; place++)
		add_lines(&sql, &document->sections[place], place);
	buffer_text(&sql, ") AS l ORDER BY l.place, l.position LIMIT $limit");
	if (name.failed)
		return error_out_of_memory(err);
	return finish(name.bytes, &sql, derived, err);
}

bool query_builder_plain(const struct embedded *file, struct derived_query *derived,
			 struct error *err)
{
	CLEANUP(buffer_free) struct buffer sql = {0};

	buffer_text(&sql, file->text);
	return finish(file->name, &sql, derived, err);
}
