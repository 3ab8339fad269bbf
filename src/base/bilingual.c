#include "base/bilingual.h"

#include <string.h>

#include "base/banned.h"

const char *bilingual_in(struct bilingual text, const char *language)
{
	return strcmp(language, "fr") == 0 ? text.french : text.english;
}
