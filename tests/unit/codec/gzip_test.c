/*
 * gzip: what is unpacked is what was packed, and damage is detected.
 */
#include "codec/gzip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

enum { LARGE = 3 << 20 };

static const char hello[] = "hello, hello, hello\n";

/* As the program gzip packs it. */
static const unsigned char hello_packed[] = {
	0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0xff, 0xcb, 0x48, 0xcd, 0xc9, 0xc9,
	0xd7, 0x51, 0xc8, 0x40, 0xa2, 0xb8, 0x00, 0xe7, 0x42, 0x6e, 0x52, 0x14, 0x00, 0x00, 0x00,
};
static const unsigned char nothing_packed[] = {
	0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0xff,
	0x03, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
};

static void assert_round_trip(const char *bytes, size_t length)
{
	char *packed, *unpacked;
	size_t packed_length, unpacked_length;
	struct error err;

	assert_true(gzip_pack(bytes, length, &packed, &packed_length, &err));
	assert_true(gzip_unpack(packed, packed_length, length, &unpacked, &unpacked_length, &err));
	assert_int_equal(unpacked_length, length);
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

static void unpacks_what_gzip_packed(void **state)
{
	char *bytes = NULL;
	size_t length = 0;
	struct error err;

	(void)state;
	assert_true(gzip_unpack(hello_packed, sizeof hello_packed, 100, &bytes, &length, &err));
	assert_int_equal(length, strlen(hello));
	assert_memory_equal(bytes, hello, length);
	free(bytes);
	assert_true(gzip_unpack(nothing_packed, sizeof nothing_packed, 0, &bytes, &length, &err));
	assert_int_equal(length, 0);
	free(bytes);
}

static void fails_beyond_the_maximum(void **state)
{
	char *bytes = NULL;
	size_t length = 7;
	struct error err;

	(void)state;
	assert_false(gzip_unpack(hello_packed, sizeof hello_packed, strlen(hello) - 1, &bytes,
				 &length, &err));
	assert_int_equal(err.kind, ERROR_INTERNAL);
	assert_null(bytes);
	assert_int_equal(length, 7);
}

/* Truncated anywhere, with any bit flipped, or with bytes behind the end. */
static void fails_on_damage(void **state)
{
	unsigned char damaged[sizeof hello_packed + 1];
	char *bytes = NULL;
	size_t length = 0;
	struct error err;

	(void)state;
	for (size_t cut = 0; cut < sizeof hello_packed; cut++)
		assert_false(gzip_unpack(hello_packed, cut, 100, &bytes, &length, &err));
	for (size_t i = 0; i < sizeof hello_packed; i++) {
		memcpy(damaged, hello_packed, sizeof hello_packed);
		damaged[i] ^= 0x10;
		/* Time, compression level and operating system (bytes 4 to 9) are not checked. */
		if (i < 4 || i > 9)
			assert_false(gzip_unpack(damaged, sizeof hello_packed, 100, &bytes, &length,
						 &err));
	}
	memcpy(damaged, hello_packed, sizeof hello_packed);
	damaged[sizeof hello_packed] = 0;
	assert_false(gzip_unpack(damaged, sizeof damaged, 100, &bytes, &length, &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unpacks_what_it_packed),
		cmocka_unit_test(makes_texts_smaller),
		cmocka_unit_test(unpacks_what_gzip_packed),
		cmocka_unit_test(fails_beyond_the_maximum),
		cmocka_unit_test(fails_on_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
