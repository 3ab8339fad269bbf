#include "api/site/static_file.h"

#include "base/arena.h"
#include "codec/gzip.h"
#include "codec/sha256.h"
#include "http/message/request.h"
#include "http/message/response.h"
#include "http/negotiation/content_coding.h"
#include "static_files.h"

#include <string.h>
#include <strings.h>

#include "base/banned.h"

enum { TAG_DIGITS = 16, FILE_MAXIMUM = 8 << 20 };

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
	return error_set(err, ERROR_NOT_FOUND, "There is no such file.");
}

static const struct static_file *file_at(const char *path)
{
	size_t i = 0;

	while (i + 1 < FILES && strcmp(files[i].path, path) != 0)
		i++;
	return &files[i];
}

/* One of the embedded parts "NAME-PART" of a file; NULL when the program was built without it. */
static const struct embedded *packed_part(const struct static_file *file, const char *part)
{
	const char *name = strrchr(file->path, '/') + 1;
	const size_t length = strlen(name);

	for (const struct embedded *const *at = static_files; *at; at++)
		if (strncmp((*at)->name, name, length) == 0 && (*at)->name[length] == '-' &&
		    strcmp((*at)->name + length + 1, part) == 0)
			return *at;
	return NULL;
}

bool static_file_is_contract(const char *text)
{
	const struct embedded *digest = packed_part(file_at("/openapi.json"), "sha256");
	char hex[65];

	sha256_hex(text, strlen(text), hex);
	return strncmp(hex, digest->text, digest->length) == 0;
}

/* The program holds embedded files until it ends. */
static void release_nothing(void *holder)
{
	(void)holder;
}

/* Sends the plain file to one of the few clients that accept no coding. */
static bool send_unpacked(struct response *response, const struct static_file *file,
			  const struct embedded *gzip, struct error *err)
{
	char *body;
	size_t length;

	if (!gzip_unpack(gzip->text, gzip->length, FILE_MAXIMUM, &body, &length, err))
		return false;
	response_field(response, "Vary", "Accept-Encoding");
	return response_body(response, 200, file->media_type, body, length, err);
}

bool static_file_answer(const struct request *request, struct response *response, struct error *err)
{
	static const bool available[CODINGS] = {true, true, true};
	const struct static_file *file = file_at(request->canonical_path);
	const struct embedded *gzip = packed_part(file, "gzip"), *brotli = packed_part(file, "br");
	const struct embedded *digest = packed_part(file, "sha256");
	struct response_form *forms = arena_take(request->arena, CODINGS * sizeof *forms);
	enum content_coding coding;
	const char *tag;

	if (!gzip || !brotli || !digest)
		return error_set(err, ERROR_NOT_FOUND,
				 "This program was built without the interactive reference.");
	tag = arena_copy(request->arena, digest->text, TAG_DIGITS);
	if (!tag || !forms)
		return error_out_of_memory(err);
	response_validators(response, tag, 0);
	if (content_coding_pick(request_field(request, FIELD_ACCEPT_ENCODING), available,
				&coding) &&
	    coding == CODING_IDENTITY)
		return send_unpacked(response, file, gzip, err);
	forms[CODING_IDENTITY] = (struct response_form){0};
	forms[CODING_GZIP] = (struct response_form){gzip->text, gzip->length};
	forms[CODING_BROTLI] = (struct response_form){brotli->text, brotli->length};
	response_shared(response, file->media_type, forms, release_nothing, NULL);
	return true;
}
