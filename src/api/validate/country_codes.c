#include "api/validate/country_codes.h"

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
	pthread_mutex_t lock; /* guards what follows; never held while the database is asked */
	pthread_cond_t loaded;
	struct country *table;
	size_t count;
	uint64_t revision, newest; /* of the table; heard of */
	struct deadline next_load;
	bool loading;
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
	pthread_cond_destroy(&(*countries)->loaded);
	pthread_mutex_destroy(&(*countries)->lock);
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

static bool spelled(const struct country *country, const char *spelling)
{
	return strcasecmp(country->code, spelling) == 0 ||
	       strcasecmp(country->alpha3, spelling) == 0 ||
	       strcmp(country->numeric, spelling) == 0;
}

enum look { LOOK_FOUND, LOOK_MISSING, LOOK_RELOAD };

/* True once nobody is loading; false at the deadline. The lock is held. */
static bool wait_for_load(struct country_codes *countries, struct deadline deadline)
{
	while (countries->loading)
		if (!thread_wait(&countries->loaded, &countries->lock, deadline))
			return !countries->loading;
	return true;
}

/* Looks in the table. The one caller that gets LOOK_RELOAD must call load(); one that misses
 * while another loads waits for it. */
static enum look look(struct country_codes *countries, const char *spelling,
		      struct deadline deadline, char code[3])
{
	enum look result = LOOK_MISSING;
	bool outdated;

	pthread_mutex_lock(&countries->lock);
	if (!countries->table)
		wait_for_load(countries, deadline);
	for (size_t i = 0; countries->table && i < countries->count; i++) {
		if (!spelled(&countries->table[i], spelling))
			continue;
		memcpy(code, countries->table[i].code, sizeof countries->table[i].code);
		result = LOOK_FOUND;
		break;
	}
	outdated = !countries->table || countries->newest > countries->revision;
	if ((outdated || result == LOOK_MISSING) && !countries->loading &&
	    (!countries->table || deadline_passed(countries->next_load))) {
		countries->loading = true;
		result = LOOK_RELOAD;
	}
	pthread_mutex_unlock(&countries->lock);
	return result;
}

static bool copy(char *to, size_t size, const char *from)
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

		if (copy(country->code, sizeof country->code, rows_text(rows, i, 0)) &&
		    copy(country->alpha3, sizeof country->alpha3, rows_text(rows, i, 1)) &&
		    copy(country->numeric, sizeof country->numeric, rows_text(rows, i, 2)))
			continue;
		free(table);
		error_set(err, ERROR_INTERNAL, "country_code.sql: row %zu is not a country.", i);
		return NULL;
	}
	return table;
}

static bool load(struct country_codes *countries, struct deadline deadline, struct error *err)
{
	struct rows rows = {0};
	struct country *table = NULL, *old = NULL;
	bool loaded = db_rows(countries->db, countries->query, NULL, deadline, &rows, err);

	if (loaded) {
		table = read_rows(&rows, err);
		loaded = table != NULL;
	}
	pthread_mutex_lock(&countries->lock);
	countries->loading = false;
	pthread_cond_broadcast(&countries->loaded);
	countries->next_load = deadline_after(RELOAD_MILLISECONDS);
	if (loaded) {
		const char *revision = rows.count ? rows_text(&rows, 0, 3) : NULL;

		old = countries->table;
		countries->table = table;
		countries->count = rows.count;
		countries->revision = revision ? strtoull(revision, NULL, 10) : 0;
	}
	pthread_mutex_unlock(&countries->lock);
	free(old);
	rows_free(&rows);
	return loaded;
}

static bool loaded_once(struct country_codes *countries)
{
	bool loaded;

	pthread_mutex_lock(&countries->lock);
	loaded = countries->table != NULL;
	pthread_mutex_unlock(&countries->lock);
	return loaded;
}

bool country_codes_find(struct country_codes *countries, const char *spelling,
			struct deadline deadline, char code[3], struct error *err)
{
	enum look found = look(countries, spelling, deadline, code);

	if (found == LOOK_RELOAD) {
		if (!load(countries, deadline, err)) {
			if (!loaded_once(countries))
				return false;
			/* The older table goes on answering; codes do not change. */
			log_write(LOG_WARNING, "countries_not_reloaded",
				  LOG_TEXT("detail", err->message));
		}
		found = look(countries, spelling, deadline, code);
	}
	if (found == LOOK_FOUND)
		return true;
	if (!loaded_once(countries))
		return error_set(err, ERROR_UNAVAILABLE, "The countries are not loaded yet.");
	return error_set(
		err, ERROR_NOT_FOUND,
		"'%s' is not a country code: alpha-2 (NO), alpha-3 (NOR) or numeric (578) of "
		"ISO 3166-1; /v1/countries lists them all.",
		spelling);
}
