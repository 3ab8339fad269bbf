#include "base/log.h"

#include "base/utf8.h"

#include <errno.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/banned.h"

static const char *const names[] = {"debug", "info", "warning", "error"};

static _Atomic enum log_level threshold = LOG_INFO;
static _Thread_local struct log_lines *gathered;

/* A line in the making; "}\n" always has room. */
struct line {
	char bytes[LOG_LINE_BYTES];
	size_t length;
};

static size_t room(const struct line *line)
{
	return sizeof line->bytes - strlen("}\n") - line->length;
}

static void add(struct line *line, const char *bytes, size_t length)
{
	memcpy(line->bytes + line->length, bytes, length);
	line->length += length;
}

/* What stands in a JSON string for the character at `text`, of *size bytes: at most 6 bytes. */
static size_t escaped(const char *text, size_t *size, char piece[8])
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

/* How many characters at `text` stand for themselves in a JSON string, as nearly all do. */
static size_t plain_run(const char *text)
{
	size_t length = 0;

	while (text[length] >= 0x20 && text[length] < 0x7F && text[length] != '"' &&
	       text[length] != '\\')
		length++;
	return length;
}

/* Adds text in quotes, cut where the ellipsis and the quote would no longer fit. */
static void add_text(struct line *line, const char *text)
{
	static const char ellipsis[] = "\xE2\x80\xA6";

	add(line, "\"", 1);
	while (*text) {
		char piece[8];
		size_t size, length = plain_run(text);

		/* An ellipsis and a quote have room behind it. */
		if (length > 0 && length + 8 <= room(line)) {
			add(line, text, length);
			text += length;
			continue;
		}
		length = escaped(text, &size, piece);
		if (length + strlen(ellipsis) + 1 > room(line)) {
			add(line, ellipsis, strlen(ellipsis));
			break;
		}
		add(line, piece, length);
		text += size;
	}
	add(line, "\"", 1);
}

/* Adds `"key":`, with a comma before it, when a value of `least` bytes would fit after it. */
static bool add_key(struct line *line, const char *key, size_t least)
{
	size_t length = strlen(key);

	if (length + strlen(",\"\":") + least > room(line))
		return false;
	add(line, ",\"", 2);
	add(line, key, length);
	add(line, "\":", 2);
	return true;
}

static void add_field(struct line *line, const struct log_field *field)
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

static void add_time(struct line *line)
{
	/* The same for all lines of a second. */
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

void log_threshold(enum log_level level)
{
	atomic_store(&threshold, level);
}

int log_level_named(const char *name)
{
	for (int level = LOG_DEBUG; level <= LOG_ERROR; level++)
		if (strcmp(names[level], name) == 0)
			return level;
	return -1;
}

static void write_out(const char *bytes, size_t length)
{
	size_t sent = 0;

	while (sent < length) {
		ssize_t wrote = write(STDOUT_FILENO, bytes + sent, length - sent);

		if (wrote > 0)
			sent += (size_t)wrote;
		else if (wrote == 0 || errno != EINTR)
			return;
	}
}

void log_gather(struct log_lines *lines)
{
	log_pour();
	gathered = lines;
}

void log_pour(void)
{
	if (!gathered || gathered->length == 0)
		return;
	write_out(gathered->bytes, gathered->length);
	gathered->length = 0;
}

static void put(const struct line *line)
{
	if (!gathered) {
		write_out(line->bytes, line->length);
		return;
	}
	if (gathered->length + line->length > sizeof gathered->bytes)
		log_pour();
	memcpy(gathered->bytes + gathered->length, line->bytes, line->length);
	gathered->length += line->length;
}

void log_fields(enum log_level level, const char *event, const struct log_field *fields)
{
	struct line line;

	if (level < atomic_load(&threshold))
		return;
	add_time(&line);
	add_field(&line, &LOG_TEXT("level", names[level]));
	add_field(&line, &LOG_TEXT("event", event));
	for (; fields->key; fields++)
		add_field(&line, fields);
	memcpy(line.bytes + line.length, "}\n", 2);
	line.length += 2;
	put(&line);
}
