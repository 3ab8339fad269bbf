#include "api/site/problem_pages.h"

#include "api/site/html_layout.h"
#include "base/cleanup.h"
#include "http/problem/problem.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/banned.h"

static void free_text(char **text)
{
	free(*text);
}

static const struct problem_text *text_of(const struct request *request,
					  const struct problem_type *type)
{
	return strcmp(request->language, "fr") == 0 ? &type->fr : &type->en;
}

static void add_row(struct buffer *html, const struct request *request,
		    const struct problem_type *type)
{
	buffer_format(html, "<li><a href=\"problems/%s\"><span class=\"status\">%d</span> ",
		      type->name, type->status);
	html_layout_text(html, text_of(request, type)->title);
	buffer_text(html, "</a></li>\n");
}

bool problem_pages_list(const struct request *request, struct response *response, struct error *err)
{
	CLEANUP(buffer_free) struct buffer html = {0};
	struct html_page page = {
		.title = html_layout_language(request, "Problems", "Erreurs"),
		.root = "",
	};

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
		add_row(&html, request, problem_type((enum error_kind)kind));
	buffer_text(&html, "</ul>\n");
	html_layout_end(&html, request, &page);
	return html_layout_send(request, response, &html, POLICY_PAGE, err);
}

static const struct problem_type *find_type(const char *name)
{
	for (int kind = 0; kind < ERROR_KINDS; kind++)
		if (strcasecmp(problem_type((enum error_kind)kind)->name, name) == 0)
			return problem_type((enum error_kind)kind);
	return NULL;
}

bool problem_pages_check(const struct request *request, const struct parameter *parameter,
			 const char *text, const char **canonical, struct error *err)
{
	const struct problem_type *type = find_type(text);

	(void)request;
	(void)parameter;
	if (!type)
		return error_set(err, ERROR_NOT_FOUND, "There is no such problem type.");
	*canonical = type->name;
	return true;
}

static void add_section(struct buffer *html, const char *heading, const char *text)
{
	buffer_format(html, "<h2>%s</h2>\n<p>", heading);
	html_layout_text(html, text);
	buffer_text(html, "</p>\n");
}

static void add_example(struct buffer *html, const struct request *request,
			const struct problem_type *type, const char *document)
{
	buffer_format(html, "<h2>%s</h2>\n<pre><code>",
		      html_layout_language(request, "Example", "Exemple"));
	html_layout_text(html, type->example.request);
	buffer_text(html, "</code></pre>\n<pre><code>");
	html_layout_text(html, document);
	buffer_text(html, "</code></pre>\n");
}

bool problem_pages_record(const struct request *request, struct response *response,
			  struct error *err)
{
	const struct problem_type *type = find_type(request_value(request, "name"));
	CLEANUP(buffer_free) struct buffer html = {0};
	CLEANUP(free_text) char *document = NULL;
	const struct problem_text *text;
	struct html_page page = {.root = "../"};

	document = problem_example(type, request->public_url);
	if (!document)
		return error_out_of_memory(err);
	text = text_of(request, type);
	page.title = text->title;
	html_layout_begin(&html, request, &page);
	buffer_format(&html, "<p class=\"status\">%d</p>\n<h1>", type->status);
	html_layout_text(&html, text->title);
	buffer_text(&html, "</h1>\n");
	add_section(&html, html_layout_language(request, "What happened", "Ce qui s’est passé"),
		    text->meaning);
	add_section(&html, html_layout_language(request, "What to do", "Que faire"), text->advice);
	add_example(&html, request, type, document);
	html_layout_end(&html, request, &page);
	return html_layout_send(request, response, &html, POLICY_PAGE, err);
}
