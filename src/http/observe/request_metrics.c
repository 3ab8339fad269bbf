#include "http/observe/request_metrics.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

const int request_metrics_statuses[REQUEST_METRICS_STATUSES] = {
	200, 304, 404, 204, 308, 400, 405, 406, 410, 411, 412,
	413, 414, 415, 422, 429, 431, 500, 501, 503, 505, 0};

const struct request_metrics_format request_metrics_formats[REQUEST_METRICS_FORMATS] = {
	{"application/json", "json"},
	{"application/problem+json", "problem"},
	{"text/csv", "csv"},
	{"application/x-ndjson", "ndjson"},
	{"application/atom+xml", "atom"},
	{"text/html", "html"},
	{"application/yaml", "yaml"},
	{NULL, "other"},
	{NULL, "none"},
};

const uint64_t request_metrics_bounds[REQUEST_METRICS_BUCKETS] = {
	100,   250,    500,    1000,   2500,	5000,	 10000,	  25000,
	50000, 100000, 250000, 500000, 1000000, 2500000, 5000000, UINT64_MAX};

struct request_metrics {
	size_t count; /* of operations; the row after them is for requests that reached none */
	struct request_metrics_row rows[];
};

bool request_metrics_open(const struct route *routes, struct request_metrics **metrics,
			  struct error *err)
{
	struct request_metrics *opened;
	size_t count = 0;

	while (routes[count].method)
		count++;
	opened = calloc(1, sizeof *opened + (count + 1) * sizeof *opened->rows);
	if (!opened)
		return error_out_of_memory(err);
	opened->count = count;
	for (size_t i = 0; i < count; i++)
		opened->rows[i].operation = routes[i].operation;
	opened->rows[count].operation = "none";
	*metrics = opened;
	return true;
}

void request_metrics_close(struct request_metrics **metrics)
{
	free(*metrics);
	*metrics = NULL;
}

static size_t status_place(int status)
{
	size_t place = 0;

	while (place < REQUEST_METRICS_STATUSES - 1 && request_metrics_statuses[place] != status)
		place++;
	return place;
}

/* Parameters of a type, such as its charset, do not count. */
static size_t format_place(const char *media_type)
{
	size_t place = 0, length;

	if (!media_type)
		return REQUEST_METRICS_FORMATS - 1;
	length = strcspn(media_type, "; ");
	while (place < REQUEST_METRICS_FORMATS - 2 &&
	       (strncmp(request_metrics_formats[place].type, media_type, length) != 0 ||
		request_metrics_formats[place].type[length] != '\0'))
		place++;
	return place;
}

const char *request_metrics_format(const char *media_type)
{
	return request_metrics_formats[format_place(media_type)].name;
}

static size_t duration_place(uint64_t microseconds)
{
	size_t place = 0;

	while (microseconds > request_metrics_bounds[place])
		place++;
	return place;
}

static void add(_Atomic uint64_t *count, uint64_t number)
{
	atomic_fetch_add_explicit(count, number, memory_order_relaxed);
}

/* Operations are compared by their address. */
static struct request_metrics_row *find_row(struct request_metrics *metrics, const char *operation)
{
	size_t row = 0;

	while (row < metrics->count && metrics->rows[row].operation != operation)
		row++;
	return &metrics->rows[row];
}

void request_metrics_count(struct request_metrics *metrics, const char *operation, int status,
			   const char *media_type, uint64_t bytes, uint64_t microseconds)
{
	struct request_metrics_row *row = find_row(metrics, operation);

	add(&row->responses[status_place(status)][format_place(media_type)], 1);
	add(&row->durations[duration_place(microseconds)], 1);
	add(&row->microseconds, microseconds);
	if (bytes)
		add(&row->bytes, bytes);
}

const struct request_metrics_row *request_metrics_rows(const struct request_metrics *metrics,
						       size_t *count)
{
	*count = metrics->count + 1;
	return metrics->rows;
}
