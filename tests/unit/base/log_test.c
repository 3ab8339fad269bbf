#include "base/log.h"
#include "base/utf8.h"

#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/banned.h"

/* Standard output goes to a file between capture_begin and capture_end. */
struct capture {
	FILE *file;
	int saved;
};

static void capture_begin(struct capture *capture)
{
	fflush(stdout);
	capture->file = tmpfile();
	capture->saved = dup(STDOUT_FILENO);
	assert_non_null(capture->file);
	assert_int_equal(dup2(fileno(capture->file), STDOUT_FILENO), STDOUT_FILENO);
	/* As for the log of a service: every write goes to the end of the file. */
	assert_int_equal(fcntl(STDOUT_FILENO, F_SETFL, O_APPEND), 0);
}

/* Returns the output, which the caller frees. */
static char *capture_end(struct capture *capture)
{
	off_t length = lseek(fileno(capture->file), 0, SEEK_END);
	char *text = calloc(1, (size_t)length + 1);

	dup2(capture->saved, STDOUT_FILENO);
	close(capture->saved);
	assert_non_null(text);
	assert_int_equal(pread(fileno(capture->file), text, (size_t)length, 0), length);
	fclose(capture->file);
	return text;
}

/* One line with one field, without its time; lives until the next call. */
static const char *line_with(const char *key, const char *value)
{
	static char line[LOG_LINE_BYTES + 1];
	struct capture capture;
	char *text;

	capture_begin(&capture);
	log_write(LOG_INFO, "test", LOG_TEXT(key, value));
	text = capture_end(&capture);
	assert_int_equal(strspn(text, "{\"time:"), strlen("{\"time\":\""));
	assert_memory_equal(text + strlen("{\"time\":\"2026-11-23T10:00:00.123"), "Z\",", 3);
	snprintf(line, sizeof line, "%s", text + strlen("{\"time\":\"2026-11-23T10:00:00.123Z\","));
	free(text);
	return line;
}

static const struct {
	const char *value, *json;
} texts[] = {
	{"", "\"\""},
	{NULL, "null"},
	{"plain", "\"plain\""},
	{"\"\\", "\"\\\"\\\\\""},
	{"a\r\n{\"level\":\"error\"}", "\"a\\u000d\\u000a{\\\"level\\\":\\\"error\\\"}\""},
	{"\x01\x1F\x7F", "\"\\u0001\\u001f\\u007f\""},
	{"\xC3\xA9\xF0\x9F\x98\x80", "\"\xC3\xA9\xF0\x9F\x98\x80\""},
	{"a\xFF\xC3(\xED\xA0\x80"
	 "b\xE2\x82",
	 "\"a\xEF\xBF\xBD\xEF\xBF\xBD(\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"
	 "b\xEF\xBF\xBD\xEF\xBF\xBD\""},
	{"%s%n%%", "\"%s%n%%\""},
};

static void escapes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		char expected[256];

		snprintf(expected, sizeof expected,
			 "\"level\":\"info\",\"event\":\"test\",\"k\":%s}\n", texts[i].json);
		assert_string_equal(line_with("k", texts[i].value), expected);
	}
}

static void writes_numbers(void **state)
{
	struct capture capture;
	char *text;

	(void)state;
	capture_begin(&capture);
	log_write(LOG_ERROR, "n", LOG_NUMBER("a", INT64_MIN), LOG_NUMBER("b", 0),
		  LOG_TEXT("c", "d"));
	text = capture_end(&capture);
	assert_non_null(strstr(text, "\"level\":\"error\",\"event\":\"n\","
				     "\"a\":-9223372036854775808,\"b\":0,\"c\":\"d\"}\n"));
	free(text);
}

