#include "command/import/read_json.h"

#include "codec/json.h"
#include "command/import/source_location.h"
#include "command/import/value_check.h"

#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "base/banned.h"

enum { POSITION_MAXIMUM = 100000, DEPTH = 16, REASON_BYTES = 400 };

static const char *type_name(const json_t *value)
{
	static const char *const names[] = {
		[JSON_OBJECT] = "an object",	[JSON_ARRAY] = "a list",
		[JSON_STRING] = "a text",	[JSON_INTEGER] = "a number",
		[JSON_REAL] = "a number",	[JSON_TRUE] = "true or false",
		[JSON_FALSE] = "true or false", [JSON_NULL] = "null",
	};

	return names[json_typeof(value)];
}

static void wrong_type(struct dataset *dataset, size_t row, const char *field, const json_t *value,
		       const char *expected)
{
	char reason[REASON_BYTES];

	snprintf(reason, sizeof reason, "is %s instead of %s", type_name(value), expected);
	source_location_problem(dataset, row, field, reason);
}

/* Returns the text of a value; NULL when it is wrong. `name` is its pointer from the record. */
static const char *check_text(struct dataset *dataset, size_t row, const char *name,
			      const struct dataset_field *field, const json_t *value)
{
	const char *text = json_string_value(value);
	struct error err;

	if (!text)
		wrong_type(dataset, row, name, value, "a text");
	else if (!*text)
		source_location_problem(dataset, row, name,
					field->presence == NEEDED ? "is empty"
								  : "is empty; unknown is null");
	else if (!value_check(field, text, &err))
		source_location_problem(dataset, row, name, err.message);
	else
		return text;
	return NULL;
}

static bool is_repeated(const json_t *list, size_t index, const char *text)
{
	for (size_t i = 0; i < index; i++) {
		const char *earlier = json_string_value(json_array_get(list, i));

		if (earlier && strcmp(earlier, text) == 0)
			return true;
	}
	return false;
}

static void read_list(struct dataset *dataset, size_t row, const struct dataset_field *field,
		      const json_t *list, struct buffer *array)
{
	const json_t *item;
	size_t i;

	if (!json_is_array(list)) {
		wrong_type(dataset, row, field->name, list, "a list");
		return;
	}
	json_array_foreach(list, i, item)
	{
		const char *name = arena_format(dataset->memory, "%s/%zu", field->name, i);
		const char *text = name ? check_text(dataset, row, name, field, item) : NULL;

		if (text && is_repeated(list, i, text))
			source_location_problem(dataset, row, name, "appears in the list twice");
		else if (text)
			staging_rows_item(array, text);
		dataset->failed |= !name;
	}
}

static void stage_number(struct dataset *dataset, size_t row, enum relation_id relation,
			 const struct dataset_field *field, const json_t *value)
{
	json_int_t number = json_integer_value(value);
	char text[24];

	if (json_is_integer(value) && number >= 1 && number <= POSITION_MAXIMUM) {
		snprintf(text, sizeof text, "%" JSON_INTEGER_FORMAT, number);
		staging_rows_value(&dataset->rows, relation, text);
		return;
	}
	if (json_is_integer(value))
		source_location_problem(dataset, row, field->name,
					"is not a number from 1 to 100,000");
	else
		wrong_type(dataset, row, field->name, value, "a whole number");
	staging_rows_value(&dataset->rows, relation, NULL);
}

/* Stages a value in the row of its record. `value` is NULL when it is absent. */
static void stage_field(struct dataset *dataset, size_t row, enum relation_id relation,
			const struct dataset_field *field, const char *name, const json_t *value)
{
	const char *text = NULL;

	if (field->list) {
		struct buffer array = {0};

		if (value)
			read_list(dataset, row, field, value, &array);
		staging_rows_array(&dataset->rows, relation, &array);
		return;
	}
	if (value && field->type == FIELD_NUMBER) {
		stage_number(dataset, row, relation, field, value);
		return;
	}
	if (value && !json_is_null(value))
		text = check_text(dataset, row, name, field, value);
	else if (value && field->presence == NEEDED)
		source_location_problem(dataset, row, name, "is null, but must be known");
	staging_rows_value(&dataset->rows, relation, text);
}

/* Reports missing and unknown keys. `under` is the pointer from the record to the object, with a
 * slash at its end, or "". */
static void check_keys(struct dataset *dataset, size_t row, const struct relation *relation,
		       const char *under, json_t *object)
{
	char reason[REASON_BYTES];
	const char *key;
	json_t *value;

	for (size_t i = 0; relation->fields[i].name; i++) {
		const struct dataset_field *field = &relation->fields[i];

		if (field->presence == OPTIONAL || json_object_get(object, field->name))
			continue;
		snprintf(reason, sizeof reason, "has no key '%s%s'", under, field->name);
		source_location_problem(dataset, row, NULL, reason);
	}
	json_object_foreach(object, key, value)
	{
		if (dataset_schema_field(relation, key) != NO_FIELD)
			continue;
		snprintf(reason, sizeof reason, "%s%.100s", under, key);
		source_location_problem(dataset, row, reason, "is not a key of this record");
	}
}

static void stage_group(struct dataset *dataset, size_t row, enum relation_id relation,
			const struct dataset_field *group, json_t *object)
{
	const char *prefix = arena_format(dataset->memory, "%s/", group->name);

	dataset->failed |= !prefix;
	if (object && !json_is_object(object))
		wrong_type(dataset, row, group->name, object, "an object");
	else if (object && prefix)
		check_keys(dataset, row, group->parts, prefix, object);
	for (size_t i = 0; group->parts->fields[i].name; i++) {
		const struct dataset_field *field = &group->parts->fields[i];
		const char *name = arena_format(dataset->memory, "%s/%s", group->name, field->name);

		if (!name)
			dataset->failed = true;
		stage_field(dataset, row, relation, field, name,
			    json_object_get(object, field->name));
	}
}

