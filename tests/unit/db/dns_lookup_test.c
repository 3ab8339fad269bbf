/* Names of hosts, looked up by a resolver that is slow, or knows nothing. */
#include "db/dns_lookup.h"

#include "base/cleanup.h"
#include "db/connect.h"
#include "db/db.h"

#include <dlfcn.h>
#include <netdb.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/fake_server.h"

#include "base/banned.h"

enum { PATIENCE = 30000, SOON = 300 };

static pthread_mutex_t slow = PTHREAD_MUTEX_INITIALIZER;

/* In place of the system's: "slow" waits until the mutex is free, "double" has two addresses. */
int getaddrinfo(const char *restrict name, const char *restrict service,
		const struct addrinfo *restrict wanted, struct addrinfo **restrict found)
{
	int (*system)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
	struct addrinfo *last;
	int status;

	*(void **)&system = dlsym(RTLD_NEXT, "getaddrinfo");
	if (name && strcmp(name, "unknown") == 0)
		return EAI_NONAME;
	if (name && strcmp(name, "slow") == 0) {
		pthread_mutex_lock(&slow);
		pthread_mutex_unlock(&slow);
		return system("127.0.0.1", service, wanted, found);
	}
	if (!name || strcmp(name, "double") != 0)
		return system(name, service, wanted, found);
	/* No libc promises that lists may be joined; glibc frees element by element. */
	status = system("::1", service, wanted, found);
	for (last = *found; status == 0 && last->ai_next;)
		last = last->ai_next;
	return status ? status : system("127.0.0.1", service, wanted, &last->ai_next);
}

static void tells_names_from_addresses(void **state)
{
	static const struct {
		const char *host;
		bool needed;
	} cases[] = {
		{NULL, false},	       {"", false},	     {"/run/postgresql", false},
		{"@abstract", false},  {"127.0.0.1", false}, {"::1", false},
		{"fe80::1%lo", false}, {"localhost", true},  {"db-1.example.org", true},
		{"127.0.0", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(dns_lookup_needed(cases[i].host), cases[i].needed);
}

/* Looks a name up; gives the addresses, or what is wrong. */
static const char *look_up(const char *name, long milliseconds, size_t count)
{
	static char text[256];
	CLEANUP(buffer_free) struct buffer addresses = {0};

	assert_int_equal(dns_lookup_addresses(name, deadline_after(milliseconds), -1, &addresses,
					      text, sizeof text),
			 count);
	if (count)
		snprintf(text, sizeof text, "%s", addresses.bytes);
	return text;
}

static void finds_addresses(void **state)
{
	(void)state;
	assert_string_equal(look_up("slow", PATIENCE, 1), "127.0.0.1");
	assert_string_equal(look_up("double", PATIENCE, 2), "::1,127.0.0.1");
	assert_string_equal(look_up("unknown", PATIENCE, 0),
			    "could not look up host name \"unknown\": Name or service not known");
}

static void waits_no_longer_than_it_may(void **state)
{
	struct deadline end = deadline_after(PATIENCE);

	(void)state;
	pthread_mutex_lock(&slow);
	assert_string_equal(look_up("slow", SOON, 0),
			    "could not look up host name \"slow\": the look-up takes too long");
	/* Those that are given up wait too, and there is a bound to how many may. */
	while (!strstr(look_up("slow", 1, 0), "no look-up can be started"))
		assert_false(deadline_passed(end));
	pthread_mutex_unlock(&slow);
	while (strstr(look_up("unknown", PATIENCE, 0), "no look-up can be started"))
		assert_false(deadline_passed(end));
	assert_string_equal(look_up("slow", PATIENCE, 1), "127.0.0.1");
}

static void ends_when_interrupted(void **state)
{
	CLEANUP(buffer_free) struct buffer addresses = {0};
	struct deadline end = deadline_after(PATIENCE);
	char complaint[128];
	int interrupt[2];

	(void)state;
	assert_int_equal(pipe(interrupt), 0);
	assert_int_equal(write(interrupt[1], "", 1), 1);
	pthread_mutex_lock(&slow);
	assert_int_equal(dns_lookup_addresses("slow", end, interrupt[0], &addresses, complaint,
					      sizeof complaint),
			 0);
	pthread_mutex_unlock(&slow);
	assert_false(deadline_passed(end));
	close(interrupt[0]);
	close(interrupt[1]);
}

static void connects_by_name(void **state)
{
	struct fake_server *server = fake_open();
	char url[128];
	struct connect_options options = {
		.url = url, .deadline = deadline_after(PATIENCE), .interrupt = -1};
	PGconn *pg;
	struct error err;

	(void)state;
	assert_non_null(server);
	/* The server listens on the second address alone. */
	snprintf(url, sizeof url, "host=double port=%d user=u sslmode=disable gssencmode=disable",
		 server->port);
	assert_true(connect_open(&options, &pg, NULL, &err));
	assert_string_equal(PQhost(pg), "double");
	assert_string_equal(PQhostaddr(pg), "127.0.0.1");
	PQfinish(pg);
	options.url = "host=unknown user=u";
	assert_false(connect_open(&options, &pg, NULL, &err));
	assert_int_equal(err.kind, ERROR_UNAVAILABLE);
	assert_non_null(strstr(err.message, "could not look up host name \"unknown\""));
	fake_close(&server);
}

/* The host is gone, and those who know its name too. */
static void a_slow_look_up_means_down(void **state)
{
	static const struct query query = {"query", "SELECT 1", 0, false};
	static const struct query *const usual[] = {&query, NULL};
	const struct db_settings settings = {.url = "host=slow port=1 user=u",
					     .pool = 1,
					     .pool_wait = SOON,
					     .query_timeout = PATIENCE,
					     .queries = usual};
	struct deadline end = deadline_after(PATIENCE / 2);
	struct db_statistics statistics = {0};
	struct db *db;
	struct rows rows;
	struct error err;

	(void)state;
	pthread_mutex_lock(&slow);
	assert_true(db_open(&settings, &db, &err));
	while (!statistics.down) {
		assert_false(db_rows(db, &query, NULL, deadline_after(PATIENCE), &rows, &err));
		db_statistics(db, &statistics);
		assert_false(deadline_passed(end));
	}
	assert_int_equal(statistics.connects_failed, 0);
	assert_false(db_rows(db, &query, NULL, deadline_after(PATIENCE), &rows, &err));
	assert_string_equal(err.message, "No connection to the database in time.");
	db_close(&db);
	assert_false(deadline_passed(end));
	pthread_mutex_unlock(&slow);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_names_from_addresses),
		cmocka_unit_test(finds_addresses),
		cmocka_unit_test(ends_when_interrupted),
		cmocka_unit_test(connects_by_name),
		cmocka_unit_test(a_slow_look_up_means_down),
		/* The last one: those that it leaves under way may need a while to end. */
		cmocka_unit_test(waits_no_longer_than_it_may),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
