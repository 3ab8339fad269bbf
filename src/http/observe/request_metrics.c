#include "http/observe/request_metrics.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

const int tally_statuses[TALLY_STATUSES] = {200, 304, 404, 204, 308, 400, 405, 406, 410, 412,
					    413, 414, 415, 422, 429, 431, 500, 501, 503, 0};

const struct tally_format tally_formats[TALLY_FORMATS] = {
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

const uint64_t tally_bounds[TALLY_BUCKETS] = {100,     250,	500,	 1000,	    2500,   5000,
					      10000,   25000,	50000,	 100000,    250000, 500000,
					      1000000, 2500000, 5000000, UINT64_MAX};

struct tally {
	const struct route *routes;
	size_t count; /* of routes; the row after them is for requests that reached none */
	struct tally_row rows[];
};

bool tally_open(const struct route *routes, struct tally **tally, struct error *err)
{
	struct tally *opened;
	size_t count = 0;

	while (routes[count].method)
		count++;
	opened = calloc(1, sizeof *opened + (count + 1) * sizeof *opened->rows);
	if (!opened)
		return error_out_of_memory(err);
	opened->routes = routes;
	opened->count = count;
	for (size_t i = 0; i < count; i++)
		opened->rows[i].operation = routes[i].operation;
	opened->rows[count].operation = "none";
	*tally = opened;
	return true;
}

void tally_close(struct tally **tally)
{
	free(*tally);
	*tally = NULL;
}

static size_t status_place(int status)
{
	size_t place = 0;

	while (place < TALLY_STATUSES - 1 && tally_statuses[place] != status)
		place++;
	return place;
}

/* Parameters of a type, such as its charset, do not count. */
static size_t format_place(const char *media_type)
{
	size_t place = 0, length;

	if (!media_type)
		return TALLY_FORMATS - 1;
	length = strcspn(media_type, "; ");
	while (place < TALLY_FORMATS - 2 &&
	       (strncmp(tally_formats[place].type, media_type, length) != 0 ||
		tally_formats[place].type[length] != '\0'))
		place++;
	return place;
}

const char *tally_format(const char *media_type)
{
	return tally_formats[format_place(media_type)].name;
}

static size_t duration_place(uint64_t microseconds)
{
	size_t place = 0;

	while (microseconds > tally_bounds[place])
		place++;
	return place;
}

static void add(_Atomic uint64_t *count, uint64_t number)
{
	atomic_fetch_add_explicit(count, number, memory_order_relaxed);
}

void tally_count(struct tally *tally, const struct route *route, int status, const char *media_type,
		 uint64_t bytes, uint64_t microseconds)
{
	struct tally_row *row =
		&tally->rows[route ? (size_t)(route - tally->routes) : tally->count];

	add(&row->answers[status_place(status)][format_place(media_type)], 1);
	add(&row->durations[duration_place(microseconds)], 1);
	add(&row->microseconds, microseconds);
	if (bytes)
		add(&row->bytes, bytes);
}

const struct tally_row *tally_rows(const struct tally *tally, size_t *count)
{
	*count = tally->count + 1;
	return tally->rows;
}
