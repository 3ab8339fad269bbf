#include "api/query/query_specialiser.h"

#include "base/cleanup.h"
#include "base/buffer.h"

#include <ctype.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

#define TYPE_CHARACTERS "abcdefghijklmnopqrstuvwxyz[]"
#define ANY_OF "ANY ("

enum { NAME_BYTES = 80 };

_Static_assert(QUERY_PARAMETERS <= 64, "a bit for each parameter");

struct entry {
	const struct derived_query *general;
	uint64_t given, single;
	struct derived_query derived;
	struct entry *next;
};

struct narrowed {
	pthread_mutex_t lock;
	struct entry *first;
	size_t count;
};

struct narrowed *query_specialiser_open(void)
{
	struct narrowed *opened = calloc(1, sizeof *opened);

	if (opened)
		pthread_mutex_init(&opened->lock, NULL);
	return opened;
}

void query_specialiser_close(struct narrowed **narrowed)
{
	if (!*narrowed)
		return;
	while ((*narrowed)->first) {
		struct entry *entry = (*narrowed)->first;

		(*narrowed)->first = entry->next;
		query_builder_free(&entry->derived);
		free(entry);
	}
	pthread_mutex_destroy(&(*narrowed)->lock);
	free(*narrowed);
	*narrowed = NULL;
}

/* The length of a cast at the beginning of text, 0 when there is none. */
static size_t cast_length(const char *text)
{
	return strncmp(text, "::", 2) == 0 ? 2 + strspn(text + 2, TYPE_CHARACTERS) : 0;
}

/* The first cast of each parameter in the text, which gives it its type; NULL where there is none.
 */
static void find_casts(const struct derived_query *general, const char *casts[QUERY_PARAMETERS])
{
	for (const char *at = strchr(general->query.text, '$'); at; at = strchr(at, '$')) {
		char *end;
		size_t number = strtoul(++at, &end, 10);

		if (number > 0 && number <= QUERY_PARAMETERS && !casts[number - 1] &&
		    cast_length(end) > 0)
			casts[number - 1] = end;
	}
}

/* A text under way from a general statement to a narrow one. */
struct passage {
	const struct derived_query *general;
	const char *casts[QUERY_PARAMETERS];
	size_t numbers[QUERY_PARAMETERS]; /* in the narrow one; 0: none yet */
	uint64_t given, single;
	struct derived_query *narrow;
	struct buffer text;
};

static bool add_number(struct passage *passage, size_t place)
{
	struct derived_query *narrow = passage->narrow;
	const char *cast = passage->casts[place];

	if (passage->numbers[place] == 0) {
		char *name = strdup(passage->general->parameters[place]);

		if (!name)
			return false;
		narrow->parameters[narrow->query.parameters] = name;
		narrow->sources[narrow->query.parameters] = passage->general->sources[place];
		narrow->general_places[narrow->query.parameters] = (unsigned char)place;
		passage->numbers[place] = ++narrow->query.parameters;
	}
	buffer_format(&passage->text, "$%zu%.*s", passage->numbers[place],
		      cast ? (int)cast_length(cast) : 0, cast ? cast : "");
	return true;
}

static bool ends_with(const struct buffer *text, const char *end)
{
	const size_t length = strlen(end);

	return text->length >= length &&
	       memcmp(text->bytes + text->length - length, end, length) == 0;
}

/* Takes the place of parameter `place` and what belongs to it; *sql goes behind both. */
static bool replace(struct passage *passage, size_t place, const char **sql)
{
	static const char is_null[] = " IS NULL", or_else[] = " OR ";
	struct buffer *text = &passage->text;
	const char *cast = passage->casts[place];

	*sql += cast_length(*sql);
	if (!(passage->given >> place & 1)) {
		buffer_format(text, "NULL%.*s", cast ? (int)cast_length(cast) : 0,
			      cast ? cast : "");
		return true;
	}
	if (strncmp(*sql, is_null, strlen(is_null)) == 0) {
		*sql += strlen(is_null);
		/* The planner makes no join of an EXISTS behind "false OR". */
		if (ends_with(text, "(") && strncmp(*sql, or_else, strlen(or_else)) == 0)
			*sql += strlen(or_else);
		else
			buffer_text(text, "false");
		return true;
	}
	if (passage->single >> place & 1 && **sql == ')' && ends_with(text, ANY_OF)) {
		text->length -= strlen(ANY_OF);
		buffer_text(text, "(");
		if (!add_number(passage, place))
			return false;
		buffer_text(text, ")[1]");
		(*sql)++;
		return true;
	}
	return add_number(passage, place);
}

