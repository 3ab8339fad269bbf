#include "api/validate/country_codes.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "base/thread.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/banned.h"

enum { RELOAD_MILLISECONDS = 1000 };

struct country {
	char code[3], alpha3[4], numeric[4];
	char alias[3]; /* "" for most */
};

struct country_codes {
	struct db *db;
	const struct query *query;
	pthread_mutex_t lock;  /* not held during a query */
	pthread_cond_t loaded; /* `loading` became false */
	bool loading;
	struct country *table;
	size_t count;
	uint64_t revision, newest; /* of the table, and of any response so far */
	struct deadline next_load;
};

struct country_codes *country_codes_open(struct db *db, const struct query *query)
{
	struct country_codes *countries = calloc(1, sizeof *countries);

	if (!countries)
		return NULL;
	countries->db = db;
	countries->query = query;
	pthread_mutex_init(&countries->lock, NULL);
	thread_condition_init(&countries->loaded);
	return countries;
}

void country_codes_close(struct country_codes **countries)
{
	if (!*countries)
		return;
	pthread_mutex_destroy(&(*countries)->lock);
	pthread_cond_destroy(&(*countries)->loaded);
	free((*countries)->table);
	free(*countries);
	*countries = NULL;
}

void country_codes_saw(struct country_codes *countries, uint64_t revision)
{
	pthread_mutex_lock(&countries->lock);
	if (revision > countries->newest)
		countries->newest = revision;
	pthread_mutex_unlock(&countries->lock);
}

/* Returns the country that has this spelling, or NULL. Called with the lock held, as the next. */
static const struct country *find_spelling(const struct country_codes *countries,
					   const char *spelling)
{
	for (size_t i = 0; countries->table && i < countries->count; i++) {
		const struct country *country = &countries->table[i];

		if (strcasecmp(country->code, spelling) == 0 ||
		    strcasecmp(country->alpha3, spelling) == 0 ||
		    strcmp(country->numeric, spelling) == 0 ||
		    (*country->alias && strcasecmp(country->alias, spelling) == 0))
			return country;
	}
	return NULL;
}

/* The table may be outdated, and may be loaded again. */
static bool is_due(const struct country_codes *countries, const struct country *found)
{
	return !countries->table || ((!found || countries->newest > countries->revision) &&
				     deadline_passed(countries->next_load));
}

static bool copy_code(char *to, size_t size, const char *from)
{
	if (!from || strlen(from) != size - 1)
		return false;
	memcpy(to, from, size);
	return true;
}

static struct country *read_rows(const struct rows *rows, struct error *err)
{
	struct country *table = calloc(rows->count + 1, sizeof *table);

	if (!table) {
		error_out_of_memory(err);
		return NULL;
	}
	for (size_t i = 0; i < rows->count; i++) {
		struct country *country = &table[i];
		const char *alias = rows_text(rows, i, 4);

		if (copy_code(country->code, sizeof country->code, rows_text(rows, i, 0)) &&
		    copy_code(country->alpha3, sizeof country->alpha3, rows_text(rows, i, 1)) &&
		    copy_code(country->numeric, sizeof country->numeric, rows_text(rows, i, 2)) &&
		    (!alias || copy_code(country->alias, sizeof country->alias, alias)))
			continue;
		free(table);
		error_set(err, ERROR_INTERNAL, "country_code.sql: row %zu is not a country.", i);
		return NULL;
	}
	return table;
}

/* Reads the table. Called with the lock held, which it releases meanwhile. A failure leaves the
 * older table in use, since codes do not change. */
static bool load_table(struct country_codes *countries, struct deadline deadline, struct error *err)
{
	CLEANUP(rows_free) struct rows rows = {0};
	struct country *table = NULL;

	countries->loading = true;
	pthread_mutex_unlock(&countries->lock);
	if (db_rows(countries->db, countries->query, NULL, deadline, &rows, err))
		table = read_rows(&rows, err);
	pthread_mutex_lock(&countries->lock);
	countries->loading = false;
	pthread_cond_broadcast(&countries->loaded);
	countries->next_load = deadline_after(RELOAD_MILLISECONDS);
	if (table) {
		const char *revision = rows.count ? rows_text(&rows, 0, 3) : NULL;

		free(countries->table);
		countries->table = table;
		countries->count = rows.count;
		countries->revision = revision ? strtoull(revision, NULL, 10) : 0;
	} else if (countries->table) {
		log_write(LOG_WARNING, "country_codes_outdated", LOG_TEXT("detail", err->message));
	}
	return table;
}

static bool refuse_spelling(const char *spelling, struct error *err)
{
	if (strcasecmp(spelling, "XK") == 0 || strcasecmp(spelling, "XKX") == 0)
		return error_tell(
			err, ERROR_NOT_FOUND,
			"ISO 3166-1 assigns no country to the code '%s', which others use for "
			"Kosovo. "
			"This service has the countries and territories of ISO 3166-1.",
			"L’ISO 3166-1 n’attribue aucun pays au code « %s », que d’autres emploient "
			"pour "
			"le Kosovo. Ce service contient les pays et territoires de l’ISO 3166-1.",
			spelling);
	return error_tell(
		err, ERROR_NOT_FOUND,
		"'%.60s' is not a country code: alpha-2 (NO), alpha-3 (NOR) or numeric (578) of "
		"ISO 3166-1; /v1/countries lists them all.",
		"« %.60s » n’est pas un code de pays : alpha-2 (NO), alpha-3 (NOR) ou numérique "
		"(578) de l’ISO 3166-1 ; /v1/countries les énumère tous.",
		spelling);
}

bool country_codes_find(struct country_codes *countries, const char *spelling,
			struct deadline deadline, char code[3], struct error *err)
{
	const struct country *country;
	bool loaded = true, found, table;

	pthread_mutex_lock(&countries->lock);
	country = find_spelling(countries, spelling);
	if (is_due(countries, country)) {
		if (!countries->loading)
			loaded = load_table(countries, deadline, err) || countries->table;
		/* Another thread loads the first table. */
		while (countries->loading && !countries->table)
			if (!thread_wait(&countries->loaded, &countries->lock, deadline))
				break;
		country = find_spelling(countries, spelling);
	}
	found = country;
	table = countries->table;
	if (found)
		memcpy(code, country->code, sizeof country->code);
	pthread_mutex_unlock(&countries->lock);
	if (found || !loaded)
		return found;
	if (!table)
		return error_set(err, ERROR_UNAVAILABLE, "The countries are not loaded yet.");
	return refuse_spelling(spelling, err);
}
