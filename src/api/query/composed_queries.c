#include "api/query/composed_queries.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum { NAME_BYTES = 64 }; /* as long as names may be in PostgreSQL */

struct composed_queries {
	pthread_mutex_t lock;
	struct composed_query *newest; /* the others follow in order of last use */
	size_t count;
	unsigned long long composed; /* since the start; numbers the names */
};

struct composed_queries *composed_queries_open(void)
{
	struct composed_queries *opened = calloc(1, sizeof *opened);

	if (opened)
		pthread_mutex_init(&opened->lock, NULL);
	return opened;
}

static void drop_reference(struct composed_query *composed)
{
	if (--composed->references > 0)
		return;
	query_template_free_query(&composed->query);
	free(composed);
}

void composed_queries_close(struct composed_queries **table)
{
	if (!*table)
		return;
	for (struct composed_query *each = (*table)->newest, *next; each; each = next) {
		next = each->next;
		drop_reference(each);
	}
	pthread_mutex_destroy(&(*table)->lock);
	free(*table);
	*table = NULL;
}

static void evict_oldest(struct composed_queries *table)
{
	struct composed_query **link = &table->newest;

	while ((*link)->next)
		link = &(*link)->next;
	drop_reference(*link);
	*link = NULL;
	table->count--;
}

static struct composed_query *compose(struct composed_queries *table,
				      const struct query_template *template, uint64_t given,
				      uint64_t single, struct error *err)
{
	struct composed_query *composed = calloc(1, sizeof *composed);
	char name[NAME_BYTES];

	snprintf(name, sizeof name, "%.40s_%llu", template->name, ++table->composed);
	if (!composed || !query_template_compose(template, given, single, name, &composed->query,
						 composed->places, err)) {
		free(composed);
		error_out_of_memory(err);
		return NULL;
	}
	composed->template = template;
	composed->given = given;
	composed->single = single;
	composed->references = 1;
	if (table->count == COMPOSED_MAXIMUM)
		evict_oldest(table);
	table->count++;
	return composed;
}

/* Takes a query out of the list, or composes it. */
static struct composed_query *take(struct composed_queries *table,
				   const struct query_template *template, uint64_t given,
				   uint64_t single, struct error *err)
{
	for (struct composed_query **link = &table->newest; *link; link = &(*link)->next) {
		struct composed_query *composed = *link;

		if (composed->template != template || composed->given != given ||
		    composed->single != single)
			continue;
		*link = composed->next;
		return composed;
	}
	return compose(table, template, given, single, err);
}

static bool is_list_of_one(const char *value)
{
	return *value == '{' && value[1] != '}' && !strpbrk(value, ",\"");
}

bool composed_queries_use(struct composed_queries *table, const struct query_template *template,
			  const char *const *values, struct composed_query **composed,
			  struct error *err)
{
	uint64_t given = 0, single = 0;

	for (size_t i = 0; i < template->parameters; i++) {
		given |= (uint64_t)(values[i] != NULL) << i;
		single |= (uint64_t)(values[i] && is_list_of_one(values[i])) << i;
	}
	given &= template->conditions;
	single &= template->lists;

	pthread_mutex_lock(&table->lock);
	*composed = take(table, template, given, single, err);
	if (*composed) {
		(*composed)->next = table->newest;
		table->newest = *composed;
		(*composed)->references++;
	}
	pthread_mutex_unlock(&table->lock);
	return *composed;
}

void composed_queries_release(struct composed_queries *table, struct composed_query *composed)
{
	pthread_mutex_lock(&table->lock);
	drop_reference(composed);
	pthread_mutex_unlock(&table->lock);
}
