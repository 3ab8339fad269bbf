/*
 * sha256: SHA-256 (FIPS 180-4) through libcrypto.
 */
#pragma once
#include <stddef.h>

/* Writes the digest as 64 lower-case hex digits and a zero byte. */
void sha256_hex(const void *bytes, size_t length, char hex[65]);
