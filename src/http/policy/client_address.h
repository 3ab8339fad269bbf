/*
 * forwarded: who a request comes from, past proxies that are trusted.
 *
 * A proxy adds the address that it was called from at the right end of X-Forwarded-For or
 * Forwarded (RFC 7239), and passes on what stood there before: that is the client's word. So the
 * lists are read from the right, and only as long as the address found so far is a trusted proxy's.
 */
#pragma once
#include "base/network_list.h"

/* The address that a request comes from. It is `peer` itself unless that is a trusted proxy; then
 * the fields (NULL when absent; lines of the same name joined by commas) are followed. What is
 * malformed, hidden or "unknown" ends the walk at the last address that was good. When both fields
 * are there and lead to different addresses, one of them is forged, and `peer` is all that is
 * known. */
void client_address_find(const struct network_list *trusted, const struct address *peer,
			 const char *forwarded_for, const char *forwarded, struct address *client);
