/*
 * code_formats: how identifiers and codes are written.
 */
#pragma once
#include <stdbool.h>

struct code_format {
	bool (*matches)(const char *text);
	const char *reason; /* follows a value that does not match: "'x' <reason>" */
};

extern const struct code_format code_formats_id, code_formats_country, code_formats_alpha3,
	code_formats_three_digits, code_formats_region, code_formats_whole_article,
	code_formats_article, code_formats_year, code_formats_language;
