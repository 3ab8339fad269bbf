#include "api/site/site_pages.h"

#include "api/response_cache/gzip_form.h"
#include "base/cleanup.h"
#include "http/message/request.h"
#include "http/message/response.h"
#include "http/negotiation/media_type.h"
#include "http/problem/problem.h"
#include "page_files.h"
#include "problem_texts.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/banned.h"

/* What a page without scripts may load: its stylesheet and its icon. */
#define POLICY_PAGE                                                                                \
	"default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "                  \
	"form-action 'none'; frame-ancestors 'none'"

/* The reference is a program that is loaded from this service and sends requests to it alone. Its
 * stylesheet contains small images. */
#define POLICY_REFERENCE                                                                           \
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "          \
	"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/* What all pages share: head, heading, languages, footer. */
struct html_page {
	const char *title;
	const char *root; /* from the page to the root of the service: "" or "../" */
	const char *head; /* more for <head>, or NULL */
};

/* Returns the text for the language of the request. */
static const char *in_language(const struct request *request, const char *english,
			       const char *french)
{
	return strcmp(request->language, "fr") == 0 ? french : english;
}

/* Adds text with its markup escaped; text between backticks becomes <code>. */
static void add_text(struct buffer *html, const char *text)
{
	static const char marks[] = "<>&\"";
	static const char *const escapes[] = {"&lt;", "&gt;", "&amp;", "&quot;"};
	bool code = false;

	for (;; text++) {
		size_t plain = strcspn(text, "<>&\"`");

		buffer_add(html, text, plain);
		text += plain;
		if (!*text)
			return;
		code ^= *text == '`';
		if (*text == '`')
			buffer_text(html, code ? "<code>" : "</code>");
		else
			buffer_text(html, escapes[strchr(marks, *text) - marks]);
	}
}

/* Adds everything up to the content, in the language of the request. */
static void begin_page(struct buffer *html, const struct request *request,
		       const struct html_page *page)
{
	const char *root = page->root;

	buffer_format(html,
		      "<!doctype html>\n"
		      "<html lang=\"%s\">\n"
		      "<head>\n"
		      "<meta charset=\"utf-8\">\n"
		      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		      "<meta name=\"color-scheme\" content=\"light dark\">\n"
		      "<title>",
		      request->language);
	add_text(html, page->title);
	buffer_format(html,
		      " · cybertreaty</title>\n"
		      "<link rel=\"stylesheet\" href=\"%sdocs/page.css\">\n"
		      "<link rel=\"icon\" type=\"image/svg+xml\" href=\"%sfavicon.ico\">\n"
		      "%s</head>\n"
		      "<body>\n"
		      "<header>\n"
		      "<a class=\"home\" href=\"%sdocs\">cybertreaty</a>\n"
		      "<nav>\n"
		      "<a href=\"%sdocs\">%s</a>\n"
		      "<a href=\"%sdocs/policy\">%s</a>\n"
		      "<a href=\"%sproblems\">%s</a>\n"
		      "<a href=\"?lang=%s\" hreflang=\"%s\" lang=\"%s\">%s</a>\n"
		      "</nav>\n"
		      "</header>\n"
		      "<main>\n",
		      root, root, page->head ? page->head : "", root, root,
		      in_language(request, "Reference", "Référence"), root,
		      in_language(request, "Versions", "Versions"), root,
		      in_language(request, "Problems", "Erreurs"), in_language(request, "fr", "en"),
		      in_language(request, "fr", "en"), in_language(request, "fr", "en"),
		      in_language(request, "Français", "English"));
}

/* Adds the footer and sends the page with a Content-Security-Policy. */
static bool send_html(const struct request *request, struct response *response,
		      const struct html_page *page, struct buffer *html, const char *policy,
		      struct error *err)
{
	buffer_format(
		html,
		"</main>\n"
		"<footer><a href=\"%sv1\">/v1</a> · <a href=\"%sopenapi.yaml\">openapi.yaml</a> · "
		"%s</footer>\n"
		"</body>\n"
		"</html>\n",
		page->root, page->root,
		in_language(request, "The Budapest Convention as data",
			    "La Convention de Budapest en données"));
	return gzip_form_send(request, response, "text/html; charset=utf-8", policy, html, err);
}

