#include "server/loop/request_head.h"

#include "http/policy/framing.h"

#include <string.h>
#include <strings.h>

#include "base/banned.h"

/* Bytes of a request line, whatever its parts are. */
enum { LONGEST_LINE = LIMIT_TARGET + 32 };

#define MALFORMED_LINE                                                                             \
	BILINGUAL("The request line must be a method, a target and a version, with one blank "     \
		  "between them.",                                                                 \
		  "La ligne de requête doit comporter une méthode, une adresse et une version, " \
		  "séparées par une espace.")

static enum request_head_state refuse_head(struct raw_request *request, enum error_kind kind,
					   struct bilingual reason)
{
	framing_refuse(request, kind, reason);
	return REQUEST_HEAD_MALFORMED;
}

static enum request_head_state refuse_malformed(struct raw_request *request,
						struct bilingual reason)
{
	return refuse_head(request, ERROR_BAD_REQUEST, reason);
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

/* RFC 9110, section 5.5; bytes from 0x80 on are obs-text. */
static bool is_value(const char *from, const char *to)
{
	for (const char *at = from; at < to; at++)
		if (((unsigned char)*at < 0x20 && *at != '\t') || *at == 0x7F)
			return false;
	return true;
}

/* Neither blank nor control character. Bytes from 0x80 on are accepted: queries may contain UTF-8
 * that is not percent-encoded. */
static bool is_target(const char *from, const char *to)
{
	for (const char *at = from; at < to; at++)
		if ((unsigned char)*at <= ' ' || *at == 0x7F)
			return false;
	return from < to;
}

/* Refuses a line that is longer than any valid one. The problem document and the log get the method
 * and the beginning of the target. */
static enum request_head_state refuse_long_line(struct raw_request *request, char *line)
{
	char *target = memchr(line, ' ', LONGEST_LINE - LIMIT_TARGET), *end;

	if (target && is_token(line, target)) {
		*target++ = '\0';
		end = memchr(target, ' ', LIMIT_TARGET);
		end = end ? end : target + LIMIT_TARGET;
		*end = '\0';
		request->method = line;
		request->target = is_target(target, end) ? target : "";
	}
	return refuse_head(
		request, ERROR_TARGET_TOO_LONG,
		BILINGUAL(
			"Path and query may have at most 8192 bytes together.",
			"Le chemin et les paramètres peuvent avoir au plus 8192 octets au total."));
}

/* A path, an absolute address of http, or the asterisk of OPTIONS. (RFC 9112, section 3.2) */
static bool is_target_form(const struct raw_request *request)
{
	const char *target = request->target;

	return *target == '/' || strncasecmp(target, "http://", 7) == 0 ||
	       strncasecmp(target, "https://", 8) == 0 ||
	       (strcmp(target, "*") == 0 && strcmp(request->method, "OPTIONS") == 0);
}

/* "HTTP/" and two digits with a dot between them. */
static bool is_version(const char *from, const char *to)
{
	return to - from == 8 && memcmp(from, "HTTP/", 5) == 0 && from[5] >= '0' &&
	       from[5] <= '9' && from[6] == '.' && from[7] >= '0' && from[7] <= '9';
}

/* Finds the line at `at`: *end is where its CRLF begins. A control character in an incomplete line
 * is left to the checks of the complete one. */
static enum request_head_state find_line(char *at, const char *limit, char **end,
					 struct raw_request *request)
{
	char *feed = memchr(at, '\n', (size_t)(limit - at));

	if (!feed)
		return REQUEST_HEAD_PARTIAL;
	if (feed == at || feed[-1] != '\r')
		return refuse_malformed(request,
					BILINGUAL("Each line must end with CR and LF.",
						  "Chaque ligne doit se terminer par CR et LF."));
	*end = feed - 1;
	return REQUEST_HEAD_COMPLETE;
}

/* Checks a request line whose end has not arrived, so that other protocols are refused at once. */
static enum request_head_state check_partial_line(char *line, const char *limit,
						  struct raw_request *request)
{
	for (const char *at = line; at < limit; at++)
		if (((unsigned char)*at < ' ' && !(*at == '\r' && at + 1 == limit)) || *at == 0x7F)
			return refuse_malformed(request, MALFORMED_LINE);
	return limit - line > LONGEST_LINE ? refuse_long_line(request, line) : REQUEST_HEAD_PARTIAL;
}

static enum request_head_state read_request_line(char *line, char *end, struct raw_request *request)
{
	char *first = memchr(line, ' ', (size_t)(end - line));
	char *second = first ? memchr(first + 1, ' ', (size_t)(end - first - 1)) : NULL;

