#include "base/heap.h"

#include <malloc.h>

#include "base/banned.h"

enum {
	ARENAS = 1,
	MAPPED_FROM = 64 * 1024, /* bytes of a block that is mapped, and unmapped when freed */
	TRIMMED_FROM = 128 * 1024,
};

void heap_settle(void)
{
	/* NOLINTBEGIN(concurrency-mt-unsafe): there is one thread yet. */
	/* A kept answer is made by one thread and freed by another. By default each thread has an
	 * arena of its own (up to eight a processor), and what is freed in one helps no other: the
	 * process grows to several times of what it keeps. Small blocks come from each thread's own
	 * cache anyhow, without a lock. */
	mallopt(M_ARENA_MAX, ARENAS);
	/* Set, since it would otherwise follow the largest block that was ever freed. */
	mallopt(M_MMAP_THRESHOLD, MAPPED_FROM);
	mallopt(M_TRIM_THRESHOLD, TRIMMED_FROM);
	/* NOLINTEND(concurrency-mt-unsafe) */
}
