#include "base/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "base/banned.h"

enum { IPV4_AT = 12 };

static const unsigned char mapped[IPV4_AT] = {[10] = 0xFF, [11] = 0xFF};

static void from_ipv4(const void *bytes, struct address *address)
{
	memcpy(address->bytes, mapped, sizeof mapped);
	memcpy(address->bytes + IPV4_AT, bytes, ADDRESS_BYTES - IPV4_AT);
}

bool address_read(const char *text, size_t length, struct address *address)
{
	char copy[INET6_ADDRSTRLEN];
	struct in6_addr ipv6;
	struct in_addr ipv4;

	if (length >= sizeof copy || memchr(text, '\0', length))
		return false;
	memcpy(copy, text, length);
	copy[length] = '\0';
	if (inet_pton(AF_INET, copy, &ipv4) == 1) {
		from_ipv4(&ipv4, address);
		return true;
	}
	if (inet_pton(AF_INET6, copy, &ipv6) != 1)
		return false;
	memcpy(address->bytes, ipv6.s6_addr, ADDRESS_BYTES);
	return true;
}

bool address_of_peer(const struct sockaddr *peer, struct address *address)
{
	struct sockaddr_in6 ipv6;
	struct sockaddr_in ipv4;

	if (!peer || (peer->sa_family != AF_INET && peer->sa_family != AF_INET6))
		return false;
	if (peer->sa_family == AF_INET) {
		memcpy(&ipv4, peer, sizeof ipv4);
		from_ipv4(&ipv4.sin_addr, address);
		return true;
	}
	memcpy(&ipv6, peer, sizeof ipv6);
	memcpy(address->bytes, ipv6.sin6_addr.s6_addr, ADDRESS_BYTES);
	return true;
}

bool address_is_ipv4(const struct address *address)
{
	return memcmp(address->bytes, mapped, sizeof mapped) == 0;
}

bool address_equal(const struct address *a, const struct address *b)
{
	return memcmp(a->bytes, b->bytes, ADDRESS_BYTES) == 0;
}

/* The numbers of IPv4 clients collide only with networks in 0000::/8, which is not assigned.
 * (RFC 4291, section 2.4) */
uint64_t address_client(const struct address *address)
{
	size_t at = address_is_ipv4(address) ? 8 : 0;
	uint64_t number = 0;

	for (size_t i = 0; i < 8; i++)
		number = number << 8 | address->bytes[at + i];
	return number ? number : 1;
}

void address_text(const struct address *address, char text[ADDRESS_TEXT])
{
	bool ipv4 = address_is_ipv4(address);

	inet_ntop(ipv4 ? AF_INET : AF_INET6, address->bytes + (ipv4 ? IPV4_AT : 0), text,
		  ADDRESS_TEXT);
}

void address_network(const struct address *address, char text[ADDRESS_TEXT])
{
	const unsigned char *ipv4 = address->bytes + IPV4_AT;
	struct in6_addr network = {0};

	if (address_is_ipv4(address)) {
		snprintf(text, ADDRESS_TEXT, "%d.%d.%d.0", ipv4[0], ipv4[1], ipv4[2]);
		return;
	}
	memcpy(network.s6_addr, address->bytes, 6);
	inet_ntop(AF_INET6, &network, text, ADDRESS_TEXT);
}
