#include "api/site/well_known.h"

#include "api/application.h"
#include "api/response_cache/gzip_form.h"
#include "base/cleanup.h"
#include "base/buffer.h"
#include "http/message/response.h"
#include "http/message/request.h"

#include <string.h>
#include <time.h>

#include "base/banned.h"

#define CATALOG_TYPE "application/linkset+json; profile=\"https://www.rfc-editor.org/info/rfc9727\""

/* Links of the entry point, grouped by relation. (RFC 8631) */
static const struct entry_link {
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

/* The links of the entry as a link set. (RFC 9264, section 4.2) */
static void add_linkset(struct buffer *json, const char *base, const char *licence_url)
{
	buffer_format(json,
		      "{\"linkset\":[{\"anchor\":\"%s/.well-known/api-catalog\","
		      "\"item\":[{\"href\":\"%s/v1\"}]},{\"anchor\":\"%s/v1\"",
		      base, base, base);
	for (size_t i = 0; i < LINKS; i++) {
		if (i > 0 && strcmp(links[i - 1].relation, links[i].relation) == 0)
			buffer_text(json, ",");
		else
			buffer_format(json, "%s,\"%s\":[", i > 0 ? "]" : "", links[i].relation);
		buffer_format(json, "{\"href\":\"%s%s\",\"type\":\"%s\"}", base, links[i].path,
			      links[i].media_type);
	}
	buffer_text(json, "],\"license\":[{\"href\":");
	buffer_json(json, licence_url);
	buffer_text(json, "}]}]}");
}

bool well_known_catalog(const struct request *request, struct response *response, struct error *err)
{
	const struct application *application = request->application;
	CLEANUP(buffer_free) struct buffer json = {0};

	add_linkset(&json, request->public_url, application->config->licence_url);
	response_field(response, "Link", "<%s/.well-known/api-catalog>; rel=\"api-catalog\"",
		       request->public_url);
	return gzip_form_send(request, response, CATALOG_TYPE, &json, err);
}

/* The first day of the month after six whole months: less than a year ahead, as RFC 9116
 * (section 2.5.5) requires, and the same day during a month, so that the file can be cached. */
static void write_expiry(time_t today, char day[11])
{
	struct tm utc;

	gmtime_r(&today, &utc);
	utc.tm_mon += 7;
	utc.tm_mday = 1;
	timegm(&utc);
	strftime(day, 11, "%Y-%m-%d", &utc);
}

bool well_known_security_contact(const struct request *request, struct response *response,
				 struct error *err)
{
	const struct application *application = request->application;
	const char *contact = application->config->security_contact;
	CLEANUP(buffer_free) struct buffer text = {0};
	char expires[11];

	if (!*contact)
		return error_tell(err, ERROR_NOT_FOUND, "The operator has set no security contact.",
				  "L’exploitant n’a indiqué aucun contact de sécurité.");
	write_expiry(request->midnight, expires);
	buffer_format(&text, "Contact: %s\nExpires: %sT00:00:00Z\nPreferred-Languages: en, fr\n",
		      contact, expires);
	if (*request->public_url)
		buffer_format(&text, "Canonical: %s/.well-known/security.txt\n",
			      request->public_url);
	return gzip_form_send(request, response, "text/plain; charset=utf-8", &text, err);
}
