#include "db/statement_cache.h"

#include <stdio.h>
#include <string.h>

#include "base/banned.h"

/* Eight bytes at a time, since texts are long. Each step is reversible, so texts that differ in one
 * place differ in their keys. Clients choose among our texts, they do not write them. */
uint64_t statement_cache_key(const char *text)
{
	size_t length = strlen(text);
	uint64_t key = length, word;

	for (; length > 0; text += sizeof word) {
		size_t size = length < sizeof word ? length : sizeof word;

		word = 0;
		memcpy(&word, text, size);
		key = (key ^ word) * 0x9E3779B97F4A7C15u;
		key ^= key >> 32;
		length -= size;
	}
	return key;
}

const char *statement_cache_find(struct statement_cache *cache, uint64_t key)
{
	for (size_t i = 0; i < STATEMENT_CACHE_SIZE; i++) {
		struct cached_statement *statement = &cache->statements[i];

		if (statement->used == 0 || statement->key != key)
			continue;
		statement->used = ++cache->clock;
		return statement->name;
	}
	return NULL;
}

/* A free place, else that of the least recently used statement. */
static struct cached_statement *oldest_statement(struct statement_cache *cache)
{
	struct cached_statement *oldest = cache->statements;

	for (size_t i = 1; i < STATEMENT_CACHE_SIZE; i++)
		if (cache->statements[i].used < oldest->used)
			oldest = &cache->statements[i];
	return oldest;
}

bool statement_cache_evict(struct statement_cache *cache, char name[STATEMENT_NAME_BYTES])
{
	struct cached_statement *oldest = oldest_statement(cache);

	if (oldest->used == 0)
		return false;
	memcpy(name, oldest->name, STATEMENT_NAME_BYTES);
	oldest->used = 0;
	return true;
}

void statement_cache_name(struct statement_cache *cache, const char *label,
			  char name[STATEMENT_NAME_BYTES])
{
	snprintf(name, STATEMENT_NAME_BYTES, "%.40s.%llu", label,
		 (unsigned long long)++cache->clock);
}

void statement_cache_add(struct statement_cache *cache, uint64_t key, const char *name)
{
	struct cached_statement *statement = oldest_statement(cache);

	statement->key = key;
	statement->used = ++cache->clock;
	snprintf(statement->name, sizeof statement->name, "%s", name);
}
