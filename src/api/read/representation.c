#include "api/read/representation.h"

#include "api/application.h"
#include "api/query/parameter_values.h"
#include "api/read/canonical_url.h"
#include "api/validate/parameter_checks.h"
#include "api/read/cursor.h"
#include "api/read/envelope.h"
#include "api/read/atom_format.h"
#include "api/read/record_fields.h"
#include "api/query/query_specialiser.h"
#include "api/read/csv_format.h"
#include "api/read/total_count.h"
#include "base/cleanup.h"
#include "codec/json.h"
#include "http/negotiation/media_type.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum { BODY_MAXIMUM = 32 << 20 };

static const char *const leave_nothing[] = {NULL};
static const char *const leave_cursor[] = {"cursor", NULL};
static const char *const leave_form[] = {"cursor", "format", NULL};
static const char *const leave_place[] = {"cursor", "after_revision", NULL};
static const char *const leave_paging[] = {"cursor", "limit",	"lang",	  "sort",
					   "fields", "include", "format", NULL};

void representation_free(struct representation *representation)
{
	free(representation->body);
	*representation = (struct representation){0};
}

static bool query(const struct request *request, struct db *db, const struct derived_query *derived,
		  const struct page_position *page, struct rows *rows, struct error *err)
{
	const struct application *application = request->application;
	const char *values[QUERY_PARAMETERS];

	if (!parameter_values_bind(request, derived, page, values, err))
		return false;
	derived = query_specialiser_get(application->narrowed, derived, values);
	return (request->media->bulk ? db_rows_bulk : db_rows)(db, &derived->query, values,
							       request->deadline, rows, err);
}

/* The revision that rows were read at. */
static uint64_t revision_of(const struct rows *rows)
{
	const char *revision = rows_text(rows, 0, COLUMN_REVISION);

	return revision ? strtoull(revision, NULL, 10) : 0;
}

/* When the dataset got the revision that the rows were read at. */
static time_t changed_at(const struct rows *rows)
{
	const char *changed = rows_text(rows, 0, COLUMN_CHANGED);

	return changed ? (time_t)strtoll(changed, NULL, 10) : 0;
}

bool representation_finish(struct buffer *body, const struct rows *rows,
			   struct representation *representation, struct error *err)
{
	representation->revision = revision_of(rows);
	representation->changed = changed_at(rows);
	representation->body = buffer_steal(body, &representation->length);
	return representation->body || error_out_of_memory(err);
}

/* How a list was asked for. */
struct order {
	const struct derived_query *derived;
	long limit; /* 0: all rows */
	bool descending;
	const char *filters; /* names the filter set */
	const char *list;    /* what a cursor is tied to */
	struct total_count total;
	struct page_position page;
};

static const struct derived_query *choose_page(const struct request *request, bool after,
					       bool *descending, const char **sort_key)
{
	const struct document *document = request->route->detail;
	const struct prepared *prepared = application_prepared(request->application, document);
	const char *sort = request_value(request, "sort");
	size_t chosen = 0;

	for (size_t i = 0; sort && i < DOCUMENT_SORTS && document->sorts[i].name; i++)
		if (strcmp(sort + (*sort == '-'), document->sorts[i].name) == 0)
			chosen = i;
	*descending = sort ? *sort == '-' : canonical_url_descending(request);
	*sort_key = arena_format(request->arena, "%s%s", *descending ? "-" : "",
				 document->sorts[chosen].name);
	return prepared->page[chosen][*descending][after];
}

/* How many rows a page has; 0 is all of them. */
static long page_limit(const struct request *request)
{
	const char *limit = request_value(request, "limit");

	return limit ? strtol(limit, NULL, 10) : canonical_url_limit(request);
}

static bool read_order(const struct request *request, struct order *order, const char **mistaken,
		       struct error *err)
{
	const char *cursor = request_value(request, "cursor");
	const char *address = canonical_url_of(request, leave_paging), *sort_key;
	struct cursor position = {0};

	order->derived = choose_page(request, cursor, &order->descending, &sort_key);
	order->limit = page_limit(request);
	if (order->limit)
		order->page.limit = arena_format(request->arena, "%ld", order->limit + 1);
	if (order->limit && order->limit <= LIMIT_MAXIMUM)
		order->page.few = "true";
	order->filters = address;
	order->list = address && sort_key ? arena_format(request->arena, "%s %s %s", address,
							 sort_key, request->language)
					  : NULL;
	if (!order->list || (order->limit && !order->page.limit))
		return error_out_of_memory(err);
	*mistaken = cursor ? "cursor" : NULL;
	if (cursor && !cursor_read(request->arena, order->list, cursor, &position, err))
		return false;
	order->page.after_value = position.value;
	order->page.after_key = position.key;
	return true;
}

