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
	struct networks trusted;

	if (other)
		*other++ = '\0';
	PROMISE(networks_read("10.0.0.0/8, ::1, 2001:db8::/32", &trusted));
	forwarded_client(&trusted, &stranger, text, other, &client);
	PROMISE(address_equal(&client, &stranger));
	forwarded_client(&trusted, &proxy, text, other, &client);
	forwarded_client(&trusted, &proxy, text, NULL, &alone);
	/* A second field never leads anywhere that the first one does not, but to the proxy. */
	PROMISE(address_equal(&client, &alone) || address_equal(&client, &proxy));
	forwarded_client(&trusted, &proxy, NULL, text, &client);
	networks_read(text, &trusted);
	free(text);
	return 0;
}
