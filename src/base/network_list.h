/*
 * network_list: IP networks, such as those of trusted proxies.
 */
#pragma once
#include "base/address.h"

enum { NETWORK_LIST_MAXIMUM = 256 };

struct network_list {
	struct network {
		struct address first;
		unsigned bits; /* length of the prefix, of 128 */
	} list[NETWORK_LIST_MAXIMUM];
	size_t count;
};

/* Reads addresses and networks such as 10.0.0.0/8, separated by commas; "" is an empty list.
 * Returns false when one is malformed or has bits set after its prefix, or when there are too
 * many. */
bool network_list_read(const char *text, struct network_list *networks);

bool network_list_contains(const struct network_list *networks, const struct address *address);
