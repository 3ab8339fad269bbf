#include "api/pages.h"

#include "api/file.h"
#include "api/page.h"
#include "base/cleanup.h"
#include "page_files.h"

#include <string.h>
#include <strings.h>

#include "base/banned.h"

bool answer_policy(const struct request *request, struct reply *reply, struct error *err)
{
	const struct embedded *text = strcmp(request->language, "fr") == 0 ? &page_files_policy_fr
									   : &page_files_policy_en;
	CLEANUP(buffer_free) struct buffer html = {0};
	struct page page = {
		.title = page_language(request, "Versions and deprecation",
				       "Versions et obsolescence"),
		.root = "../",
	};

	page_begin(&html, request, &page);
	buffer_add(&html, text->text, text->length);
	page_end(&html, request, &page);
	return page_reply(reply, &html, POLICY_PAGE, err);
}

/* What pages load. */
static const struct file {
	const char *name, *media_type;
	const struct embedded *bytes;
} files[] = {
	{"page.css", "text/css; charset=utf-8", &page_files_page},
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

bool answer_file(const struct request *request, struct reply *reply, struct error *err)
{
	const struct file *file = named(request_value(request, "file"));

	return file_reply(reply, file->media_type, NULL, file->bytes->text, file->bytes->length,
			  err);
}

bool answer_icon(const struct request *request, struct reply *reply, struct error *err)
{
	(void)request;
	return file_reply(reply, "image/svg+xml", NULL, page_files_icon.text,
			  page_files_icon.length, err);
}
