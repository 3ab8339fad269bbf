#include "api/site/html_layout.h"

#include "api/response_cache/gzip_form.h"

#include <string.h>

#include "base/banned.h"

const char *html_layout_language(const struct request *request, const char *english,
				 const char *french)
{
	return strcmp(request->language, "fr") == 0 ? french : english;
}

void html_layout_text(struct buffer *html, const char *text)
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

void html_layout_begin(struct buffer *html, const struct request *request,
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
	html_layout_text(html, page->title);
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
		      html_layout_language(request, "Reference", "Référence"), root,
		      html_layout_language(request, "Versions", "Versions"), root,
		      html_layout_language(request, "Problems", "Erreurs"),
		      html_layout_language(request, "fr", "en"),
		      html_layout_language(request, "fr", "en"),
		      html_layout_language(request, "fr", "en"),
		      html_layout_language(request, "Français", "English"));
}

bool html_layout_send(const struct request *request, struct response *response,
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
		html_layout_language(request, "The Budapest Convention as data",
				     "La Convention de Budapest en données"));
	return gzip_form_send(request, response, "text/html; charset=utf-8", policy, html, err);
}
