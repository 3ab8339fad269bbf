#include "metrics/families.h"

#include "server/server.h"
#include "http/observe/request_metrics.h"

#include <stdio.h>

#include "base/banned.h"

enum { LABELS_BYTES = 160 };

static void add_answers(struct exposition *text, const struct request_metrics_row *row)
{
	char labels[LABELS_BYTES], status[12];

	for (size_t i = 0; i < REQUEST_METRICS_STATUSES; i++)
		for (size_t j = 0; j < REQUEST_METRICS_FORMATS; j++) {
			uint64_t count = atomic_load(&row->responses[i][j]);

			if (count == 0)
				continue;
			snprintf(status, sizeof status, "%d", request_metrics_statuses[i]);
			snprintf(labels, sizeof labels,
				 "operation=\"%s\",status=\"%s\",representation=\"%s\"",
				 row->operation, request_metrics_statuses[i] ? status : "other",
				 request_metrics_formats[j].name);
			exposition_count(text, "", labels, count);
		}
}

/* Prometheus counts a duration in every bucket that it fits. */
static void add_durations(struct exposition *text, const struct request_metrics_row *row)
{
	char labels[LABELS_BYTES], bound[24];
	uint64_t count = 0;

	for (size_t i = 0; i < REQUEST_METRICS_BUCKETS; i++)
		count += atomic_load(&row->durations[i]);
	if (count == 0)
		return;
	count = 0;
	for (size_t i = 0; i < REQUEST_METRICS_BUCKETS; i++) {
		count += atomic_load(&row->durations[i]);
		snprintf(bound, sizeof bound, "%g", (double)request_metrics_bounds[i] / 1e6);
		snprintf(labels, sizeof labels, "operation=\"%s\",le=\"%s\"", row->operation,
			 i == REQUEST_METRICS_BUCKETS - 1 ? "+Inf" : bound);
		exposition_count(text, "_bucket", labels, count);
	}
	snprintf(labels, sizeof labels, "operation=\"%s\"", row->operation);
	exposition_seconds(text, "_sum", labels, atomic_load(&row->microseconds));
	exposition_count(text, "_count", labels, count);
}

void http_request_metrics_add(struct exposition *text, const struct server *server)
{
	const struct request_metrics_row *rows;
	char labels[LABELS_BYTES];
	size_t count;

	rows = request_metrics_rows(server_metrics(server), &count);
	exposition_family(text, EXPOSE_COUNTER, "cybertreaty_http_requests",
			  "Responses by operation of the contract, status and "
			  "representation.");
	for (size_t i = 0; i < count; i++)
		add_answers(text, &rows[i]);
	exposition_family(text, EXPOSE_HISTOGRAM, "cybertreaty_http_request_duration_seconds",
			  "Time from the request line until the response was ready.");
	for (size_t i = 0; i < count; i++)
		add_durations(text, &rows[i]);
	exposition_family(text, EXPOSE_COUNTER, "cybertreaty_http_response_body_bytes",
			  "Bytes of response bodies as sent.");
	for (size_t i = 0; i < count; i++) {
		uint64_t bytes = atomic_load(&rows[i].bytes);

		snprintf(labels, sizeof labels, "operation=\"%s\"", rows[i].operation);
		if (bytes)
			exposition_count(text, "", labels, bytes);
	}
}
