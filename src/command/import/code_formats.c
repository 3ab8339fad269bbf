#include "command/import/code_formats.h"

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

/* The data uses two letters where M49 has no code. */
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

const struct code_format code_formats_id = {
	is_id, "is not an identifier: letters and digits, after the first also '.', '_' and '-'"};
const struct code_format code_formats_country = {is_code, "is not two capital letters"};
const struct code_format code_formats_alpha3 = {is_alpha3, "is not three capital letters"};
const struct code_format code_formats_three_digits = {is_three_digits, "is not three digits"};
const struct code_format code_formats_region = {is_region,
						"is not three digits or two capital letters"};
const struct code_format code_formats_whole_article = {
	is_whole_article,
	"is not a whole article: paragraphs follow from the records that cite them"};
const struct code_format code_formats_article = {
	is_article, "is not an article: one or two digits, then parts after dots, as in 29.4"};
const struct code_format code_formats_year = {is_year, "is not a year of four digits"};
const struct code_format code_formats_language = {is_language,
						  "is not a language code of two or three letters"};
