#include "codec/inflate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

static const char text[] = "hello, hello, hello\n";

/* As gzip packs it. */
static const unsigned char packed[] = {
	0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0xff, 0xcb, 0x48, 0xcd, 0xc9, 0xc9,
	0xd7, 0x51, 0xc8, 0x40, 0xa2, 0xb8, 0x00, 0xe7, 0x42, 0x6e, 0x52, 0x14, 0x00, 0x00, 0x00,
};
static const unsigned char packed_nothing[] = {
	0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0xff,
	0x03, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
};

static void unpacks(void **state)
{
	char *bytes = NULL;
	size_t length = 0;
	struct error err;

	(void)state;
	assert_true(inflate_gzip(packed, sizeof packed, 100, &bytes, &length, &err));
	assert_int_equal(length, strlen(text));
	assert_memory_equal(bytes, text, length);
	free(bytes);
	assert_true(inflate_gzip(packed_nothing, sizeof packed_nothing, 0, &bytes, &length, &err));
	assert_int_equal(length, 0);
	free(bytes);
}

static void keeps_to_the_maximum(void **state)
{
	char *bytes = NULL;
	size_t length = 7;
	struct error err;

	(void)state;
	assert_false(inflate_gzip(packed, sizeof packed, strlen(text) - 1, &bytes, &length, &err));
	assert_int_equal(err.kind, ERROR_INTERNAL);
	assert_null(bytes);
	assert_int_equal(length, 7);
}

/* Cut anywhere, with any bit of it turned, or with more behind it. */
static void refuses_damage(void **state)
{
	unsigned char damaged[sizeof packed + 1];
	char *bytes = NULL;
	size_t length = 0;
	struct error err;

	(void)state;
	for (size_t cut = 0; cut < sizeof packed; cut++)
		assert_false(inflate_gzip(packed, cut, 100, &bytes, &length, &err));
	for (size_t i = 0; i < sizeof packed; i++) {
		memcpy(damaged, packed, sizeof packed);
		damaged[i] ^= 0x10;
		/* Time, flags of speed and system (bytes 4 to 9) are no part of the content. */
		if (i < 4 || i > 9)
			assert_false(
				inflate_gzip(damaged, sizeof packed, 100, &bytes, &length, &err));
	}
	memcpy(damaged, packed, sizeof packed);
	damaged[sizeof packed] = 0;
	assert_false(inflate_gzip(damaged, sizeof damaged, 100, &bytes, &length, &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unpacks),
		cmocka_unit_test(keeps_to_the_maximum),
		cmocka_unit_test(refuses_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
