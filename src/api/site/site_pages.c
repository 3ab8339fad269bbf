#include "api/site/site_pages.h"

#include "api/site/static_file.h"
#include "api/site/html_layout.h"
#include "base/cleanup.h"
#include "http/negotiation/media_type.h"
#include "page_files.h"
#include "reference.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/banned.h"

/* The reference is a program: it is loaded from here and asks this service alone. Its stylesheet
 * holds small pictures. */
#define POLICY_REFERENCE                                                                           \
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "          \
	"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

static const struct embedded *in_language(const struct request *request,
					  const struct embedded *english,
					  const struct embedded *french)
{
	return strcmp(request->language, "fr") == 0 ? french : english;
}

static bool reply_text(const struct request *request, struct response *response,
		       const struct html_page *page, const char *policy,
		       const struct embedded *text, struct error *err)
{
	CLEANUP(buffer_free) struct buffer html = {0};

	html_layout_begin(&html, request, page);
	buffer_add(&html, text->text, text->length);
	html_layout_end(&html, request, page);
	return html_layout_reply(response, &html, policy, err);
}

bool answer_root(const struct request *request, struct response *response, struct error *err)
{
	CLEANUP(buffer_free) struct buffer json = {0};
	const char *base = request->public_url;

	if (request->media == &media_type_html) {
		response_field(response, "Location", "%s/docs", base);
		return response_body(response, 307, NULL, NULL, 0, err);
	}
	buffer_format(&json,
		      "{\"links\":{\"entry\":\"%s/v1\",\"docs\":\"%s/docs\","
		      "\"contract\":\"%s/openapi.json\"}}",
		      base, base, base);
	if (json.failed)
		return error_out_of_memory(err);
	return static_file_reply(response, "application/json", NULL, json.bytes, json.length, err);
}

bool answer_docs(const struct request *request, struct response *response, struct error *err)
{
	static const char head[] = "<link rel=\"stylesheet\" href=\"docs/swagger-ui.css\">\n"
				   "<link rel=\"stylesheet\" href=\"docs/reference.css\">\n"
				   "<script defer src=\"docs/swagger-ui-bundle.js\"></script>\n"
				   "<script defer src=\"docs/reference.js\"></script>\n";
	const struct html_page page = {
		.title = html_layout_language(request, "API reference", "Référence de l’API"),
		.root = "",
		.head = head,
	};

	return reply_text(request, response, &page, POLICY_REFERENCE,
			  in_language(request, &page_files_docs_en, &page_files_docs_fr), err);
}

bool answer_policy(const struct request *request, struct response *response, struct error *err)
{
	const struct html_page page = {
		.title = html_layout_language(request, "Versions and deprecation",
					      "Versions et obsolescence"),
		.root = "../",
	};

	return reply_text(request, response, &page, POLICY_PAGE,
			  in_language(request, &page_files_policy_en, &page_files_policy_fr), err);
}

/* What pages load. */
static const struct file {
	const char *name, *media_type;
	const struct embedded *bytes; /* NULL: packed, one of the reference's library */
} files[] = {
	{"page.css", "text/css; charset=utf-8", &page_files_page},
	{"reference.css", "text/css; charset=utf-8", &page_files_reference},
	{"reference.js", "text/javascript; charset=utf-8", &page_files_start},
	{"swagger-ui.css", "text/css; charset=utf-8", NULL},
	{"swagger-ui-bundle.js", "text/javascript; charset=utf-8", NULL},
	{"swagger-ui-licence.txt", "text/plain; charset=utf-8", NULL},
};

static const struct file *named(const char *name)
{
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		if (strcasecmp(files[i].name, name) == 0)
			return &files[i];
	return NULL;
}

bool check_file(const struct request *request, const struct parameter *parameter, const char *text,
		const char **canonical, struct error *err)
{
	const struct file *file = named(text);

	(void)request;
	(void)parameter;
	if (!file)
		return error_set(err, ERROR_NOT_FOUND, "There is no such file.");
	*canonical = file->name;
	return true;
}

/* One form of a packed file; NULL when the program was built without the reference. */
static const struct embedded *form(const struct file *file, const char *ending)
{
	char name[64];

	snprintf(name, sizeof name, "%s-%s", file->name, ending);
	for (const struct embedded *const *at = reference; *at; at++)
		if (strcmp((*at)->name, name) == 0)
			return *at;
	return NULL;
}

bool answer_file(const struct request *request, struct response *response, struct error *err)
{
	const struct file *file = named(request_value(request, "file"));
	struct packed_file packed;

	if (file->bytes)
		return static_file_reply(response, file->media_type, NULL, file->bytes->text,
					 file->bytes->length, err);
	packed = (struct packed_file){
		.gzip = form(file, "gzip"),
		.brotli = form(file, "br"),
		.digest = form(file, "sha256"),
	};
	if (!packed.gzip || !packed.brotli || !packed.digest)
		return error_set(err, ERROR_NOT_FOUND,
				 "This program was built without the interactive reference.");
	return static_file_reply_packed(request, response, file->media_type, &packed, err);
}

bool answer_icon(const struct request *request, struct response *response, struct error *err)
{
	(void)request;
	return static_file_reply(response, "image/svg+xml", NULL, page_files_icon.text,
				 page_files_icon.length, err);
}
