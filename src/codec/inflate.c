#include "codec/inflate.h"

#include "base/cleanup.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <zlib.h>

#include "base/banned.h"

enum { GZIP_WINDOW = 15 + 16 }; /* the largest, and a gzip header instead of zlib's */

/* The last four bytes of a member are the length of its content, least byte first. */
static size_t content_length(const unsigned char *packed, size_t length)
{
	size_t content = 0;

	for (size_t i = 0; length >= 4 && i < 4; i++)
		content |= (size_t)packed[length - 4 + i] << (8 * i);
	return content;
}

static void end_stream(z_stream **stream)
{
	inflateEnd(*stream);
}

/* `bytes` has room for one more than `length`, so that too much is seen. */
static bool unpack(const void *packed, size_t packed_length, char *bytes, size_t length)
{
	z_stream state = {
		.next_in = (unsigned char *)(uintptr_t)packed,
		.avail_in = (uInt)packed_length,
		.next_out = (unsigned char *)bytes,
		.avail_out = (uInt)length + 1,
	};
	CLEANUP(end_stream) z_stream *stream = &state;

	return inflateInit2(stream, GZIP_WINDOW) == Z_OK &&
	       inflate(stream, Z_FINISH) == Z_STREAM_END && stream->avail_in == 0 &&
	       stream->avail_out == 1;
}

bool inflate_gzip(const void *packed, size_t packed_length, size_t maximum, char **bytes,
		  size_t *length, struct error *err)
{
	size_t expected = content_length(packed, packed_length);
	char *unpacked;

	if (packed_length > INT_MAX || expected > maximum || expected >= INT_MAX)
		return error_set(err, ERROR_INTERNAL, "Unpacked, this has more than %zu bytes.",
				 maximum);
	unpacked = malloc(expected + 1);
	if (!unpacked)
		return error_out_of_memory(err);
	if (!unpack(packed, packed_length, unpacked, expected)) {
		free(unpacked);
		return error_set(err, ERROR_INTERNAL, "These bytes are no whole gzip member.");
	}
	*bytes = unpacked;
	*length = expected;
	return true;
}
