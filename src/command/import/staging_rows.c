#include "command/import/staging_rows.h"

#include <string.h>

#include "base/banned.h"

size_t staging_rows_begin(struct staging_rows *rows, enum relation_id relation,
			  const struct row_origin *origin)
{
	struct staging_table *table = &rows->tables[relation];
	size_t number = rows->count;

	buffer_add(&rows->stored, origin, sizeof *origin);
	if (rows->stored.failed) {
		rows->failed = true;
		return NO_ROW;
	}
	rows->origins = (const struct row_origin *)(const void *)rows->stored.bytes;
	rows->count++;
	buffer_format(&table->text, "%zu\t", number);
	if (origin->parent == NO_ROW)
		buffer_text(&table->text, "\\N");
	else
		buffer_format(&table->text, "%zu", origin->parent);
	buffer_format(&table->text, "\t%zu", origin->nth);
	table->count++;
	return number;
}

void staging_rows_value(struct staging_rows *rows, enum relation_id relation, const char *value)
{
	static const char special[] = "\\\t\n\r", letters[] = "\\tnr";
	struct buffer *text = &rows->tables[relation].text;

	buffer_text(text, value ? "\t" : "\t\\N");
	while (value && *value) {
		size_t plain = strcspn(value, special);

		buffer_add(text, value, plain);
		value += plain;
		if (*value)
			buffer_format(text, "\\%c", letters[strchr(special, *value++) - special]);
	}
}

void staging_rows_end(struct staging_rows *rows, enum relation_id relation)
{
	buffer_text(&rows->tables[relation].text, "\n");
	rows->failed |= rows->tables[relation].text.failed;
}

void staging_rows_item(struct buffer *array, const char *item)
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

void staging_rows_array(struct staging_rows *rows, enum relation_id relation, struct buffer *array)
{
	buffer_text(array, array->length ? "}" : "{}");
	staging_rows_value(rows, relation, array->bytes);
	rows->failed |= array->failed;
	buffer_free(array);
}

void staging_rows_free(struct staging_rows *rows)
{
	for (size_t i = 0; i < RELATIONS; i++)
		buffer_free(&rows->tables[i].text);
	buffer_free(&rows->stored);
	*rows = (struct staging_rows){0};
}
