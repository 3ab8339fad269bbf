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

static bool is_spelling(const struct country *country, const char *spelling)
{
	return strcasecmp(country->code, spelling) == 0 ||
	       strcasecmp(country->alpha3, spelling) == 0 ||
	       strcmp(country->numeric, spelling) == 0;
}

/* What a look into the table shows. */
struct sight {
	bool table, found, due; /* due: the table may be outdated, and may be loaded again */
};

static struct sight look_up(struct country_codes *countries, const char *spelling, char code[3])
{
	struct sight sight = {0};

	pthread_mutex_lock(&countries->lock);
	sight.table = countries->table;
	for (size_t i = 0; i < countries->count && !sight.found; i++) {
		sight.found = is_spelling(&countries->table[i], spelling);
		if (sight.found)
			memcpy(code, countries->table[i].code, sizeof countries->table[i].code);
	}
	sight.due = !sight.table || ((!sight.found || countries->newest > countries->revision) &&
				     deadline_passed(countries->next_load));
	pthread_mutex_unlock(&countries->lock);
	return sight;
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

		if (copy_code(country->code, sizeof country->code, rows_text(rows, i, 0)) &&
		    copy_code(country->alpha3, sizeof country->alpha3, rows_text(rows, i, 1)) &&
		    copy_code(country->numeric, sizeof country->numeric, rows_text(rows, i, 2)))
			continue;
		free(table);
		error_set(err, ERROR_INTERNAL, "country_code.sql: row %zu is not a country.", i);
		return NULL;
	}
	return table;
}

static bool load(struct country_codes *countries, struct deadline deadline, struct error *err)
{
	CLEANUP(rows_free) struct rows rows = {0};
	struct country *table = NULL, *old = NULL;

	if (db_rows(countries->db, countries->query, NULL, deadline, &rows, err))
		table = read_rows(&rows, err);
	pthread_mutex_lock(&countries->lock);
	countries->loading = false;
	pthread_cond_broadcast(&countries->loaded);
	countries->next_load = deadline_after(RELOAD_MILLISECONDS);
	if (table) {
		const char *revision = rows.count ? rows_text(&rows, 0, 3) : NULL;

		old = countries->table;
		countries->table = table;
		countries->count = rows.count;
		countries->revision = revision ? strtoull(revision, NULL, 10) : 0;
	}
	pthread_mutex_unlock(&countries->lock);
	free(old);
	return table;
}

/* Begins to load the table; false when another thread does or just did. Without a table this waits
 * until that thread has ended or the deadline has passed. */
static bool begin_load(struct country_codes *countries, struct deadline deadline)
{
	bool begun;

	pthread_mutex_lock(&countries->lock);
	begun = !countries->loading && (!countries->table || deadline_passed(countries->next_load));
	while (countries->loading && !countries->table)
		if (!thread_wait(&countries->loaded, &countries->lock, deadline))
			break;
	countries->loading |= begun;
	pthread_mutex_unlock(&countries->lock);
	return begun;
}

bool country_codes_find(struct country_codes *countries, const char *spelling,
			struct deadline deadline, char code[3], struct error *err)
{
	struct sight sight = look_up(countries, spelling, code);
	bool begun = sight.due && begin_load(countries, deadline);

	if (begun && !load(countries, deadline, err)) {
		if (!sight.table)
			return false;
		/* The older table stays in use; codes do not change. */
		log_write(LOG_WARNING, "countries_not_reloaded", LOG_TEXT("detail", err->message));
	}
	if (sight.due)
		sight = look_up(countries, spelling, code);
	if (sight.found)
		return true;
	if (!sight.table)
		return error_set(err, ERROR_UNAVAILABLE, "The countries are not loaded yet.");
	return error_set(
		err, ERROR_NOT_FOUND,
		"'%s' is not a country code: alpha-2 (NO), alpha-3 (NOR) or numeric (578) of "
		"ISO 3166-1; /v1/countries lists them all.",
		spelling);
}
