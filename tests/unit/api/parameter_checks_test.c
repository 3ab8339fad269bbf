#include "api/validate/parameter_checks.h"

#include "api/routes.h"
#include "http/message/request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

/* canonical is NULL where the value is refused; then the message contains `names`. */
static const struct {
	const struct parameter *parameter;
	const char *text, *canonical, *names;
} cases[] = {
	{&by_treaty, "185", "185", NULL},
	{&by_treaty, "224,185,224", "185,224", NULL},
	{&by_treaty, "186", NULL, "185, 189, 224"},
	{&by_treaty, "185,", NULL, "empty"},
	{&by_treaty, ",", NULL, "empty"},
	{&by_region, "Europe", NULL, "150"},
	{&take_lang, "fr", "fr", NULL},
	{&take_lang, "en,fr", NULL, "en, fr"},
	{&by_article, "29.4", "29.4", NULL},
	{&by_article, "6", "6", NULL},
	{&by_article, "6.1.a.i", "6.1.a.i", NULL},
	{&by_article, "6,29.4", "29.4,6", NULL},
	{&by_article, "29(4)", NULL, "29.4"},
	{&by_article, "100", NULL, "29.4"},
	{&by_article, "29.", NULL, "29.4"},
	{&by_article, ".4", NULL, "29.4"},
	{&by_article, "6.A", NULL, "6.1.a"},
	{&by_article, "6.1.a.a.a.a.a.a.a.a.a", NULL, "6.1.a"},
	{&path_article, "6.1.A", "6.1.a", NULL},
	{&take_as_of, "2006-10-01", "2006-10-01", NULL},
	{&take_as_of, "2026-11-23", "2026-11-23", NULL},
	{&take_as_of, "2026-11-24", NULL, "2026-11-23"},
	{&take_as_of, "2025-02-29", NULL, "YYYY-MM-DD"},
	{&take_as_of, "2024-02-29", "2024-02-29", NULL},
	{&take_as_of, "06-10-01", NULL, "YYYY-MM-DD"},
	{&take_as_of, "2006-10-01T00:00:00Z", NULL, "YYYY-MM-DD"},
	{&take_limit, "1", "1", NULL},
	{&take_limit, "500", "500", NULL},
	{&take_limit, "007", "7", NULL},
	{&take_limit, "0", NULL, "1 to 500"},
	{&take_limit, "501", NULL, "1 to 500"},
	{&take_limit, "-1", NULL, "1 to 500"},
	{&take_limit, "ten", NULL, "1 to 500"},
	{&take_limit, "99999999999999999999", NULL, "1 to 500"},
	{&by_text, "no", "no", NULL},
	{&by_text, "\xc3\xb8\xc3\xb8", "\xc3\xb8\xc3\xb8", NULL},
	{&by_text, "n", NULL, "2 to 100"},
	{&take_cursor, "abc-_", "abc-_", NULL},
	{&take_cursor, "a+b", NULL, "cursor"},
	{&path_id, "NO-185-R-06", "NO-185-R-06", NULL},
	{&path_id, "a/b", NULL, "identifier"},
	{&path_id, "a%20", NULL, "identifier"},
};

static void accepts_and_refuses_values(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct parameter *parameter = cases[i].parameter;
		struct request request = {.arena = arena_open(1 << 16), .latest_day = "2026-11-23"};
		struct value value = {parameter, parameter->name, cases[i].text, cases[i].text};
		struct error err = {0};

		if (cases[i].canonical) {
			assert_true(parameter->check(&request, &value, &err));
			assert_string_equal(value.canonical, cases[i].canonical);
		} else {
			assert_false(parameter->check(&request, &value, &err));
			assert_non_null(strstr(err.message, cases[i].names));
			assert_true(*err.french);
			assert_int_equal(err.kind, parameter->place == PARAMETER_PATH
							   ? ERROR_NOT_FOUND
							   : ERROR_BAD_REQUEST);
		}
		arena_close(&request.arena);
	}
}

static void refuses_list_with_too_many_values(void **state)
{
	struct request request = {.arena = arena_open(1 << 16)};
	char list[3 * LIST_MAXIMUM + 4];
	struct value value = {&by_article, by_article.name, list, list};
	struct error err;

	(void)state;
	for (size_t i = 0; i <= LIST_MAXIMUM; i++)
		memcpy(list + 3 * i, "10,", 3);
	list[3 * LIST_MAXIMUM - 1] = '\0';
	assert_true(parameter_checks_article(&request, &value, &err));
	assert_string_equal(value.canonical, "10");
	list[3 * LIST_MAXIMUM - 1] = ',';
	list[3 * LIST_MAXIMUM + 2] = '\0';
	value.canonical = list;
	assert_false(parameter_checks_article(&request, &value, &err));
	assert_non_null(strstr(err.message, "50"));
	arena_close(&request.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepts_and_refuses_values),
		cmocka_unit_test(refuses_list_with_too_many_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
