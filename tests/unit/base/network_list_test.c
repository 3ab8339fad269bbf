#include "base/network_list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

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
	struct network_list networks;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		print_message("%s\n", cases[i].text);
		assert_int_equal(network_list_read(cases[i].text, &networks), cases[i].count >= 0);
		if (cases[i].count >= 0)
			assert_int_equal(networks.count, cases[i].count);
	}
}

static void refuses_too_many_networks(void **state)
{
	static char text[(NETWORK_LIST_MAXIMUM + 1) * 4 + 1];
	struct network_list networks;

	(void)state;
	for (size_t i = 0; i < NETWORK_LIST_MAXIMUM + 1; i++)
		memcpy(text + 4 * i, "::1,", 5);
	text[4 * NETWORK_LIST_MAXIMUM - 1] = '\0';
	assert_true(network_list_read(text, &networks));
	assert_int_equal(networks.count, NETWORK_LIST_MAXIMUM);
	text[4 * NETWORK_LIST_MAXIMUM - 1] = ',';
	text[4 * NETWORK_LIST_MAXIMUM + 3] = '\0';
	assert_false(network_list_read(text, &networks));
}

static void contains_addresses(void **state)
{
	static const struct {
		const char *networks, *address;
		bool contained;
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
	struct network_list networks;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct address read;

		assert_true(address_read(cases[i].address, strlen(cases[i].address), &read));
		print_message("%s in %s\n", cases[i].address, cases[i].networks);
		assert_true(network_list_read(cases[i].networks, &networks));
		assert_int_equal(network_list_contains(&networks, &read), cases[i].contained);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_networks),
		cmocka_unit_test(refuses_too_many_networks),
		cmocka_unit_test(contains_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
