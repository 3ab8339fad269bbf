#include "command/import/import.h"

#include <string.h>

#include <jansson.h>

#include "base/banned.h"

#define POSITION_MAXIMUM 100000

static const char *type_name(const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return "an object";
	case JSON_ARRAY:
		return "a list";
	case JSON_STRING:
		return "a text";
	case JSON_INTEGER:
	case JSON_REAL:
		return "a number";
	case JSON_TRUE:
	case JSON_FALSE:
		return "true or false";
	case JSON_NULL:
		break;
	}
	return "null";
}

static void wrong_type(struct import *import, size_t place, const char *field, const json_t *value,
		       const char *expected)
{
	char reason[REASON_BYTES];

	snprintf(reason, sizeof reason, "is %s instead of %s", type_name(value), expected);
	problem_at(import, place, field, reason);
}

/* The text of a value, or NULL with the problem noted. `name` is its pointer from the record. */
static const char *check_text(struct import *import, size_t place, const char *name,
			      const struct field *field, const json_t *value)
{
	const char *text = json_string_value(value);
	char reason[REASON_BYTES];

	if (!text)
		wrong_type(import, place, name, value, "a text");
	else if (!*text)
		problem_at(import, place, name,
			   field->presence == NEEDED ? "is empty" : "is empty; unknown is null");
	else if (!value_fits(field, text, reason))
		problem_at(import, place, name, reason);
	else
		return text;
	return NULL;
}

static bool repeats(const json_t *list, size_t index, const char *text)
{
	for (size_t i = 0; i < index; i++) {
		const char *earlier = json_string_value(json_array_get(list, i));

		if (earlier && strcmp(earlier, text) == 0)
			return true;
	}
	return false;
}

static void read_list(struct import *import, size_t place, const struct field *field,
		      const json_t *list, struct buffer *array)
{
	const json_t *item;
	size_t i;

	if (!json_is_array(list)) {
		wrong_type(import, place, field->name, list, "a list");
		return;
	}
	json_array_foreach(list, i, item)
	{
		const char *name = arena_format(import->memory, "%s/%zu", field->name, i);
		const char *text = name ? check_text(import, place, name, field, item) : NULL;

		if (text && repeats(list, i, text))
			problem_at(import, place, name, "stands in the list twice");
		else if (text)
			array_item(array, text);
		import->failed |= !name;
	}
}

static void stage_number(struct import *import, size_t place, enum relation_id relation,
			 const struct field *field, const json_t *value)
{
	json_int_t number = json_integer_value(value);
	char text[24];

	if (json_is_integer(value) && number >= 1 && number <= POSITION_MAXIMUM) {
		snprintf(text, sizeof text, "%" JSON_INTEGER_FORMAT, number);
		stage_value(import, relation, text);
		return;
	}
	if (json_is_integer(value))
		problem_at(import, place, field->name, "is not a number from 1 to 100,000");
	else
		wrong_type(import, place, field->name, value, "a whole number");
	stage_value(import, relation, NULL);
}

/* Stages one value that stands in the record's own row. value is NULL when it is missing. */
static void stage_field(struct import *import, size_t place, enum relation_id relation,
			const struct field *field, const char *name, const json_t *value)
{
	const char *text = NULL;

	if (field->list) {
		struct buffer array = {0};

		if (value)
			read_list(import, place, field, value, &array);
		array_end(&array);
		stage_value(import, relation, array.bytes);
		import->failed |= array.failed;
		buffer_free(&array);
		return;
	}
	if (value && field->type == FIELD_NUMBER) {
		stage_number(import, place, relation, field, value);
		return;
	}
	if (value && !json_is_null(value))
		text = check_text(import, place, name, field, value);
	else if (value && field->presence == NEEDED)
		problem_at(import, place, name, "is null, and must be known");
	stage_value(import, relation, text);
}

/* Notes the keys that are missing or that no field has. `under` is the pointer from the record to
 * the object, with a slash at its end, or "". */
static void check_keys(struct import *import, size_t place, const struct relation *relation,
		       const char *under, json_t *object)
{
	char reason[REASON_BYTES];
	const char *key;
	json_t *value;

	for (size_t i = 0; relation->fields[i].name; i++) {
		const struct field *field = &relation->fields[i];

		if (field->presence == OPTIONAL || json_object_get(object, field->name))
			continue;
		snprintf(reason, sizeof reason, "has no key '%s%s'", under, field->name);
		problem_at(import, place, NULL, reason);
	}
	json_object_foreach(object, key, value)
	{
		size_t i = 0;

		while (relation->fields[i].name && strcmp(relation->fields[i].name, key) != 0)
			i++;
		if (relation->fields[i].name)
			continue;
		snprintf(reason, sizeof reason, "%s%.100s", under, key);
		problem_at(import, place, reason, "is not a key of this record");
	}
}

