#include "http/request.h"

#include "http/exchange.h"
#include "http/text.h"

#include <string.h>

#include "base/banned.h"

const char *request_value(const struct request *request, const char *name)
{
	for (size_t i = 0; i < request->value_count; i++)
		if (strcmp(request->values[i].parameter->name, name) == 0)
			return request->values[i].canonical;
	return NULL;
}

const char *request_field(const struct request *request, const char *name)
{
	const struct incoming *incoming = request->incoming;
	const char *value = NULL;

	for (size_t i = 0; i < incoming->field_count && i < LIMIT_FIELDS; i++) {
		if (!text_same_name(incoming->fields[i].name, name))
			continue;
		if (!value)
			value = incoming->fields[i].value;
		else
			value = arena_format(request->arena, "%s, %s", value,
					     incoming->fields[i].value);
		if (!value)
			return NULL;
	}
	return value;
}
