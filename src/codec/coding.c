#include "codec/coding.h"

#include <brotli/encode.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <zlib.h>

#include "base/banned.h"

enum {
	GZIP_LEVEL = 6,
	GZIP_WINDOW = 15 + 16, /* 16: a gzip header instead of zlib's own */
	GZIP_MEMORY = 8,
	BROTLI_QUALITY = 5,
	IDLE_STREAMS = 2, /* each is 260 KiB */
};

/* Streams that are ready for the next body: making one costs as much as coding a small body. */
static z_stream *idle[IDLE_STREAMS];
static size_t idle_count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static z_stream *make_stream(void)
{
	z_stream *stream = calloc(1, sizeof *stream);

	if (stream && deflateInit2(stream, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY,
				   Z_DEFAULT_STRATEGY) == Z_OK)
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

static void give_stream(z_stream *stream)
{
	bool kept = deflateReset(stream) == Z_OK;

	pthread_mutex_lock(&lock);
	kept = kept && idle_count < IDLE_STREAMS;
	if (kept)
		idle[idle_count++] = stream;
	pthread_mutex_unlock(&lock);
	if (kept)
		return;
	deflateEnd(stream);
	free(stream);
}

/* Gives back what the estimate had too much; an entry is kept for long. */
static char *fitted(char *bytes, size_t length)
{
	char *smaller = realloc(bytes, length);

	return smaller ? smaller : bytes;
}

static bool deflate_all(z_stream *stream, const char *bytes, size_t length, char *to, size_t room)
{
	stream->next_in = (Bytef *)(uintptr_t)bytes;
	stream->avail_in = (uInt)length;
	stream->next_out = (Bytef *)to;
	stream->avail_out = (uInt)room;
	return deflate(stream, Z_FINISH) == Z_STREAM_END;
}

bool coding_gzip(const char *bytes, size_t length, char **coded, size_t *coded_length,
		 struct error *err)
{
	z_stream *stream;
	size_t room;
	char *to;
	bool done;

	if (length > UINT32_MAX / 2)
		return error_set(err, ERROR_INTERNAL, "%zu bytes are too many to code.", length);
	stream = take_stream();
	if (!stream)
		return error_out_of_memory(err);
	room = deflateBound(stream, length);
	to = malloc(room);
	done = to && deflate_all(stream, bytes, length, to, room);
	*coded_length = stream->total_out;
	give_stream(stream);
	if (!done) {
		free(to);
		return error_out_of_memory(err);
	}
	*coded = fitted(to, *coded_length);
	return true;
}

bool coding_brotli(const char *bytes, size_t length, char **coded, size_t *coded_length,
		   struct error *err)
{
	size_t room = BrotliEncoderMaxCompressedSize(length);
	char *to = room ? malloc(room) : NULL;

	if (!to || !BrotliEncoderCompress(BROTLI_QUALITY, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT,
					  length, (const uint8_t *)bytes, &room, (uint8_t *)to)) {
		free(to);
		return error_out_of_memory(err);
	}
	*coded = fitted(to, room);
	*coded_length = room;
	return true;
}
