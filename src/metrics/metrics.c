#include "metrics/metrics.h"

#include "api/application.h"
#include "metrics/families.h"
#include "base/cleanup.h"
#include "db/migration.h"
#include "http/negotiation/media_type.h"
#include "http/message/response.h"
#include "http/message/request.h"

#include <stdio.h>

#include "base/banned.h"

enum { BODY_MAXIMUM = 4 << 20 };

static const struct media_type plain = {"text", "text/plain; version=0.0.4; charset=utf-8", false};
static const struct media_type openmetrics = {
	"openmetrics", "application/openmetrics-text; version=1.0.0; charset=utf-8", false};
static const struct media_type *const forms[] = {&plain, &openmetrics, NULL};

/* The program version and its last migration. */
static void add_build(struct exposition *text, const struct application *application)
{
	const struct migration *last = application->migrations;
	char labels[160];

	while (last[0].name && last[1].name)
		last++;
	snprintf(labels, sizeof labels, "version=\"%s\",migration=\"%s\"", CYBERTREATY_VERSION,
		 last->name ? last->name : "");
	exposition_family(text, EXPOSE_GAUGE, "cybertreaty_build_info",
			  "1; labels: program version and the last migration that it contains.");
	exposition_count(text, "", labels, 1);
}

static bool answer_metrics(const struct request *request, struct response *response,
			   struct error *err)
{
	const struct metrics *metrics = request->application;
	CLEANUP(buffer_free) struct buffer body = {0};
	struct exposition text = {
		.text.maximum = BODY_MAXIMUM,
		.openmetrics = request->media == &openmetrics,
	};
	size_t length;

	add_build(&text, metrics->application);
	http_request_metrics_add(&text, metrics->server);
	connection_metrics_add(&text, metrics->server);
	pool_metrics_add(&text, metrics->application);
	cache_metrics_add(&text, metrics->application);
	dataset_metrics_add(&text, metrics->application);
	process_metrics_add(&text, metrics->started);
	exposition_end(&text);
	body = text.text;
	if (body.failed)
		return error_out_of_memory(err);
	response_field(response, "Cache-Control", "no-store");
	length = body.length;
	return response_body(response, 200, request->media->type, buffer_steal(&body, &length),
			     length, err);
}

static const struct parameter *const nothing[] = {NULL};

const struct route metrics_routes[] = {
	{"GET", "/metrics", "getMetrics", answer_metrics, NULL, nothing, forms},
	{0},
};
