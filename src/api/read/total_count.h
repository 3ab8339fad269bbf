/*
 * total: how many rows a filter set has, kept apart from pages: a page whose total is known does
 * not count again.
 */
#pragma once
#include <stdint.h>

#include "base/error.h"
#include "http/message/request.h"

enum { TOTAL_BYTES = 6 << 20 }; /* of the cache of totals, of which one half is used */

struct total_count {
	const char *text;  /* NULL: not known; lives as long as the request */
	uint64_t revision; /* at which it was counted */
};

/* Looks up the total of a filter set, which `filters` names, as it is at the newest revision. */
MUST_CHECK bool total_count_find(const struct request *request, const char *filters,
				 struct total_count *total, struct error *err);

/* Keeps one. Without memory it is counted again. */
void total_count_keep(const struct request *request, const char *filters,
		      const struct total_count *total);
