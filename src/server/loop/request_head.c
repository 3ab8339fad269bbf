#include "server/loop/request_head.h"

#include <string.h>
#include <strings.h>

#include "base/banned.h"

/* Finds the line that begins at `at`: *end is where its line end begins, *next behind that. A line
 * feed alone ends no line here. */
static enum plain find_line(char *at, const char *limit, char **end, char **next)
{
	char *feed = memchr(at, '\n', (size_t)(limit - at));

	if (!feed)
		return PLAIN_PARTIAL;
	if (feed == at || feed[-1] != '\r')
		return PLAIN_NOT;
	*end = feed - 1;
	*next = feed + 1;
	return PLAIN_WHOLE;
}

/* RFC 9110, section 5.6.2 */
static bool is_token(const char *from, const char *to)
{
	for (const char *at = from; at < to; at++) {
		const char small = (char)(*at | 0x20);

		if ((small < 'a' || small > 'z') && *at != '-' && (*at < '0' || *at > '9') &&
		    (*at == '\0' || !strchr("!#$%&'*+.^_`|~", *at)))
			return false;
	}
	return from < to;
}

static bool is_blank(char character)
{
	return character == ' ' || character == '\t';
}

/* RFC 9110, section 5.5 */
static bool is_value(const char *from, const char *to)
{
	for (const char *at = from; at < to; at++)
		if (((unsigned char)*at < 0x20 && *at != '\t') || *at == 0x7F)
			return false;
	return true;
}

static bool read_method(const char *bytes, size_t length, struct raw_request *incoming,
			size_t *size)
{
	static const char *const methods[] = {"GET", "HEAD"};

	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
		size_t own = strlen(methods[i]);
		size_t same = length < own ? length : own;

		if (memcmp(bytes, methods[i], same) != 0 || (length > own && bytes[own] != ' '))
			continue;
		incoming->method = methods[i];
		*size = own;
		return true;
	}
	return false;
}

/* "GET /v1 HTTP/1.1"; method and its blank are known to be there. */
static bool read_request_line(char *bytes, char *end, struct raw_request *incoming, size_t method)
{
	static const char version[] = " HTTP/1."; /* and 0 or 1 */
	char *target = bytes + method + 1;
	char *after = end - strlen(version) - 1;

	if (after <= target || memcmp(after, version, strlen(version)) != 0 ||
	    (end[-1] != '0' && end[-1] != '1') || *target != '/' || after - target > LIMIT_TARGET)
		return false;
	for (const char *at = target; at < after; at++)
		if (*at <= ' ' || *at >= 0x7F)
			return false;
	*after = *end = '\0';
	incoming->target = target;
	incoming->version = after + 1;
	return true;
}

/* What the fields say of the request as a whole. */
struct said {
	unsigned hosts;
	bool close, keep_alive;
};

/* False for a field that changes how the request is to be read. */
static bool is_harmless(const struct field *field, struct said *said)
{
	static const char *const others[] = {"Content-Length", "Transfer-Encoding", "Expect",
					     "Upgrade",	       "Trailer",	    "TE"};

	if (strcasecmp(field->name, "Host") == 0)
		said->hosts++;
	if (strcasecmp(field->name, "Connection") == 0) {
		bool close = strcasecmp(field->value, "close") == 0;
		bool keep_alive = strcasecmp(field->value, "keep-alive") == 0;

		said->close |= close;
		said->keep_alive |= keep_alive;
		return close || keep_alive;
	}
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (strcasecmp(field->name, others[i]) == 0)
			return false;
	return true;
}

static bool read_field(char *line, char *end, struct raw_request *incoming)
{
	char *colon = memchr(line, ':', (size_t)(end - line));
	char *value, *last = end;

	if (!colon || !is_token(line, colon) || incoming->field_count == LIMIT_FIELDS)
		return false;
	value = colon + 1;
	while (value < last && is_blank(*value))
		value++;
	while (last > value && is_blank(last[-1]))
		last--;
	if (!is_value(value, last))
		return false;
	*colon = *last = '\0';
	incoming->field_bytes += (size_t)(colon - line) + (size_t)(last - value) + 4;
	incoming->fields[incoming->field_count++] = (struct field){line, value};
	return incoming->field_bytes <= LIMIT_FIELD_BYTES;
}

/* HTTP/1.0 needs no Host, and ends the connection with the answer unless it is asked not to, which
 * is the library's to grant. (RFC 9112, sections 3.2, 9.3 and C.2.2) */
static bool fits_version(const struct raw_request *incoming, const struct said *said, bool *close)
{
	bool old = strcmp(incoming->version, "HTTP/1.0") == 0;

	*close = said->close || old;
	return old ? said->hosts <= 1 && !said->keep_alive : said->hosts == 1;
}

enum plain request_head_read(char *bytes, size_t length, struct raw_request *incoming, size_t *size,
			     bool *close)
{
	const char *limit = bytes + length;
	char *line = bytes, *end, *next;
	struct said said = {0};
	enum plain found;
	size_t method;

	incoming->field_count = incoming->field_bytes = 0;
	if (!read_method(bytes, length, incoming, &method))
		return PLAIN_NOT;
	found = find_line(line, limit, &end, &next);
	if (found == PLAIN_WHOLE && !read_request_line(bytes, end, incoming, method))
		return PLAIN_NOT;
	while (found == PLAIN_WHOLE) {
		line = next;
		found = find_line(line, limit, &end, &next);
		if (found != PLAIN_WHOLE || end == line)
			break;
		if (!read_field(line, end, incoming) ||
		    !is_harmless(&incoming->fields[incoming->field_count - 1], &said))
			return PLAIN_NOT;
	}
	if (found != PLAIN_WHOLE)
		return found;
	*size = (size_t)(next - bytes);
	return fits_version(incoming, &said, close) ? PLAIN_WHOLE : PLAIN_NOT;
}
