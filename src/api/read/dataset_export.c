#include "api/read/dataset_export.h"

#include "api/application.h"
#include "api/query/query_builder.h"
#include "api/query/query_catalogue.h"
#include "api/query/request_rows.h"
#include "api/read/canonical_url.h"
#include "base/cleanup.h"
#include "codec/json.h"
#include "http/routing/route.h"

#include "base/banned.h"

/* The rows before the records: the dataset and the disclaimer. */
enum { ROW_DATASET, ROW_DISCLAIMER, HEAD_ROWS };

static const char *const leave_nothing[] = {NULL};

static void add_row(struct buffer *body, const struct rows *rows, size_t row)
{
	json_compact(body, rows_text(rows, row, COLUMN_RECORD),
		     rows_length(rows, row, COLUMN_RECORD));
}

/* The first line. With `records` a client can check that nothing was cut off; `changes` is the
 * address of all later changes. */
static bool add_head(const struct request *request, struct buffer *body, const struct rows *rows,
		     struct error *err)
{
	const struct application *application = request->application;
	const char *self = canonical_url_of(request, leave_nothing);

	if (!self)
		return error_out_of_memory(err);
	buffer_text(body, "{\"type\":\"export\",\"data\":{\"dataset\":");
	add_row(body, rows, ROW_DATASET);
	buffer_format(body, ",\"as_of\":\"%s\",\"language\":\"%s\",\"records\":%zu,\"licence\":",
		      request->today, request->language, rows->count - HEAD_ROWS);
	buffer_json(body, application->config->licence);
	buffer_text(body, ",\"disclaimer\":");
	add_row(body, rows, ROW_DISCLAIMER);
	buffer_format(body,
		      ",\"links\":{\"self\":\"%s%s\","
		      "\"changes\":\"%s/v1/changes?after_revision=%s\"}}}\n",
		      request->public_url, self, request->public_url,
		      rows_text(rows, 0, COLUMN_REVISION));
	return true;
}

bool dataset_export_build(const struct request *request, struct db *db,
			  struct representation *representation, struct error *err)
{
	const struct application *application = request->application;
	const struct query_template *lines =
		query_catalogue_find(application->queries, request->route->detail)->sections;
	const struct page_position page = {
		.limit = arena_format(request->arena, "%d", EXPORT_RECORDS + HEAD_ROWS + 1),
	};
	CLEANUP(buffer_free) struct buffer body = {.maximum = EXPORT_BYTES};
	CLEANUP(rows_free) struct rows rows = {0};

	if (!page.limit)
		return error_out_of_memory(err);
	if (!request_rows_read(request, db, lines, &page, &rows, err))
		return false;
	if (rows.count < HEAD_ROWS || rows.count > EXPORT_RECORDS + HEAD_ROWS)
		return error_set(err, ERROR_INTERNAL, "The dataset has more than %d records.",
				 EXPORT_RECORDS);
	if (!add_head(request, &body, &rows, err))
		return false;
	for (size_t row = HEAD_ROWS; row < rows.count && !body.failed; row++) {
		add_row(&body, &rows, row);
		buffer_text(&body, "\n");
	}
	if (body.failed)
		return error_set(err, ERROR_INTERNAL, "The export has more than %d bytes.",
				 EXPORT_BYTES);
	return representation_finish(&body, &rows, representation, err);
}
