#include "base/network_list.h"

#include "base/number.h"

#include <string.h>

#include "base/banned.h"

enum { ALL_BITS = 8 * ADDRESS_BYTES, IPV4_BITS = 32 };

/* Returns the address with all bits after the first `bits` cleared. */
static struct address first_address(const struct address *address, unsigned bits)
{
	struct address first = {0};
	unsigned whole = bits / 8, rest = bits % 8;

	memcpy(first.bytes, address->bytes, whole);
	if (rest > 0)
		first.bytes[whole] = address->bytes[whole] & (unsigned char)(0xFF00 >> rest);
	return first;
}

static bool network_contains(const struct network *network, const struct address *address)
{
	struct address first = first_address(address, network->bits);

	return address_equal(&first, &network->first);
}

static bool network_read(const char *text, size_t length, struct network *network)
{
	const char *slash = memchr(text, '/', length);
	size_t address_length = slash ? (size_t)(slash - text) : length;
	bool ipv4 = !memchr(text, ':', length);
	char number[4] = "";
	long bits = ipv4 ? IPV4_BITS : ALL_BITS;

	if (!address_read(text, address_length, &network->first))
		return false;
	if (slash) {
		size_t digits = length - address_length - 1;

		if (digits >= sizeof number)
			return false;
		memcpy(number, slash + 1, digits);
		number[digits] = '\0';
		if (!number_read(number, 0, bits, &bits))
			return false;
	}
	network->bits = (unsigned)(ipv4 ? ALL_BITS - IPV4_BITS + bits : bits);
	return network_contains(network, &network->first);
}

bool network_list_read(const char *text, struct network_list *networks)
{
	networks->count = 0;
	if (text[strspn(text, " ")] == '\0')
		return true;
	for (;; text++) {
		size_t length;

		text += strspn(text, " ");
		length = strcspn(text, " ,");
		if (networks->count == NETWORK_LIST_MAXIMUM ||
		    !network_read(text, length, &networks->list[networks->count]))
			return false;
		networks->count++;
		text += length;
		text += strspn(text, " ");
		if (*text == '\0')
			return true;
		if (*text != ',')
			return false;
	}
}

bool network_list_contains(const struct network_list *networks, const struct address *address)
{
	for (size_t i = 0; i < networks->count; i++)
		if (network_contains(&networks->list[i], address))
			return true;
	return false;
}
