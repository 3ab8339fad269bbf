/*
 * config_check: what the text of a setting may be. For config.c.
 */
#pragma once
#include <stdbool.h>

/* A numeric IPv4 or IPv6 address. */
bool config_check_address(const char *text);

/* An http:// or https:// address with a host. */
bool config_check_web_address(const char *text);

/* Nothing, or such an address without query, fragment and slash at its end. */
bool config_check_prefix(const char *text);

/* Nothing, or an https:, mailto: or tel: address (RFC 9116, section 2.5.3). */
bool config_check_contact(const char *text);

/* "*", or origins (RFC 6454, section 6.2: no path) with commas between them. */
bool config_check_origins(const char *text);

/* "" for none, or requests/seconds such as 600/60. */
bool config_check_rate(const char *text);

/* Reads such a text; false for "" and for malformed text. */
bool config_check_rate_read(const char *text, long *requests, long *seconds);

/* What network_list_read takes. */
bool config_check_networks(const char *text);

/* Nothing, or the number of a port. */
bool config_check_port(const char *text);

/* "truncated", "full" or "none". */
bool config_check_address_form(const char *text);

/* "on" or "off". */
bool config_check_switch(const char *text);

/* The name of a log level. */
bool config_check_level(const char *text);
