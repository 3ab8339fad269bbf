#include "api/site/static_file.h"

#include "base/arena.h"
#include "http/message/request.h"
#include "http/message/response.h"
#include "static_files.h"

#include <string.h>
#include <strings.h>

#include "base/banned.h"

enum { TAG_DIGITS = 16 };

#define DOCS "/docs/"

static const struct static_file {
	const char *path, *media_type;
} files[] = {
	{"/openapi.json", "application/json"},
	{"/openapi.yaml", "application/yaml"},
	{"/favicon.ico", "image/svg+xml"},
	{DOCS "page.css", "text/css; charset=utf-8"},
	{DOCS "reference.css", "text/css; charset=utf-8"},
	{DOCS "reference.js", "text/javascript; charset=utf-8"},
	{DOCS "swagger-ui.css", "text/css; charset=utf-8"},
	{DOCS "swagger-ui-bundle.js", "text/javascript; charset=utf-8"},
	{DOCS "swagger-ui-licence.txt", "text/plain; charset=utf-8"},
};

enum { FILES = sizeof files / sizeof *files };

bool static_file_check(const struct request *request, struct value *value, struct error *err)
{
	(void)request;
	for (size_t i = 0; i < FILES; i++) {
		const char *name = strrchr(files[i].path, '/') + 1;

		if (strncmp(files[i].path, DOCS, strlen(DOCS)) != 0 ||
		    strcasecmp(name, value->text) != 0)
			continue;
		value->canonical = name;
		return true;
	}
	return error_tell(err, ERROR_NOT_FOUND, "There is no such file.",
			  "Ce fichier n’existe pas.");
}

static const struct static_file *file_at(const char *path)
{
	size_t i = 0;

	while (i + 1 < FILES && strcmp(files[i].path, path) != 0)
		i++;
	return &files[i];
}

/* One of the embedded parts "NAME-PART" of a file; NULL when the program was built without it. */
static const struct embedded *packed_part(const char *name, const char *part)
{
	const size_t length = strlen(name);

	for (const struct embedded *const *at = static_files; *at; at++)
		if (strncmp((*at)->name, name, length) == 0 && (*at)->name[length] == '-' &&
		    strcmp((*at)->name + length + 1, part) == 0)
			return *at;
	return NULL;
}

bool static_file_is_contract(const char *text)
{
	const struct embedded *contract = packed_part("openapi.json", "plain");

	return contract && strcmp(text, contract->text) == 0;
}

/* The program holds embedded files until it ends. */
static void release_nothing(void *holder)
{
	(void)holder;
}

bool static_file_send(const struct request *request, struct response *response, const char *name,
		      const char *media_type, struct error *err)
{
	static const char *const parts[CODINGS] = {"plain", "gzip", "br"};
	struct response_form *forms = arena_take(request->arena, CODINGS * sizeof *forms);
	const struct embedded *plain = packed_part(name, "plain");
	const char *tag;

	if (!plain)
		return error_tell(err, ERROR_NOT_FOUND,
				  "This program was built without the interactive reference.",
				  "Ce programme a été construit sans la référence interactive.");
	tag = arena_copy(request->arena, plain->checksum, TAG_DIGITS);
	if (!tag || !forms)
		return error_out_of_memory(err);
	for (size_t i = 0; i < CODINGS; i++) {
		const struct embedded *part = packed_part(name, parts[i]);

		if (part)
			forms[i] = (struct response_form){part->text, part->length};
	}
	response_validators(response, tag, 0);
	response_shared(response, media_type, forms, release_nothing, NULL);
	return true;
}

bool static_file_answer(const struct request *request, struct response *response, struct error *err)
{
	const struct static_file *file = file_at(request->canonical_path);

	return static_file_send(request, response, strrchr(file->path, '/') + 1, file->media_type,
				err);
}
