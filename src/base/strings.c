#include "base/strings.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/banned.h"

void buffer_free(struct buffer *buffer)
{
	free(buffer->bytes);
	*buffer = (struct buffer){0};
}

/* Makes room for `more` bytes and the zero byte. */
static bool reserve(struct buffer *buffer, size_t more)
{
	size_t need = buffer->length + more + 1,
	       capacity = buffer->capacity ? buffer->capacity : 256;
	char *bytes;

	if (buffer->failed || need <= more || (buffer->maximum && need - 1 > buffer->maximum)) {
		buffer->failed = true;
		return false;
	}
	if (need <= buffer->capacity)
		return true;
	while (capacity < need)
		capacity = capacity > SIZE_MAX / 2 ? need : capacity * 2;
	bytes = realloc(buffer->bytes, capacity);
	if (!bytes) {
		buffer->failed = true;
		return false;
	}
	buffer->bytes = bytes;
	buffer->capacity = capacity;
	return true;
}

char *buffer_reserve(struct buffer *buffer, size_t length)
{
	return reserve(buffer, length) ? buffer->bytes + buffer->length : NULL;
}

void buffer_reserved(struct buffer *buffer, size_t length)
{
	buffer->length += length;
	buffer->bytes[buffer->length] = '\0';
}

void buffer_add(struct buffer *buffer, const void *bytes, size_t length)
{
	if (!reserve(buffer, length))
		return;
	if (length)
		memcpy(buffer->bytes + buffer->length, bytes, length);
	buffer->length += length;
	buffer->bytes[buffer->length] = '\0';
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
	/* Mostly it fits at once; formatting is what costs. */
	va_start(args, format);
	length = vsnprintf(room ? buffer->bytes + buffer->length : NULL, room, format, args);
	va_end(args);
	if (length < 0 || !reserve(buffer, (size_t)length)) {
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

size_t utf8_length(const char *text, size_t length)
{
	const unsigned char *bytes = (const unsigned char *)text;
	unsigned char first = length ? bytes[0] : 0xFF, low = 0x80, high = 0xBF;
	size_t size = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;

	if (first > 0xF4 || size == 0 || size > length)
		return 0;
	if (first == 0xE0)
		low = 0xA0;
	if (first == 0xED)
		high = 0x9F;
	if (first == 0xF0)
		low = 0x90;
	if (first == 0xF4)
		high = 0x8F;
	for (size_t i = 1; i < size; i++) {
		if (bytes[i] < low || bytes[i] > high)
			return 0;
		low = 0x80;
		high = 0xBF;
	}
	return size;
}

bool utf8_valid(const char *bytes, size_t length)
{
	const char *at = bytes, *end = bytes + length;

	while (at < end) {
		size_t size = utf8_length(at, (size_t)(end - at));

		if (size == 0)
			return false;
		at += size;
	}
	return true;
}

void utf8_trim(char *text)
{
	size_t length = strlen(text);

	for (size_t back = 1; back <= 3 && back <= length; back++) {
		unsigned char byte = (unsigned char)text[length - back];

		if (byte < 0x80)
			return;
		if (byte >= 0xC0) {
			if (utf8_length(text + length - back, back) != back)
				text[length - back] = '\0';
			return;
		}
	}
}

bool strings_number(const char *text, long minimum, long maximum, long *number)
{
	size_t digits = strspn(text, "0123456789");
	long read;

	if (digits == 0 || text[digits] != '\0')
		return false;
	errno = 0;
	read = strtol(text, NULL, 10);
	if (errno || read < minimum || read > maximum)
		return false;
	*number = read;
	return true;
}

bool moment_date_valid(const char *text)
{
	static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int year = 0, month = 0, day = 0;

	if (strlen(text) != 10)
		return false;
	for (int i = 0; i < 10; i++) {
		int digit = text[i] - '0';

		if (i == 4 || i == 7) {
			if (text[i] != '-')
				return false;
		} else if (digit < 0 || digit > 9) {
			return false;
		} else if (i < 4) {
			year = year * 10 + digit;
		} else if (i < 7) {
			month = month * 10 + digit;
		} else {
			day = day * 10 + digit;
		}
	}
	if (year < 1 || month < 1 || month > 12 || day < 1)
		return false;
	if (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0))
		return day <= 29;
	return day <= lengths[month - 1];
}

time_t moment_today(char today[11])
{
	time_t now = time(NULL);
	struct tm utc;

	gmtime_r(&now, &utc);
	strftime(today, 11, "%Y-%m-%d", &utc);
	return now - now % 86400;
}
