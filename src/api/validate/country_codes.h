/*
 * countries: the spellings of country codes, kept in memory.
 *
 * `country` may be given as alpha-2, alpha-3 or numeric in any case; every address and query uses
 * alpha-2. The table is read from the database at the first use and again when a spelling is
 * missing or the dataset moved on, at most once a second.
 */
#pragma once
#include <stdint.h>

#include "api/query/query_builder.h"

struct countries;

/* NULL when out of memory. `query` gives code, alpha3, numeric. */
struct countries *countries_open(struct db *db, const struct derived *query);
void countries_close(struct countries **countries);

/* Writes the alpha-2 code. Fails with ERROR_NOT_FOUND for a spelling that no country has, and
 * with ERROR_UNAVAILABLE when the table could not be read. */
MUST_CHECK bool countries_code(struct countries *countries, const char *spelling,
			       struct deadline deadline, char code[3], struct error *err);

/* Tells that an answer came from this revision of the dataset. */
void countries_saw(struct countries *countries, uint64_t revision);