/* A text of any length and content becomes a whole valid line of bounded length. */
static void bounds_its_lines(void **state)
{
	static const char *const units[] = {"x",  "\"",	 "\xC3\xA9", "\xF0\x9F\x98\x80",
					    "\n", "\xFF"};
	char value[3 * LOG_LINE_BYTES];

	(void)state;
	for (size_t unit = 0; unit < sizeof units / sizeof *units; unit++)
		for (size_t shift = 0; shift < 6; shift++) {
			size_t length = shift, size = strlen(units[unit]);
			struct capture capture;
			char *line;

			memset(value, 'a', shift);
			for (; length + size < sizeof value; length += size)
				memcpy(value + length, units[unit], size);
			value[length] = '\0';
			capture_begin(&capture);
			log_write(LOG_INFO, "long", LOG_TEXT("k", value), LOG_TEXT("later", value),
				  LOG_NUMBER("n", INT64_MIN));
			line = capture_end(&capture);
			assert_in_range(strlen(line), LOG_LINE_BYTES - 16, LOG_LINE_BYTES);
			assert_true(utf8_valid(line, strlen(line)));
			assert_string_equal(line + strlen(line) - 6, "\xE2\x80\xA6\"}\n");
			assert_null(strstr(line, "later"));
			free(line);
		}
}

static void drops_what_does_not_fit(void **state)
{
	struct log_field fields[401] = {0};
	struct capture capture;
	char *text;

	(void)state;
	for (size_t i = 0; i < 400; i++)
		fields[i] = i % 2 ? LOG_NUMBER("number", i) : LOG_TEXT("text", NULL);
	capture_begin(&capture);
	log_fields(LOG_INFO, "many", fields);
	text = capture_end(&capture);
	assert_in_range(strlen(text), LOG_LINE_BYTES - 32, LOG_LINE_BYTES);
	assert_string_equal(text + strlen(text) - 2, "}\n");
	free(text);
}

static void has_levels(void **state)
{
	struct capture capture;
	char *text;

	(void)state;
	assert_int_equal(log_level_named("debug"), LOG_DEBUG);
	assert_int_equal(log_level_named("error"), LOG_ERROR);
	assert_int_equal(log_level_named("Error"), -1);
	assert_int_equal(log_level_named(""), -1);
	capture_begin(&capture);
	log_write(LOG_DEBUG, "hidden", LOG_NUMBER("n", 1));
	log_threshold(LOG_WARNING);
	log_write(LOG_INFO, "hidden", LOG_NUMBER("n", 1));
	log_write(LOG_WARNING, "shown", LOG_NUMBER("n", 1));
	log_threshold(LOG_DEBUG);
	log_write(LOG_DEBUG, "shown", LOG_NUMBER("n", 1));
	log_threshold(LOG_INFO);
	text = capture_end(&capture);
	assert_null(strstr(text, "hidden"));
	assert_non_null(strstr(text, "\"level\":\"warning\",\"event\":\"shown\""));
	assert_non_null(strstr(text, "\"level\":\"debug\",\"event\":\"shown\""));
	free(text);
}

enum { THREADS = 8, LINES = 200 };

static void *write_lines(void *context)
{
	for (int i = 0; i < LINES; i++)
		log_write(LOG_INFO, "thread", LOG_TEXT("text", context), LOG_NUMBER("n", i));
	return NULL;
}

static void writes_whole_lines(void **state)
{
	pthread_t threads[THREADS];
	struct capture capture;
	char value[1000], *text;
	size_t lines = 0;

	(void)state;
	memset(value, 'y', sizeof value - 1);
	value[sizeof value - 1] = '\0';
	capture_begin(&capture);
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, write_lines, value), 0);
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	text = capture_end(&capture);
	for (char *line = text, *end; (end = strchr(line, '\n')); line = end + 1, lines++) {
		assert_memory_equal(line, "{\"time\":", 8);
		assert_int_equal(end[-1], '}');
		assert_in_range(end - line, sizeof value + 80, sizeof value + 110);
	}
	assert_int_equal(lines, THREADS * LINES);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(escapes),	    cmocka_unit_test(writes_numbers),
		cmocka_unit_test(bounds_its_lines), cmocka_unit_test(drops_what_does_not_fit),
		cmocka_unit_test(has_levels),	    cmocka_unit_test(writes_whole_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
