/*
 * bilingual: a text that clients read, in both languages of the service.
 */
#pragma once

struct bilingual {
	const char *english, *french; /* both NULL: there is no text */
};

#define BILINGUAL(english, french) ((struct bilingual){english, french})

/* The text in a language, "en" or "fr". */
const char *bilingual_in(struct bilingual text, const char *language);
