#include "base/buffer.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

void buffer_free(struct buffer *buffer)
{
	free(buffer->bytes);
	*buffer = (struct buffer){0};
}

char *buffer_reserve(struct buffer *buffer, size_t length)
{
	size_t need = buffer->length + length + 1, /* and a zero byte */
		capacity = buffer->capacity ? buffer->capacity : 256;
	char *bytes;

	if (buffer->failed || need <= length || (buffer->maximum && need - 1 > buffer->maximum)) {
		buffer->failed = true;
		return NULL;
	}
	if (need <= buffer->capacity)
		return buffer->bytes + buffer->length;
	while (capacity < need)
		capacity = capacity > SIZE_MAX / 2 ? need : capacity * 2;
	bytes = realloc(buffer->bytes, capacity);
	if (!bytes) {
		buffer->failed = true;
		return NULL;
	}
	buffer->bytes = bytes;
	buffer->capacity = capacity;
	return bytes + buffer->length;
}

void buffer_reserved(struct buffer *buffer, size_t length)
{
	buffer->length += length;
	buffer->bytes[buffer->length] = '\0';
}

void buffer_add(struct buffer *buffer, const void *bytes, size_t length)
{
	char *room = buffer_reserve(buffer, length);

	if (!room)
		return;
	if (length)
		memcpy(room, bytes, length);
	buffer_reserved(buffer, length);
}

void buffer_text(struct buffer *buffer, const char *text)
{
	buffer_add(buffer, text, strlen(text));
}

void buffer_format(struct buffer *buffer, const char *format, ...)
{
	size_t room = buffer->capacity - buffer->length;
	va_list args;
	int length;

	if (buffer->failed)
		return;
	/* Usually the text fits, and is then formatted only once. */
	va_start(args, format);
	length = vsnprintf(room ? buffer->bytes + buffer->length : NULL, room, format, args);
	va_end(args);
	if (length < 0 || !buffer_reserve(buffer, (size_t)length)) {
		buffer->failed = true;
		if (room)
			buffer->bytes[buffer->length] = '\0';
		return;
	}
	if ((size_t)length >= room) {
		va_start(args, format);
		vsnprintf(buffer->bytes + buffer->length, (size_t)length + 1, format, args);
		va_end(args);
	}
	buffer->length += (size_t)length;
}

void buffer_json(struct buffer *buffer, const char *text)
{
	if (!text) {
		buffer_text(buffer, "null");
		return;
	}
	buffer_text(buffer, "\"");
	while (*text) {
		size_t plain = 0;

		while ((unsigned char)text[plain] >= 0x20 && text[plain] != '"' &&
		       text[plain] != '\\')
			plain++;
		buffer_add(buffer, text, plain);
		text += plain;
		if (*text == '"' || *text == '\\')
			buffer_format(buffer, "\\%c", *text++);
		else if (*text)
			buffer_format(buffer, "\\u%04x", (unsigned)*text++);
	}
	buffer_text(buffer, "\"");
}

char *buffer_steal(struct buffer *buffer, size_t *length)
{
	char *bytes;

	buffer_add(buffer, "", 0);
	if (buffer->failed) {
		buffer_free(buffer);
		return NULL;
	}
	bytes = buffer->bytes;
	*length = buffer->length;
	*buffer = (struct buffer){0};
	return bytes;
}
