#include "base/config_check.h"

#include "base/address.h"
#include "base/log.h"
#include "base/network_list.h"
#include "base/number.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/banned.h"

bool config_check_address(const char *text)
{
	struct in6_addr address;

	return inet_pton(AF_INET, text, &address) == 1 || inet_pton(AF_INET6, text, &address) == 1;
}

/* True when there is no blank, no control and nothing that would end an address in a header or a
 * text. */
static bool is_uri_part(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)text[i] <= ' ' || (unsigned char)text[i] >= 0x7F ||
		    strchr("\"'<>\\^`{|}", text[i]))
			return false;
	return true;
}

/* True when the first `length` bytes are http:// or https:// and something behind it. */
static bool is_web_part(const char *text, size_t length)
{
	size_t scheme = strncmp(text, "https://", 8) == 0 ? 8 : 7;

	if ((scheme == 7 && strncmp(text, "http://", 7) != 0) || length <= scheme)
		return false;
	return is_uri_part(text, length) && !strchr("/?#", text[scheme]);
}

bool config_check_web_address(const char *text)
{
	return is_web_part(text, strlen(text));
}

bool config_check_prefix(const char *text)
{
	return !*text || (config_check_web_address(text) && !strpbrk(text, "?#") &&
			  text[strlen(text) - 1] != '/');
}

bool config_check_contact(const char *text)
{
	size_t scheme = strncmp(text, "mailto:", 7) == 0 ? 7
			: strncmp(text, "tel:", 4) == 0	 ? 4
							 : 0;

	if (scheme)
		return text[scheme] && is_uri_part(text, strlen(text));
	return !*text || (config_check_web_address(text) && strncmp(text, "https:", 6) == 0);
}

bool config_check_origins(const char *text)
{
	if (strcmp(text, "*") == 0)
		return true;
	for (;; text++) {
		size_t length = strcspn(text, ",");
		const char *host = strstr(text, "//");

		/* An origin has no path, not even a slash. */
		if (!is_web_part(text, length) ||
		    strcspn(host + 2, "/?#,") != length - (size_t)(host + 2 - text))
			return false;
		text += length;
		if (!*text)
			return true;
	}
}

bool config_check_rate_read(const char *text, long *requests, long *seconds)
{
	const char *slash = strchr(text, '/');
	size_t length = slash ? (size_t)(slash - text) : 0;
	char number[16];

	if (length == 0 || length >= sizeof number)
		return false;
	memcpy(number, text, length);
	number[length] = '\0';
	return number_read(number, 1, 1000000, requests) &&
	       number_read(slash + 1, 1, 86400, seconds);
}

bool config_check_rate(const char *text)
{
	long requests, seconds;

	return !*text || config_check_rate_read(text, &requests, &seconds);
}

bool config_check_networks(const char *text)
{
	struct network_list networks;

	return network_list_read(text, &networks);
}

bool config_check_port(const char *text)
{
	long port;

	return !*text || number_read(text, 0, 65535, &port);
}

bool config_check_address_form(const char *text)
{
	return strcmp(text, "truncated") == 0 || strcmp(text, "full") == 0 ||
	       strcmp(text, "none") == 0;
}

bool config_check_switch(const char *text)
{
	return strcmp(text, "on") == 0 || strcmp(text, "off") == 0;
}

bool config_check_level(const char *text)
{
	return log_level_named(text) >= 0;
}
