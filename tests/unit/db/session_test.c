#include "db/session.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/banned.h"

/* Sessions with a server that responds are tested by the commands that use them. */

/* Binds a port of 127.0.0.1, which is open when `backlog` is above 0 but never accepts. */
static int take_port(int backlog, char *url, size_t size)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof address;
	int listener = socket(AF_INET, SOCK_STREAM, 0);

	assert_true(listener >= 0);
	assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
	if (backlog)
		assert_int_equal(listen(listener, backlog), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &length), 0);
	snprintf(url, size, "postgresql://u:secret@127.0.0.1:%d/d", ntohs(address.sin_port));
	return listener;
}

static void connect_ends_at_deadline(void **state)
{
	char url[128];
	int listener = take_port(1, url, sizeof url);
	struct deadline least = deadline_after(190), most = deadline_after(20000);
	struct session *session = NULL;
	struct error err;

	(void)state;
	assert_false(session_open(url, false, "test", 200, &session, &err));
	assert_true(deadline_passed(least));
	assert_false(deadline_passed(most));
	assert_int_equal(err.kind, ERROR_UNAVAILABLE);
	assert_string_equal(err.message, "No connection to the database: no response in time.");
	assert_null(session);
	close(listener);
}

static void reports_refused_connection(void **state)
{
	char url[128];
	int listener = take_port(0, url, sizeof url);
	struct session *session = NULL;
	struct error err;

	(void)state;
	assert_false(session_open(url, false, "test", 20000, &session, &err));
	assert_int_equal(err.kind, ERROR_UNAVAILABLE);
	assert_non_null(strstr(err.message, "Connection refused"));
	assert_null(strchr(err.message, '\n'));
	assert_null(strstr(err.message, "secret"));
	close(listener);
}

static void refuses_invalid_url_without_quoting_it(void **state)
{
	static const char *const urls[] = {"postgresql://u:secret@h/d?x%", "secret", "secret=1"};
	struct session *session = NULL;
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
		assert_false(session_open(urls[i], false, "test", 1000, &session, &err));
		assert_int_equal(err.kind, ERROR_BAD_REQUEST);
		assert_null(strstr(err.message, "secret"));
	}
	session_close(&session);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(connect_ends_at_deadline),
		cmocka_unit_test(reports_refused_connection),
		cmocka_unit_test(refuses_invalid_url_without_quoting_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
