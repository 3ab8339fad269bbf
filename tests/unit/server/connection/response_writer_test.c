/*
 * The bytes that the response writer sends.
 */
#include "server/connection/response_writer.h"

#include "support/fake_routes.h"

#include <sys/socket.h>
#include <unistd.h>

#include "base/banned.h"

static int released;

static void release_form(void *holder)
{
	(void)holder;
	released++;
}

static void open_pair(int pair[2])
{
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
}

/* After a truncated head, the client would read the body as fields. */
static void sends_nothing_after_an_incomplete_head(void **state)
{
	struct response_writer outgoing = {.body = "body", .length = 4, .release = release_form};
	char byte;
	int pair[2];

	(void)state;
	open_pair(pair);
	released = 0;
	outgoing.head.maximum = 60;
	response_writer_begin(&outgoing, 200);
	response_writer_field(&outgoing, "Too-Long", "there is no room for this any more");
	response_writer_end(&outgoing, 200, 4);
	assert_int_equal(response_writer_send(&outgoing, pair[0]), SENT_BROKEN);
	assert_int_equal(recv(pair[1], &byte, 1, MSG_DONTWAIT), -1);
	response_writer_free(&outgoing);
	assert_int_equal(released, 1);
	close(pair[0]);
	close(pair[1]);
}

static void sends_head_and_body(void **state)
{
	struct response_writer outgoing = {.last = true};
	struct response response = {.status = 200, .body = strdup("body"), .length = 4};
	char received[500] = "";
	int pair[2];

	(void)state;
	open_pair(pair);
	response_writer_response(&outgoing, &response, "GET");
	assert_int_equal(response_writer_send(&outgoing, pair[0]), SENT_WHOLE);
	assert_true(recv(pair[1], received, sizeof received - 1, 0) > 0);
	assert_non_null(strstr(received, "\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody"));
	response_writer_free(&outgoing);
	close(pair[1]);
	response_writer_begin(&outgoing, 404);
	response_writer_end(&outgoing, 404, 0);
	assert_int_equal(response_writer_send(&outgoing, pair[0]), SENT_BROKEN);
	response_writer_free(&outgoing);
	close(pair[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sends_nothing_after_an_incomplete_head),
		cmocka_unit_test(sends_head_and_body),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
