#include "http/message/request.h"

#include <string.h>

#include "base/banned.h"

const char *const request_methods[] = {"GET",	"HEAD",	  "OPTIONS", "POST",	"PUT",
				       "PATCH", "DELETE", "TRACE",   "CONNECT", NULL};

bool request_method_known(const char *method)
{
	for (const char *const *known = request_methods; *known; known++)
		if (strcmp(*known, method) == 0)
			return true;
	return false;
}

const char *request_value(const struct request *request, const char *name)
{
	for (size_t i = 0; i < request->value_count; i++)
		if (strcmp(request->values[i].name, name) == 0)
			return request->values[i].canonical;
	return NULL;
}

const char *request_field(const struct request *request, enum request_field_name name)
{
	return request->fields.values[name];
}
