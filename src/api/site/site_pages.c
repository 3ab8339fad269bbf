#include "api/site/site_pages.h"

#include "api/response_cache/gzip_form.h"
#include "api/site/html_layout.h"
#include "base/cleanup.h"
#include "http/negotiation/media_type.h"
#include "page_files.h"

#include "base/banned.h"

/* The reference is a program that is loaded from this service and sends requests to it alone. Its
 * stylesheet contains small images. */
#define POLICY_REFERENCE                                                                           \
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "          \
	"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

static bool send_page(const struct request *request, struct response *response,
		      const struct html_page *page, const char *policy,
		      const struct embedded *english, const struct embedded *french,
		      struct error *err)
{
	CLEANUP(buffer_free) struct buffer html = {0};

	html_layout_begin(&html, request, page);
	buffer_text(&html, html_layout_language(request, english->text, french->text));
	return html_layout_send(request, response, page, &html, policy, err);
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
		.title = html_layout_language(request, "API reference", "Référence de l’API"),
		.root = "",
		.head = head,
	};

	return send_page(request, response, &page, POLICY_REFERENCE, &page_files_docs_en,
			 &page_files_docs_fr, err);
}

bool site_pages_policy(const struct request *request, struct response *response, struct error *err)
{
	const struct html_page page = {
		.title = html_layout_language(request, "Versions and deprecation",
					      "Versions et obsolescence"),
		.root = "../",
	};

	return send_page(request, response, &page, POLICY_PAGE, &page_files_policy_en,
			 &page_files_policy_fr, err);
}
