#include "http/negotiation/content_coding.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/banned.h"

static const struct {
	const char *accept;
	enum encoding picked;
} cases[] = {
	{NULL, ENCODING_PLAIN},
	{"", ENCODING_PLAIN},
	{"gzip", ENCODING_GZIP},
	{"GZIP", ENCODING_GZIP},
	{"br", ENCODING_BROTLI},
	{"gzip, deflate, br", ENCODING_BROTLI},
	{"gzip, deflate, br, zstd", ENCODING_BROTLI},
	{"gzip;q=1, br;q=0.5", ENCODING_GZIP},
	{"gzip;q=0.5, br;q=0", ENCODING_GZIP},
	{"gzip;q=0, br;q=0", ENCODING_PLAIN},
	{"gzip;q=0.001", ENCODING_GZIP},
	{"identity", ENCODING_PLAIN},
	{"identity, gzip;q=0.5", ENCODING_PLAIN},
	{"identity;q=0.5, gzip;q=0.5", ENCODING_GZIP},
	{"identity;q=0, gzip", ENCODING_GZIP},
	{"*", ENCODING_BROTLI},
	{"br;q=0, *", ENCODING_GZIP},
	{"gzip;q=0.2, *;q=0.1", ENCODING_GZIP},
	{"deflate", ENCODING_PLAIN},
	{"x-gzip-like, gzipped, brr", ENCODING_PLAIN},
	{"gzip;q=nonsense", ENCODING_PLAIN},
};

static const bool all[ENCODINGS] = {true, true, true};

static void picks_the_heaviest(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		enum encoding picked;

		assert_true(encoding_pick(cases[i].accept, all, &picked));
		assert_int_equal(picked, cases[i].picked);
	}
}

static void picks_what_is_there(void **state)
{
	static const bool plain_alone[ENCODINGS] = {true};
	static const bool no_brotli[ENCODINGS] = {true, true};
	enum encoding picked;

	(void)state;
	assert_true(encoding_pick("br, gzip", plain_alone, &picked));
	assert_int_equal(picked, ENCODING_PLAIN);
	assert_true(encoding_pick("br, gzip;q=0.1", no_brotli, &picked));
	assert_int_equal(picked, ENCODING_GZIP);
}

static void says_when_nothing_is_welcome(void **state)
{
	enum encoding picked;

	(void)state;
	assert_false(encoding_pick("*;q=0", all, &picked));
	assert_false(encoding_pick("identity;q=0, deflate", all, &picked));
}

static void names_what_it_picks(void **state)
{
	(void)state;
	assert_null(encoding_name(ENCODING_PLAIN));
	assert_string_equal(encoding_name(ENCODING_GZIP), "gzip");
	assert_string_equal(encoding_name(ENCODING_BROTLI), "br");
	assert_string_equal(encoding_suffix(ENCODING_PLAIN), "");
	assert_string_equal(encoding_suffix(ENCODING_BROTLI), "-br");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(picks_the_heaviest),
		cmocka_unit_test(picks_what_is_there),
		cmocka_unit_test(says_when_nothing_is_welcome),
		cmocka_unit_test(names_what_it_picks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
