/*
 * ulfius_bridge: passes requests with a body to libmicrohttpd and Ulfius.
 *
 * An event loop passes a request that the strict reader (server/loop/request_head.h) has accepted
 * and that has arrived in full. libmicrohttpd gets one end of a socket pair, reads the request in a
 * thread, and Ulfius calls the one callback, which runs dispatch. The loop relays the response from
 * the other end to the client. So libmicrohttpd never sees a client's socket, a malformed head or a
 * second request.
 */
#pragma once
#include "base/address.h"
#include "http/message/service.h"

struct ulfius_bridge;

/* Starts libmicrohttpd without a listener. Fails with ERROR_INTERNAL. */
MUST_CHECK bool ulfius_bridge_open(const struct service *service, struct ulfius_bridge **bridge,
				   struct error *err);

/* Waits until all requests are completed. */
void ulfius_bridge_close(struct ulfius_bridge **bridge);

/* Passes a request of `length` bytes from `peer`, which may be NULL. *relay is a socket that does
 * not block, on which the response arrives; it ends with the end of the file, also without a byte
 * when libmicrohttpd has no thread or memory for the request. The caller closes it. False when a
 * socket, or memory, is missing. */
MUST_CHECK bool ulfius_bridge_pass(struct ulfius_bridge *bridge, const char *request, size_t length,
				   const struct address *peer, int *relay);
