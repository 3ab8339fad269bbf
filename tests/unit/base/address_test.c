#include "base/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

static struct address address(const char *text)
{
	struct address read;

	assert_true(address_read(text, strlen(text), &read));
	return read;
}

static void reads_addresses(void **state)
{
	static const struct {
		const char *text, *equal; /* NULL: refused */
	} cases[] = {
		{"192.0.2.1", "::ffff:192.0.2.1"},
		{"::FFFF:c000:201", "192.0.2.1"},
		{"2001:DB8:0::1", "2001:db8::1"},
		{"::", "0:0:0:0:0:0:0:0"},
		{"1.2.3", NULL},
		{"01.2.3.4", NULL},
		{"1.2.3.4 ", NULL},
		{"1.2.3.4:80", NULL},
		{"[::1]", NULL},
		{"fe80::1%eth0", NULL},
		{"", NULL},
		{"localhost", NULL},
		{"::ffff:192.0.2.1 and more than fits any address", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct address read, equal;

		print_message("%s\n", cases[i].text);
		assert_int_equal(address_read(cases[i].text, strlen(cases[i].text), &read),
				 cases[i].equal != NULL);
		if (!cases[i].equal)
			continue;
		equal = address(cases[i].equal);
		assert_true(address_equal(&read, &equal));
	}
	assert_false(address_read("::1\0", 4, &(struct address){0}));
}

static void reads_peers(void **state)
{
	const struct sockaddr local = {.sa_family = AF_UNIX};
	struct sockaddr_in ipv4 = {.sin_family = AF_INET, .sin_port = 1};
	struct sockaddr_in6 mapped = {.sin6_family = AF_INET6, .sin6_port = 2};
	struct sockaddr_in6 ipv6 = {.sin6_family = AF_INET6};
	struct address read, expected = address("192.0.2.77");

	(void)state;
	assert_int_equal(inet_pton(AF_INET, "192.0.2.77", &ipv4.sin_addr), 1);
	assert_int_equal(inet_pton(AF_INET6, "::ffff:192.0.2.77", &mapped.sin6_addr), 1);
	assert_int_equal(inet_pton(AF_INET6, "2001:db8:1:2:3:4:5:6", &ipv6.sin6_addr), 1);
	assert_true(address_of_peer((const struct sockaddr *)&ipv4, &read));
	assert_true(address_equal(&read, &expected));
	assert_true(address_of_peer((const struct sockaddr *)&mapped, &read));
	assert_true(address_equal(&read, &expected));
	assert_true(address_is_ipv4(&read));
	/* The whole of it: the last two bytes lie beyond a plain struct sockaddr. */
	assert_true(address_of_peer((const struct sockaddr *)&ipv6, &read));
	expected = address("2001:db8:1:2:3:4:5:6");
	assert_true(address_equal(&read, &expected));
	assert_false(address_is_ipv4(&read));
	assert_false(address_of_peer(&local, &read));
	assert_false(address_of_peer(NULL, &read));
}

static void truncates_addresses(void **state)
{
	static const struct {
		const char *address, *network;
	} cases[] = {
		{"192.0.2.200", "192.0.2.0"},
		{"255.255.255.255", "255.255.255.0"},
		{"2001:db8:1:2:3:4:5:6", "2001:db8:1::"},
		{"::1", "::"},
		{"::ffff:192.0.2.77", "192.0.2.0"},
	};
	char text[ADDRESS_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct address read = address(cases[i].address);

		address_network(&read, text);
		assert_string_equal(text, cases[i].network);
	}
}

static void writes_addresses(void **state)
{
	static const char *const cases[] = {"192.0.2.7", "2001:db8::1", "::1", "0.0.0.0"};
	char text[ADDRESS_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct address read = address(cases[i]);

		address_text(&read, text);
		assert_string_equal(text, cases[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_addresses),
		cmocka_unit_test(reads_peers),
		cmocka_unit_test(truncates_addresses),
		cmocka_unit_test(writes_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
