#include "api/site/problem_pages.h"

#include "api/site/html_layout.h"
#include "base/cleanup.h"
#include "http/problem/problem.h"
#include "problem_texts.h"

#include <jansson.h>
#include <stdlib.h>
#include <strings.h>

#include "base/banned.h"

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
	html_layout_text(html, text_of(texts, request, type, "title"));
	buffer_text(html, "</a></li>\n");
}

bool problem_pages_list(const struct request *request, struct response *response, struct error *err)
{
	CLEANUP(buffer_free) struct buffer html = {0};
	struct html_page page = {
		.title = html_layout_language(request, "Problems", "Erreurs"),
		.root = "",
	};
	json_auto_t *texts = load_texts();

	if (!texts)
		return error_out_of_memory(err);
	html_layout_begin(&html, request, &page);
	buffer_format(&html, "<h1>%s</h1>\n<p>", page.title);
	html_layout_text(&html,
			 html_layout_language(
				 request,
				 "Every error is a problem document (RFC 9457) of the type "
				 "`application/problem+json`. Its `type` is the address of one of "
				 "these pages; `type` and `title` never change.",
				 "Toute erreur est décrite par un document au format "
				 "`application/problem+json` (RFC 9457). Son `type` est l’adresse "
				 "d’une de ces pages ; `type` et `title` ne changent jamais."));
	buffer_text(&html, "</p>\n<ul class=\"problems\">\n");
	for (int kind = 0; kind < ERROR_KINDS; kind++)
		add_row(&html, request, texts, problem_type((enum error_kind)kind));
	buffer_text(&html, "</ul>\n");
	return html_layout_send(request, response, &page, &html, POLICY_PAGE, err);
}

static const struct problem_type *find_type(const char *name)
{
	for (int kind = 0; kind < ERROR_KINDS; kind++)
		if (strcasecmp(problem_type((enum error_kind)kind)->name, name) == 0)
			return problem_type((enum error_kind)kind);
	return NULL;
}

bool problem_pages_check(const struct request *request, struct value *value, struct error *err)
{
	const struct problem_type *type = find_type(value->text);

	(void)request;
	if (!type)
		return error_set(err, ERROR_NOT_FOUND, "There is no such problem type.");
	value->canonical = type->name;
	return true;
}

/* Returns the document of an example, indented, as malloced text; NULL when out of memory. */
static char *example_document(const struct problem_type *type, const char *public_url,
			      json_t *example)
{
	const char *instance = "", *detail = "", *parameter = NULL;
	json_auto_t *problem = NULL;
	int failed;

	(void)json_unpack(example, "{s:s, s:s, s?s}", "instance", &instance, "detail", &detail,
			  "parameter", &parameter);
	problem = json_pack("{s:o, s:s, s:i, s:o, s:s, s:s}", "type",
			    json_sprintf("%s/problems/%s", public_url, type->name), "title",
			    type->title, "status", type->status, "detail",
			    parameter ? json_sprintf("%s: %s", parameter, detail)
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
	html_layout_text(html, text);
	buffer_text(html, "</p>\n");
}

static bool add_example(struct buffer *html, const struct request *request,
			const struct problem_type *type, json_t *example, struct error *err)
{
	char *document = example_document(type, request->public_url, example);

	if (!document)
		return error_out_of_memory(err);
	buffer_format(html, "<h2>%s</h2>\n<pre><code>",
		      html_layout_language(request, "Example", "Exemple"));
	html_layout_text(html, json_string_value(json_object_get(example, "request")));
	buffer_text(html, "</code></pre>\n<pre><code>");
	html_layout_text(html, document);
	buffer_text(html, "</code></pre>\n");
	free(document);
	return true;
}

bool problem_pages_record(const struct request *request, struct response *response,
			  struct error *err)
{
	const struct problem_type *type = find_type(request_value(request, "name"));
	CLEANUP(buffer_free) struct buffer html = {0};
	json_auto_t *texts = load_texts();
	struct html_page page = {.root = "../"};

	if (!texts)
		return error_out_of_memory(err);
	page.title = text_of(texts, request, type, "title");
	html_layout_begin(&html, request, &page);
	buffer_format(&html, "<p class=\"status\">%d</p>\n<h1>", type->status);
	html_layout_text(&html, page.title);
	buffer_text(&html, "</h1>\n");
	add_section(&html, html_layout_language(request, "What happened", "Ce qui s’est passé"),
		    text_of(texts, request, type, "meaning"));
	add_section(&html, html_layout_language(request, "What to do", "Que faire"),
		    text_of(texts, request, type, "advice"));
	if (!add_example(&html, request, type,
			 json_object_get(json_object_get(texts, type->name), "example"), err))
		return false;
	return html_layout_send(request, response, &page, &html, POLICY_PAGE, err);
}
