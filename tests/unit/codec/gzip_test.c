/*
 * gzip: zlib unpacks what was packed.
 */
#include "codec/gzip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

#include "base/banned.h"

enum { LARGE = 3 << 20 };

/* Unpacks one gzip member, which must end where the bytes end. */
static size_t unpack(const char *packed, size_t packed_length, char *bytes, size_t room)
{
	z_stream stream = {
		.next_in = (unsigned char *)(uintptr_t)packed,
		.avail_in = (uInt)packed_length,
		.next_out = (unsigned char *)bytes,
		.avail_out = (uInt)room,
	};

	assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
	assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
	assert_int_equal(stream.avail_in, 0);
	inflateEnd(&stream);
	return stream.total_out;
}

static void assert_round_trip(const char *bytes, size_t length)
{
	char *packed, *unpacked = malloc(length + 1);
	size_t packed_length;
	struct error err;

	assert_non_null(unpacked);
	assert_true(gzip_pack(bytes, length, &packed, &packed_length, &err));
	assert_int_equal(unpack(packed, packed_length, unpacked, length + 1), length);
	assert_memory_equal(unpacked, bytes, length);
	free(packed);
	free(unpacked);
}

static void unpacks_what_it_packed(void **state)
{
	char *noise = malloc(LARGE);
	uint32_t random = 1;

	(void)state;
	assert_non_null(noise);
	assert_round_trip("", 0);
	assert_round_trip("{\"data\":[]}", 11);
	assert_round_trip("with a\0zero", 11);
	memset(noise, 'a', LARGE);
	assert_round_trip(noise, LARGE);
	/* Noise becomes larger. */
	for (size_t i = 0; i < LARGE; i++) {
		random = random * 1664525 + 1013904223;
		noise[i] = (char)(random >> 24);
	}
	assert_round_trip(noise, LARGE);
	free(noise);
}

static void makes_texts_smaller(void **state)
{
	static const char line[] = "{\"country\":\"NO\",\"treaty\":\"185\",\"state\":\"party\"}\n";
	char text[100 * (sizeof line - 1)], *packed;
	size_t length;
	struct error err;

	(void)state;
	for (size_t i = 0; i < 100; i++)
		memcpy(text + i * (sizeof line - 1), line, sizeof line - 1);
	assert_true(gzip_pack(text, sizeof text, &packed, &length, &err));
	assert_true(length < sizeof text / 10);
	free(packed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unpacks_what_it_packed),
		cmocka_unit_test(makes_texts_smaller),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