static bool copy(struct passage *passage)
{
	const char *sql = passage->general->query.text;

	while (*sql) {
		size_t plain = strcspn(sql, "'$"), place;
		char *end;

		buffer_add(&passage->text, sql, plain);
		sql += plain;
		if (*sql == '\'') {
			plain = strcspn(sql + 1, "'") + 1;
			plain += sql[plain] == '\'';
			buffer_add(&passage->text, sql, plain);
			sql += plain;
		} else if (*sql && !isdigit((unsigned char)sql[1])) {
			buffer_add(&passage->text, sql++, 1);
		} else if (*sql) {
			place = strtoul(sql + 1, &end, 10) - 1;
			sql = end;
			if (place >= passage->general->query.parameters ||
			    !replace(passage, place, &sql))
				return false;
		}
	}
	return !passage->text.failed;
}

bool narrow(const struct derived_query *general, uint64_t given, uint64_t single, const char *name,
	    struct derived_query *derived, struct error *err)
{
	struct passage passage = {
		.general = general, .given = given, .single = single, .narrow = derived};
	size_t length;
	bool copied;

	*derived = (struct derived_query){0};
	find_casts(general, passage.casts);
	copied = copy(&passage);
	derived->query.name = strdup(name);
	derived->query.text = buffer_steal(&passage.text, &length);
	derived->query.late = true;
	if (copied && derived->query.name && derived->query.text)
		return true;
	query_builder_free(derived);
	return error_out_of_memory(err);
}

static const struct derived_query *make(struct narrowed *narrowed,
					const struct derived_query *general, uint64_t given,
					uint64_t single)
{
	struct entry *entry;
	char name[NAME_BYTES];
	struct error err;

	if (narrowed->count == NARROW_MAXIMUM)
		return general;
	entry = calloc(1, sizeof *entry);
	snprintf(name, sizeof name, "%s_%zu", general->query.name, narrowed->count);
	if (!entry || !narrow(general, given, single, name, &entry->derived, &err)) {
		free(entry);
		return general;
	}
	entry->general = general;
	entry->given = given;
	entry->single = single;
	entry->next = narrowed->first;
	narrowed->first = entry;
	narrowed->count++;
	return &entry->derived;
}

static const struct derived_query *find(struct narrowed *narrowed,
					const struct derived_query *general, uint64_t given,
					uint64_t single)
{
	const struct derived_query *found = NULL;

	pthread_mutex_lock(&narrowed->lock);
	for (const struct entry *entry = narrowed->first; entry && !found; entry = entry->next)
		if (entry->general == general && entry->given == given && entry->single == single)
			found = &entry->derived;
	if (!found)
		found = make(narrowed, general, given, single);
	pthread_mutex_unlock(&narrowed->lock);
	return found;
}

static bool is_single(const char *value)
{
	return *value == '{' && !strpbrk(value, ",\"") && value[1] != '}';
}

const struct derived_query *query_specialiser_get(struct narrowed *narrowed,
						  const struct derived_query *general,
						  const char *values[QUERY_PARAMETERS])
{
	const char *kept[QUERY_PARAMETERS];
	uint64_t given = 0, single = 0;
	const struct derived_query *found;

	for (size_t i = 0; i < general->query.parameters; i++) {
		given |= (uint64_t)(values[i] != NULL) << i;
		single |= (uint64_t)(values[i] && is_single(values[i])) << i;
	}
	found = find(narrowed, general, given, single);
	if (found == general)
		return general;
	for (size_t i = 0; i < found->query.parameters; i++)
		kept[i] = values[found->general_places[i]];
	memcpy(values, kept, found->query.parameters * sizeof *values);
	return found;
}
