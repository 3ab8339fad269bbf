/* The input is X-Forwarded-For, then a line end, then Forwarded. */
#include "http/policy/client_address.h"

#include "fuzz.h"

#include "base/banned.h"

static struct address address(const char *text)
{
	struct address read = {0};

	PROMISE(address_read(text, strlen(text), &read));
	return read;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	const struct address proxy = address("10.0.0.1"), stranger = address("192.0.2.1");
	char *text = text_of(bytes, length), *other = strchr(text, '\n');
	struct address client, alone;
	struct network_list trusted;

	if (other)
		*other++ = '\0';
	PROMISE(network_list_read("10.0.0.0/8, ::1, 2001:db8::/32", &trusted));
	client_address_find(&trusted, &stranger, text, other, &client);
	PROMISE(address_equal(&client, &stranger));
	client_address_find(&trusted, &proxy, text, other, &client);
	client_address_find(&trusted, &proxy, text, NULL, &alone);
	/* A second field never leads anywhere that the first one does not, but to the proxy. */
	PROMISE(address_equal(&client, &alone) || address_equal(&client, &proxy));
	client_address_find(&trusted, &proxy, NULL, text, &client);
	network_list_read(text, &trusted);
	free(text);
	return 0;
}
