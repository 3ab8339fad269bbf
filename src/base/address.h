/*
 * address: IP addresses.
 *
 * An IPv4 address is stored in its mapped form (::ffff:192.0.2.1; RFC 4291, section 2.5.5.2), so
 * that it is the same on IPv4 and on IPv6 sockets.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

enum { ADDRESS_BYTES = 16, ADDRESS_TEXT = 48 };

struct address {
	unsigned char bytes[ADDRESS_BYTES];
};

/* Reads a numeric address of `length` bytes without port, brackets and zone. Returns false for
 * anything else and leaves *address unchanged. */
bool address_read(const char *text, size_t length, struct address *address);

/* The address of a socket's peer; false when it is not an IP address. */
bool address_of_peer(const struct sockaddr *peer, struct address *address);

bool address_is_ipv4(const struct address *address);
bool address_equal(const struct address *a, const struct address *b);

/* The client that an address belongs to, as a number that is never 0: an IPv4 address is one
 * client; an IPv6 network of 64 bits is one client too, since a host usually has all of it. */
uint64_t address_client(const struct address *address);

/* The address as text. (RFC 5952) */
void address_text(const struct address *address, char text[ADDRESS_TEXT]);

/* The network of an address as text: IPv4 to 24 bits, IPv6 to 48, which identifies no household. */
void address_network(const struct address *address, char text[ADDRESS_TEXT]);