static void stage_group(struct import *import, size_t place, enum relation_id relation,
			const struct field *group, json_t *object)
{
	const char *prefix = arena_format(import->memory, "%s/", group->name);

	import->failed |= !prefix;
	if (object && !json_is_object(object))
		wrong_type(import, place, group->name, object, "an object");
	else if (object && prefix)
		check_keys(import, place, group->parts, prefix, object);
	for (size_t i = 0; group->parts->fields[i].name; i++) {
		const struct field *field = &group->parts->fields[i];
		const char *name = arena_format(import->memory, "%s/%s", group->name, field->name);

		if (!name)
			import->failed = true;
		stage_field(import, place, relation, field, name,
			    json_object_get(object, field->name));
	}
}

static void read_record(struct import *import, const struct relation *relation,
			const struct place *from, json_t *object);

static void read_parts(struct import *import, size_t place, const struct field *field, json_t *list)
{
	json_t *item;
	size_t i;

	if (!json_is_array(list)) {
		wrong_type(import, place, field->name, list, "a list");
		import->stages[field->parts->id].incomplete = true;
		return;
	}
	json_array_foreach(list, i, item)
	{
		struct place at = {.file = import->places[place].file,
				   .parent = place,
				   .field = field,
				   .nth = i + 1};
		const char *name;

		if (json_is_object(item)) {
			read_record(import, field->parts, &at, item);
			continue;
		}
		name = arena_format(import->memory, "%s/%zu", field->name, i);
		import->failed |= !name;
		import->stages[field->parts->id].incomplete = true;
		wrong_type(import, place, name, item, "an object");
	}
}

/* Depth is that of the format, at most four, whatever the file says. */
static void read_record(struct import *import, const struct relation *relation,
			const struct place *from, json_t *object)
{
	size_t place = stage_begin(import, relation->id, from);
	json_t *value;

	if (place == NO_PLACE)
		return;
	check_keys(import, place, relation, "", object);
	if (!json_is_string(json_object_get(object, relation->fields[0].name)))
		import->stages[relation->id].incomplete = true;
	for (size_t i = 0; relation->fields[i].name; i++) {
		const struct field *field = &relation->fields[i];

		value = json_object_get(object, field->name);
		if (field->type == FIELD_GROUP)
			stage_group(import, place, relation->id, field, value);
		else if (field->type != FIELD_PARTS)
			stage_field(import, place, relation->id, field, field->name, value);
	}
	stage_end(import, relation->id);
	for (size_t i = 0; relation->fields[i].name; i++) {
		value = json_object_get(object, relation->fields[i].name);
		if (value && relation->fields[i].type == FIELD_PARTS)
			read_parts(import, place, &relation->fields[i], value);
	}
}

/* Parses the file; NULL with the problem noted. */
static json_t *parse(struct import *import, size_t number)
{
	const struct file *file = &import->files[number];
	json_error_t error;
	json_t *root = json_loadb(file->text, file->length, JSON_REJECT_DUPLICATES, &error);

	if (!root)
		problem_add(import, number, error.line > 0 ? (unsigned)error.line : 1,
			    error.column > 0 ? (unsigned)error.column : 1, "is not valid JSON: %s",
			    error.text);
	return root;
}

/* What could not be read may hold records that others name. */
static void mark_incomplete(struct import *import, const struct relation *relation)
{
	if (relation->id != NO_RELATION)
		import->stages[relation->id].incomplete = true;
	for (size_t i = 0; relation->fields[i].name; i++)
		if (relation->fields[i].parts)
			mark_incomplete(import, relation->fields[i].parts);
}

/* profiles/NO.json is about NO. */
static void check_country(struct import *import, size_t place, const json_t *profile)
{
	const char *country = json_string_value(json_object_get(profile, "country"));
	const char *name = strrchr(import->files[import->places[place].file].name, '/') + 1;
	char reason[REASON_BYTES];

	if (!country || (strncmp(name, country, strlen(country)) == 0 &&
			 strcmp(name + strlen(country), ".json") == 0))
		return;
	snprintf(reason, sizeof reason, "is '%.20s', but the file is named %.20s", country, name);
	problem_at(import, place, "country", reason);
}

void import_profile(struct import *import, size_t number)
{
	json_auto_t *root = parse(import, number);
	struct place place = {.file = number, .parent = NO_PLACE};
	size_t first = import->place_count;

	if (root && !json_is_object(root))
		problem_add(import, number, 1, 1, "holds %s instead of an object", type_name(root));
	if (!json_is_object(root)) {
		mark_incomplete(import, relations[PROFILE]);
		return;
	}
	read_record(import, relations[PROFILE], &place, root);
	if (import->place_count > first)
		check_country(import, first, root);
}

void import_tools(struct import *import, size_t number)
{
	json_auto_t *root = parse(import, number);
	json_t *item;
	size_t i;

	if (root && !json_is_array(root))
		problem_add(import, number, 1, 1, "holds %s instead of a list", type_name(root));
	json_array_foreach(root, i, item)
	{
		struct place place = {.file = number, .parent = NO_PLACE, .nth = i + 1};

		if (json_is_object(item))
			read_record(import, relations[TOOL], &place, item);
		else
			problem_add(import, number, 1, 1, "/%zu: is %s instead of an object", i,
				    type_name(item));
	}
}