	if (end - line > LONGEST_LINE)
		return refuse_long_line(request, line);
	if (!second || !is_token(line, first) || !is_target(first + 1, second) ||
	    !is_version(second + 1, end))
		return refuse_malformed(request, MALFORMED_LINE);
	if (second - first - 1 > LIMIT_TARGET)
		return refuse_long_line(request, line);
	*first = *second = *end = '\0';
	request->method = line;
	request->target = first + 1;
	request->version = second + 1;
	if (strcmp(request->version, "HTTP/1.1") != 0 && strcmp(request->version, "HTTP/1.0") != 0)
		return refuse_head(
			request, ERROR_VERSION_UNSUPPORTED,
			BILINGUAL("The HTTP versions of this service are 1.1 and 1.0.",
				  "Les versions de HTTP de ce service sont 1.1 et 1.0."));
	if (!is_target_form(request))
		return refuse_malformed(
			request,
			BILINGUAL(
				"The target must be a path or an absolute address.",
				"L’adresse demandée doit être un chemin ou une adresse absolue."));
	return REQUEST_HEAD_COMPLETE;
}

static enum request_head_state refuse_size(struct raw_request *request)
{
	return refuse_head(
		request, ERROR_FIELDS_TOO_LARGE,
		BILINGUAL("A request may have at most 64 header fields with 16384 bytes in total.",
			  "Une requête peut avoir au plus 64 champs d’en-tête de 16384 octets au "
			  "total."));
}

static enum request_head_state read_field(char *line, char *end, struct raw_request *request,
					  size_t *bytes)
{
	char *colon = memchr(line, ':', (size_t)(end - line));
	char *value, *last = end;

	if (request->line_count == LIMIT_FIELDS)
		return refuse_size(request);
	if (!colon || !is_token(line, colon))
		return refuse_malformed(request,
					BILINGUAL("A header field must begin with its name, and a "
						  "colon must follow directly.",
						  "Un champ d’en-tête doit commencer par son nom, "
						  "suivi immédiatement de deux-points."));
	value = colon + 1;
	while (value < last && is_blank(*value))
		value++;
	while (last > value && is_blank(last[-1]))
		last--;
	if (!is_value(value, last))
		return refuse_malformed(
			request,
			BILINGUAL("A header field contains a control character.",
				  "Un champ d’en-tête contient un caractère de commande."));
	*colon = *last = '\0';
	*bytes += (size_t)(end + 2 - line);
	request->lines[request->line_count++] = (struct field){line, value};
	return *bytes > LIMIT_FIELD_BYTES ? refuse_size(request) : REQUEST_HEAD_COMPLETE;
}

/* Reads the fields from `line` to the empty line, whose end *after is. */
static enum request_head_state read_fields(char *line, const char *limit,
					   struct raw_request *request, char **after)
{
	size_t bytes = 0;

	for (;;) {
		enum request_head_state state;
		char *end;

		state = find_line(line, limit, &end, request);
		if (state == REQUEST_HEAD_PARTIAL &&
		    bytes + (size_t)(limit - line) > LIMIT_FIELD_BYTES + 4)
			return refuse_size(request);
		if (state == REQUEST_HEAD_COMPLETE && end == line) {
			*after = end + 2;
			return state;
		}
		if (state == REQUEST_HEAD_COMPLETE)
			state = read_field(line, end, request, &bytes);
		if (state != REQUEST_HEAD_COMPLETE)
			return state;
		line = end + 2;
	}
}

/* Empty lines before a request line are left out. (RFC 9112, section 2.2) */
static char *skip_empty_lines(char *bytes, const char *limit)
{
	while (limit - bytes >= 2 && bytes[0] == '\r' && bytes[1] == '\n')
		bytes += 2;
	return bytes;
}

enum request_head_state request_head_read(char *bytes, size_t length, struct raw_request *request,
					  size_t *size)
{
	const char *limit = bytes + length;
	char *line = skip_empty_lines(bytes, limit), *end;
	enum request_head_state state;

	request->method = request->target = request->version = "";
	request->line_count = request->content_length = 0;
	request->refusal = (struct bilingual){0};
	request->close = request->expects_continue = false;
	request->body = NULL;
	request->fields = (struct request_fields){0};
	if (line - bytes > REQUEST_HEAD_EMPTY)
		return refuse_malformed(request,
					BILINGUAL("Too many empty lines precede the request.",
						  "Trop de lignes vides précèdent la requête."));
	state = find_line(line, limit, &end, request);
	if (state == REQUEST_HEAD_PARTIAL)
		return check_partial_line(line, limit, request);
	if (state == REQUEST_HEAD_COMPLETE)
		state = read_request_line(line, end, request);
	if (state == REQUEST_HEAD_COMPLETE)
		state = read_fields(end + 2, limit, request, &end);
	if (state == REQUEST_HEAD_PARTIAL)
		return state;
	request_fields_find(request->lines, request->line_count, &request->fields);
	if (state == REQUEST_HEAD_MALFORMED)
		return state;
	*size = (size_t)(end - bytes);
	return framing_read(request) ? REQUEST_HEAD_COMPLETE : REQUEST_HEAD_MALFORMED;
}
