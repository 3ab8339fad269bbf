#include "api/read/representation.h"

#include "api/application.h"
#include "api/documents.h"
#include "api/query/query_builder.h"
#include "api/query/query_catalogue.h"
#include "api/query/request_rows.h"
#include "api/read/atom_format.h"
#include "api/read/canonical_url.h"
#include "api/read/csv_format.h"
#include "api/read/cursor.h"
#include "base/cleanup.h"
#include "codec/json.h"
#include "http/negotiation/media_type.h"
#include "http/routing/route.h"

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

static struct document_queries *queries_of(const struct request *request)
{
	const struct application *application = request->application;

	return query_catalogue_find(application->queries, request->route->detail);
}

/* When the dataset got the revision that the rows were read at, in microseconds since 1970. */
static int64_t changed_at(const struct rows *rows)
{
	const char *changed = rows_text(rows, 0, COLUMN_CHANGED);

	return changed ? strtoll(changed, NULL, 10) : 0;
}

bool representation_finish(struct buffer *body, const struct rows *rows,
			   struct representation *representation, struct error *err)
{
	const char *revision = rows_text(rows, 0, COLUMN_REVISION);

	representation->revision = revision ? strtoull(revision, NULL, 10) : 0;
	representation->changed = changed_at(rows);
	representation->body = buffer_steal(body, &representation->length);
	return representation->body || error_out_of_memory(err);
}

/* {"data": ..., "meta": ..., "links": ...} around finished records; addresses without public_url.
 */
struct envelope {
	const char *total;   /* NULL for a single record */
	const char *undated; /* rows without a requested date; NULL: no date was requested */
	const char *self;    /* this address */
	const char *next;    /* NULL on the last page */
	const char *resume;  /* on the last page of a feed, otherwise NULL */
};

static void add_address(struct buffer *body, const struct request *request, const char *name,
			const char *address)
{
	/* Canonical addresses contain no character that JSON escapes. */
	buffer_format(body, "\"%s\":\"%s%s\"", name, request->public_url, address ? address : "");
	body->failed |= !address;
}

/* Adds `,"meta":{...},"links":{...}}`. */
static void end_envelope(struct buffer *body, const struct request *request,
			 const struct envelope *envelope)
{
	const struct application *application = request->application;
	const struct document *document = request->route->detail;

	buffer_text(body, ",\"meta\":{");
	if (envelope->total)
		buffer_format(body, "\"total\":%s,\"undated\":%s,", envelope->total,
			      envelope->undated ? envelope->undated : "null");
	buffer_text(body, "\"as_of\":");
	/* `as_of` of a source is its own date. */
	buffer_json(body, document->legal_time ? request_value(request, "as_of") : NULL);
	buffer_text(body, ",\"language\":");
	buffer_json(body, request->language);
	buffer_text(body, ",\"licence\":");
	buffer_json(body, application->config->licence);
	buffer_text(body, "},\"links\":{");
	add_address(body, request, "self", envelope->self);
	if (envelope->next) {
		buffer_text(body, ",");
		add_address(body, request, "next", envelope->next);
	}
	if (envelope->resume) {
		buffer_text(body, ",");
		add_address(body, request, "resume", envelope->resume);
	}
	buffer_text(body, "}}");
}

/* A request for a list. */
struct page_request {
	const struct query_template *template;
	long limit; /* 0: all rows */
	bool descending;
	const char *list; /* identifies the list that a cursor belongs to */
	struct page_position position;
};

static const struct query_template *choose_page(const struct request *request, bool *descending,
						const char **sort_key)
{
	const struct document *document = request->route->detail;
	const char *sort = request_value(request, "sort");
	size_t chosen = 0;

	for (size_t i = 0; sort && i < DOCUMENT_SORTS && document->sorts[i].name; i++)
		if (strcmp(sort + (*sort == '-'), document->sorts[i].name) == 0)
			chosen = i;
	*descending = sort ? *sort == '-' : canonical_url_descending(request);
	*sort_key = arena_format(request->arena, "%s%s", *descending ? "-" : "",
				 document->sorts[chosen].name);
	return queries_of(request)->page[chosen][*descending];
}

static bool takes_period(const struct request *request)
{
	for (size_t i = 0; i < request->value_count; i++)
		if (request->values[i].parameter->period)
			return true;
	return false;
}

