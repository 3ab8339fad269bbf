#include "http/negotiation/media_type.h"

#include "base/cleanup.h"
#include "base/buffer.h"
#include "http/negotiation/quality_value.h"

#include <string.h>
#include <strings.h>

#include "base/banned.h"

const struct media_type media_type_json = {"json", "application/json", false};
const struct media_type media_type_csv = {"csv", "text/csv", true};
const struct media_type media_type_ndjson = {"ndjson", "application/x-ndjson", true};
const struct media_type media_type_atom = {"atom", "application/atom+xml", false};
const struct media_type media_type_html = {"html", "text/html", false};

/* Returns how specifically a range matches a type: 3 exactly, 2 by its first half, 1 as any, 0 not.
 */
static int closeness(const struct quality_value *range, const char *type)
{
	size_t half = strcspn(type, "/") + 1, whole = strcspn(type, "; ");

	/* A lone '*' is not a media range, but Java's client sends it as one. */
	if ((range->length == 3 && strncmp(range->text, "*/*", 3) == 0) ||
	    (range->length == 1 && *range->text == '*'))
		return 1;
	if (range->length == half + 1 && range->text[half] == '*' &&
	    strncasecmp(range->text, type, half) == 0)
		return 2;
	return range->length == whole && strncasecmp(range->text, type, whole) == 0 ? 3 : 0;
}

static bool is_range(const struct quality_value *range)
{
	return (range->length == 1 && *range->text == '*') ||
	       memchr(range->text, '/', range->length);
}

int media_type_quality(const char *accept, const char *type)
{
	int quality = 0, closest = 0;
	bool any = false;
	struct quality_value range;

	while (accept && quality_value_next(&accept, &range)) {
		int close = closeness(&range, type);

		any = any || is_range(&range);
		if (close > closest || (close == closest && close > 0 && range.quality > quality)) {
			closest = close;
			quality = range.quality;
		}
	}
	return any ? quality : 1000;
}

static bool list_offered(const struct media_type *const *offered, enum error_kind kind,
			 struct error *err)
{
	CLEANUP(buffer_free) struct buffer list = {0};

	for (size_t i = 0; offered[i]; i++)
		buffer_format(&list, "%s%s", i ? ", " : "",
			      kind == ERROR_BAD_REQUEST ? offered[i]->format : offered[i]->type);
	if (list.failed)
		return error_out_of_memory(err);
	if (kind == ERROR_BAD_REQUEST)
		return error_tell(err, kind, "This resource has the formats: %s.",
				  "Cette ressource a les formats : %s.", list.bytes);
	return error_tell(err, kind, "Accept allows none of the available formats: %s.",
			  "Accept n’admet aucun des formats disponibles : %s.", list.bytes);
}

bool media_type_pick(const struct media_type *const *offered, const char *accept,
		     const char *format, const struct media_type **picked, struct error *err)
{
	const struct media_type *best = NULL;
	int quality = 0;

	for (const struct media_type *const *media = offered; *media; media++) {
		int weight = format ? (strcmp((*media)->format, format) == 0) * 1000
				    : media_type_quality(accept, (*media)->type);

		if (weight > quality) {
			best = *media;
			quality = weight;
		}
	}
	if (!best && format)
		return list_offered(offered, ERROR_BAD_REQUEST, err);
	if (!best)
		return list_offered(offered, ERROR_NOT_ACCEPTABLE, err);
	*picked = best;
	return true;
}
