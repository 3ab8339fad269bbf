#include "api/site/site_pages.h"

#include "base/config.h"
#include "http/message/exchange.h"
#include "http/problem/problem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

static struct exchange exchange;

/* The page of a type, ending with a zero byte, until exchange_close. */
static const char *read_page(const struct problem_type *type, const char *language)
{
	struct request *request = &exchange.request;
	struct error err;
	char *text, path[64];

	exchange = (struct exchange){0};
	request->arena = exchange.response.arena = arena_open(LIMIT_ARENA);
	assert_non_null(request->arena);
	snprintf(path, sizeof path, "/problems/%s", type->name);
	request->canonical_path = path;
	request->language = language;
	assert_true(site_pages_send(request, &exchange.response, &err));
	assert_int_equal(exchange.response.status, 200);
	text = arena_copy(request->arena, exchange.response.body, exchange.response.length);
	assert_non_null(text);
	return text;
}

static void assert_page(const struct problem_type *type, const char *language)
{
	const char *page = read_page(type, language);
	const char *fixed = bilingual_in(type->fixed, language);
	char expected[200];

	snprintf(expected, sizeof expected, "<html lang=\"%s\">", language);
	assert_non_null(strstr(page, expected));
	snprintf(expected, sizeof expected, "<p class=\"status\">%d</p>\n<h1>%s</h1>", type->status,
		 bilingual_in(type->title, language));
	assert_non_null(strstr(page, expected));
	snprintf(expected, sizeof expected, "&quot;/problems/%s&quot;", type->name);
	assert_non_null(strstr(page, expected));
	if (fixed)
		assert_non_null(strstr(page, fixed));
	exchange_close(&exchange);
}

static void has_a_page_for_every_error_kind(void **state)
{
	(void)state;
	for (int kind = 0; kind < ERROR_KINDS; kind++) {
		const struct problem_type *type = problem_type((enum error_kind)kind);

		assert_in_range(type->status, 400, 599);
		assert_int_equal(strspn(type->name, "abcdefghijklmnopqrstuvwxyz-"),
				 strlen(type->name));
		assert_page(type, "en");
		assert_page(type, "fr");
		/* The detail of a failure of the service is fixed. */
		assert_int_equal(type->fixed.english != NULL,
				 type->status == 500 || type->status == 503);
		for (int other = 0; other < kind; other++)
			assert_string_not_equal(type->name,
						problem_type((enum error_kind)other)->name);
	}
	assert_int_equal(problem_type(ERROR_KINDS)->status, 500);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_a_page_for_every_error_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
