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

static void reads_networks(void **state)
{
	static const struct {
		const char *text;
		int count; /* -1: refused */
	} cases[] = {
		{"", 0},
		{" ", 0},
		{"127.0.0.1", 1},
		{" 10.0.0.0/8 , ::1,2001:db8::/32 ", 3},
		{"0.0.0.0/0", 1},
		{"::/0", 1},
		{"::ffff:10.0.0.0/104", 1},
		{"10.0.0.1/8", -1},
		{"10.0.0.0/33", -1},
		{"::/129", -1},
		{"2001:db8::1/127", -1},
		{"10.0.0.0/", -1},
		{"10.0.0.0/-1", -1},
		{"10.0.0.0/0008", -1},
		{"10.0.0.0/8/8", -1},
		{"/8", -1},
		{"10.0.0.0/8,", -1},
		{",10.0.0.0/8", -1},
		{"10.0.0.0/8 ::1", -1},
		{"proxy.example", -1},
	};
	struct networks networks;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		print_message("%s\n", cases[i].text);
		assert_int_equal(address_networks_read(cases[i].text, &networks),
				 cases[i].count >= 0);
		if (cases[i].count >= 0)
			assert_int_equal(networks.count, cases[i].count);
	}
}

static void refuses_too_many_networks(void **state)
{
	static char text[(NETWORKS_MAXIMUM + 1) * 4 + 1];
	struct networks networks;

	(void)state;
	for (size_t i = 0; i < NETWORKS_MAXIMUM + 1; i++)
		memcpy(text + 4 * i, "::1,", 5);
	text[4 * NETWORKS_MAXIMUM - 1] = '\0';
	assert_true(address_networks_read(text, &networks));
	assert_int_equal(networks.count, NETWORKS_MAXIMUM);
	text[4 * NETWORKS_MAXIMUM - 1] = ',';
	text[4 * NETWORKS_MAXIMUM + 3] = '\0';
	assert_false(address_networks_read(text, &networks));
}

static void holds_addresses(void **state)
{
	static const struct {
		const char *networks, *address;
		bool held;
	} cases[] = {
		{"10.0.0.0/8", "10.255.0.1", true},
		{"10.0.0.0/8", "::ffff:10.1.2.3", true},
		{"10.0.0.0/8", "11.0.0.1", false},
		{"10.0.0.0/9", "10.127.255.255", true},
		{"10.0.0.0/9", "10.128.0.0", false},
		{"192.0.2.1", "192.0.2.1", true},
		{"192.0.2.1", "192.0.2.2", false},
		{"0.0.0.0/0", "1.2.3.4", true},
		{"0.0.0.0/0", "2001:db8::1", false},
		{"::/0", "1.2.3.4", true},
		{"::ffff:10.0.0.0/104", "10.9.9.9", true},
		{"2001:db8::/33", "2001:db8:7fff::1", true},
		{"2001:db8::/33", "2001:db8:8000::1", false},
		{"::1,192.0.2.0/31", "192.0.2.1", true},
		{"", "127.0.0.1", false},
	};
	struct networks networks;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct address read = address(cases[i].address);

		print_message("%s in %s\n", cases[i].address, cases[i].networks);
		assert_true(address_networks_read(cases[i].networks, &networks));
		assert_int_equal(address_networks_hold(&networks, &read), cases[i].held);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_addresses),     cmocka_unit_test(reads_peers),
		cmocka_unit_test(truncates_addresses), cmocka_unit_test(writes_addresses),
		cmocka_unit_test(reads_networks),      cmocka_unit_test(refuses_too_many_networks),
		cmocka_unit_test(holds_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