/* The address of the page behind the last row given, NULL when there is none. */
static bool next_page(const struct request *request, const struct order *order,
		      const struct rows *rows, size_t given, const char **next, struct error *err)
{
	const char *cursor;

	*next = NULL;
	if (!order->limit || rows->count <= (size_t)order->limit)
		return true;
	cursor = cursor_write(request->arena, order->list,
			      rows_text(rows, given - 1, COLUMN_CURSOR));
	if (cursor)
		*next = canonical_url_with(request, leave_cursor, "cursor", cursor);
	return *next || error_out_of_memory(err);
}

/* Where a reader who has seen the last page of a feed goes on later: behind the revision that it
 * was read at, all of which it has seen. A standby may be behind the server that gave the reader
 * its place: that never leads back. */
static bool resume_feed(const struct request *request, const struct order *order,
			const struct rows *rows, const char **resume, struct error *err)
{
	const struct document *document = request->route->detail;
	const char *asked = request_value(request, "after_revision");
	const char *place = rows_text(rows, 0, COLUMN_REVISION);
	unsigned long long revision = place ? strtoull(place, NULL, 10) : 0;

	if (!document->feed || order->descending)
		return true;
	if (order->page.after_value && strtoull(order->page.after_value, NULL, 10) > revision) {
		*resume = canonical_url_of(request, leave_nothing);
		return *resume || error_out_of_memory(err);
	}
	if (asked && strtoull(asked, NULL, 10) > revision)
		place = asked;
	*resume = canonical_url_with(request, leave_place, "after_revision", place);
	return *resume || error_out_of_memory(err);
}

/* The number of records that a page gives: one more was asked for, to see whether there is a next.
 */
static size_t count_given(const struct order *order, const struct rows *rows)
{
	if (rows->count == 0 || !rows_text(rows, 0, COLUMN_RECORD))
		return 0;
	return order->limit && rows->count > (size_t)order->limit ? (size_t)order->limit
								  : rows->count;
}

/* Adds the records as they are, each followed by `between`, the last one by `end`. */
static void add_records(struct buffer *body, const struct rows *rows, size_t given,
			const char *between, const char *end)
{
	for (size_t i = 0; i < given; i++) {
		json_compact(body, rows_text(rows, i, COLUMN_RECORD),
			     rows_length(rows, i, COLUMN_RECORD));
		buffer_text(body, i + 1 < given ? between : end);
	}
}

static bool add_table(const struct request *request, struct buffer *body, const struct rows *rows,
		      size_t given, struct error *err)
{
	const char *only = request_value(request, "fields"), *identifier;
	const struct record_fields *fields;

	if (!record_fields_get(request, &fields, err))
		return false;
	identifier = record_fields_identifier(request);
	if (only)
		only = arena_format(request->arena, "%s,%s", only, identifier);
	csv_format_header(body, fields, only);
	for (size_t i = 0; i < given; i++)
		if (!csv_format_row(body, fields, only, rows_text(rows, i, COLUMN_RECORD),
				    rows_length(rows, i, COLUMN_RECORD), err))
			return false;
	return true;
}

static bool add_feed(const struct request *request, struct buffer *body, const struct rows *rows,
		     size_t given, const char *next, struct error *err)
{
	CLEANUP(atom_format_free)
	struct atom_feed feed = {
		.list = canonical_url_of(request, leave_paging),
		.self = canonical_url_of(request, leave_nothing),
		.other = canonical_url_of(request, leave_form),
		.next = next,
		.changed = changed_at(rows),
		.entries = {.maximum = BODY_MAXIMUM},
	};

	if (!feed.list || !feed.self || !feed.other)
		return error_out_of_memory(err);
	for (size_t i = 0; i < given; i++)
		if (!atom_format_add(&feed, request, rows_text(rows, i, COLUMN_RECORD),
				     rows_length(rows, i, COLUMN_RECORD), err))
			return false;
	return atom_format_write(&feed, request, body, err);
}

