#include "http/negotiation/quality_value.h"

#include "fuzz.h"
#include "http/negotiation/language.h"
#include "http/negotiation/media_type.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static const struct media_type *const offered[] = {&media_type_json, &media_type_csv,
							   &media_type_ndjson, NULL};
	char *text = text_of(bytes, length);
	const struct media_type *picked = NULL;
	struct quality_value preference;
	const char *list = text, *language;
	struct error err;

	while (quality_value_next(&list, &preference)) {
		PROMISE(preference.text >= text && preference.length > 0);
		PROMISE(preference.text + preference.length <= text + strlen(text));
		PROMISE(preference.quality >= 0 && preference.quality <= 1000);
		PROMISE(list <= text + strlen(text));
	}
	for (size_t i = 0; offered[i]; i++) {
		int quality = media_type_quality(text, offered[i]->type);

		PROMISE(quality >= 0 && quality <= 1000);
	}
	if (media_type_pick(offered, text, NULL, &picked, &err))
		PROMISE(picked && media_type_quality(text, picked->type) > 0);
	else
		PROMISE(err.kind == ERROR_NOT_ACCEPTABLE);
	language = language_pick(NULL, text);
	PROMISE(strcmp(language, "en") == 0 || strcmp(language, "fr") == 0);
	free(text);
	return 0;
}
