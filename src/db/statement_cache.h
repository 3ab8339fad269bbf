/*
 * statement_cache: the prepared statements of one connection. A full cache evicts the least
 * recently used one. For connection.c.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

/* Enough for the working set of the service; each takes up to 100 KB of the server's memory. */
enum { STATEMENT_CACHE_SIZE = 128, STATEMENT_NAME_BYTES = 64 };

/* All-zero is empty. */
struct statement_cache {
	struct cached_statement {
		uint64_t key;  /* hash of its text */
		uint64_t used; /* the clock at its last use; 0: a free place */
		char name[STATEMENT_NAME_BYTES];
	} statements[STATEMENT_CACHE_SIZE];
	uint64_t clock;
};

uint64_t statement_cache_key(const char *text);

/* The name of a statement, as used now; NULL when it is not prepared. */
const char *statement_cache_find(struct statement_cache *cache, uint64_t key);

/* Removes the least recently used statement of a full cache and writes its name to `name`, for the
 * server to deallocate. False when there is a free place. */
bool statement_cache_evict(struct statement_cache *cache, char name[STATEMENT_NAME_BYTES]);

/* Writes a name that this connection has not used before. It begins with `label`. */
void statement_cache_name(struct statement_cache *cache, const char *label,
			  char name[STATEMENT_NAME_BYTES]);

/* Adds a statement that the server has prepared. The cache has a free place. */
void statement_cache_add(struct statement_cache *cache, uint64_t key, const char *name);