static bool add_page(const struct request *request, const struct order *order, struct buffer *body,
		     const struct rows *rows, size_t given, const char *next, struct error *err)
{
	struct envelope envelope = {.next = next};

	if (request->media == &media_type_csv)
		return add_table(request, body, rows, given, err);
	if (request->media == &media_type_atom)
		return add_feed(request, body, rows, given, next, err);
	if (request->media == &media_type_ndjson) {
		add_records(body, rows, given, "\n", "\n");
		return true;
	}
	buffer_text(body, "{\"data\":[");
	add_records(body, rows, given, ",", "");
	buffer_text(body, "]");
	envelope.total = order->total.text;
	envelope.self = canonical_url_of(request, leave_nothing);
	if (!next && !resume_feed(request, order, rows, &envelope.resume, err))
		return false;
	envelope_end(body, request, &envelope);
	return true;
}

/* Reads a list that is given whole, which tells its total. */
static bool read_whole(const struct request *request, struct db *db, struct order *order,
		       struct rows *rows, struct error *err)
{
	if (!query(request, db, order->derived, &order->page, rows, err))
		return false;
	order->total.text = arena_format(request->arena, "%zu", count_given(order, rows));
	return order->total.text || error_out_of_memory(err);
}

/* Reads the page and, with it, the total unless that is known. */
static bool read_page(const struct request *request, struct db *db, struct order *order,
		      struct rows *rows, struct error *err)
{
	bool counts = request->media == &media_type_json;

	if (!order->limit && !order->page.after_value)
		return read_whole(request, db, order, rows, err);
	if (counts && !total_count_find(request, order->filters, &order->total, err))
		return false;
	order->page.total = counts && !order->total.text ? "true" : NULL;
	if (!query(request, db, order->derived, &order->page, rows, err))
		return false;
	if (!counts || (order->total.text && order->total.revision == revision_of(rows)))
		return true;
	if (order->total.text) {
		/* The page saw another revision than the total was counted at. */
		rows_free(rows);
		order->page.total = "true";
		if (!query(request, db, order->derived, &order->page, rows, err))
			return false;
	}
	order->total.text = rows_text(rows, 0, COLUMN_TOTAL);
	order->total.revision = revision_of(rows);
	if (order->total.text)
		total_count_keep(request, order->filters, &order->total);
	return true;
}

bool representation_list(const struct request *request, struct db *db,
			 struct representation *representation, struct error *err)
{
	CLEANUP(rows_free) struct rows rows = {0};
	CLEANUP(buffer_free) struct buffer body = {.maximum = BODY_MAXIMUM};
	struct order order = {0};
	size_t given;

	if (!read_order(request, &order, &representation->mistaken, err) ||
	    !read_page(request, db, &order, &rows, err))
		return false;

	given = count_given(&order, &rows);
	return next_page(request, &order, &rows, given, &representation->next, err) &&
	       add_page(request, &order, &body, &rows, given, representation->next, err) &&
	       representation_finish(&body, &rows, representation, err);
}

static bool one(const struct request *request, struct db *db, const struct derived_query *derived,
		struct representation *representation, struct error *err)
{
	static const struct page_position none = {0};
	CLEANUP(rows_free) struct rows rows = {0};
	CLEANUP(buffer_free) struct buffer body = {.maximum = BODY_MAXIMUM};
	struct envelope envelope = {0};
	const char *record, *revision;

	if (!query(request, db, derived, &none, &rows, err))
		return false;
	record = rows.count ? rows_text(&rows, 0, COLUMN_RECORD) : NULL;
	if (!record)
		return error_set(err, ERROR_NOT_FOUND, "Nothing has this identifier.");

	buffer_text(&body, "{\"data\":");
	json_compact(&body, record, rows_length(&rows, 0, COLUMN_RECORD));
	envelope.self = canonical_url_of(request, leave_nothing);
	envelope_end(&body, request, &envelope);
	revision = rows_text(&rows, 0, COLUMN_CURSOR);
	if (revision && strlen(revision) < sizeof representation->record_revision)
		memcpy(representation->record_revision, revision, strlen(revision) + 1);
	return representation_finish(&body, &rows, representation, err);
}

bool representation_record(const struct request *request, struct db *db,
			   struct representation *representation, struct error *err)
{
	return one(request, db,
		   application_prepared(request->application, request->route->detail)->record,
		   representation, err);
}

bool representation_sections(const struct request *request, struct db *db,
			     struct representation *representation, struct error *err)
{
	return one(request, db,
		   application_prepared(request->application, request->route->detail)->sections,
		   representation, err);
}
