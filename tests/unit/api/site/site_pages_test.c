#include "api/site/site_pages.h"

#include "base/config.h"
#include "http/message/exchange.h"
#include "http/problem/problem.h"
#include "problem_texts.h"

#include <jansson.h>
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

static void begin_request(const char *language)
{
	struct request *request = &exchange.request;

	exchange = (struct exchange){0};
	request->arena = exchange.response.arena = arena_open(LIMIT_ARENA);
	assert_non_null(request->arena);
	request->language = language;
	request->public_url = "https://example.org";
	request->path = request->canonical_path = "/problems/x";
	request->query = "";
}

/* The page of a type, ending with a zero byte, until the next call of begin_request. */
static const char *render_page(const struct problem_type *type, const char *language)
{
	struct error err;
	char *text;

	begin_request(language);
	exchange.request.values[0] = (struct value){.name = "name", .canonical = type->name};
	exchange.request.value_count = 1;
	assert_true(site_pages_problem(&exchange.request, &exchange.response, &err));
	assert_int_equal(exchange.response.status, 200);
	text = arena_copy(exchange.request.arena, exchange.response.body, exchange.response.length);
	assert_non_null(text);
	return text;
}

static void assert_text(json_t *texts, const struct problem_type *type, const char *language)
{
	const char *title = "", *meaning = "", *advice = "";
	const char *page = render_page(type, language);
	char expected[200];

	assert_int_equal(json_unpack(texts, "{s:{s:{s:s, s:s, s:s !}}}", type->name, language,
				     "title", &title, "meaning", &meaning, "advice", &advice),
			 0);
	assert_string_equal(title, bilingual_in(type->title, language));
	assert_true(strlen(meaning) > 0);
	assert_true(strlen(advice) > 0);
	snprintf(expected, sizeof expected, "<p class=\"status\">%d</p>\n<h1>%s</h1>", type->status,
		 title);
	assert_non_null(strstr(page, expected));
	snprintf(expected, sizeof expected, "https://example.org/problems/%s", type->name);
	assert_non_null(strstr(page, expected));
	exchange_close(&exchange);
}

static void assert_example(json_t *texts, const struct problem_type *type)
{
	const char *line = "", *instance = "", *parameter = NULL;
	struct bilingual detail = {"", ""};

	assert_int_equal(json_unpack(texts, "{s:{s:{s:s, s:s, s:{s:s, s:s !}, s?s !}}}", type->name,
				     "example", "request", &line, "instance", &instance, "detail",
				     "en", &detail.english, "fr", &detail.french, "parameter",
				     &parameter),
			 0);
	assert_non_null(strchr(line, ' '));
	assert_int_equal(*instance, '/');
	assert_true(strlen(detail.english) > 0);
	assert_true(strlen(detail.french) > 0);
	if (!type->fixed.english)
		return;
	assert_string_equal(detail.english, type->fixed.english);
	assert_string_equal(detail.french, type->fixed.french);
}

static void has_a_page_for_every_error_kind(void **state)
{
	json_t *texts =
		json_loadb(problem_texts_problems.text, problem_texts_problems.length, 0, NULL);

	(void)state;
	assert_int_equal(json_object_size(texts), ERROR_KINDS);
	for (int kind = 0; kind < ERROR_KINDS; kind++) {
		const struct problem_type *type = problem_type((enum error_kind)kind);

		assert_in_range(type->status, 400, 599);
		assert_int_equal(strspn(type->name, "abcdefghijklmnopqrstuvwxyz-"),
				 strlen(type->name));
		assert_text(texts, type, "en");
		assert_text(texts, type, "fr");
		assert_example(texts, type);
		/* The detail of a failure of the service is fixed. */
		assert_int_equal(type->fixed.english != NULL,
				 type->status == 500 || type->status == 503);
		for (int other = 0; other < kind; other++)
			assert_string_not_equal(type->name,
						problem_type((enum error_kind)other)->name);
	}
	assert_int_equal(problem_type(ERROR_KINDS)->status, 500);
	json_decref(texts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_a_page_for_every_error_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
