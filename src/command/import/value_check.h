/*
 * value_check: whether a value is what its field demands.
 */
#pragma once
#include "command/import/dataset_schema.h"

#define REASON_BYTES 400

/* True when the field allows the text (for a list: one item). Otherwise fills `reason`, which
 * follows the name of the field in a message. */
bool value_check(const struct dataset_field *field, const char *text, char reason[REASON_BYTES]);
