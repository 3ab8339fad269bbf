/*
 * config_check: what the text of a setting may be. For config.c.
 */
#pragma once
#include <stdbool.h>

/* A numeric IPv4 or IPv6 address. */
bool is_address(const char *text);

/* An http:// or https:// address with a host. */
bool is_web_address(const char *text);

/* Nothing, or such an address without query, fragment and slash at its end. */
bool is_prefix(const char *text);

/* Nothing, or an https:, mailto: or tel: address (RFC 9116, section 2.5.3). */
bool is_contact(const char *text);

/* "*", or origins (RFC 6454, section 6.2: no path) with commas between them. */
bool is_origins(const char *text);

/* "" for none, or requests/seconds such as 600/60. */
bool is_rate(const char *text);

/* Reads such a text; false for "" and whatever is malformed. */
bool rate_read(const char *text, long *requests, long *seconds);

/* What networks_read takes. */
bool is_networks(const char *text);

/* Nothing, or the number of a port. */
bool is_port(const char *text);

/* "truncated", "full" or "none". */
bool is_address_form(const char *text);

/* "on" or "off". */
bool is_switch(const char *text);

/* The name of a log level. */
bool is_level(const char *text);
