/*
 * address: IP addresses and networks of them.
 *
 * An IPv4 address is kept in its mapped form (::ffff:192.0.2.1; RFC 4291, section 2.5.5.2), so that
 * it is the same whichever kind of socket it came in on.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

enum { ADDRESS_BYTES = 16, ADDRESS_TEXT = 48, NETWORKS_MAXIMUM = 256 };

struct address {
	unsigned char bytes[ADDRESS_BYTES];
};

struct networks {
	struct network {
		struct address first;
		unsigned bits; /* of 128 that all its addresses share */
	} list[NETWORKS_MAXIMUM];
	size_t count;
};

/* Reads a numeric address of `length` bytes without port, brackets and zone; false for anything
 * else, and *address is left alone. */
bool address_read(const char *text, size_t length, struct address *address);

/* The address of a socket's peer; false when it is no IP address. */
bool address_of_peer(const struct sockaddr *peer, struct address *address);

bool address_is_ipv4(const struct address *address);
bool address_equal(const struct address *a, const struct address *b);

/* Whom an address stands for, as a number: an IPv4 address is a client, and so is an IPv6 network
 * of 64 bits, since whoever has one address of it has the others too. Never 0. */
uint64_t address_client(const struct address *address);

/* The address as text. (RFC 5952) */
void address_text(const struct address *address, char text[ADDRESS_TEXT]);

/* The network of an address as text: IPv4 to 24 bits, IPv6 to 48, which names no household. */
void address_network(const struct address *address, char text[ADDRESS_TEXT]);

/* Reads addresses and networks such as 10.0.0.0/8 with commas between them; "" is none. False when
 * one is malformed, a network has bits behind its length, or there are too many. */
bool address_networks_read(const char *text, struct networks *networks);

bool address_networks_hold(const struct networks *networks, const struct address *address);
