#include "http/policy/client_address.h"

#include <string.h>
#include <strings.h>

#include "base/banned.h"

#define DIGITS "0123456789"
#define ALPHANUMERIC DIGITS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define TOKEN ALPHANUMERIC "!#$%&'*+-.^_`|~" /* RFC 9110, section 5.6.2 */

enum { HOPS = 32 }; /* proxies in a chain */

/* A part of a field's value. */
struct span {
	const char *text;
	size_t length;
};

static size_t span_of(struct span span, const char *accepted)
{
	size_t count = 0;

	while (count < span.length && span.text[count] != '\0' &&
	       strchr(accepted, span.text[count]))
		count++;
	return count;
}

static struct span after(struct span span, size_t count)
{
	return (struct span){span.text + count, span.length - count};
}

static struct span trim(struct span span)
{
	span = after(span, span_of(span, " \t"));
	while (span.length > 0 && strchr(" \t", span.text[span.length - 1]))
		span.length--;
	return span;
}

/* Returns true for ":" and a port, which may be obfuscated. (RFC 7239, section 6) */
static bool is_port(struct span span)
{
	size_t length = span.length - 1;

	if (span.length < 2 || span.text[0] != ':')
		return false;
	span = after(span, 1);
	if (span.text[0] == '_')
		return length > 1 && span_of(after(span, 1), ALPHANUMERIC "._-") == length - 1;
	return length <= 5 && span_of(span, DIGITS) == length;
}

/* Reads a node: an address, in brackets if it is IPv6, and an optional port. "unknown" and
 * obfuscated names are not addresses. With `bare`, IPv6 addresses may lack the brackets, as in
 * X-Forwarded-For. */
static bool read_node(struct span node, bool bare, struct address *address)
{
	const char *colon = memchr(node.text, ':', node.length);
	const char *bracket = memchr(node.text, ']', node.length);
	size_t length = node.length;

	if (node.length > 0 && node.text[0] == '[') {
		if (!bracket)
			return false;
		length = (size_t)(bracket - node.text);
		if (length + 1 < node.length && !is_port(after(node, length + 1)))
			return false;
		return memchr(node.text, ':', length) &&
		       address_read(node.text + 1, length - 1, address);
	}
	if (colon && bare && memchr(colon + 1, ':', node.length - (size_t)(colon + 1 - node.text)))
		return address_read(node.text, node.length, address);
	if (colon)
		length = (size_t)(colon - node.text);
	if (colon && !is_port(after(node, length)))
		return false;
	return address_read(node.text, length, address);
}

/* True when an odd number of backslashes precedes the position. */
static bool is_escaped(const struct span *list, size_t at)
{
	size_t count = 0;

	while (count < at && list->text[at - count - 1] == '\\')
		count++;
	return count % 2 == 1;
}

/* Takes the last member off a list; false when there is none. Empty members are skipped (RFC 9110,
 * section 5.6.1.2), and commas in quotes do not separate members. Read from the right, the member
 * that a proxy added has complete quotes, even if the client left one open before it. */
static bool take_last(struct span *list, struct span *member)
{
	bool quoted = false;
	size_t at;

	while (list->length > 0 && strchr(" \t,", list->text[list->length - 1]))
		list->length--;
	if (list->length == 0)
		return false;
	for (at = list->length; at > 0; at--) {
		char byte = list->text[at - 1];

		if (byte == '"' && !(quoted && is_escaped(list, at - 1)))
			quoted = !quoted;
		else if (byte == ',' && !quoted)
			break;
	}
	*member = trim((struct span){list->text + at, list->length - at});
	list->length = at;
	return true;
}

/* Takes a token or a quoted string off the front; *value is the text in the quotes. False when
 * there is none. */
static bool take_value(struct span *rest, struct span *value)
{
	size_t at = 1;

	if (rest->length == 0 || rest->text[0] != '"') {
		*value = (struct span){rest->text, span_of(*rest, TOKEN)};
		*rest = after(*rest, value->length);
		return value->length > 0;
	}
	while (at < rest->length && rest->text[at] != '"')
		at += rest->text[at] == '\\' ? 2 : 1;
	if (at >= rest->length)
		return false;
	*value = (struct span){rest->text + 1, at - 1};
	*rest = after(*rest, at + 1);
	return true;
}

/* A member is a list of pairs with semicolons; each name may occur once. (RFC 7239, section 4)
 * An address needs no escapes, so a value with escapes is not one. */
static bool read_quoted(struct span member, struct address *address)
{
	struct span node = {0}, other;
	bool found = false;

	while (member.length > 0) {
		size_t length = span_of(member, TOKEN);
		bool is_for = length == 3 && strncasecmp(member.text, "for", 3) == 0;

		if (length == 0 || length == member.length || member.text[length] != '=')
			return false;
		member = after(member, length + 1);
		if ((is_for && found) || !take_value(&member, is_for ? &node : &other))
			return false;
		found |= is_for;
		member = trim(member);
		if (member.length > 0 && member.text[0] != ';')
			return false;
		if (member.length > 0)
			member = trim(after(member, 1));
	}
	return found && read_node(node, false, address);
}

static struct address follow(const struct network_list *trusted, const struct address *peer,
			     const char *value, bool quoted)
{
	struct span list = {value, strlen(value)}, member;
	struct address at = *peer;

	for (int hop = 0; hop < HOPS && network_list_contains(trusted, &at); hop++)
		if (!take_last(&list, &member) ||
		    !(quoted ? read_quoted(member, &at) : read_node(member, true, &at)))
			break;
	return at;
}

void client_address_find(const struct network_list *trusted, const struct address *peer,
			 const char *forwarded_for, const char *forwarded, struct address *client)
{
	struct address plain = *peer, quoted = *peer;

	*client = *peer;
	if (!network_list_contains(trusted, peer))
		return;
	if (forwarded_for)
		plain = follow(trusted, peer, forwarded_for, false);
	if (forwarded)
		quoted = follow(trusted, peer, forwarded, true);
	if (!forwarded)
		*client = plain;
	else if (!forwarded_for || address_equal(&plain, &quoted))
		*client = quoted;
}

void client_address_identify(const struct network_list *trusted, const struct address *peer,
			     struct exchange *exchange)
{
	const struct request *request = &exchange->request;

	exchange->client_known = peer;
	if (peer)
		client_address_find(trusted, peer, request_field(request, FIELD_X_FORWARDED_FOR),
				    request_field(request, FIELD_FORWARDED), &exchange->client);
}
