/*
 * A request head is read the same way however its bytes arrive, and a complete one is valid by a
 * second, simpler reading of the grammar. (RFC 9112, sections 2.2, 3 and 5)
 */
#include "server/loop/request_head.h"

#include "fuzz.h"

#include <ctype.h>
#include <stdbool.h>
#include <strings.h>

#include "base/banned.h"

enum {
	SPLIT_ALL = 200, /* heads up to so many bytes are cut at every byte */
	SPLITS = 24,	 /* longer ones at so many places */
};

struct reading {
	enum request_head_state state;
	struct raw_request request;
	size_t size;
	char *bytes; /* exactly as long as the input, so that any access behind it is seen */
};

static void read_head(const uint8_t *bytes, size_t length, struct reading *reading)
{
	*reading = (struct reading){.bytes = malloc(length ? length : 1)};
	if (!reading->bytes)
		abort();
	if (length > 0)
		memcpy(reading->bytes, bytes, length);
	reading->state =
		request_head_read(reading->bytes, length, &reading->request, &reading->size);
}

static enum request_head_state state_of(const uint8_t *bytes, size_t length, size_t *size)
{
	struct reading reading;

	read_head(bytes, length, &reading);
	*size = reading.size;
	free(reading.bytes);
	return reading.state;
}

/* What a shorter part of the input is read as cannot contradict the whole. */
static void promise_prefix(const uint8_t *bytes, size_t length, const struct reading *whole)
{
	size_t size;
	enum request_head_state state = state_of(bytes, length, &size);

	if (state == REQUEST_HEAD_MALFORMED)
		PROMISE(whole->state == REQUEST_HEAD_MALFORMED);
	if (state == REQUEST_HEAD_COMPLETE)
		PROMISE(whole->state == REQUEST_HEAD_COMPLETE && whole->size == size);
	if (whole->state == REQUEST_HEAD_COMPLETE)
		PROMISE((state == REQUEST_HEAD_COMPLETE) == (length >= whole->size));
	/* The loop has no more room: it must not wait for more. */
	if (length >= REQUEST_HEAD_LONGEST)
		PROMISE(state != REQUEST_HEAD_PARTIAL);
}

static void promise_splits(const uint8_t *bytes, size_t length, const struct reading *whole)
{
	if (length <= SPLIT_ALL) {
		for (size_t cut = 0; cut < length; cut++)
			promise_prefix(bytes, cut, whole);
		return;
	}
	for (size_t i = 1; i < SPLITS; i++)
		promise_prefix(bytes, length * i / SPLITS, whole);
	promise_prefix(bytes, length - 1, whole);
}

/* A text lies inside the head and ends there. */
static void promise_inside(const struct reading *reading, const char *text)
{
	const char *end = reading->bytes + reading->size;

	PROMISE(text >= reading->bytes && text < end);
	PROMISE(memchr(text, '\0', (size_t)(end - text)));
}

static bool is_token_character(int character)
{
	return isalnum(character) || (character && strchr("!#$%&'*+-.^_`|~", character));
}

/* The grammar once more, on the bytes as they came: `line` begins a line and `end` is its CR. */
static void promise_request_line(const uint8_t *line, const uint8_t *end)
{
	const uint8_t *at = line, *version = end - strlen(" HTTP/1.1");

	while (is_token_character(*at))
		at++;
	PROMISE(at > line && *at == ' ' && version > at + 1);
	for (at++; at < version; at++)
		PROMISE(*at > ' ' && *at != 0x7F);
	PROMISE(memcmp(version, " HTTP/1.", 8) == 0 && (version[8] == '0' || version[8] == '1'));
}

/* Counts the field when it is the one named. */
static size_t promise_field_line(const uint8_t *line, const uint8_t *end, const char *name)
{
	const uint8_t *at = line;

	while (is_token_character(*at))
		at++;
	PROMISE(at > line && *at == ':');
	for (const uint8_t *value = at; value < end; value++)
		PROMISE((*value >= ' ' && *value != 0x7F) || *value == '\t');
	return (size_t)(at - line) == strlen(name) &&
	       strncasecmp((const char *)line, name, strlen(name)) == 0;
}

static void promise_valid(const uint8_t *bytes, const struct reading *reading)
{
	const uint8_t *line = bytes, *limit = bytes + reading->size;
	size_t hosts = 0, lengths = 0, codings = 0, lines = 0;

	while (line[0] == '\r')
		line += 2;
	for (const uint8_t *next; line < limit; line = next) {
		const uint8_t *feed = memchr(line, '\n', (size_t)(limit - line));

		PROMISE(feed && feed > line && feed[-1] == '\r');
		PROMISE(!memchr(line, '\r', (size_t)(feed - line) - 1));
		next = feed + 1;
		if (lines++ == 0) {
			promise_request_line(line, feed - 1);
		} else if (feed - 1 > line) {
			hosts += promise_field_line(line, feed - 1, "Host");
			lengths += promise_field_line(line, feed - 1, "Content-Length");
			codings += promise_field_line(line, feed - 1, "Transfer-Encoding");
		} else {
			PROMISE(next == limit);
		}
	}
	/* RFC 9112, sections 3.2, 6.1 and 6.3 */
	PROMISE(hosts <= 1 && (hosts == 1 || strcmp(reading->request.version, "HTTP/1.0") == 0));
	PROMISE(lengths <= 1 && codings == 0);
	PROMISE(lengths == 1 || reading->request.content_length == 0);
}

static void promise_request(const struct reading *reading)
{
	const struct raw_request *request = &reading->request;

	PROMISE(!request->refusal.english && reading->size <= REQUEST_HEAD_LONGEST);
	PROMISE(request->line_count <= LIMIT_FIELDS && strlen(request->target) <= LIMIT_TARGET);
	promise_inside(reading, request->method);
	promise_inside(reading, request->target);
	promise_inside(reading, request->version);
	for (size_t i = 0; i < request->line_count; i++) {
		promise_inside(reading, request->lines[i].name);
		promise_inside(reading, request->lines[i].value);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct reading whole;

	read_head(bytes, length, &whole);
	if (whole.state == REQUEST_HEAD_COMPLETE) {
		PROMISE(whole.size <= length);
		promise_request(&whole);
		promise_valid(bytes, &whole);
	}
	if (whole.state == REQUEST_HEAD_MALFORMED)
		PROMISE(whole.request.refusal.english && whole.request.close);
	promise_splits(bytes, length, &whole);
	free(whole.bytes);
	return 0;
}
