#include "base/error.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/banned.h"

#undef error_set
#undef error_out_of_memory

bool error_set(struct error *err, enum error_kind kind, const char *format, ...)
{
	va_list args;

	err->kind = kind;
	va_start(args, format);
	vsnprintf(err->message, sizeof err->message, format, args);
	va_end(args);
	utf8_trim(err->message);
	return false;
}

bool error_out_of_memory(struct error *err)
{
	return error_set(err, ERROR_INTERNAL, "Out of memory.");
}
