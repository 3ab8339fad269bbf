/*
 * Content codings: what is decoded is what went in.
 */
#include "codec/coding.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <brotli/decode.h>
#include <cmocka.h>
#include <zlib.h>

#include "base/banned.h"

enum { LARGE = 3 << 20 };

static size_t gunzip(const char *coded, size_t length, char *to, size_t room)
{
	z_stream stream = {.next_in = (Bytef *)(uintptr_t)coded, .avail_in = (uInt)length};
	size_t total;

	assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
	stream.next_out = (Bytef *)to;
	stream.avail_out = (uInt)room;
	assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
	assert_int_equal(stream.avail_in, 0);
	total = stream.total_out;
	inflateEnd(&stream);
	return total;
}

static void assert_round_trip(const char *bytes, size_t length)
{
	char *coded, *decoded = malloc(length + 1);
	size_t coded_length, decoded_length = length + 1;
	struct error err;

	assert_non_null(decoded);
	assert_true(coding_gzip(bytes, length, &coded, &coded_length, &err));
	assert_int_equal(gunzip(coded, coded_length, decoded, length + 1), length);
	assert_memory_equal(decoded, bytes, length);
	free(coded);

	assert_true(coding_brotli(bytes, length, &coded, &coded_length, &err));
	assert_int_equal(BrotliDecoderDecompress(coded_length, (const uint8_t *)coded,
						 &decoded_length, (uint8_t *)decoded),
			 BROTLI_DECODER_RESULT_SUCCESS);
	assert_int_equal(decoded_length, length);
	assert_memory_equal(decoded, bytes, length);
	free(coded);
	free(decoded);
}

static void gives_back_what_went_in(void **state)
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
	/* What cannot be made smaller becomes larger. */
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
	char text[100 * (sizeof line - 1)], *coded;
	size_t length;
	struct error err;

	(void)state;
	for (size_t i = 0; i < 100; i++)
		memcpy(text + i * (sizeof line - 1), line, sizeof line - 1);
	assert_true(coding_gzip(text, sizeof text, &coded, &length, &err));
	assert_true(length < sizeof text / 10);
	free(coded);
	assert_true(coding_brotli(text, sizeof text, &coded, &length, &err));
	assert_true(length < sizeof text / 10);
	free(coded);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_back_what_went_in),
		cmocka_unit_test(makes_texts_smaller),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
