#include "command/import/personal_data.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/banned.h"

/* The data set must contain no contact details of persons. The patterns are narrow, since years,
 * numbers of cases and laws, and names such as EndOCSEA@Europe are common in it. */

static const char email[] = "an e-mail address";
static const char telephone[] = "a telephone number";

static bool is_letter(char c)
{
	return isalpha((unsigned char)c) || (unsigned char)c >= 0x80;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
	return is_letter(c) || is_digit(c);
}

/* Returns the length of a typographic separator at `text`, or 0: no-break space, narrow no-break
 * space, no-break hyphen, figure dash, en dash. */
static size_t typeset_separator(const char *text)
{
	static const char *const forms[] = {"\xC2\xA0",	    "\xE2\x80\xAF", "\xE2\x80\x91",
					    "\xE2\x80\x92", "\xE2\x80\x93", NULL};

	for (size_t i = 0; forms[i]; i++)
		if (strncmp(text, forms[i], strlen(forms[i])) == 0)
			return strlen(forms[i]);
	return 0;
}

/* Returns the length of a dot between two labels, which may be spelled out, or 0. */
static size_t dot(const char *text)
{
	static const char *const forms[] = {".", "[dot]", "(dot)", " [dot] ", " (dot) ", NULL};

	for (size_t i = 0; forms[i]; i++)
		if (strncasecmp(text, forms[i], strlen(forms[i])) == 0)
			return strlen(forms[i]);
	return 0;
}

/* True when the text begins with a host name that has a dot and a last label of letters. */
static bool begins_host(const char *text)
{
	size_t labels = 0;

	for (;;) {
		size_t length = 0, letters = 0;

		while (is_word(text[length]) || text[length] == '-')
			letters += is_letter(text[length++]);
		if (length == 0)
			return false;
		labels++;
		if (labels > 1 && letters == length && length >= 2)
			return true;
		text += length;
		length = dot(text);
		if (length == 0)
			return false;
		text += length;
	}
}

static bool ends_local_part(const char *text, const char *at)
{
	return at > text && (is_word(at[-1]) || strchr("._%+-", at[-1]));
}

static bool has_spelled_at(const char *text)
{
	static const char *const forms[] = {"[at]", "(at)", "{at}", "&#64;", NULL};

	for (size_t i = 0; forms[i]; i++) {
		const char *at = strcasestr(text, forms[i]);

		if (at && begins_host(at + strlen(forms[i]) + strspn(at + strlen(forms[i]), " ")))
			return true;
	}
	return false;
}

static bool has_email(const char *text)
{
	for (const char *at = strchr(text, '@'); at; at = strchr(at + 1, '@'))
		if (ends_local_part(text, at) && begins_host(at + 1))
			return true;
	for (const char *at = strstr(text, "%40"); at; at = strstr(at + 1, "%40"))
		if (ends_local_part(text, at) && begins_host(at + 3))
			return true;
	return has_spelled_at(text);
}

/* Counts the digits at `text`, across brackets, typographic separators and those given. */
static size_t digits_across(const char *text, const char *separators)
{
	size_t digits = 0;

	while (*text) {
		size_t separator = typeset_separator(text);

		if (is_digit(*text))
			digits++;
		else if (!separator && !strchr(separators, *text) && *text != '(' && *text != ')')
			break;
		text += separator ? separator : 1;
	}
	return digits;
}

/* True for +47 22 00 00 00, 0047 ..., (0)20 ..., and 01 23 45 67 89 with one kind of separator,
 * which has more digits than a date. `text` is the beginning of a word. */
static bool begins_number(const char *text)
{
	if (*text == '+')
		return digits_across(text + 1, " ./-") >= 7;
	if (strncmp(text, "(0)", 3) == 0)
		return digits_across(text + 3, " ./-") >= 6;
	if (*text != '0')
		return false;
	if (text[1] == '0' && text[2] >= '1' && text[2] <= '9' && digits_across(text, " ./-") >= 10)
		return true;
	return digits_across(text, " ") >= 9 || digits_across(text, ".") >= 9 ||
	       digits_across(text, "-") >= 9;
}

/* 2013-2020 or 2017/2018: after "mobile" this is the period of a plan, not a number. */
static bool begins_years(const char *text)
{
	size_t separator = 0;

	if (strspn(text, "0123456789") != 4)
		return false;
	text += 4;
	separator = typeset_separator(text);
	if (!separator && *text && strchr("-/ ", *text))
		separator = 1;
	return separator && strspn(text + separator, "0123456789") == 4;
}

static const char *after_separators(const char *text)
{
	while (*text) {
		size_t separator = strchr(" .:,+-()", *text) ? 1 : typeset_separator(text);

		if (!separator)
			break;
		text += separator;
	}
	return text;
}

/* True for a word such as "telephone" followed by a number. */
static bool follows_word(const char *text)
{
	static const char *const words[] = {"telephone", "t\xC3\xA9l\xC3\xA9phone",
					    "telefon",	 "telefono",
					    "tel",	 "t\xC3\xA9l",
					    "phone",	 "fax",
					    "mobile",	 "whatsapp",
					    NULL};

	for (size_t i = 0; words[i]; i++) {
		size_t length = strlen(words[i]);
		const char *rest = text + length;

		if (strncasecmp(text, words[i], length) != 0 ||
		    (is_letter(*rest) && !typeset_separator(rest)))
			continue;
		rest = after_separators(rest);
		if (strncasecmp(rest, "no", 2) == 0)
			rest = after_separators(rest + 2);
		if (digits_across(rest, " ./-") >= 5 && !begins_years(rest))
			return true;
	}
	return false;
}

static bool has_telephone(const char *text)
{
	size_t separator;
	char before = ' ';

	for (; *text; before = *text, text++) {
		for (; (separator = typeset_separator(text)) > 0; before = ' ')
			text += separator;
		if (!*text)
			return false;
		if (is_word(before))
			continue;
		if (follows_word(text))
			return true;
		if (!strchr(".-/", before) && begins_number(text))
			return true;
	}
	return false;
}

const char *personal_data_in_text(const char *text)
{
	if (has_email(text))
		return email;
	return has_telephone(text) ? telephone : NULL;
}

const char *personal_data_in_url(const char *url)
{
	/* Addresses in law databases contain versions such as eng@2021-06-01. */
	for (const char *at = strchr(url, '@'); at; at = strchr(at + 1, '@'))
		if (is_letter(at[1]) && ends_local_part(url, at) && begins_host(at + 1))
			return email;
	for (const char *at = strstr(url, "%40"); at; at = strstr(at + 1, "%40"))
		if (is_letter(at[3]) && ends_local_part(url, at) && begins_host(at + 3))
			return email;
	return NULL;
}
