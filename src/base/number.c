#include "base/number.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

bool number_read(const char *text, long minimum, long maximum, long *number)
{
	size_t digits = strspn(text, "0123456789");
	long read;

	if (digits == 0 || text[digits] != '\0')
		return false;
	errno = 0;
	read = strtol(text, NULL, 10);
	if (errno || read < minimum || read > maximum)
		return false;
	*number = read;
	return true;
}
