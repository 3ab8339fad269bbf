/*
 * country_codes: the spellings of country codes, in memory.
 *
 * `country` may be alpha-2, alpha-3 or numeric in any case, and UK and EL as the institutions of
 * the European Union write them; addresses and queries use alpha-2. The table is read from the
 * database at the first use. It is read again when a spelling is missing or the dataset has a newer
 * revision, at most once a second.
 */
#pragma once
#include <stdint.h>

#include "db/db.h"

struct country_codes;

/* NULL when out of memory. `query` returns code, alpha3, numeric, dataset revision, alias. */
struct country_codes *country_codes_open(struct db *db, const struct query *query);
void country_codes_close(struct country_codes **countries);

/* Writes the alpha-2 code. Fails with ERROR_NOT_FOUND for a spelling that no country has, and
 * with ERROR_UNAVAILABLE when the table could not be read. */
MUST_CHECK bool country_codes_find(struct country_codes *countries, const char *spelling,
				   struct deadline deadline, char code[3], struct error *err);

/* Notes that the database had this revision of the dataset. */
void country_codes_saw(struct country_codes *countries, uint64_t revision);
