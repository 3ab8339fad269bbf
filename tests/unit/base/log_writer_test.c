/* The writer thread of the log, which a process starts once: these tests share it. */
#include "base/log.h"

#include "base/deadline.h"

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

enum {
	LINE = 1000,  /* bytes of a line, about */
	LINES = 2000, /* more than fit into the queue and a pipe */
	THREADS = 4,
	PATIENCE = 10000,
	MOST_BYTES = 8 * 1024 * 1024,
};

static int terminal; /* standard output of the test itself */

static void send_output_to(int descriptor)
{
	fflush(stdout);
	assert_int_equal(dup2(descriptor, STDOUT_FILENO), STDOUT_FILENO);
}

/* Reads the pipe to its end, which comes when standard output goes elsewhere. */
static void *read_all(void *pipe)
{
	char *text = calloc(1, MOST_BYTES);
	size_t length = 0;
	ssize_t got = 1;

	while (text && got > 0 && length < MOST_BYTES - 1) {
		got = read(*(int *)pipe, text + length, MOST_BYTES - 1 - length);
		length += got > 0 ? (size_t)got : 0;
	}
	return text;
}

static void *write_lines(void *number)
{
	char value[LINE];

	memset(value, 'x', sizeof value - 1);
	value[sizeof value - 1] = '\0';
	for (int i = 0; i < LINES / THREADS; i++)
		log_write(LOG_INFO, "line", LOG_NUMBER("thread", *(const int *)number),
			  LOG_NUMBER("n", i), LOG_TEXT("text", value));
	return NULL;
}

static void write_from_threads(void)
{
	static int numbers[THREADS] = {0, 1, 2, 3};
	pthread_t threads[THREADS];

	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, write_lines, &numbers[i]), 0);
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
}

static long number_after(const char *line, const char *key)
{
	const char *found = strstr(line, key);

	return found ? strtol(found + strlen(key), NULL, 10) : -1;
}

/* Counts the lines of the threads, checks their order, and adds up what is reported as dropped. */
static size_t check_lines(char *text, uint64_t *reported)
{
	long last[THREADS] = {-1, -1, -1, -1};
	size_t count = 0;

	for (char *line = text, *end; (end = strchr(line, '\n')); line = end + 1) {
		long thread, n;

		*end = '\0';
		assert_memory_equal(line, "{\"time\":", 8);
		assert_int_equal(end[-1], '}');
		if (strstr(line, "\"event\":\"log_lines_dropped\"")) {
			*reported += (uint64_t)number_after(line, "\"number\":");
			continue;
		}
		thread = number_after(line, "\"thread\":");
		n = number_after(line, "\"n\":");
		assert_in_range(thread, 0, THREADS - 1);
		assert_true(n > last[thread]);
		last[thread] = n;
		count++;
	}
	return count;
}

static void does_not_block_on_full_pipe(void **state)
{
	struct deadline deadline = deadline_after(PATIENCE);
	uint64_t before = log_dropped(), reported = 0;
	pthread_t reader;
	int ends[2];
	void *text;
	size_t count;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	send_output_to(ends[1]);
	close(ends[1]);
	write_from_threads();
	assert_false(deadline_passed(deadline));
	assert_false(log_flush(10));
	assert_true(log_dropped() > before);

	assert_int_equal(pthread_create(&reader, NULL, read_all, &ends[0]), 0);
	assert_true(log_flush(PATIENCE));
	send_output_to(terminal);
	assert_int_equal(pthread_join(reader, &text), 0);
	close(ends[0]);
	assert_non_null(text);
	count = check_lines(text, &reported);
	assert_true(count > 800); /* what the queue holds */
	assert_int_equal(reported, log_dropped() - before);
	assert_int_equal(count + reported, LINES);
	free(text);
}

static void counts_refused_lines(void **state)
{
	uint64_t before = log_dropped(), reported = 0;
	FILE *file = tmpfile();
	int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
	char text[512] = "";

	(void)state;
	assert_non_null(file);
	assert_true(full >= 0);
	send_output_to(full);
	close(full);
	log_write(LOG_INFO, "lost", LOG_NUMBER("thread", 0), LOG_NUMBER("n", 0));
	assert_true(log_flush(PATIENCE));
	assert_int_equal(log_dropped() - before, 1);

	send_output_to(fileno(file));
	log_write(LOG_INFO, "line", LOG_NUMBER("thread", 0), LOG_NUMBER("n", 1));
	assert_true(log_flush(PATIENCE));
	send_output_to(terminal);
	assert_true(pread(fileno(file), text, sizeof text - 1, 0) > 0);
	assert_int_equal(check_lines(text, &reported), 1);
	assert_int_equal(reported, 1);
	fclose(file);
}

/* Another process may have made standard output non-blocking. */
static void waits_for_non_blocking_output(void **state)
{
	uint64_t before = log_dropped(), reported = 0;
	pthread_t reader;
	int ends[2];
	void *text;

	(void)state;
	assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
	assert_int_equal(fcntl(ends[0], F_SETFL, 0), 0);
	assert_int_equal(fcntl(ends[1], F_SETPIPE_SZ, LOG_LINE_BYTES), LOG_LINE_BYTES);
	send_output_to(ends[1]);
	close(ends[1]);
	for (int i = 0; i < LINES / THREADS; i++)
		log_write(LOG_INFO, "line", LOG_NUMBER("thread", 0), LOG_NUMBER("n", i));
	assert_int_equal(pthread_create(&reader, NULL, read_all, &ends[0]), 0);
	assert_true(log_flush(PATIENCE));
	send_output_to(terminal);
	assert_int_equal(pthread_join(reader, &text), 0);
	close(ends[0]);
	assert_non_null(text);
	assert_int_equal(check_lines(text, &reported), LINES / THREADS);
	assert_int_equal(log_dropped(), before);
	free(text);
}

static int start_writer(void **state)
{
	struct error err;

	(void)state;
	terminal = dup(STDOUT_FILENO);
	return terminal >= 0 && log_start(&err) ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(does_not_block_on_full_pipe),
		cmocka_unit_test(counts_refused_lines),
		cmocka_unit_test(waits_for_non_blocking_output),
	};

	return cmocka_run_group_tests(tests, start_writer, NULL);
}