static bool read_page_request(const struct request *request, struct page_request *page,
			      const char **mistaken, struct error *err)
{
	const char *cursor = request_value(request, "cursor"),
		   *limit = request_value(request, "limit");
	const char *address = canonical_url_of(request, leave_paging), *sort_key;
	struct cursor last = {0};

	page->template = choose_page(request, &page->descending, &sort_key);
	page->limit = limit ? strtol(limit, NULL, 10) : canonical_url_limit(request);
	if (page->limit)
		page->position.limit = arena_format(request->arena, "%ld", page->limit + 1);
	if (page->limit && page->limit <= LIMIT_MAXIMUM)
		page->position.few = "true";
	page->list = address && sort_key ? arena_format(request->arena, "%s %s %s", address,
							sort_key, request->language)
					 : NULL;
	if (!page->list || (page->limit && !page->position.limit))
		return error_out_of_memory(err);
	*mistaken = cursor ? "cursor" : NULL;
	if (cursor && !cursor_read(request->arena, page->list, cursor, &last, err))
		return false;
	page->position.after_value = last.value;
	page->position.after_key = last.key;
	if (request->media != &media_type_json)
		return true;
	if (takes_period(request))
		page->position.undated = "true";
	/* The length of a whole list is its total. */
	if (page->limit || cursor || page->position.undated)
		page->position.total = "true";
	return true;
}

/* The address of the page after the last record, NULL when there is none. */
static bool next_page(const struct request *request, const struct page_request *page,
		      const struct rows *rows, size_t records, const char **next, struct error *err)
{
	const char *cursor;

	*next = NULL;
	if (!page->limit || rows->count <= (size_t)page->limit)
		return true;
	cursor = cursor_write(request->arena, page->list,
			      rows_text(rows, records - 1, COLUMN_CURSOR));
	if (cursor)
		*next = canonical_url_with(request, leave_cursor, "cursor", cursor);
	return *next || error_out_of_memory(err);
}

/* Where a client that has read the last page of a feed continues later: after the revision that
 * this page was read at. A standby may be behind the server that sent the client here; the place
 * never goes back. */
static bool resume_feed(const struct request *request, const struct page_request *page,
			const struct rows *rows, const char **resume, struct error *err)
{
	const struct document *document = request->route->detail;
	const char *asked = request_value(request, "after_revision");
	const char *place = rows_text(rows, 0, COLUMN_REVISION);
	const char *last = page->position.after_value;
	unsigned long long revision = place ? strtoull(place, NULL, 10) : 0;

	if (!document->feed || page->descending)
		return true;
	if (last && strtoull(last, NULL, 10) > revision) {
		*resume = canonical_url_of(request, leave_nothing);
		return *resume || error_out_of_memory(err);
	}
	if (asked && strtoull(asked, NULL, 10) > revision)
		place = asked;
	*resume = canonical_url_with(request, leave_place, "after_revision", place);
	return *resume || error_out_of_memory(err);
}

/* The number of records in a page. The query returns one row more when there is a next page. */
static size_t count_records(const struct page_request *page, const struct rows *rows)
{
	if (rows->count == 0 || !rows_text(rows, 0, COLUMN_RECORD))
		return 0;
	return page->limit && rows->count > (size_t)page->limit ? (size_t)page->limit : rows->count;
}

/* Adds the records, each followed by `between`, the last one by `end`. */
static void add_records(struct buffer *body, const struct rows *rows, size_t records,
			const char *between, const char *end)
{
	for (size_t i = 0; i < records; i++) {
		json_compact(body, rows_text(rows, i, COLUMN_RECORD),
			     rows_length(rows, i, COLUMN_RECORD));
		buffer_text(body, i + 1 < records ? between : end);
	}
}

static bool add_table(const struct request *request, struct buffer *body, const struct rows *rows,
		      size_t records, struct error *err)
{
	const struct application *application = request->application;
	const char *only = request_value(request, "fields");
	const struct record_fields *fields;

	if (!query_catalogue_fields(application->queries, request->route->detail, application->db,
				    request->deadline, &fields, err))
		return false;
	if (only) {
		only = arena_format(request->arena, "%s,%s", only,
				    documents_identifier(request->route->detail));
		if (!only)
			return error_out_of_memory(err);
	}
	csv_format_header(body, fields, only);
	for (size_t i = 0; i < records; i++)
		if (!csv_format_row(body, fields, only, rows_text(rows, i, COLUMN_RECORD),
				    rows_length(rows, i, COLUMN_RECORD), err))
			return false;
	return true;
}

