#include "http/policy/framing.h"

#include "http/message/request_target.h"

#include <string.h>
#include <strings.h>

#include "base/banned.h"

#define DIGITS "0123456789"
#define UNRESERVED DIGITS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-._~"
#define REGISTERED_NAME UNRESERVED "!$&'()*+,;=" /* RFC 3986, section 3.2.2 */

enum {
	LONGEST_LENGTH = 18,	 /* digits of a Content-Length that fits a size_t */
	LONGEST_AUTHORITY = 300, /* bytes: a name of 255, and a port */
};

bool framing_refuse(struct raw_request *request, enum error_kind kind, struct bilingual reason)
{
	request->refusal_kind = kind;
	request->refusal = reason;
	request->close = true;
	return false;
}

static bool refuse_malformed(struct raw_request *request, struct bilingual reason)
{
	return framing_refuse(request, ERROR_BAD_REQUEST, reason);
}

/* A chunked body would be valid, but this service needs to know its length. (RFC 9110,
 * section 15.5.12; RFC 9112, section 6.1) */
static bool refuse_coding(struct raw_request *request, const char *coding)
{
	if (request->fields.values[FIELD_CONTENT_LENGTH])
		return refuse_malformed(request,
					BILINGUAL("A request may not have both Transfer-Encoding "
						  "and Content-Length.",
						  "Une requête ne peut avoir à la fois "
						  "Transfer-Encoding et Content-Length."));
	if (strcmp(request->version, "HTTP/1.0") == 0)
		return refuse_malformed(request, BILINGUAL("Transfer-Encoding needs HTTP/1.1.",
							   "Transfer-Encoding demande HTTP/1.1."));
	if (request->fields.repeated >> FIELD_TRANSFER_ENCODING & 1 ||
	    strcasecmp(coding, "chunked") != 0)
		return refuse_malformed(request, BILINGUAL("The transfer coding is unknown.",
							   "Le codage de transfert est inconnu."));
	return framing_refuse(
		request, ERROR_LENGTH_REQUIRED,
		BILINGUAL("A body needs Content-Length; chunked bodies are not accepted.",
			  "Un corps demande Content-Length ; les corps découpés (chunked) ne sont "
			  "pas acceptés."));
}

/* RFC 9110, section 8.6: digits alone, no sign, no list. */
static bool read_length(struct raw_request *request, const char *length)
{
	size_t digits = strspn(length, DIGITS), zeros = strspn(length, "0");

	if (digits == 0 || length[digits] != '\0')
		return refuse_malformed(request, BILINGUAL("Content-Length must be a number.",
							   "Content-Length doit être un nombre."));
	if (digits - zeros > LONGEST_LENGTH)
		return refuse_malformed(
			request, BILINGUAL("Content-Length is too large for any body.",
					   "Content-Length dépasse la taille de tout corps."));
	request->content_length = 0;
	for (const char *at = length; *at; at++)
		request->content_length = request->content_length * 10 + (size_t)(*at - '0');
	return true;
}

/* uri-host [ ":" port ], which may be empty. (RFC 9110, section 7.2) */
static bool is_host(const char *host)
{
	if (*host == '[') {
		size_t length = strcspn(host, "]");
		struct address unused;

		if (!host[length] || !memchr(host, ':', length) ||
		    !address_read(host + 1, length - 1, &unused))
			return false;
		host += length + 1;
	} else {
		host += strspn(host, REGISTERED_NAME);
		while (*host == '%' && request_target_byte(host) >= 0)
			host += 3 + strspn(host + 3, REGISTERED_NAME);
	}
	return *host == '\0' || (*host == ':' && host[1 + strspn(host + 1, DIGITS)] == '\0');
}

/* The authority of an absolute target must have a host, and no user information. (RFC 9110,
 * sections 4.2.1 and 4.2.4) */
static bool has_valid_authority(const char *target)
{
	const char *authority = *target == '/' ? NULL : strstr(target, "://");
	char host[LONGEST_AUTHORITY + 1] = "";
	size_t length;

	if (!authority)
		return true;
	authority += strlen("://");
	length = strcspn(authority, "/?#");
	if (length == 0 || length > LONGEST_AUTHORITY || *authority == ':')
		return false;
	memcpy(host, authority, length);
	return is_host(host);
}

static bool check_host(struct raw_request *request)
{
	const char *host = request->fields.values[FIELD_HOST];

	if (!host && strcmp(request->version, "HTTP/1.1") == 0)
		return refuse_malformed(
			request, BILINGUAL("A request of HTTP/1.1 must have a Host field.",
					   "Une requête HTTP/1.1 doit avoir le champ Host."));
	if (host && !is_host(host))
		return refuse_malformed(
			request, BILINGUAL("The value of Host is not a host and a port.",
					   "La valeur de Host n’est pas un hôte suivi d’un port."));
	if (!has_valid_authority(request->target))
		return refuse_malformed(
			request, BILINGUAL("The target does not name a host and a port.",
					   "L’adresse ne désigne pas un hôte suivi d’un port."));
	return true;
}

/* True when the comma-separated list has the token, which is compared without case. */
static bool has_token(const char *list, const char *token)
{
	size_t length = strlen(token);

	while (*list) {
		size_t member;

		list += strspn(list, ", \t");
		member = strcspn(list, ", \t");
		if (member == length && strncasecmp(list, token, length) == 0)
			return true;
		list += member;
	}
	return false;
}

/* The same over all lines of a field. */
static bool field_has_token(const struct raw_request *request, enum request_field_name field,
			    const char *name, const char *token)
{
	const char *value = request->fields.values[field];

	if (!value)
		return false;
	if (!(request->fields.repeated >> field & 1))
		return has_token(value, token);
	for (size_t i = 0; i < request->line_count; i++)
		if (strcasecmp(request->lines[i].name, name) == 0 &&
		    has_token(request->lines[i].value, token))
			return true;
	return false;
}

bool framing_read(struct raw_request *request)
{
	const char *coding = request->fields.values[FIELD_TRANSFER_ENCODING];
	const char *length = request->fields.values[FIELD_CONTENT_LENGTH];
	const struct bilingual repeated = request_fields_repeated(&request->fields);
	const bool old = strcmp(request->version, "HTTP/1.0") == 0;

	/* A connection of HTTP/1.0 is never reused. (RFC 9112, section 9.3) */
	request->close = old || field_has_token(request, FIELD_CONNECTION, "Connection", "close");
	request->expects_continue =
		!old && field_has_token(request, FIELD_EXPECT, "Expect", "100-continue");
	if (repeated.english)
		return refuse_malformed(request, repeated);
	if (coding)
		return refuse_coding(request, coding);
	if (length && !read_length(request, length))
		return false;
	return check_host(request);
}