static bool send_page(const struct request *request, struct response *response,
		      const struct html_page *page, const char *policy,
		      const struct embedded *english, const struct embedded *french,
		      struct error *err)
{
	CLEANUP(buffer_free) struct buffer html = {0};

	begin_page(&html, request, page);
	buffer_text(&html, in_language(request, english->text, french->text));
	return send_html(request, response, page, &html, policy, err);
}

bool site_pages_root(const struct request *request, struct response *response, struct error *err)
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
	return gzip_form_send(request, response, "application/json", NULL, &json, err);
}

bool site_pages_docs(const struct request *request, struct response *response, struct error *err)
{
	static const char head[] = "<link rel=\"stylesheet\" href=\"docs/swagger-ui.css\">\n"
				   "<link rel=\"stylesheet\" href=\"docs/reference.css\">\n"
				   "<script defer src=\"docs/swagger-ui-bundle.js\"></script>\n"
				   "<script defer src=\"docs/reference.js\"></script>\n";
	const struct html_page page = {
		.title = in_language(request, "API reference", "Référence de l’API"),
		.root = "",
		.head = head,
	};

	return send_page(request, response, &page, POLICY_REFERENCE, &page_files_docs_en,
			 &page_files_docs_fr, err);
}

bool site_pages_policy(const struct request *request, struct response *response, struct error *err)
{
	const struct html_page page = {
		.title = in_language(request, "Versions and deprecation",
				     "Versions et obsolescence"),
		.root = "../",
	};

	return send_page(request, response, &page, POLICY_PAGE, &page_files_policy_en,
			 &page_files_policy_fr, err);
}

/* The identifier of the request in all examples. */
#define EXAMPLE_ID "3481175072f3100ffb3635a29e894128"

/* Returns the texts of all types by name; NULL when out of memory. */
static json_t *load_texts(void)
{
	return json_loadb(problem_texts_problems.text, problem_texts_problems.length, 0, NULL);
}

/* Returns a text of a type in the language of the request; "" when there is none. */
static const char *text_of(json_t *texts, const struct request *request,
			   const struct problem_type *type, const char *part)
{
	const char *text = "";

	(void)json_unpack(texts, "{s:{s:{s:s}}}", type->name, request->language, part, &text);
	return text;
}

static void add_row(struct buffer *html, const struct request *request, json_t *texts,
		    const struct problem_type *type)
{
	buffer_format(html, "<li><a href=\"problems/%s\"><span class=\"status\">%d</span> ",
		      type->name, type->status);
	add_text(html, text_of(texts, request, type, "title"));
	buffer_text(html, "</a></li>\n");
}

bool site_pages_problems(const struct request *request, struct response *response,
			 struct error *err)
{
	CLEANUP(buffer_free) struct buffer html = {0};
	struct html_page page = {
		.title = in_language(request, "Problems", "Erreurs"),
		.root = "",
	};
	json_auto_t *texts = load_texts();

	if (!texts)
		return error_out_of_memory(err);
	begin_page(&html, request, &page);
	buffer_format(&html, "<h1>%s</h1>\n<p>", page.title);
	add_text(&html,
		 in_language(request,
			     "Every error is a problem document (RFC 9457) of the type "
			     "`application/problem+json`. Its `type` is the address of one of "
			     "these pages and never changes; `title` and `detail` follow the "
			     "language of the request.",
			     "Toute erreur est décrite par un document au format "
			     "`application/problem+json` (RFC 9457). Son `type` est l’adresse "
			     "d’une de ces pages et ne change jamais ; `title` et `detail` suivent "
			     "la langue de la requête."));
	buffer_text(&html, "</p>\n<ul class=\"problems\">\n");
	for (int kind = 0; kind < ERROR_KINDS; kind++)
		add_row(&html, request, texts, problem_type((enum error_kind)kind));
	buffer_text(&html, "</ul>\n");
	return send_html(request, response, &page, &html, POLICY_PAGE, err);
}

