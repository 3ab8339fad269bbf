#include "command/doctor/conform.h"

#include <stdio.h>
#include <string.h>

#include "base/banned.h"

enum { MOST_REFERENCES = 16, MOST_DEPTH = 64 };

struct place {
	const json_t *contract;
	char pointer[512];
	int depth;
};

static bool fits(struct place *place, const json_t *schema, const json_t *value, struct error *err);

static bool wrong(const struct place *place, struct error *err, const char *what)
{
	return error_set(err, ERROR_INTERNAL, "%s %s",
			 *place->pointer ? place->pointer : "The answer", what);
}

/* The value at a pointer such as #/components/schemas/Country; NULL when there is none. */
static const json_t *look_up(const json_t *contract, const char *pointer)
{
	const json_t *at = contract;

	if (*pointer++ != '#')
		return NULL;
	while (at && *pointer == '/') {
		size_t length = strcspn(++pointer, "/");

		at = json_object_getn(at, pointer, length);
		pointer += length;
	}
	return at;
}

static const json_t *resolve(const json_t *contract, const json_t *schema)
{
	for (int i = 0; i < MOST_REFERENCES; i++) {
		const char *pointer = json_string_value(json_object_get(schema, "$ref"));

		if (!pointer)
			return schema;
		schema = look_up(contract, pointer);
	}
	return NULL;
}

static bool is_of_type(const json_t *value, const char *type)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return strcmp(type, "object") == 0;
	case JSON_ARRAY:
		return strcmp(type, "array") == 0;
	case JSON_STRING:
		return strcmp(type, "string") == 0;
	case JSON_INTEGER:
		return strcmp(type, "integer") == 0 || strcmp(type, "number") == 0;
	case JSON_REAL:
		return strcmp(type, "number") == 0;
	case JSON_TRUE:
	case JSON_FALSE:
		return strcmp(type, "boolean") == 0;
	case JSON_NULL:
		return strcmp(type, "null") == 0;
	}
	return false;
}

static bool fits_type(const json_t *type, const json_t *value)
{
	if (json_is_string(type))
		return is_of_type(value, json_string_value(type));
	for (size_t i = 0; i < json_array_size(type); i++)
		if (is_of_type(value, json_string_value(json_array_get(type, i))))
			return true;
	return !type;
}

static bool is_listed(const json_t *list, const json_t *value)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (json_equal(json_array_get(list, i), value))
			return true;
	return !list;
}

/* Goes one step down for `value` and comes back. */
static bool fits_below(struct place *place, const char *step, const json_t *schema,
		       const json_t *value, struct error *err)
{
	size_t length = strlen(place->pointer);
	bool good;

	snprintf(place->pointer + length, sizeof place->pointer - length, "/%s", step);
	good = fits(place, schema, value, err);
	place->pointer[length] = '\0';
	return good;
}

static bool fits_object(struct place *place, const json_t *schema, const json_t *object,
			struct error *err)
{
	const json_t *required = json_object_get(schema, "required");
	const json_t *properties = json_object_get(schema, "properties");
	bool closed = json_is_false(json_object_get(schema, "additionalProperties"));
	const char *key;
	json_t *value;

	for (size_t i = 0; i < json_array_size(required); i++) {
		key = json_string_value(json_array_get(required, i));
		if (!json_object_get(object, key))
			return error_set(err, ERROR_INTERNAL, "%s has no '%s'.",
					 *place->pointer ? place->pointer : "The answer", key);
	}
	json_object_foreach((json_t *)object, key, value)
	{
		const json_t *property = json_object_get(properties, key);

		if (!property && closed)
			return error_set(err, ERROR_INTERNAL,
					 "%s has '%s', which is not documented.",
					 *place->pointer ? place->pointer : "The answer", key);
		if (property && !fits_below(place, key, property, value, err))
			return false;
	}
	return true;
}

static bool fits_items(struct place *place, const json_t *schema, const json_t *array,
		       struct error *err)
{
	const json_t *items = json_object_get(schema, "items");
	char step[24];

	for (size_t i = 0; items && i < json_array_size(array); i++) {
		snprintf(step, sizeof step, "%zu", i);
		if (!fits_below(place, step, items, json_array_get(array, i), err))
			return false;
	}
	return true;
}

static bool fits_any(struct place *place, const json_t *choices, const json_t *value,
		     struct error *err)
{
	struct error reason;

	for (size_t i = 0; i < json_array_size(choices); i++)
		if (fits(place, json_array_get(choices, i), value, &reason))
			return true;
	return !choices || wrong(place, err, "is none of the forms that are documented.");
}

static bool fits_all(struct place *place, const json_t *parts, const json_t *value,
		     struct error *err)
{
	for (size_t i = 0; i < json_array_size(parts); i++)
		if (!fits(place, json_array_get(parts, i), value, err))
			return false;
	return true;
}

static bool fits_keywords(struct place *place, const json_t *schema, const json_t *value,
			  struct error *err)
{
	const json_t *constant = json_object_get(schema, "const");

	if (!fits_type(json_object_get(schema, "type"), value))
		return wrong(place, err, "has not the documented type.");
	if (!is_listed(json_object_get(schema, "enum"), value) ||
	    (constant && !json_equal(constant, value)))
		return wrong(place, err, "is none of the documented values.");
	if (json_is_object(value) && !fits_object(place, schema, value, err))
		return false;
	if (json_is_array(value) && !fits_items(place, schema, value, err))
		return false;
	return fits_any(place, json_object_get(schema, "anyOf"), value, err) &&
	       fits_any(place, json_object_get(schema, "oneOf"), value, err) &&
	       fits_all(place, json_object_get(schema, "allOf"), value, err);
}

static bool fits(struct place *place, const json_t *schema, const json_t *value, struct error *err)
{
	bool good;

	schema = resolve(place->contract, schema);
	if (json_is_true(schema))
		return true;
	if (!json_is_object(schema) || place->depth >= MOST_DEPTH)
		return wrong(place, err, "has no usable schema in the contract.");
	place->depth++;
	good = fits_keywords(place, schema, value, err);
	place->depth--;
	return good;
}

bool conform(const json_t *contract, const json_t *schema, const json_t *value, struct error *err)
{
	struct place place = {.contract = contract};

	return fits(&place, schema, value, err);
}

const json_t *conform_answer(const json_t *contract, const char *path)
{
	static const char *const rest[] = {"get",     "responses",	  "200",
					   "content", "application/json", "schema"};
	const json_t *at = json_object_get(json_object_get(contract, "paths"), path);

	for (size_t i = 0; i < sizeof rest / sizeof *rest; i++)
		at = resolve(contract, json_object_get(resolve(contract, at), rest[i]));
	return at;
}
