#include "command/import/import.h"

#include <string.h>

#include "base/banned.h"

#define CAPITALS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define LETTERS "abcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"

/* True when text consists of characters of the set and has minimum to maximum of them. */
static bool consists_of(const char *text, const char *set, size_t minimum, size_t maximum)
{
	size_t length = strspn(text, set);

	return text[length] == '\0' && length >= minimum && length <= maximum;
}

static bool is_id(const char *text)
{
	return *text != '.' && *text != '_' && *text != '-' &&
	       consists_of(text, CAPITALS LETTERS DIGITS "._-", 1, 100);
}

static bool is_code(const char *text)
{
	return consists_of(text, CAPITALS, 2, 2);
}

static bool is_alpha3(const char *text)
{
	return consists_of(text, CAPITALS, 3, 3);
}

static bool is_three_digits(const char *text)
{
	return consists_of(text, DIGITS, 3, 3);
}

/* The data uses two letters where M49 has no code of its own. */
static bool is_region(const char *text)
{
	return is_three_digits(text) || is_code(text);
}

static bool is_whole_article(const char *text)
{
	return consists_of(text, DIGITS, 1, 2);
}

static bool is_article(const char *text)
{
	size_t digits = strspn(text, DIGITS);

	if (digits < 1 || digits > 2 || strlen(text) > 40)
		return false;
	text += digits;
	while (*text == '.') {
		size_t part = strspn(++text, LETTERS DIGITS);

		if (part == 0)
			return false;
		text += part;
	}
	return *text == '\0';
}

static bool is_year(const char *text)
{
	return consists_of(text, DIGITS, 4, 4);
}

static bool is_language(const char *text)
{
	return consists_of(text, LETTERS, 2, 3);
}

const struct form id_form = {
	is_id, "is not an identifier: letters and digits, after the first also '.', '_' and '-'"};
const struct form code_form = {is_code, "is not two capital letters"};
const struct form alpha3_form = {is_alpha3, "is not three capital letters"};
const struct form three_digits = {is_three_digits, "is not three digits"};
const struct form region_form = {is_region, "is not three digits or two capital letters"};
const struct form whole_article_form = {
	is_whole_article,
	"is not a whole article: only those stand here, paragraphs follow from what names them"};
const struct form article_form = {
	is_article, "is not an article: one or two digits, then parts after dots, as in 29.4"};
const struct form year_form = {is_year, "is not a year of four digits"};
const struct form language_form = {is_language, "is not a language code of two or three letters"};
