#include "http/policy/framing.h"

#include <string.h>
#include <strings.h>

#include "base/banned.h"

static size_t count_field(const struct raw_request *incoming, const char *name, const char **value)
{
	size_t kept = incoming->field_count < LIMIT_FIELDS ? incoming->field_count : LIMIT_FIELDS;
	size_t count = 0;

	for (size_t i = 0; i < kept; i++) {
		if (strcasecmp(incoming->fields[i].name, name) != 0)
			continue;
		*value = incoming->fields[i].value;
		count++;
	}
	return count;
}

const char *framing_fault(const struct raw_request *incoming, bool *close)
{
	const char *coding = "", *length = "", *host = "";
	size_t codings = count_field(incoming, "Transfer-Encoding", &coding);
	size_t lengths = count_field(incoming, "Content-Length", &length);
	size_t hosts = count_field(incoming, "Host", &host);
	bool old = strcmp(incoming->version, "HTTP/1.1") != 0;

	*close = true;
	if (incoming->field_nul)
		return "A header field holds the character NUL.";
	if (codings > 0 && lengths > 0)
		return "A request may not have both Transfer-Encoding and Content-Length.";
	if (codings > 1 || (codings == 1 && strcasecmp(coding, "chunked") != 0))
		return "The only transfer coding that is understood here is chunked.";
	if (codings > 0 && old)
		return "Transfer-Encoding needs HTTP/1.1.";
	if (lengths > 1)
		return "A request may have one Content-Length only.";
	*close = false;
	if (hosts > 1)
		return "A request may have one Host only.";
	if (hosts == 0 && !old)
		return "A request of HTTP/1.1 must have the field Host.";
	return NULL;
}
