#include "http/policy/client_address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

#define PROXIES "127.0.0.1, 10.0.0.0/8, 2001:db8:aaaa::/48"
#define PEER "10.0.0.1"

static struct address address(const char *text)
{
	struct address read;

	assert_true(address_read(text, strlen(text), &read));
	return read;
}

static void assert_client(const char *peer, const char *plain, const char *quoted,
			  const char *expected)
{
	struct address from = address(peer), wanted = address(expected), client;
	struct network_list trusted;

	print_message("%s | %s | %s\n", peer, plain ? plain : "-", quoted ? quoted : "-");
	assert_true(network_list_read(PROXIES, &trusted));
	client_address_find(&trusted, &from, plain, quoted, &client);
	assert_true(address_equal(&client, &wanted));
}

static void reads_x_forwarded_for(void **state)
{
	static const struct {
		const char *peer, *field, *client;
	} cases[] = {
		/* The field counts only when a trusted proxy sent it. */
		{"192.0.2.1", "198.51.100.7", "192.0.2.1"},
		{"::ffff:192.0.2.1", "198.51.100.7", "192.0.2.1"},
		{PEER, NULL, PEER},
		{PEER, "", PEER},
		{PEER, " , ,", PEER},
		{PEER, "198.51.100.7", "198.51.100.7"},
		{"::ffff:10.0.0.1", "198.51.100.7", "198.51.100.7"},
		{"2001:db8:aaaa::1", "2001:db8:1::7", "2001:db8:1::7"},
		{PEER, "[2001:db8:1::7]", "2001:db8:1::7"},
		{PEER, "[2001:db8:1::7]:443", "2001:db8:1::7"},
		{PEER, "198.51.100.7:8080", "198.51.100.7"},
		{PEER, "::ffff:198.51.100.7", "198.51.100.7"},
		/* Read from the right, up to the first address that is no trusted proxy. */
		{PEER, "1.1.1.1, 198.51.100.7", "198.51.100.7"},
		{PEER, "1.1.1.1,198.51.100.7 ,\t10.9.9.9, 127.0.0.1", "198.51.100.7"},
		{PEER, "10.1.1.1, 10.2.2.2", "10.1.1.1"},
		{PEER, "10.1.1.1, 198.51.100.7,, 10.2.2.2,", "198.51.100.7"},
		/* Anything that is no address ends the search. */
		{PEER, "198.51.100.7, unknown", PEER},
		{PEER, "198.51.100.7, unknown, 10.2.2.2", "10.2.2.2"},
		{PEER, "198.51.100.7, _hidden", PEER},
		{PEER, "198.51.100.7, 300.1.1.1", PEER},
		{PEER, "198.51.100.7, 198.51.100.8 x", PEER},
		{PEER, "198.51.100.7:", PEER},
		{PEER, "198.51.100.7:x", PEER},
		{PEER, "198.51.100.7:123456", PEER},
		{PEER, "[198.51.100.7]", PEER},
		{PEER, "[2001:db8:1::7", PEER},
		{PEER, "[2001:db8:1::7]x", PEER},
		{PEER, "[]", PEER},
		{PEER, "]", PEER},
		{PEER, "2001:db8:1::7%eth0", PEER},
		{PEER, "\"198.51.100.7\"", PEER},
		{PEER, "for=198.51.100.7", PEER},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_client(cases[i].peer, cases[i].field, NULL, cases[i].client);
}

static void reads_forwarded(void **state)
{
	static const struct {
		const char *peer, *field, *client;
	} cases[] = {
		{"192.0.2.1", "for=198.51.100.7", "192.0.2.1"},
		{PEER, "", PEER},
		{PEER, "for=198.51.100.7", "198.51.100.7"},
		{PEER, "FOR=198.51.100.7", "198.51.100.7"},
		{PEER, "for=\"198.51.100.7\"", "198.51.100.7"},
		{PEER, "for=\"198.51.100.7:80\"", "198.51.100.7"},
		{PEER, "for=\"198.51.100.7:_hidden\"", "198.51.100.7"},
		{PEER, "for=\"[2001:db8:1::7]\"", "2001:db8:1::7"},
		{PEER, "For=\"[2001:db8:1::7]:4711\"", "2001:db8:1::7"},
		{PEER, "proto=https;for=198.51.100.7;by=10.0.0.1", "198.51.100.7"},
		{PEER, "proto=https ; for=198.51.100.7 ; by=10.0.0.1;", "198.51.100.7"},
		{PEER, "host=\"a,b;c\\\"d\";for=198.51.100.7", "198.51.100.7"},
		{PEER, "for=1.1.1.1, for=198.51.100.7;host=\"x, for=2.2.2.2\", for=10.2.2.2",
		 "198.51.100.7"},
		{PEER, "for=10.1.1.1, for=10.2.2.2", "10.1.1.1"},
		{PEER, ", for=198.51.100.7,, for=10.2.2.2 ,", "198.51.100.7"},
		/* A quote that the client left open does not hide what the proxy appended. */
		{PEER, "for=\"1.1.1.1, for=198.51.100.7", "198.51.100.7"},
		{PEER, "for=\"1.1.1.1, for=\"[2001:db8:1::7]\"", "2001:db8:1::7"},
		{PEER, "\"\\, for=\"[2001:db8:1::7]\"", "2001:db8:1::7"},
		{PEER, "for=unknown", PEER},
		{PEER, "for=198.51.100.7, for=unknown, for=10.2.2.2", "10.2.2.2"},
		{PEER, "for=198.51.100.7, for=_SEVKISEK", PEER},
		{PEER, "for=198.51.100.7, proto=https", PEER},
		{PEER, "for=198.51.100.7;for=198.51.100.8", PEER},
		{PEER, "for=2001:db8:1::7", PEER},
		{PEER, "for=\"2001:db8:1::7\"", PEER},
		{PEER, "for=[2001:db8:1::7]", PEER},
		{PEER, "for=198.51.100.7:80", PEER},
		{PEER, "for=\"198.51.100.\\7\"", PEER},
		{PEER, "for=\"198.51.100.7", PEER},
		{PEER, "for=198.51.100.7\"", PEER},
		{PEER, "for=\"198.51.100.7\\\"", PEER},
		{PEER, "for = 198.51.100.7", PEER},
		{PEER, "for=", PEER},
		{PEER, "for", PEER},
		{PEER, "=", PEER},
		{PEER, "\"", PEER},
		{PEER, "\\", PEER},
		{PEER, "198.51.100.7", PEER},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_client(cases[i].peer, NULL, cases[i].field, cases[i].client);
}

/* A proxy writes one of the fields and passes the client's other one through unchanged. */
static void uses_two_fields_only_when_they_agree(void **state)
{
	static const struct {
		const char *plain, *quoted, *client;
	} cases[] = {
		{"198.51.100.7", "for=198.51.100.7", "198.51.100.7"},
		{"1.1.1.1, 198.51.100.7", "for=2.2.2.2, for=198.51.100.7", "198.51.100.7"},
		{"198.51.100.7", "for=1.1.1.1", PEER},
		{"198.51.100.7", "for=unknown", PEER},
		{"198.51.100.7", "", PEER},
		{"x", "for=x", PEER},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_client(PEER, cases[i].plain, cases[i].quoted, cases[i].client);
}

static void bounds_the_number_of_hops(void **state)
{
	char field[16384];
	size_t length = 0;

	(void)state;
	length = (size_t)snprintf(field, sizeof field, "198.51.100.7");
	while (length + 10 < sizeof field)
		length += (size_t)snprintf(field + length, sizeof field - length, ",10.0.0.9");
	assert_client(PEER, field, NULL, "10.0.0.9");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_x_forwarded_for),
		cmocka_unit_test(reads_forwarded),
		cmocka_unit_test(uses_two_fields_only_when_they_agree),
		cmocka_unit_test(bounds_the_number_of_hops),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
