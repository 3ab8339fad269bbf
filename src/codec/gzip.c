#include "codec/gzip.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <zlib.h>

#include "base/banned.h"

enum {
	LEVEL = 6,
	WINDOW = 15 + 16, /* the largest window; 16: a gzip header instead of zlib's */
	MEMORY = 8,
	IDLE_STREAMS = 2, /* of 260 KiB each */
};

/* Streams for the next bodies: to set one up costs as much as to compress a small body. */
static z_stream *idle[IDLE_STREAMS];
static size_t idle_count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static z_stream *make_stream(void)
{
	z_stream *stream = calloc(1, sizeof *stream);

	if (stream &&
	    deflateInit2(stream, LEVEL, Z_DEFLATED, WINDOW, MEMORY, Z_DEFAULT_STRATEGY) == Z_OK)
		return stream;
	free(stream);
	return NULL;
}

static z_stream *take_stream(void)
{
	z_stream *taken = NULL;

	pthread_mutex_lock(&lock);
	if (idle_count > 0)
		taken = idle[--idle_count];
	pthread_mutex_unlock(&lock);
	return taken ? taken : make_stream();
}

static void return_stream(z_stream *stream)
{
	bool stored = false;

	if (deflateReset(stream) == Z_OK) {
		pthread_mutex_lock(&lock);
		stored = idle_count < IDLE_STREAMS;
		if (stored)
			idle[idle_count++] = stream;
		pthread_mutex_unlock(&lock);
	}
	if (stored)
		return;
	deflateEnd(stream);
	free(stream);
}

static bool deflate_all(z_stream *stream, const char *bytes, size_t length, char *to, size_t room)
{
	stream->next_in = (Bytef *)(uintptr_t)bytes;
	stream->avail_in = (uInt)length;
	stream->next_out = (Bytef *)to;
	stream->avail_out = (uInt)room;
	return deflate(stream, Z_FINISH) == Z_STREAM_END;
}

bool gzip_pack(const char *bytes, size_t length, char **packed, size_t *packed_length,
	       struct error *err)
{
	z_stream *stream;
	char *to, *smaller;
	size_t room;
	bool done;

	if (length > UINT32_MAX / 2)
		return error_set(err, ERROR_INTERNAL, "%zu bytes are too many to compress.",
				 length);
	stream = take_stream();
	if (!stream)
		return error_out_of_memory(err);
	room = deflateBound(stream, length);
	to = malloc(room);
	done = to && deflate_all(stream, bytes, length, to, room);
	*packed_length = stream->total_out;
	return_stream(stream);
	if (!done) {
		free(to);
		return error_out_of_memory(err);
	}
	/* Returns the unused rest to the allocator, since the caller may store the bytes. */
	smaller = realloc(to, *packed_length);
	*packed = smaller ? smaller : to;
	return true;
}
