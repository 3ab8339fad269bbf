/*
 * client_address: the address of the client behind trusted proxies.
 *
 * A proxy appends the address of its peer to X-Forwarded-For or Forwarded (RFC 7239) and passes on
 * the rest, which the client controls. So the lists are read from the right, and only as long as
 * the address found so far is that of a trusted proxy.
 */
#pragma once
#include "base/network_list.h"

/* The address that a request comes from. It is `peer` itself unless that is a trusted proxy; then
 * the fields (NULL when absent; lines of the same name joined by commas) are followed. A
 * malformed, hidden or "unknown" member ends the walk at the last good address. If both fields
 * exist and lead to different addresses, one of them is forged, and the result is `peer`. */
void client_address_find(const struct network_list *trusted, const struct address *peer,
			 const char *forwarded_for, const char *forwarded, struct address *client);