static bool add_feed(const struct request *request, struct buffer *body, const struct rows *rows,
		     size_t records, const char *next, struct error *err)
{
	CLEANUP(atom_format_free)
	struct atom_feed feed = {
		.list = canonical_url_of(request, leave_paging),
		.self = canonical_url_of(request, leave_nothing),
		.other = canonical_url_of(request, leave_form),
		.next = next,
		.changed = (time_t)(changed_at(rows) / 1000000),
		.entries = {.maximum = BODY_MAXIMUM},
	};

	if (!feed.list || !feed.self || !feed.other)
		return error_out_of_memory(err);
	for (size_t i = 0; i < records; i++)
		if (!atom_format_add(&feed, request, rows_text(rows, i, COLUMN_RECORD),
				     rows_length(rows, i, COLUMN_RECORD), err))
			return false;
	return atom_format_write(&feed, request, body, err);
}

static bool add_page(const struct request *request, const struct page_request *page,
		     struct buffer *body, const struct rows *rows, size_t records, const char *next,
		     struct error *err)
{
	struct envelope envelope = {.next = next};

	if (request->media == &media_type_csv)
		return add_table(request, body, rows, records, err);
	if (request->media == &media_type_atom)
		return add_feed(request, body, rows, records, next, err);
	if (request->media == &media_type_ndjson) {
		add_records(body, rows, records, "\n", "\n");
		return true;
	}
	buffer_text(body, "{\"data\":[");
	add_records(body, rows, records, ",", "");
	buffer_text(body, "]");
	envelope.total = page->position.total ? rows_text(rows, 0, COLUMN_TOTAL)
					      : arena_format(request->arena, "%zu", records);
	if (page->position.undated)
		envelope.undated = rows_text(rows, 0, COLUMN_UNDATED);
	envelope.self = canonical_url_of(request, leave_nothing);
	if (!envelope.total || !envelope.self)
		return error_out_of_memory(err);
	if (!next && !resume_feed(request, page, rows, &envelope.resume, err))
		return false;
	end_envelope(body, request, &envelope);
	return true;
}

bool representation_list(const struct request *request, struct db *db,
			 struct representation *representation, struct error *err)
{
	CLEANUP(rows_free) struct rows rows = {0};
	CLEANUP(buffer_free) struct buffer body = {.maximum = BODY_MAXIMUM};
	struct page_request page = {0};
	size_t records;

	if (!read_page_request(request, &page, &representation->mistaken, err) ||
	    !request_rows_read(request, db, page.template, &page.position, &rows, err))
		return false;

	records = count_records(&page, &rows);
	return next_page(request, &page, &rows, records, &representation->next, err) &&
	       add_page(request, &page, &body, &rows, records, representation->next, err) &&
	       representation_finish(&body, &rows, representation, err);
}

bool representation_record(const struct request *request, struct db *db,
			   struct representation *representation, struct error *err)
{
	const struct document_queries *queries = queries_of(request);
	static const struct page_position none = {0};
	CLEANUP(rows_free) struct rows rows = {0};
	CLEANUP(buffer_free) struct buffer body = {.maximum = BODY_MAXIMUM};
	struct envelope envelope = {0};
	const char *record, *revision;

	if (!request_rows_read(request, db, queries->sections ? queries->sections : queries->record,
			       &none, &rows, err))
		return false;
	record = rows.count ? rows_text(&rows, 0, COLUMN_RECORD) : NULL;
	if (!record)
		return error_tell(err, ERROR_NOT_FOUND, "No record has this identifier.",
				  "Aucun enregistrement ne porte cet identifiant.");

	buffer_text(&body, "{\"data\":");
	json_compact(&body, record, rows_length(&rows, 0, COLUMN_RECORD));
	envelope.self = canonical_url_of(request, leave_nothing);
	end_envelope(&body, request, &envelope);
	revision = rows_text(&rows, 0, COLUMN_CURSOR);
	if (revision && strlen(revision) < sizeof representation->record_revision)
		memcpy(representation->record_revision, revision, strlen(revision) + 1);
	return representation_finish(&body, &rows, representation, err);
}
