#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "codec/csv.h"

/* Writes what the reader saw: cells as [text], a wrong one as {line:column reason}, rows by '/'. */
static char *describe(const char *text, size_t length)
{
	struct csv_reader reader;
	struct buffer seen = {0};
	struct csv_row row;
	struct error err;
	size_t total;

	assert_true(csv_open(&reader, text, length, 0, 1, &err));
	while (csv_read(&reader, &row)) {
		for (size_t i = 0; i < row.count; i++) {
			const struct csv_cell *cell = &row.cells[i];

			if (cell->wrong)
				buffer_format(&seen, "{%u:%u %s}", cell->line, cell->column,
					      cell->wrong);
			else
				buffer_format(&seen, "[%s]", cell->text);
			assert_true(cell->wrong || strlen(cell->text) == cell->length);
		}
		buffer_text(&seen, "/");
	}
	if (reader.unterminated)
		buffer_text(&seen, "unterminated");
	csv_close(&reader);
	return buffer_steal(&seen, &total);
}

static void reads_rows(void **state)
{
	static const struct {
		const char *text, *seen;
	} cases[] = {
		{"", ""},
		{"\n", "[]/"},
		{"a", "[a]/"},
		{"a\n", "[a]/"},
		{"a\r\n", "[a]/"},
		{"a,b\nc,d\n", "[a][b]/[c][d]/"},
		{"a,b\r\nc,d", "[a][b]/[c][d]/"},
		{",", "[][]/"},
		{"a,,b\n", "[a][][b]/"},
		{"a\n\nb\n", "[a]/[]/[b]/"},
		{"\"a\"\n", "[a]/"},
		{"\"\"\n", "[]/"},
		{"\"a,b\",c\n", "[a,b][c]/"},
		{"\"a\"\"b\"\n", "[a\"b]/"},
		{"\"\"\"\"\n", "[\"]/"},
		{"\"a\nb\",c\nd,e\n", "[a\nb][c]/[d][e]/"},
		{"\"a\r\nb\"\r\n", "[a\r\nb]/"},
		{" a , b \n", "[ a ][ b ]/"},
		{"\xC3\xA9t\xC3\xA9,\xF0\x9F\x87\xB3\n", "[\xC3\xA9t\xC3\xA9][\xF0\x9F\x87\xB3]/"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *seen = describe(cases[i].text, strlen(cases[i].text));

		assert_string_equal(seen, cases[i].seen);
		free(seen);
	}
}

static void locates_mistakes(void **state)
{
	static const struct {
		const char *text;
		size_t length;
		const char *seen;
	} cases[] = {
#define TEXT(text) (text), sizeof(text) - 1
		{TEXT("a,\"b\n"), "[a]{1:3 begins with a quote that is never closed}/unterminated"},
		{TEXT("a,\"b\"\""),
		 "[a]{1:3 begins with a quote that is never closed}/unterminated"},
		{TEXT("\""), "{1:1 begins with a quote that is never closed}/unterminated"},
		{TEXT("a,b\"c\nd\n"), "[a]{1:3 has a quote inside text without quotes}/[d]/"},
		{TEXT("\"a\" ,b\n"), "{1:1 continues after its closing quote}[b]/"},
		{TEXT("\"a\"b\"c\",d\n"), "{1:1 continues after its closing quote}[d]/"},
		{TEXT("a\rb,c\n"), "{1:1 has a carriage return outside quotes}[c]/"},
		{TEXT("a\r"), "{1:1 has a carriage return outside quotes}/"},
		{TEXT("a,\0b\nc\n"), "[a]{1:3 contains a NUL byte}/[c]/"},
		{TEXT("\xC3\xA9,\xFF,c\n"), "[\xC3\xA9]{1:3 is not valid UTF-8}[c]/"},
		{TEXT("a,\xC0\xAF\n"), "[a]{1:3 is not valid UTF-8}/"},
		{TEXT("a,\xED\xA0\x80\n"), "[a]{1:3 is not valid UTF-8}/"},
		{TEXT("a,\xE2\x82"), "[a]{1:3 is not valid UTF-8}/"},
		{TEXT("\"x\ny\",\"z\"z\n"), "[x\ny]{2:4 continues after its closing quote}/"},
#undef TEXT
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *seen = describe(cases[i].text, cases[i].length);

		assert_string_equal(seen, cases[i].seen);
		free(seen);
	}
}

static void bounds_a_cell(void **state)
{
	static char text[CSV_CELL_BYTES + 8];
	struct csv_reader reader;
	struct csv_row row;
	struct error err;

	(void)state;
	for (size_t more = 0; more < 2; more++) {
		memset(text, 'x', CSV_CELL_BYTES + more);
		memcpy(text + CSV_CELL_BYTES + more, ",y\n", 3);
		assert_true(csv_open(&reader, text, CSV_CELL_BYTES + more + 3, 0, 1, &err));
		assert_true(csv_read(&reader, &row));
		assert_int_equal(row.count, 2);
		assert_int_equal(row.cells[0].length, CSV_CELL_BYTES);
		assert_int_equal(row.cells[0].wrong != NULL, more);
		assert_string_equal(row.cells[1].text, "y");
		assert_int_equal(row.cells[1].column, CSV_CELL_BYTES + more + 2);
		assert_false(csv_read(&reader, &row));
		csv_close(&reader);
	}
}

static void counts_cells_beyond_maximum(void **state)
{
	char text[CSV_ROW_CELLS + 9];
	struct csv_reader reader;
	struct csv_row row;
	struct error err;

	(void)state;
	memset(text, ',', sizeof text);
	memcpy(text + sizeof text - 3, "\nz\n", 3);
	assert_true(csv_open(&reader, text, sizeof text, 0, 1, &err));
	assert_true(csv_read(&reader, &row));
	assert_int_equal(row.count, sizeof text - 2);
	assert_true(csv_read(&reader, &row));
	assert_int_equal(row.count, 1);
	assert_string_equal(row.cells[0].text, "z");
	csv_close(&reader);
}

static void bounds_a_file(void **state)
{
	struct csv_reader reader;
	struct error err;

	(void)state;
	assert_false(csv_open(&reader, "", CSV_FILE_BYTES + 1, 0, 1, &err));
	assert_string_equal(err.message, "is larger than 64 MiB");
}

static void rereads_row(void **state)
{
	static const char text[] = "id,note\na,\"one\ntwo\"\nb,\xC3\xA9,c\n";
	struct csv_reader reader;
	struct csv_row row;
	struct error err;
	unsigned line;
	size_t at;

	(void)state;
	assert_true(csv_open(&reader, text, sizeof text - 1, 0, 1, &err));
	assert_true(csv_read(&reader, &row));
	assert_true(csv_read(&reader, &row));
	at = reader.at;
	line = reader.line;
	csv_close(&reader);

	assert_true(csv_open(&reader, text, sizeof text - 1, at, line, &err));
	assert_true(csv_read(&reader, &row));
	assert_int_equal(row.count, 3);
	assert_int_equal(row.cells[2].line, 4);
	assert_int_equal(row.cells[2].column, 5);
	assert_string_equal(row.cells[2].text, "c");
	csv_close(&reader);
}

static void writes_cells(void **state)
{
	static const struct {
		const char *text, *written;
	} cases[] = {
		{"", ""},
		{"a b", "a b"},
		{"a;b", "a;b"},
		{"a,b", "\"a,b\""},
		{"a\"b", "\"a\"\"b\""},
		{"\"", "\"\"\"\""},
		{"a\nb", "\"a\nb\""},
		{"a\r", "\"a\r\""},
		{"\xC3\xA9", "\xC3\xA9"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buffer out = {0};
		size_t length;
		char *written, *seen;

		csv_write(&out, cases[i].text);
		written = buffer_steal(&out, &length);
		assert_non_null(written);
		assert_string_equal(written, cases[i].written);
		buffer_format(&out, "[%s]/", cases[i].text);
		seen = describe(written, length);
		if (length)
			assert_string_equal(seen, out.bytes);
		free(seen);
		free(written);
		buffer_free(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_rows),	 cmocka_unit_test(locates_mistakes),
		cmocka_unit_test(bounds_a_cell), cmocka_unit_test(counts_cells_beyond_maximum),
		cmocka_unit_test(bounds_a_file), cmocka_unit_test(rereads_row),
		cmocka_unit_test(writes_cells),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
