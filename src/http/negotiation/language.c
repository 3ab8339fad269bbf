#include "http/negotiation/language.h"

#include "http/negotiation/quality_value.h"

#include <string.h>
#include <strings.h>

#include "base/banned.h"

enum { LANGUAGES = 2 };

static const char *const languages[LANGUAGES] = {"en", "fr"};

/* True for the language itself and its regions: "fr", "fr-CA". */
static bool names(const struct quality_value *range, const char *language)
{
	return range->length >= 2 && strncasecmp(range->text, language, 2) == 0 &&
	       (range->length == 2 || range->text[2] == '-');
}

/* The preference of Accept-Language for one language. */
struct wish {
	int weight; /* -1 refused, 0 not named, else its quality */
	int place;  /* of the element in the field */
};

/* Adds an element. Refusing a region ("fr-CA;q=0") does not refuse the language. */
static void note(struct wish *wish, const struct quality_value *range, int place)
{
	if (range->quality > wish->weight)
		*wish = (struct wish){range->quality, place};
	else if (range->quality == 0 && range->length <= 2 && wish->weight == 0)
		wish->weight = -1;
}

const char *language_pick(const char *chosen, const char *accept_language)
{
	struct wish wishes[LANGUAGES] = {{0, 0}}, any = {0, 0};
	struct quality_value range;
	int best = 0;

	if (chosen)
		return strcmp(chosen, "fr") == 0 ? "fr" : "en";
	for (int at = 1; accept_language && quality_value_next(&accept_language, &range); at++) {
		if (range.length == 1 && *range.text == '*')
			note(&any, &range, at);
		for (int i = 0; i < LANGUAGES; i++)
			if (names(&range, languages[i]))
				note(&wishes[i], &range, at);
	}
	for (int i = 0; i < LANGUAGES; i++)
		if (wishes[i].weight == 0)
			wishes[i] = any;
	for (int i = 1; i < LANGUAGES; i++)
		if (wishes[i].weight > wishes[best].weight ||
		    (wishes[i].weight == wishes[best].weight &&
		     wishes[i].place < wishes[best].place))
			best = i;
	return languages[best];
}