static const struct problem_type *find_type(const char *name)
{
	for (int kind = 0; kind < ERROR_KINDS; kind++)
		if (strcasecmp(problem_type((enum error_kind)kind)->name, name) == 0)
			return problem_type((enum error_kind)kind);
	return NULL;
}

bool site_pages_check_problem(const struct request *request, struct value *value, struct error *err)
{
	const struct problem_type *type = find_type(value->text);

	(void)request;
	if (!type)
		return error_tell(err, ERROR_NOT_FOUND, "There is no such problem type.",
				  "Ce type d’erreur n’existe pas.");
	value->canonical = type->name;
	return true;
}

/* Returns the document of an example, indented, as malloced text; NULL when out of memory. */
static char *example_document(const struct request *request, const struct problem_type *type,
			      json_t *example)
{
	const char *instance = "", *detail = "", *parameter = NULL;
	json_auto_t *problem = NULL;
	int failed;

	(void)json_unpack(example, "{s:s, s:{s:s}, s?s}", "instance", &instance, "detail",
			  request->language, &detail, "parameter", &parameter);
	problem = json_pack("{s:o, s:s, s:i, s:o, s:s, s:s}", "type",
			    json_sprintf("%s/problems/%s", request->public_url, type->name),
			    "title", in_language(request, type->title.english, type->title.french),
			    "status", type->status, "detail",
			    parameter ? json_sprintf("%s%s %s", parameter,
						     in_language(request, ":", " :"), detail)
				      : json_string(detail),
			    "instance", instance, "request_id", EXAMPLE_ID);
	failed = !problem;
	if (parameter)
		failed |= json_object_set_new(
			problem, "errors",
			json_pack("[{s:s, s:s}]", "parameter", parameter, "detail", detail));
	return failed ? NULL : json_dumps(problem, JSON_INDENT(2));
}

static void add_section(struct buffer *html, const char *heading, const char *text)
{
	buffer_format(html, "<h2>%s</h2>\n<p>", heading);
	add_text(html, text);
	buffer_text(html, "</p>\n");
}

static bool add_example(struct buffer *html, const struct request *request,
			const struct problem_type *type, json_t *example, struct error *err)
{
	char *document = example_document(request, type, example);

	if (!document)
		return error_out_of_memory(err);
	buffer_format(html, "<h2>%s</h2>\n<pre><code>", in_language(request, "Example", "Exemple"));
	add_text(html, json_string_value(json_object_get(example, "request")));
	buffer_text(html, "</code></pre>\n<pre><code>");
	add_text(html, document);
	buffer_text(html, "</code></pre>\n");
	free(document);
	return true;
}

bool site_pages_problem(const struct request *request, struct response *response, struct error *err)
{
	const struct problem_type *type = find_type(request_value(request, "name"));
	CLEANUP(buffer_free) struct buffer html = {0};
	json_auto_t *texts = load_texts();
	struct html_page page = {.root = "../"};

	if (!texts)
		return error_out_of_memory(err);
	page.title = text_of(texts, request, type, "title");
	begin_page(&html, request, &page);
	buffer_format(&html, "<p class=\"status\">%d</p>\n<h1>", type->status);
	add_text(&html, page.title);
	buffer_text(&html, "</h1>\n");
	add_section(&html, in_language(request, "What happened", "Ce qui s’est passé"),
		    text_of(texts, request, type, "meaning"));
	add_section(&html, in_language(request, "What to do", "Que faire"),
		    text_of(texts, request, type, "advice"));
	if (!add_example(&html, request, type,
			 json_object_get(json_object_get(texts, type->name), "example"), err))
		return false;
	return send_html(request, response, &page, &html, POLICY_PAGE, err);
}
