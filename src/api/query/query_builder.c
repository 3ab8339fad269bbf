#include "api/query/query_builder.h"

#include "base/cleanup.h"
#include "base/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/banned.h"

/* Names are sorted by their first characters: the size of an index entry is bounded. */
#define NAME_CHARACTERS "200"

enum { QUERY_NAME_BYTES = 80 };

/* The beginning and the end of a part of the query (api/query/query_template.h). */
#define WITH(name) "\n-- with " name "\n"
#define END "\n-- end\n"

/* The sort key as an expression, which begins with the rank of a search. It is never NULL, since a
 * row comparison with NULL is neither true nor false and would drop the row from every later page.
 */
static void add_sort_key(struct buffer *sql, const struct document *document,
			 const struct sort *sort, bool descending)
{
	const char *last = descending ? "-infinity" : "infinity";

	if (document->rank)
		buffer_format(sql, WITH("q") "(%s(%s)::integer)::text || " END,
			      descending ? "9 - " : "", document->rank);
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

/* The tie-breaker of rows with equal sort keys. */
static void add_tie(struct buffer *sql, const struct document *document)
{
	if (document->tie)
		buffer_text(sql, document->tie);
	else
		buffer_format(sql, "(%s) COLLATE \"C\"", document->key);
}

/* True when the sort key is the identifier, which needs no tie-breaker. */
static bool is_key(const struct document *document, const struct sort *sort)
{
	return !document->tie && !sort->value && strncmp(document->key, "q.", 2) == 0 &&
	       strcmp(document->key + 2, sort->name) == 0;
}

/* The condition of rows after the one that $after_value and $after_key identify. PostgreSQL does
 * not see that a pair of the same column twice is that column: it would sort again, and search
 * indexes badly. */
static void add_after(struct buffer *sql, const struct document *document, const struct sort *sort,
		      bool descending)
{
	const char sign = descending ? '<' : '>';

	buffer_text(sql, WITH("after_value") "AND (");
	add_sort_key(sql, document, sort, descending);
	if (is_key(document, sort)) {
		buffer_format(sql, ") %c $after_value" END, sign);
		return;
	}
	buffer_text(sql, ", ");
	add_tie(sql, document);
	buffer_format(sql, ") %c ($after_value, $after_key)" END, sign);
}

/* The order of a page by the columns of `of`. */
static void add_order(struct buffer *sql, const struct document *document, const struct sort *sort,
		      bool descending, const char *of)
{
	const char *direction = descending ? "DESC" : "ASC";

	buffer_format(sql, " ORDER BY %ssort_value %s", of, direction);
	if (!is_key(document, sort))
		buffer_format(sql, ", %ssort_key %s", of, direction);
}

/* Parses the text as a template with this name. */
static PRINTF_LIKE(4, 5) bool finish_template(const struct buffer *sql,
					      struct query_template *template, struct error *err,
					      const char *format, ...)
{
	char name[QUERY_NAME_BYTES];
	va_list values;

	va_start(values, format);
	vsnprintf(name, sizeof name, format, values);
	va_end(values);
	*template = (struct query_template){0};
	return sql->failed ? error_out_of_memory(err)
			   : query_template_parse(name, sql->bytes, template, err);
}

/* A file as a subquery q, with or without its filters, which are at its end. */
static void add_file(struct buffer *sql, const struct document *document, bool filtered)
{
	const char *text = document->sql->text, *filters = strstr(text, "\n  " QUERY_FILTER);
	const size_t base = filters ? (size_t)(filters - text) : strlen(text);

	buffer_text(sql, " FROM (\n");
	buffer_add(sql, text, base);
	if (filtered && filters)
		buffer_format(sql, "%s" END, filters);
	buffer_text(sql, "\n) AS q");
}

/* The order by the default sort key and the tie-breaker. */
static void add_default_order(struct buffer *sql, const struct document *document)
{
	const struct sort *sort = &document->sorts[0];
	const char *direction = sort->descending ? "DESC" : "ASC";

	buffer_text(sql, "ORDER BY ");
	add_sort_key(sql, document, sort, sort->descending);
	buffer_format(sql, " %s, ", direction);
	add_tie(sql, document);
	buffer_format(sql, " %s", direction);
}

/* The beginning of a subquery that returns rows q as one value. */
static void add_value(struct buffer *sql, const struct document *document, enum section_kind kind)
{
	if (kind != SECTION_LIST) {
		buffer_format(sql, "(SELECT %s",
			      kind == SECTION_VALUE ? "q.value" : "row_to_json(q)");
		return;
	}
	buffer_text(sql, "(SELECT coalesce(json_agg(row_to_json(q) ");
	add_default_order(sql, document);
	buffer_text(sql, "), '[]')");
}

/* The record, or the requested fields of it. */
#define CHOSEN WITH("fields") "json_members(" END "row_to_json(q)" WITH("fields") ", $fields)" END

/* The record with the requested includes. */
static void add_record(struct buffer *sql, const struct document *document)
{
	if (!document->includes) {
		buffer_text(sql, CHOSEN " AS record");
		return;
	}
	buffer_text(sql, WITH("include") "json_with(" END CHOSEN);
	buffer_text(
		sql,
		WITH("include") ", 'included', (SELECT "
				"json_object_agg(m.name, m.value ORDER BY m.name) FROM (VALUES ");
	for (const struct include *include = document->includes; include->name; include++) {
		buffer_format(sql, "%s('%s', CASE WHEN '%s' = ANY ($include::text[]) THEN ",
			      include == document->includes ? "" : ", ", include->name,
			      include->name);
		add_value(sql, include->document, include->kind);
		add_file(sql, include->document, false);
		buffer_format(sql, " WHERE %s) END)", include->condition);
	}
	buffer_text(sql, ") AS m (name, value) WHERE m.name = ANY ($include::text[])))" END
			 " AS record");
}

/* The filtered rows. Embedded rows are named q too, because of their sort keys; the condition of an
 * include names the row outside `around`. */
static void add_rows(struct buffer *sql, const struct document *document)
{
	add_file(sql, document, true);
	if (document->includes)
		buffer_text(sql, " CROSS JOIN LATERAL (SELECT q.*) AS around");
}

#define CHANGED "(extract(epoch FROM d.changed_at) * 1000000)::bigint AS changed"

/* The rows of a list: the filtered ones that changed since a moment, if one was given. */
static void add_list(struct buffer *sql, const struct document *document)
{
	add_rows(sql, document);
	buffer_text(sql, " WHERE true" WITH("updated_since") "AND ");
	if (document->since)
		buffer_format(sql, "%s" END, document->since);
	else
		buffer_text(sql, "q.updated_at COLLATE \"C\" >= $updated_since" END);
}

/* The condition of the rows whose dates lie in the requested periods. For a row that lacks one of
 * these dates it is unknown, unless another date lies outside its period. */
static void add_periods(struct buffer *sql, const struct document *document)
{
	for (const char *const *date = document->dates; date && *date; date++)
		buffer_format(sql, WITH("%s") "AND q.%s <@ $%s::daterange" END, *date, *date,
			      *date);
}

/* Counts the rows of the list, and those that only the lack of a date leaves out. */
static void add_counts(struct buffer *sql, const struct document *document)
{
	buffer_text(sql, WITH("total") ", (SELECT count(*)");
	add_list(sql, document);
	add_periods(sql, document);
	buffer_text(sql, ") AS total" END);
	if (!document->dates)
		return;
	buffer_text(sql, WITH("undated") ", (SELECT count(*)");
	add_list(sql, document);
	buffer_text(sql, " AND (true");
	add_periods(sql, document);
	buffer_text(sql, ") IS NULL) AS undated" END);
}

bool query_builder_page(const struct document *document, const struct sort *sort, bool descending,
			struct query_template *template, struct error *err)
{
	CLEANUP(buffer_free) struct buffer sql = {0};

	if (document->page)
		return query_template_parse(document->page->name, document->page->text, template,
					    err);
	buffer_text(&sql, "SELECT p.record, p.cursor, d.revision, " CHANGED);
	add_counts(&sql, document);
	buffer_text(&sql, " FROM dataset_revision AS d LEFT JOIN (SELECT * FROM (SELECT ");
	add_record(&sql, document);
	buffer_text(&sql, ", json_build_array((");
	add_sort_key(&sql, document, sort, descending);
	buffer_format(&sql, ")::text, (%s)::text) AS cursor, ",
		      document->tie ? document->tie : document->key);
	add_sort_key(&sql, document, sort, descending);
	buffer_text(&sql, " AS sort_value, ");
	add_tie(&sql, document);
	buffer_text(&sql, " AS sort_key");
	add_list(&sql, document);
	add_periods(&sql, document);
	add_after(&sql, document, sort, descending);
	add_order(&sql, document, sort, descending, "");
	/* The planner assumes that an unknown limit is a tenth of all rows. From a known one it
	 * sees that the first rows of an index are enough. */
	buffer_format(&sql, WITH("few") "LIMIT %d" END ") AS p", LIMIT_MAXIMUM + 1);
	add_order(&sql, document, sort, descending, "");
	buffer_text(&sql, WITH("limit") "LIMIT $limit" END ") AS p ON true");
	add_order(&sql, document, sort, descending, "p.");
	return finish_template(&sql, template, err, "%s_by_%s%s", document->sql->name, sort->name,
			       descending ? "_down" : "");
}

bool query_builder_record(const struct document *document, struct query_template *template,
			  struct error *err)
{
	CLEANUP(buffer_free) struct buffer sql = {0};

	buffer_text(&sql, "SELECT p.record, p.revision, d.revision, " CHANGED
			  " FROM dataset_revision AS d LEFT JOIN (SELECT ");
	add_record(&sql, document);
	buffer_format(&sql, ", %s AS revision", document->revised ? "q.revision" : "NULL");
	add_rows(&sql, document);
	if (document->found)
		buffer_format(&sql, " WHERE %s", document->found);
	else if (document->key)
		buffer_format(&sql, " WHERE %s = $key", document->key);
	buffer_text(&sql, ") AS p ON true");
	return finish_template(&sql, template, err, "%s_record", document->sql->name);
}

bool query_builder_spelling(const struct document *document, struct query_template *template,
			    struct error *err)
{
	CLEANUP(buffer_free) struct buffer sql = {0};

	buffer_format(&sql, "SELECT %s", document->key);
	add_file(&sql, document, true);
	if (document->spelled)
		buffer_format(&sql, " WHERE %s LIMIT 2", document->spelled);
	else
		buffer_format(&sql, " WHERE lower(%s) = lower($key) LIMIT 2", document->key);
	return finish_template(&sql, template, err, "%s_spelling", document->sql->name);
}

bool query_builder_fields(const struct document *document, struct query_template *template,
			  struct error *err)
{
	CLEANUP(buffer_free) struct buffer sql = {0};

	buffer_text(&sql, "SELECT *");
	add_file(&sql, document, false);
	buffer_text(&sql, " LIMIT 0");
	return finish_template(&sql, template, err, "%s_fields", document->sql->name);
}

static void add_section(struct buffer *sql, const struct section *section)
{
	const struct document *document = section->document;

	buffer_format(sql, "'%s', ", section->name);
	add_value(sql, document, section->kind);
	add_file(sql, document, true);
	if (section->kind == SECTION_RECORD && document->key)
		buffer_format(sql, " WHERE %s = $key", document->key);
	buffer_text(sql, ")");
}

bool query_builder_sections(const struct document *document, struct query_template *template,
			    struct error *err)
{
	const struct document *about = document->sections[0].document;
	CLEANUP(buffer_free) struct buffer sql = {0};

	buffer_text(&sql, "SELECT CASE WHEN ");
	if (about->key) {
		buffer_text(&sql, "EXISTS (SELECT");
		add_file(&sql, about, true);
		buffer_format(&sql, " WHERE %s = $key)", about->key);
	} else {
		buffer_text(&sql, "true");
	}
	buffer_text(&sql, " THEN json_build_object(");
	for (const struct section *section = document->sections; section->name; section++) {
		buffer_text(&sql, section == document->sections ? "" : ", ");
		add_section(&sql, section);
	}
	buffer_text(&sql,
		    ") END AS record, NULL, d.revision, " CHANGED " FROM dataset_revision AS d");
	return finish_template(&sql, template, err, "%s_sections", document->relation);
}

static void add_lines(struct buffer *sql, const struct section *section, size_t place)
{
	buffer_format(sql, "%sSELECT %zu AS place, ", place ? " UNION ALL " : "", place);
	if (section->kind == SECTION_LIST) {
		buffer_text(sql, "row_number() OVER (");
		add_default_order(sql, section->document);
		buffer_format(sql,
			      ") AS position, "
			      "json_build_object('type', '%s', 'data', row_to_json(q)) AS record",
			      section->name);
	} else {
		buffer_text(sql, "1 AS position, row_to_json(q) AS record");
	}
	add_file(sql, section->document, true);
}

bool query_builder_lines(const struct document *document, struct query_template *template,
			 struct error *err)
{
	CLEANUP(buffer_free) struct buffer sql = {0};

	buffer_text(&sql, "SELECT l.record, NULL, d.revision, " CHANGED
			  " FROM dataset_revision AS d CROSS JOIN (");
	for (size_t place = 0; document->sections[place].name; place++)
		add_lines(&sql, &document->sections[place], place);
	buffer_text(&sql, ") AS l ORDER BY l.place, l.position LIMIT $limit");
	return finish_template(&sql, template, err, "%s_lines", document->relation);
}
