#include "http/message/request_target.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

static void splits_targets(void **state)
{
	static const struct {
		const char *text;
		enum request_target_form form;
		const char *path, *query;
	} cases[] = {
		{"/v1", TARGET_PATH, "/v1", ""},
		{"/v1?", TARGET_PATH, "/v1", ""},
		{"/v1?a=1?b", TARGET_PATH, "/v1", "a=1?b"},
		{"/?x", TARGET_PATH, "/", "x"},
		{"http://host:80/v1?a", TARGET_PATH, "/v1", "a"},
		{"HTTPS://host/v1", TARGET_PATH, "/v1", ""},
		{"http://host", TARGET_PATH, "/", ""},
		{"http://host?a=1", TARGET_PATH, "/", "a=1"},
		{"http://host#x", TARGET_PATH, "/#x", ""},
		{"http:///v1", TARGET_PATH, "/v1", ""},
		{"//host/v1", TARGET_PATH, "//host/v1", ""},
		{"*", TARGET_ASTERISK, "*", ""},
		{"**", TARGET_OTHER, "**", ""},
		{"host:443", TARGET_OTHER, "host:443", ""},
		{"ftp://host/v1", TARGET_OTHER, "ftp://host/v1", ""},
		{"", TARGET_OTHER, "", ""},
		{"?a=1", TARGET_OTHER, "", "a=1"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena *arena = arena_open(10000);
		struct request_target target;
		struct error err;

		print_message("'%s'\n", cases[i].text);
		assert_true(request_target_read(cases[i].text, arena, &target, &err));
		assert_int_equal(target.form, cases[i].form);
		assert_string_equal(target.path, cases[i].path);
		assert_string_equal(target.query, cases[i].query);
		arena_close(&arena);
	}
}

static void normalises_paths(void **state)
{
	static const struct {
		const char *path, *normal; /* NULL: refused */
	} cases[] = {
		{"/", "/"},
		{"/v1/countries/NO", "/v1/countries/NO"},
		{"/v1/", "/v1/"},
		{"/v1/%4e%4F", "/v1/NO"},
		{"/v1/no%2D185", "/v1/no-185"},
		{"/a,b;c=d@e:f!$&'()*+", "/a,b;c=d@e:f!$&'()*+"},
		{"/v1//countries", NULL},
		{"//", NULL},
		{"/v1//", NULL},
		{"/v1/N%2FO", NULL},
		{"/v1/%2f", NULL},
		{"/v1/%00", NULL},
		{"/v1/%zz", NULL},
		{"/v1/%4", NULL},
		{"/v1/%", NULL},
		{"/v1/%25", NULL},
		{"/v1/%C3%A9", NULL},
		{"/v1/\xC3\xA9", NULL},
		{"/v1/\xFF", NULL},
		{"/v1/a b", NULL},
		{"/v1/a\tb", NULL},
		{"/v1#x", NULL},
		{"/v1/.", NULL},
		{"/v1/..", NULL},
		{"/../v1", NULL},
		{"/%2e%2e/v1", NULL},
		{"/v1/...", "/v1/..."},
		{"v1", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *path = strdup(cases[i].path);

		print_message("'%s'\n", cases[i].path);
		assert_int_equal(request_target_normalise(path), cases[i].normal != NULL);
		if (cases[i].normal)
			assert_string_equal(path, cases[i].normal);
		free(path);
	}
}

static void encodes_unsafe_bytes(void **state)
{
	static const struct {
		const char *text, *encoded;
	} cases[] = {
		{"/v1/countries?lang=fr&q=a,b", "/v1/countries?lang=fr&q=a,b"},
		{"%41%zz%4", "%41%25zz%254"},
		{"a b\r\n\"<>#", "a%20b%0D%0A%22%3C%3E%23"},
		{"\xC3\xA9\xFF", "%C3%A9%FF"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buffer buffer = {0};

		request_target_encode(&buffer, cases[i].text);
		assert_string_equal(buffer.bytes, cases[i].encoded);
		buffer_free(&buffer);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(splits_targets),
		cmocka_unit_test(normalises_paths),
		cmocka_unit_test(encodes_unsafe_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
