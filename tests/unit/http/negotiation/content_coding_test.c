#include "http/negotiation/content_coding.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/banned.h"

static const struct {
	const char *accept;
	enum content_coding picked;
} cases[] = {
	{NULL, CODING_IDENTITY},
	{"", CODING_IDENTITY},
	{"gzip", CODING_GZIP},
	{"GZIP", CODING_GZIP},
	{"br", CODING_BROTLI},
	{"gzip, deflate, br", CODING_BROTLI},
	{"gzip, deflate, br, zstd", CODING_BROTLI},
	{"gzip;q=1, br;q=0.5", CODING_GZIP},
	{"gzip;q=0.5, br;q=0", CODING_GZIP},
	{"gzip;q=0, br;q=0", CODING_IDENTITY},
	{"gzip;q=0.001", CODING_GZIP},
	{"identity", CODING_IDENTITY},
	{"identity, gzip;q=0.5", CODING_IDENTITY},
	{"identity;q=0.5, gzip;q=0.5", CODING_GZIP},
	{"identity;q=0, gzip", CODING_GZIP},
	{"*", CODING_BROTLI},
	{"br;q=0, *", CODING_GZIP},
	{"gzip;q=0.2, *;q=0.1", CODING_GZIP},
	{"deflate", CODING_IDENTITY},
	{"x-gzip-like, gzipped, brr", CODING_IDENTITY},
	{"gzip;q=nonsense", CODING_IDENTITY},
};

static const bool all[CODINGS] = {true, true, true};

static void picks_the_highest_quality(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		enum content_coding picked;

		assert_true(content_coding_pick(cases[i].accept, all, &picked));
		assert_int_equal(picked, cases[i].picked);
	}
}

static void picks_an_available_coding(void **state)
{
	static const bool plain_alone[CODINGS] = {true};
	static const bool no_brotli[CODINGS] = {true, true};
	enum content_coding picked;

	(void)state;
	assert_true(content_coding_pick("br, gzip", plain_alone, &picked));
	assert_int_equal(picked, CODING_IDENTITY);
	assert_true(content_coding_pick("br, gzip;q=0.1", no_brotli, &picked));
	assert_int_equal(picked, CODING_GZIP);
}

static void fails_when_no_coding_is_acceptable(void **state)
{
	enum content_coding picked;

	(void)state;
	assert_false(content_coding_pick("*;q=0", all, &picked));
	assert_false(content_coding_pick("identity;q=0, deflate", all, &picked));
}

static void names_codings(void **state)
{
	(void)state;
	assert_null(content_coding_name(CODING_IDENTITY));
	assert_string_equal(content_coding_name(CODING_GZIP), "gzip");
	assert_string_equal(content_coding_name(CODING_BROTLI), "br");
	assert_string_equal(content_coding_suffix(CODING_IDENTITY), "");
	assert_string_equal(content_coding_suffix(CODING_BROTLI), "-br");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(picks_the_highest_quality),
		cmocka_unit_test(picks_an_available_coding),
		cmocka_unit_test(fails_when_no_coding_is_acceptable),
		cmocka_unit_test(names_codings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
