/*
 * client_address: the address of the client behind trusted proxies.
 *
 * A proxy appends the address of its peer to X-Forwarded-For or Forwarded (RFC 7239). The members
 * before it may be forged by the client. So the lists are read from the right, as long as the
 * address found so far is that of a trusted proxy.
 */
#pragma once
#include "http/message/exchange.h"
#include "base/network_list.h"

/* Sets *client to `peer`, or to the address that the fields (NULL when absent; repeated lines
 * joined by commas) contain when `peer` is a trusted proxy. A malformed, hidden or "unknown" member
 * ends the search at the last valid address. When both fields are present and lead to different
 * addresses, one of them is forged: *client is `peer` then. */
void client_address_find(const struct network_list *trusted, const struct address *peer,
			 const char *forwarded_for, const char *forwarded, struct address *client);

/* Sets exchange->client from the peer of the connection, which is NULL when unknown, and the fields
 * of the request. */
void client_address_identify(const struct network_list *trusted, const struct address *peer,
			     struct exchange *exchange);
