#include "base/log_line.h"

#include "base/utf8.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/banned.h"

/* The bytes that are free, apart from those for the closing "}\n". */
static size_t room(const struct log_line *line)
{
	return sizeof line->bytes - strlen("}\n") - line->length;
}

static void add(struct log_line *line, const char *bytes, size_t length)
{
	memcpy(line->bytes + line->length, bytes, length);
	line->length += length;
}

/* Writes the JSON form, at most 6 bytes, of the character at `text`, and returns its length. The
 * character itself has *size bytes. */
static size_t escape(const char *text, size_t *size, char piece[8])
{
	unsigned char first = (unsigned char)*text;

	*size = utf8_length(text, strnlen(text, 4));
	if (*size == 0) {
		*size = 1;
		return (size_t)snprintf(piece, 8, "\xEF\xBF\xBD");
	}
	if (first == '"' || first == '\\')
		return (size_t)snprintf(piece, 8, "\\%c", first);
	if (first < 0x20 || first == 0x7F)
		return (size_t)snprintf(piece, 8, "\\u%04x", first);
	memcpy(piece, text, *size);
	return *size;
}

/* Counts the characters at `text` that need no escape in a JSON string. */
static size_t unescaped_length(const char *text)
{
	size_t length = 0;

	while (text[length] >= 0x20 && text[length] < 0x7F && text[length] != '"' &&
	       text[length] != '\\')
		length++;
	return length;
}

/* Adds text in quotes. A text that does not fit is cut and ends with an ellipsis. */
static void add_text(struct log_line *line, const char *text)
{
	static const char ellipsis[] = "\xE2\x80\xA6";

	add(line, "\"", 1);
	while (*text) {
		char piece[8];
		size_t size, length = unescaped_length(text);

		/* Leaves room for an ellipsis and a quote. */
		if (length > 0 && length + 8 <= room(line)) {
			add(line, text, length);
			text += length;
			continue;
		}
		length = escape(text, &size, piece);
		if (length + strlen(ellipsis) + 1 > room(line)) {
			add(line, ellipsis, strlen(ellipsis));
			break;
		}
		add(line, piece, length);
		text += size;
	}
	add(line, "\"", 1);
}

/* Adds `,"key":` when a value of `least` bytes fits after it. */
static bool add_key(struct log_line *line, const char *key, size_t least)
{
	size_t length = strlen(key);

	if (length + strlen(",\"\":") + least > room(line))
		return false;
	add(line, ",\"", 2);
	add(line, key, length);
	add(line, "\":", 2);
	return true;
}

static void add_field(struct log_line *line, const struct log_field *field)
{
	char number[24];

	if (field->is_number) {
		size_t length = (size_t)snprintf(number, sizeof number, "%" PRId64, field->number);

		if (add_key(line, field->key, length))
			add(line, number, length);
	} else if (!field->text) {
		if (add_key(line, field->key, strlen("null")))
			add(line, "null", strlen("null"));
	} else if (add_key(line, field->key, strlen("\"...\""))) {
		add_text(line, field->text);
	}
}

static void add_time(struct log_line *line)
{
	/* The beginning is the same for all lines of a second. */
	static _Thread_local time_t written = -1;
	static _Thread_local char begin[64];
	struct timespec now;
	struct tm utc;
	char text[64];

	clock_gettime(CLOCK_REALTIME, &now);
	if (now.tv_sec != written) {
		gmtime_r(&now.tv_sec, &utc);
		strftime(begin, sizeof begin, "{\"time\":\"%FT%T", &utc);
		written = now.tv_sec;
	}
	line->length = 0;
	add(line, begin, strlen(begin));
	add(line, text,
	    (size_t)snprintf(text, sizeof text, ".%03dZ\"", (int)(now.tv_nsec / 1000000)));
}

void log_line_format(struct log_line *line, const char *level, const char *event,
		     const struct log_field *fields)
{
	add_time(line);
	add_field(line, &LOG_TEXT("level", level));
	add_field(line, &LOG_TEXT("event", event));
	for (; fields->key; fields++)
		add_field(line, fields);
	add(line, "}\n", 2);
}
