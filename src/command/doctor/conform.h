/*
 * conform: holds a JSON value against a schema of the contract.
 *
 * Known are $ref inside of the contract, type, enum, const, required, properties,
 * additionalProperties: false, items, anyOf, oneOf (as anyOf) and allOf. Other keywords (pattern,
 * format, bounds) do not count.
 */
#pragma once
#include <jansson.h>

#include "base/error.h"

/* True when the value fits; else err says what is wrong with which place (a JSON pointer,
 * RFC 6901, without escapes). */
MUST_CHECK bool conform(const json_t *contract, const json_t *schema, const json_t *value,
			struct error *err);

/* The schema of the JSON answer with status 200 to GET of a path template; NULL when the contract
 * has none. Belongs to the contract. */
const json_t *conform_answer(const json_t *contract, const char *path);