static void read_record(struct dataset *dataset, const struct relation *relation,
			const struct row_origin *origin, json_t *object);

static void read_parts(struct dataset *dataset, size_t row, const struct dataset_field *field,
		       json_t *list)
{
	struct staging_table *table = &dataset->rows.tables[field->parts->id];
	json_t *item;
	size_t i;

	if (!json_is_array(list)) {
		wrong_type(dataset, row, field->name, list, "a list");
		table->incomplete = true;
		return;
	}
	json_array_foreach(list, i, item)
	{
		struct row_origin origin = {.file = dataset->rows.origins[row].file,
					    .parent = row,
					    .field = field,
					    .nth = i + 1};
		const char *name;

		if (json_is_object(item)) {
			read_record(dataset, field->parts, &origin, item);
			continue;
		}
		name = arena_format(dataset->memory, "%s/%zu", field->name, i);
		dataset->failed |= !name;
		table->incomplete = true;
		wrong_type(dataset, row, name, item, "an object");
	}
}

/* Recurses as deep as the schema, at most four levels, whatever the file contains. */
static void read_record(struct dataset *dataset, const struct relation *relation,
			const struct row_origin *origin, json_t *object)
{
	size_t row = staging_rows_begin(&dataset->rows, relation->id, origin);
	json_t *value;

	if (row == NO_ROW)
		return;
	check_keys(dataset, row, relation, "", object);
	if (!json_is_string(json_object_get(object, relation->fields[0].name)))
		dataset->rows.tables[relation->id].incomplete = true;
	for (size_t i = 0; relation->fields[i].name; i++) {
		const struct dataset_field *field = &relation->fields[i];

		value = json_object_get(object, field->name);
		if (field->type == FIELD_GROUP)
			stage_group(dataset, row, relation->id, field, value);
		else if (field->type != FIELD_PARTS)
			stage_field(dataset, row, relation->id, field, field->name, value);
	}
	staging_rows_end(&dataset->rows, relation->id);
	for (size_t i = 0; relation->fields[i].name; i++) {
		value = json_object_get(object, relation->fields[i].name);
		if (value && relation->fields[i].type == FIELD_PARTS)
			read_parts(dataset, row, &relation->fields[i], value);
	}
}

/* Returns NULL after it has added the problem. */
static json_t *parse_file(struct dataset *dataset, const struct dataset_file *file)
{
	json_error_t error;
	json_t *root;

	if (!json_depth_within(file->text, file->length, DEPTH)) {
		problem_list_add(&dataset->problems, file->name, 1, 1,
				 "is nested deeper than %d levels", DEPTH);
		return NULL;
	}
	root = json_loadb(file->text, file->length, JSON_REJECT_DUPLICATES, &error);
	if (!root)
		problem_list_add(&dataset->problems, file->name,
				 error.line > 0 ? (unsigned)error.line : 1,
				 error.column > 0 ? (unsigned)error.column : 1,
				 "is not valid JSON: %s", error.text);
	return root;
}

/* Other records may refer to those of a file that cannot be read. */
static void mark_incomplete(struct dataset *dataset, const struct relation *relation)
{
	if (relation->id != NO_RELATION)
		dataset->rows.tables[relation->id].incomplete = true;
	for (size_t i = 0; relation->fields[i].name; i++)
		if (relation->fields[i].parts)
			mark_incomplete(dataset, relation->fields[i].parts);
}

/* The file of a country is named after its code: profiles/NO.json. */
static void check_country(struct dataset *dataset, size_t row, const json_t *profile)
{
	const char *country = json_string_value(json_object_get(profile, "country"));
	const char *name = strrchr(dataset->rows.origins[row].file->name, '/') + 1;
	char reason[REASON_BYTES];

	if (!country || (strncmp(name, country, strlen(country)) == 0 &&
			 strcmp(name + strlen(country), ".json") == 0))
		return;
	snprintf(reason, sizeof reason, "is '%.20s', but the file is named %.20s", country, name);
	source_location_problem(dataset, row, "country", reason);
}

void read_json_profile(struct dataset *dataset, struct dataset_file *file)
{
	json_auto_t *root = parse_file(dataset, file);
	struct row_origin origin = {.file = file, .parent = NO_ROW};
	size_t first = dataset->rows.count;

	if (root && !json_is_object(root))
		problem_list_add(&dataset->problems, file->name, 1, 1,
				 "contains %s instead of an object", type_name(root));
	if (!json_is_object(root)) {
		mark_incomplete(dataset, file->relation);
		return;
	}
	read_record(dataset, file->relation, &origin, root);
	if (dataset->rows.count > first)
		check_country(dataset, first, root);
}

void read_json_tools(struct dataset *dataset, struct dataset_file *file)
{
	json_auto_t *root = parse_file(dataset, file);
	json_t *item;
	size_t i;

	if (root && !json_is_array(root))
		problem_list_add(&dataset->problems, file->name, 1, 1,
				 "contains %s instead of a list", type_name(root));
	json_array_foreach(root, i, item)
	{
		struct row_origin origin = {.file = file, .parent = NO_ROW, .nth = i + 1};

		if (json_is_object(item))
			read_record(dataset, file->relation, &origin, item);
		else
			problem_list_add(&dataset->problems, file->name, 1, 1,
					 "/%zu: is %s instead of an object", i, type_name(item));
	}
}
