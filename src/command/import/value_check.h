/*
 * value_check: whether a value is what its field demands.
 */
#pragma once
#include "base/error.h"
#include "command/import/dataset_schema.h"

/* True when the field allows the text (for a list: one item). Otherwise the message of the error
 * follows the name of the field. */
bool value_check(const struct dataset_field *field, const char *text, struct error *err);
