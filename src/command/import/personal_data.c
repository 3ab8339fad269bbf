#include "command/import/personal_data.h"

#include "command/import/pattern.h"

#include <stddef.h>

#include "base/banned.h"

/* The dataset must contain no contact details of persons. The patterns are narrow, since years,
 * numbers of cases and laws, and names such as EndOCSEA@Europe are common in it. They match bytes,
 * of which those from 0x80 on count as letters. */

/* clang-format off */
#define LETTER "[^]\x01-@[\\^_`{-\x7F]"
#define WORD "[^]\x01-/:-@[\\^_`{-\x7F]"
#define NO_WORD "[]\x01-/:-@[\\^_`{-\x7F]"
#define IN_LABEL "[^]\x01-,./:-@[\\^_`{-\x7F]"
#define END_OF_LABEL "([]\x01-,./:-@[\\^_`{-\x7F]|$)"

/* Dots between labels may be spelled out. The last label of a host consists of letters. */
#define DOT "(\\.|\\[dot]|\\(dot\\)| \\[dot] | \\(dot\\) )"
#define REST_OF_HOST IN_LABEL "*(" DOT IN_LABEL "+)*" DOT LETTER LETTER "+" END_OF_LABEL
#define AT "(" WORD "|[._%+-])(@|%40)"
#define SPELLED_AT "(\\[at]|\\(at\\)|\\{at}|&#64;) *"

/* No-break space, narrow no-break space, no-break hyphen, figure dash, en dash. */
#define TYPESET "(\xC2\xA0|\xE2\x80\xAF|\xE2\x80\x91|\xE2\x80\x92|\xE2\x80\x93)"
#define SEPARATOR "([ .:,+()-]|" TYPESET ")"

/* `count` digits, across brackets, typographic separators and those of the set. */
#define DIGITS(set, count) "((" TYPESET "|[()" set "])*[0-9]){" count "}"

static struct pattern email = {
	.expression = "(" AT "|" SPELLED_AT ")" IN_LABEL REST_OF_HOST, .flags = REG_ICASE};

/* Addresses in law databases contain versions such as eng@2021-06-01. */
static struct pattern email_in_url = {
	.expression = AT LETTER REST_OF_HOST, .flags = REG_ICASE};

/* +47 22 00 00 00, (0)20 ..., 0047 ..., and 01 23 45 67 89 with one kind of separator, which has
 * more digits than a date. */
static struct pattern number = {
	.expression =
		"(^|" TYPESET "|[]\x01-,:-@[\\^_`{-\x7F])"
		"(\\+" DIGITS(" ./-", "7") "|\\(0\\)" DIGITS(" ./-", "6")
		"|00[1-9]" DIGITS(" ./-", "7") "|0" DIGITS(" ", "8")
		"|0" DIGITS(".", "8") "|0" DIGITS("-", "8") ")"};

/* Words that a number follows, and the number. */
static struct pattern word = {
	.expression =
		"(^|" TYPESET "|" NO_WORD ")"
		"(telephone|t\xC3\xA9l(\xC3\xA9phone)?|telefono?|tel|phone|fax|mobile|whatsapp)"
		"(" SEPARATOR "+(no" SEPARATOR "*)?)?",
	.flags = REG_ICASE};
static struct pattern digits = {.expression = "^" DIGITS(" ./-", "5")};

/* 2013-2020 or 2017/2018: after "mobile" this is the period of a plan, not a number. */
static struct pattern years = {
	.expression = "^[0-9]{4}(" TYPESET "|[/ -])[0-9]{4}([^0-9]|$)"};
/* clang-format on */

/* Also true when memory runs out, so that nothing is published without the check. */
static bool contains(struct pattern *pattern, const char *text)
{
	return pattern_find(pattern, text, 0, NULL) != REG_NOMATCH;
}

/* True for a word such as "telephone" followed by a number. */
static bool has_word(const char *text)
{
	regmatch_t place;
	int flags = 0, failure;

	while ((failure = pattern_find(&word, text, flags, &place)) == 0) {
		const char *rest = text + place.rm_eo;

		if (contains(&digits, rest) && pattern_find(&years, rest, 0, NULL) != 0)
			return true;
		text += place.rm_so + 1;
		flags = REG_NOTBOL;
	}
	return failure != REG_NOMATCH;
}

const char *personal_data_in_text(const char *text)
{
	if (contains(&email, text))
		return "an e-mail address";
	return contains(&number, text) || has_word(text) ? "a telephone number" : NULL;
}

const char *personal_data_in_url(const char *url)
{
	return contains(&email_in_url, url) ? "an e-mail address" : NULL;
}
