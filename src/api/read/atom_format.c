#include "api/read/atom_format.h"

#include "api/application.h"
#include "base/cleanup.h"
#include "codec/sha256.h"
#include "codec/xml.h"

#include <jansson.h>
#include <string.h>

#include "base/banned.h"

/* Members of the record that become the categories of an entry. */
static const char *const categories[] = {"resource", "operation", "kind"};

void atom_format_free(struct atom_feed *feed)
{
	buffer_free(&feed->entries);
}

static bool french(const struct request *request)
{
	return strcmp(request->language, "fr") == 0;
}

/* Adds an element that contains only text. */
static void add_element(struct buffer *xml, const char *name, const char *text)
{
	buffer_format(xml, "<%s>", name);
	xml_text(xml, text);
	buffer_format(xml, "</%s>\n", name);
}

static void add_link(struct buffer *xml, const struct request *request, const char *relation,
		     const char *type, const char *address)
{
	buffer_format(xml, "<link rel=\"%s\" type=\"%s\" href=\"", relation, type);
	xml_text(xml, request->public_url);
	xml_text(xml, address);
	buffer_text(xml, "\"/>\n");
}

/* A UUID of version 8, from a hash. (RFC 9562, section 5.8) */
static void add_identifier(struct buffer *xml, const char *kind, const char *name,
			   const char *moment)
{
	CLEANUP(buffer_free) struct buffer text = {0};
	char hash[65];

	buffer_format(&text, "cybertreaty %s\n%s\n%s", kind, name, moment);
	xml->failed |= text.failed;
	if (text.failed)
		return;
	sha256_hex(text.bytes, text.length, hash);
	hash[12] = '8';
	hash[16] = 'a';
	buffer_format(xml, "<id>urn:uuid:%.8s-%.4s-%.4s-%.4s-%.12s</id>\n", hash, hash + 8,
		      hash + 12, hash + 16, hash + 20);
}

static const char *member(const json_t *record, const char *name)
{
	return json_string_value(json_object_get(record, name));
}

/* The names of the changed members. */
static void add_summary(struct buffer *xml, const struct request *request, const json_t *changed)
{
	const json_t *name;
	size_t i;

	if (json_array_size(changed) == 0)
		return;
	buffer_format(xml, "<summary>%s", french(request) ? "Membres modifiés : " : "Changed: ");
	json_array_foreach(changed, i, name)
	{
		buffer_text(xml, i > 0 ? ", " : "");
		xml_text(xml, json_string_value(name));
	}
	buffer_text(xml, "</summary>\n");
}

static void add_entry(struct buffer *xml, const struct request *request, const json_t *record)
{
	const json_t *links = json_object_get(record, "links");
	const char *moment = member(record, "recorded_at");

	buffer_text(xml, "<entry>\n");
	add_identifier(xml, "change", member(record, "id"), moment);
	add_element(xml, "title", member(record, "title"));
	add_element(xml, "published", moment);
	add_element(xml, "updated", moment);
	/* The links of a record include public_url. */
	buffer_text(xml, "<link rel=\"alternate\" type=\"application/json\" href=\"");
	xml_text(xml, member(links, "self"));
	buffer_text(xml, "\"/>\n<link rel=\"related\" type=\"application/json\" href=\"");
	xml_text(xml, member(links, "record"));
	buffer_text(xml, "\"/>\n");
	for (size_t i = 0; i < sizeof categories / sizeof *categories; i++) {
		buffer_text(xml, "<category term=\"");
		xml_text(xml, member(record, categories[i]));
		buffer_text(xml, "\"/>\n");
	}
	add_summary(xml, request, json_object_get(record, "changed"));
	buffer_text(xml, "</entry>\n");
}

bool atom_format_add(struct atom_feed *feed, const struct request *request, const char *json,
		     size_t length, struct error *err)
{
	json_auto_t *record = json_loadb(json, length, 0, NULL);
	const char *moment = member(record, "recorded_at");

	if (!moment || strlen(moment) >= sizeof feed->updated)
		return error_set(err, ERROR_INTERNAL, "A record is not a change: %.100s", json);
	/* Times have one form, so the order of the texts is that of the times. */
	if (strcmp(moment, feed->updated) > 0)
		memcpy(feed->updated, moment, strlen(moment) + 1);
	add_entry(&feed->entries, request, record);
	return !feed->entries.failed || error_out_of_memory(err);
}

bool atom_format_write(const struct atom_feed *feed, const struct request *request,
		       struct buffer *body, struct error *err)
{
	const struct application *application = request->application;
	char changed[40];
	struct tm utc;

	if (!gmtime_r(&feed->changed, &utc) ||
	    strftime(changed, sizeof changed, "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
		return error_set(err, ERROR_INTERNAL, "The time of the last change has no date.");
	buffer_format(body,
		      "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
		      "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"%s\">\n",
		      request->language);
	add_identifier(body, "feed", feed->list, request->language);
	add_element(body, "title",
		    french(request) ? "Convention de Budapest : modifications des données"
				    : "Budapest Convention: changes of the data");
	add_element(body, "updated", *feed->updated ? feed->updated : changed);
	buffer_text(body, "<author><name>cybertreaty</name></author>\n");
	add_element(body, "rights", application->config->licence);
	add_link(body, request, "self", "application/atom+xml", feed->self);
	add_link(body, request, "alternate", "application/json", feed->other);
	if (feed->next)
		add_link(body, request, "next", "application/atom+xml", feed->next);
	if (feed->entries.bytes)
		buffer_add(body, feed->entries.bytes, feed->entries.length);
	buffer_text(body, "</feed>\n");
	return !body->failed || error_out_of_memory(err);
}
