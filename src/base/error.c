#include "base/error.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/banned.h"

#undef error_set
#undef error_tell
#undef error_tell_text
#undef error_out_of_memory

bool error_set(struct error *err, enum error_kind kind, const char *format, ...)
{
	va_list args;

	err->kind = kind;
	err->french[0] = '\0';
	va_start(args, format);
	vsnprintf(err->message, sizeof err->message, format, args);
	va_end(args);
	utf8_trim(err->message);
	return false;
}

bool error_tell(struct error *err, enum error_kind kind, const char *english, const char *french,
		...)
{
	va_list args;

	err->kind = kind;
	va_start(args, french);
	vsnprintf(err->message, sizeof err->message, english, args);
	va_end(args);
	va_start(args, french);
	vsnprintf(err->french, sizeof err->french, french, args);
	va_end(args);
	utf8_trim(err->message);
	utf8_trim(err->french);
	return false;
}

bool error_tell_text(struct error *err, enum error_kind kind, struct bilingual text)
{
	err->kind = kind;
	snprintf(err->message, sizeof err->message, "%s", text.english);
	snprintf(err->french, sizeof err->french, "%s", text.french);
	return false;
}

const char *error_in(const struct error *err, const char *language)
{
	return strcmp(language, "fr") == 0 && err->french[0] ? err->french : err->message;
}

bool error_out_of_memory(struct error *err)
{
	return error_set(err, ERROR_INTERNAL, "Out of memory.");
}
