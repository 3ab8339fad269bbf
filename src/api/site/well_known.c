#include "api/site/well_known.h"

#include "api/application.h"
#include "api/site/generated_text.h"
#include "base/cleanup.h"
#include "base/buffer.h"
#include "http/message/response.h"
#include "http/message/request.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

#define CATALOG_TYPE "application/linkset+json; profile=\"https://www.rfc-editor.org/info/rfc9727\""

static void free_text(char **text)
{
	free(*text);
}

/* Where one who knows the entry alone finds the rest. (RFC 8631) */
static const struct link {
	const char *relation, *path, *media_type;
} links[] = {
	{"service-desc", "/openapi.json", "application/json"},
	{"service-desc", "/openapi.yaml", "application/yaml"},
	{"service-doc", "/docs", "text/html"},
	{"service-doc", "/docs/policy", "text/html"},
	{"status", "/readyz", "application/json"},
};

enum { LINKS = sizeof links / sizeof *links };

void well_known_link_entry(struct response *response, const struct request *request)
{
	const char *base = request->public_url;

	for (size_t i = 0; i < LINKS; i++)
		response_field(response, "Link", "<%s%s>; rel=\"%s\"; type=\"%s\"", base,
			       links[i].path, links[i].relation, links[i].media_type);
	response_field(response, "Link", "<%s/.well-known/api-catalog>; rel=\"api-catalog\"", base);
}

/* Adds a target to a relation of a context. (RFC 9264, section 4.2.3) */
static int add_target(json_t *context, const char *relation, json_t *target)
{
	json_t *targets = json_object_get(context, relation);
	int failed = 0;

	if (!targets) {
		targets = json_array();
		failed = json_object_set_new(context, relation, targets);
	}
	return failed | json_array_append_new(targets, target);
}

/* The links of the entry as a set; NULL when out of memory. */
static json_t *linkset(const struct request *request)
{
	const struct application *application = request->application;
	const char *base = request->public_url;
	json_t *catalog =
		json_pack("{s:o}", "anchor", json_sprintf("%s/.well-known/api-catalog", base));
	json_t *entry = json_pack("{s:o}", "anchor", json_sprintf("%s/v1", base));
	int failed = add_target(catalog, "item",
				json_pack("{s:o}", "href", json_sprintf("%s/v1", base)));

	for (size_t i = 0; i < LINKS; i++)
		failed |= add_target(entry, links[i].relation,
				     json_pack("{s:o, s:s}", "href",
					       json_sprintf("%s%s", base, links[i].path), "type",
					       links[i].media_type));
	failed |= add_target(entry, "license",
			     json_pack("{s:s}", "href", application->config->licence_url));
	if (failed) {
		json_decref(catalog);
		json_decref(entry);
		return NULL;
	}
	return json_pack("{s:[o, o]}", "linkset", catalog, entry);
}

bool well_known_catalog(const struct request *request, struct response *response, struct error *err)
{
	json_auto_t *catalog = linkset(request);
	CLEANUP(free_text) char *json = catalog ? json_dumps(catalog, JSON_COMPACT) : NULL;
	CLEANUP(buffer_free) struct buffer text = {0};

	if (!json)
		return error_out_of_memory(err);
	buffer_text(&text, json);
	response_field(response, "Link", "<%s/.well-known/api-catalog>; rel=\"api-catalog\"",
		       request->public_url);
	return generated_text_send(request, response, CATALOG_TYPE, NULL, &text, err);
}

/* The first of the month that begins after six whole months: always less than a year ahead, as
 * RFC 9116 (section 2.5.5) asks, and the same for a month, so that the file can be cached. */
static void expiry(const char today[11], char day[11])
{
	long year = strtol(today, NULL, 10), month = strtol(today + 5, NULL, 10) + 7;
	char text[32];

	if (month > 12) {
		month -= 12;
		year++;
	}
	snprintf(text, sizeof text, "%04ld-%02ld-01", year, month);
	memcpy(day, text, 10);
	day[10] = '\0';
}

bool well_known_security_contact(const struct request *request, struct response *response,
				 struct error *err)
{
	const struct application *application = request->application;
	const char *contact = application->config->security_contact;
	CLEANUP(buffer_free) struct buffer text = {0};
	char expires[11];

	if (!*contact)
		return error_set(err, ERROR_NOT_FOUND,
				 "The operator has not said where weaknesses are reported.");
	expiry(request->today, expires);
	buffer_format(&text, "Contact: %s\nExpires: %sT00:00:00Z\nPreferred-Languages: en, fr\n",
		      contact, expires);
	if (*request->public_url)
		buffer_format(&text, "Canonical: %s/.well-known/security.txt\n",
			      request->public_url);
	return generated_text_send(request, response, "text/plain; charset=utf-8", NULL, &text,
				   err);
}
