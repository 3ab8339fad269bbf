#include "base/heap.h"

#include <malloc.h>

#include "base/banned.h"

enum {
	ARENAS = 1,
	MAPPED_FROM = 64 * 1024, /* bytes; larger blocks are mapped, and unmapped when freed */
	TRIMMED_FROM = 128 * 1024,
};

void heap_settle(void)
{
	/* NOLINTBEGIN(concurrency-mt-unsafe): no other thread runs yet. */
	/* One thread allocates a cached response and another frees it. By default glibc has up to
	 * eight arenas a processor, and memory that is freed in one is not available in another:
	 * the process would grow to several times the size of its data. Small blocks come from a
	 * cache of each thread anyway, without a lock. */
	mallopt(M_ARENA_MAX, ARENAS);
	/* A fixed value disables glibc's dynamic threshold, which rises to the largest freed block.
	 */
	mallopt(M_MMAP_THRESHOLD, MAPPED_FROM);
	mallopt(M_TRIM_THRESHOLD, TRIMMED_FROM);
	/* NOLINTEND(concurrency-mt-unsafe) */
}
