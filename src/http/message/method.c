#include "http/message/method.h"

#include <string.h>

#include "base/banned.h"

const char *const methods[] = {"GET",	"HEAD",	  "OPTIONS", "POST",	"PUT",
			       "PATCH", "DELETE", "TRACE",   "CONNECT", NULL};

bool method_known(const char *method)
{
	for (const char *const *known = methods; *known; known++)
		if (strcmp(*known, method) == 0)
			return true;
	return false;
}
