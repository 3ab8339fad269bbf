#include "command/import/import.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

static bool make_room(struct import *import)
{
	size_t capacity = import->place_capacity ? import->place_capacity * 2 : 1024;
	struct place *places;

	if (import->place_count < import->place_capacity)
		return true;
	places = realloc(import->places, capacity * sizeof *places);
	if (!places)
		return false;
	import->places = places;
	import->place_capacity = capacity;
	return true;
}

size_t stage_begin(struct import *import, enum relation_id relation, const struct place *place)
{
	struct stage *stage = &import->stages[relation];
	size_t number = import->place_count;

	if (!make_room(import)) {
		import->failed = true;
		return NO_PLACE;
	}
	import->places[import->place_count++] = *place;
	buffer_format(&stage->rows, "%zu\t", number);
	if (place->parent == NO_PLACE)
		buffer_text(&stage->rows, "\\N");
	else
		buffer_format(&stage->rows, "%zu", place->parent);
	buffer_format(&stage->rows, "\t%zu", place->nth);
	stage->count++;
	return number;
}

void stage_value(struct import *import, enum relation_id relation, const char *value)
{
	struct buffer *rows = &import->stages[relation].rows;

	buffer_text(rows, "\t");
	if (!value) {
		buffer_text(rows, "\\N");
		return;
	}
	while (*value) {
		size_t plain = strcspn(value, "\\\t\n\r");

		buffer_add(rows, value, plain);
		value += plain;
		switch (*value) {
		case '\\':
			buffer_text(rows, "\\\\");
			break;
		case '\t':
			buffer_text(rows, "\\t");
			break;
		case '\n':
			buffer_text(rows, "\\n");
			break;
		case '\r':
			buffer_text(rows, "\\r");
			break;
		default:
			return;
		}
		value++;
	}
}

void stage_end(struct import *import, enum relation_id relation)
{
	buffer_text(&import->stages[relation].rows, "\n");
}

void array_item(struct buffer *array, const char *item)
{
	buffer_text(array, array->length ? ",\"" : "{\"");
	while (*item) {
		size_t plain = strcspn(item, "\\\"");

		buffer_add(array, item, plain);
		item += plain;
		if (*item)
			buffer_format(array, "\\%c", *item++);
	}
	buffer_text(array, "\"");
}

void array_end(struct buffer *array)
{
	buffer_text(array, array->length ? "}" : "{}");
}
