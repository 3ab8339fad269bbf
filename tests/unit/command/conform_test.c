#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "command/doctor/conform.h"

static const char contract_text[] =
	"{'paths': {'/a/{b}': {'get': {'responses': {'200': {'$ref': "
	"'#/components/responses/a'}}}}},"
	" 'components': {"
	"  'responses': {'a': {'content': {'application/json': {'schema':"
	"   {'$ref': '#/components/schemas/A'}}}}},"
	"  'schemas': {"
	"   'A': {'type': 'object', 'required': ['data'], 'additionalProperties': false,"
	"    'properties': {'data': {'$ref': '#/components/schemas/B'}}},"
	"   'B': {'type': 'array', 'items': {'anyOf': [{'enum': ['x', 'y']}, {'type': 'null'},"
	"    {'type': ['integer', 'boolean']},"
	"    {'allOf': [{'type': 'object'}, {'required': ['c']}],"
	"     'properties': {'c': {'const': 1}}}]}},"
	"   'loop': {'$ref': '#/components/schemas/loop'}}}}";

static void free_json(json_t **json)
{
	json_decref(*json);
}

/* JSON with ' for ". */
static json_t *read(const char *text)
{
	char copy[2048];
	size_t i;
	json_t *json;

	for (i = 0; text[i]; i++)
		copy[i] = text[i] == '\'' ? '"' : text[i];
	json = json_loadb(copy, i, JSON_DECODE_ANY, NULL);
	assert_non_null(json);
	return json;
}

static void holds_values_against_schemas(void **state)
{
	static const struct {
		const char *value, *mistake; /* NULL: it fits */
	} cases[] = {
		{"{'data': []}", NULL},
		{"{'data': ['x', null, 3, true, {'c': 1}, {'c': 1, 'd': 2}]}", NULL},
		{"[]", "The answer has not the documented type."},
		{"{}", "The answer has no 'data'."},
		{"{'data': [], 'more': 1}", "The answer has 'more', which is not documented."},
		{"{'data': null}", "/data has not the documented type."},
		{"{'data': ['x', 'z']}", "/data/1 is none of the forms that are documented."},
		{"{'data': [1.5]}", "/data/0 is none of the forms that are documented."},
		{"{'data': [{'c': 2}]}", "/data/0 is none of the forms that are documented."},
		{"{'data': [{}]}", "/data/0 is none of the forms that are documented."},
	};
	CLEANUP(free_json) json_t *contract = read(contract_text);
	const json_t *schema = conform_answer(contract, "/a/{b}");

	(void)state;
	assert_non_null(schema);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CLEANUP(free_json) json_t *value = read(cases[i].value);
		struct error err = {.message = ""};
		bool fits = conform(contract, schema, value, &err);

		assert_int_equal(fits, cases[i].mistake == NULL);
		assert_string_equal(err.message, cases[i].mistake ? cases[i].mistake : "");
	}
}

static void survives_contracts_that_lead_nowhere(void **state)
{
	CLEANUP(free_json) json_t *contract = read(contract_text);
	CLEANUP(free_json) json_t *loop = read("{'$ref': '#/components/schemas/loop'}");
	CLEANUP(free_json) json_t *nothing = read("{'$ref': '#/components/schemas/C'}");
	CLEANUP(free_json) json_t *value = read("1");
	struct error err;

	(void)state;
	assert_null(conform_answer(contract, "/b"));
	assert_null(conform_answer(NULL, "/a/{b}"));
	assert_false(conform(contract, loop, value, &err));
	assert_false(conform(contract, nothing, value, &err));
	assert_string_equal(err.message, "The answer has no usable schema in the contract.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holds_values_against_schemas),
		cmocka_unit_test(survives_contracts_that_lead_nowhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
