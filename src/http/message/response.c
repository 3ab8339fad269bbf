#include "http/message/response.h"

#include "base/cleanup.h"
#include "base/strings.h"
#include "http/message/http_date.h"
#include "http/negotiation/content_coding.h"
#include "http/message/exchange.h"
#include "http/message/request_target.h"
#include "http/message/sanitize.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/banned.h"

bool reply_body(struct reply *reply, int status, const char *media_type, char *body, size_t length,
		struct error *err)
{
	reply_discard(reply);
	reply->body = body;
	reply->length = length;
	reply->media_type = body ? media_type : NULL;
	reply->status = status;
	if (!body && length > 0)
		return error_set(err, ERROR_INTERNAL, "A body of %zu bytes is missing.", length);
	if (body && !media_type)
		return error_set(err, ERROR_INTERNAL, "A body has no media type.");
	return true;
}

bool reply_copy(struct reply *reply, const char *media_type, const char *bytes, size_t length,
		struct error *err)
{
	char *copy = malloc(length + 1);

	if (!copy)
		return error_out_of_memory(err);
	memcpy(copy, bytes, length);
	return reply_body(reply, 200, media_type, copy, length, err);
}

void reply_origin(struct reply *reply, const char *origin)
{
	reply->origin = origin;
}

void reply_discard(struct reply *reply)
{
	if (reply->release)
		reply->release(reply->holder);
	else
		free(reply->body);
	reply->release = NULL;
	reply->forms = NULL;
	reply->recall_key = NULL;
	reply->body = NULL;
	reply->length = 0;
}

void reply_shared(struct reply *reply, const char *media_type, const struct reply_form *forms,
		  void (*release)(void *holder), void *holder)
{
	reply_discard(reply);
	reply->status = 200;
	reply->media_type = media_type;
	reply->forms = forms;
	/* Never written to: shared bodies are only read. */
	reply->body = (char *)(uintptr_t)forms[ENCODING_PLAIN].bytes;
	reply->length = forms[ENCODING_PLAIN].length;
	reply->release = release;
	reply->holder = holder;
}

static struct field *field_named(struct reply *reply, const char *name)
{
	for (size_t i = 0; i < reply->field_count; i++)
		if (text_same_name(reply->fields[i].name, name))
			return &reply->fields[i];
	return NULL;
}

bool reply_has_field(struct reply *reply, const char *name)
{
	return field_named(reply, name) != NULL;
}

/* Most values are a text as it is; formatting would take longer than all the rest. NULL when this
 * one is to be formatted. */
static const char *plain_value(const char *format, va_list args)
{
	if (strcmp(format, "%s") == 0)
		return va_arg(args, const char *);
	return strchr(format, '%') ? NULL : format;
}

static char *format_value(struct arena *arena, const char *format, va_list args)
{
	va_list again;
	char *value;
	int length;

	va_copy(again, args);
	length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	value = length >= 0 ? arena_take(arena, (size_t)length + 1) : NULL;
	if (value)
		vsnprintf(value, (size_t)length + 1, format, args);
	return value;
}

/* A value in the arena. Without memory, or with a line end, NULL and the reply has failed. */
static const char *make_value(struct reply *reply, const char *format, va_list args)
{
	const char *plain = reply->arena ? plain_value(format, args) : NULL;
	char *value = NULL;

	if (plain)
		value = arena_copy(reply->arena, plain, strlen(plain));
	else if (reply->arena)
		value = format_value(reply->arena, format, args);
	if (!value || strpbrk(value, "\r\n")) {
		reply->failed = true;
		return NULL;
	}
	return value;
}

void reply_field(struct reply *reply, const char *name, const char *format, ...)
{
	struct field *present = field_named(reply, name);
	const char *value;
	va_list args;

	va_start(args, format);
	value = make_value(reply, format, args);
	va_end(args);
	if (!value)
		return;
	if (present) {
		value = arena_format(reply->arena, "%s, %s", present->value, value);
		if (value)
			present->value = value;
	} else if (reply->field_count < REPLY_FIELDS) {
		reply->fields[reply->field_count++] = (struct field){name, value};
	} else {
		value = NULL;
	}
	if (!value)
		reply->failed = true;
}

void reply_validators(struct reply *reply, const char *tag, time_t modified)
{
	char date[DATE_SIZE];

	reply->tag = arena_copy(reply->arena, tag, strlen(tag));
	reply->modified = modified;
	reply->failed |= !reply->tag;
	if (modified) {
		date_write(date_settled(modified), date);
		reply_field(reply, "Last-Modified", "%s", date);
	}
}

bool reply_lasts(const char *name)
{
	static const char *const lasting[] = {"ETag", "Cache-Control", "Vary", "Dataset-Revision",
					      "Age",  "Cache-Status",  NULL};

	for (const char *const *each = lasting; *each; each++)
		if (strcasecmp(*each, name) == 0)
			return true;
	return false;
}

void reply_reduce(struct reply *reply)
{
	size_t left = 0;

	for (size_t i = 0; i < reply->field_count; i++)
		if (reply_lasts(reply->fields[i].name))
			reply->fields[left++] = reply->fields[i];
	reply->field_count = left;
	reply->media_type = NULL;
	reply->status = 304;
}

void reply_recallable(struct reply *reply, const char *key, uint64_t serial)
{
	reply->recall_key = key;
	reply->recall_serial = serial;
}

void reply_member(struct reply *reply, const char *name, const char *value)
{
	char *copy = arena_copy(reply->arena, value, strlen(value));

	if (!copy || reply->member_count == REPLY_MEMBERS) {
		reply->failed = true;
		return;
	}
	reply->members[reply->member_count++] = (struct field){name, copy};
}

bool reply_mistake(struct reply *reply, const char *parameter)
{
	reply->mistaken = parameter;
	return false;
}

bool reply_redirect(struct reply *reply, const struct request *request, const char *path,
		    struct error *err)
{
	CLEANUP(buffer_free) struct buffer location = {0};

	buffer_text(&location, request->public_url);
	buffer_text(&location, path);
	if (*request->query) {
		buffer_text(&location, "?");
		target_encode(&location, request->query);
	}
	if (location.failed)
		return error_out_of_memory(err);
	reply_field(reply, "Location", "%s", location.bytes);
	return reply_body(reply, 308, NULL, NULL, 0, err);
}
