/*
 * identity: which request this is, and roughly from where.
 */
#pragma once
#include <stdbool.h>
#include <sys/socket.h>

enum { REQUEST_ID_SIZE = 65, CLIENT_SIZE = 48 };

/* Takes over what the client sent when it matches [A-Za-z0-9._-]{1,64}, else makes one. */
void request_id_set(char id[REQUEST_ID_SIZE], const char *sent);

/* True for a well-formed traceparent field. (W3C Trace Context, section 3.2) */
bool traceparent_valid(const char *text);

/* The client's network as text: IPv4 to 24 bits, IPv6 to 48; "" for anything else. A mapped IPv4
 * address counts as IPv4. */
void client_network(const struct sockaddr *peer, char text[CLIENT_SIZE]);
