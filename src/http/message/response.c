#include "http/message/response.h"

#include "base/cleanup.h"
#include "base/buffer.h"
#include "http/message/http_date.h"
#include "http/message/request.h"
#include "http/message/request_target.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/banned.h"

bool response_body(struct response *response, int status, const char *media_type, char *body,
		   size_t length, struct error *err)
{
	response_discard(response);
	response->body = body;
	response->length = length;
	response->media_type = body ? media_type : NULL;
	response->status = status;
	if (!body && length > 0)
		return error_set(err, ERROR_INTERNAL, "A body of %zu bytes is missing.", length);
	if (body && !media_type)
		return error_set(err, ERROR_INTERNAL, "A body has no media type.");
	return true;
}

void response_discard(struct response *response)
{
	if (response->release)
		response->release(response->holder);
	else
		free(response->body);
	response->release = NULL;
	response->forms = NULL;
	response->recall_key = NULL;
	response->body = NULL;
	response->length = 0;
}

void response_shared(struct response *response, const char *media_type,
		     const struct response_form *forms, void (*release)(void *holder), void *holder)
{
	response_discard(response);
	response->status = 200;
	response->media_type = media_type;
	response->forms = forms;
	/* Never written to: shared bodies are only read. */
	response->body = (char *)(uintptr_t)forms[CODING_IDENTITY].bytes;
	response->length = forms[CODING_IDENTITY].length;
	response->release = release;
	response->holder = holder;
}

/* Field names are compared without case (RFC 9110, section 5.1). Most that differ do so in the
 * first letter. */
static bool is_same_name(const char *a, const char *b)
{
	return (*a | 0x20) == (*b | 0x20) && strcasecmp(a, b) == 0;
}

static struct field *field_named(struct response *response, const char *name)
{
	for (size_t i = 0; i < response->field_count; i++)
		if (is_same_name(response->fields[i].name, name))
			return &response->fields[i];
	return NULL;
}

bool response_has_field(struct response *response, const char *name)
{
	return field_named(response, name) != NULL;
}

/* Returns a value that needs no formatting, which most are and which takes most of the time; NULL
 * for other formats. */
static const char *plain_value(const char *format, va_list args)
{
	if (strcmp(format, "%s") == 0)
		return va_arg(args, const char *);
	return strchr(format, '%') ? NULL : format;
}

/* A value in the arena. Without memory, or with a line end, NULL and the response has failed. */
static const char *make_value(struct response *response, const char *format, va_list args)
{
	const char *plain = response->arena ? plain_value(format, args) : NULL;
	char *value = NULL;

	if (plain)
		value = arena_copy(response->arena, plain, strlen(plain));
	else if (response->arena)
		value = arena_format_list(response->arena, format, args);
	if (!value || strpbrk(value, "\r\n")) {
		response->failed = true;
		return NULL;
	}
	return value;
}

void response_field(struct response *response, const char *name, const char *format, ...)
{
	struct field *present = field_named(response, name);
	const char *value;
	va_list args;

	va_start(args, format);
	value = make_value(response, format, args);
	va_end(args);
	if (!value)
		return;
	if (present) {
		value = arena_format(response->arena, "%s, %s", present->value, value);
		if (value)
			present->value = value;
	} else if (response->field_count < RESPONSE_FIELDS) {
		response->fields[response->field_count++] = (struct field){name, value};
	} else {
		value = NULL;
	}
	if (!value)
		response->failed = true;
}

void response_validators(struct response *response, const char *tag, time_t modified)
{
	char date[DATE_SIZE];

	response->tag = arena_copy(response->arena, tag, strlen(tag));
	response->modified = modified;
	response->failed |= !response->tag;
	if (modified) {
		http_date_write(http_date_settled(modified), date);
		response_field(response, "Last-Modified", "%s", date);
	}
}

bool response_lasts(const char *name)
{
	static const char *const lasting[] = {"ETag", "Cache-Control", "Vary", "Dataset-Revision",
					      "Age",  "Cache-Status",  NULL};

	for (const char *const *each = lasting; *each; each++)
		if (strcasecmp(*each, name) == 0)
			return true;
	return false;
}

void response_not_modified(struct response *response)
{
	size_t left = 0;

	for (size_t i = 0; i < response->field_count; i++)
		if (response_lasts(response->fields[i].name))
			response->fields[left++] = response->fields[i];
	response->field_count = left;
	response->media_type = NULL;
	response->status = 304;
}

void response_member(struct response *response, const char *name, const char *value)
{
	char *copy = arena_copy(response->arena, value, strlen(value));

	if (!copy || response->member_count == RESPONSE_MEMBERS) {
		response->failed = true;
		return;
	}
	response->members[response->member_count++] = (struct field){name, copy};
}

bool response_redirect(struct response *response, const struct request *request, const char *path,
		       struct error *err)
{
	CLEANUP(buffer_free) struct buffer location = {0};

	buffer_text(&location, request->public_url);
	buffer_text(&location, path);
	if (*request->query) {
		buffer_text(&location, "?");
		request_target_encode(&location, request->query);
	}
	if (location.failed)
		return error_out_of_memory(err);
	response_field(response, "Location", "%s", location.bytes);
	return response_body(response, 308, NULL, NULL, 0, err);
}
