/*
 * html_layout: what all HTML pages share: head, heading, languages, footer.
 *
 * Pages load their stylesheet and icon from this service alone, and need no script. Their links are
 * relative, so that they work behind a proxy that adds a prefix.
 */
#pragma once
#include "base/buffer.h"
#include "http/message/response.h"
#include "http/message/request.h"

/* What a page without scripts may load: its stylesheet and its icon. */
#define POLICY_PAGE                                                                                \
	"default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "                  \
	"form-action 'none'; frame-ancestors 'none'"

struct html_page {
	const char *title;
	const char *root; /* from the page to the root of the service: "" or "../" */
	const char *head; /* more for <head>, or NULL */
};

/* Everything up to the content, in the language of the request. */
void html_layout_begin(struct buffer *html, const struct request *request,
		       const struct html_page *page);

/* Adds text with its markup escaped; what stands between backticks becomes <code>. */
void html_layout_text(struct buffer *html, const char *text);

/* Adds the footer and sends the page with a Content-Security-Policy. */
MUST_CHECK bool html_layout_send(const struct request *request, struct response *response,
				 const struct html_page *page, struct buffer *html,
				 const char *policy, struct error *err);

/* The text for the language of the request. */
const char *html_layout_language(const struct request *request, const char *english,
				 const char *french);
