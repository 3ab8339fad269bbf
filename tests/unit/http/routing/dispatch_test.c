/*
 * dispatch, from a raw request to the complete response.
 */
#include "support/fake_routes.h"
#include "http/problem/problem.h"

#include "base/banned.h"

static void responds_with_status_and_body(void **state)
{
	static const struct {
		const char *method, *target;
		int status;
		const char *contains; /* in the body or, for 308 and 204, Location and Allow */
	} cases[] = {
		{"GET", "/v1", 200, "\"path\":\"/v1\""},
		{"HEAD", "/v1", 200, "\"path\":\"/v1\""},
		{"GET", "/v1?", 200, "\"path\":\"/v1\""},
		{"GET", "http://other.example/v1", 200, "\"path\":\"/v1\""},
		{"GET", "/v1/countries/NO", 200, "\"path\":\"/v1/countries/NO\""},
		{"GET", "/v1/countries?country=nor&q=a+b%21", 200,
		 "\"q\":\"a b!\",\"country\":\"NO\""},
		{"GET", "/v1/countries/no", 308, "/v1/countries/NO"},
		{"GET", "/v1/countries/NOR/", 308, "/v1/countries/NO"},
		{"GET", "/v1/countries/%4E%4f", 308, "/v1/countries/NO"},
		{"HEAD", "/V1/Countries?q=a+b&x=%C3%A9", 308, "/v1/countries?q=a+b&x=%C3%A9"},
		{"GET", "/v1/countries/?q=\"<\xFF", 308, "/v1/countries?q=%22%3C%FF"},
		{"GET", "/v1/", 308, "/v1"},
		{"OPTIONS", "/v1", 204, "GET, HEAD, OPTIONS"},
		{"OPTIONS", "/v1/countries/ZZ", 204, "GET, HEAD, OPTIONS"},
		{"OPTIONS", "/v1/countries/", 204, "GET, HEAD, OPTIONS"},
		{"OPTIONS", "/v1/notes", 204, "OPTIONS, POST"},
		{"OPTIONS", "*", 204, "GET, HEAD, OPTIONS, POST"},
		{"GET", "*", 404, "Nothing"},
		{"GET", "/", 404, "Nothing"},
		{"GET", "/v1/countries/ZZ", 404, "'ZZ' is no country."},
		{"GET", "/v1//countries", 404, "Nothing"},
		{"GET", "//v1", 404, "Nothing"},
		{"GET", "/v1/countries/N%2FO", 404, "/v1/countries/N%2FO"},
		{"GET", "/v1/\xFF\"", 404, "/v1/%FF%22"},
		{"GET", "/v1/countries#x", 404, "Nothing"},
		{"GET", "/v2/countries", 404, "/v1"},
		{"CONNECT", "host:443", 404, "Nothing"},
		{"POST", "/v1", 405, "GET, HEAD, OPTIONS"},
		{"GET", "/v1/notes", 405, "OPTIONS, POST"},
		{"DELETE", "/v1/countries/NO", 405, "GET, HEAD, OPTIONS"},
		{"get", "/v1", 501, "'get'"},
		{"BREW", "/v1", 501, "'BREW'"},
		{"G\xFF", "/v1", 501, "'G?'"},
		{"GET", "/v1/countries/DOWN", 503, "ask again later"},
		{"GET", "/v1/countries?country=down", 503, "ask again later"},
		{"GET", "/v1/countries?colour=red", 400, "colour"},
		{"GET", "/v1?q=1", 400, "takes none"},
		{"GET", "/v1/countries/NO?code=NO", 400, "code"},
		{"GET", "/v1/failing", 500, "The service failed"},
		{"GET", "/v1/failing?q=nothing", 500, "The service failed"},
		{"GET", "/v1/failing?q=field", 500, "The service failed"},
		{"GET", "/v1/failing?q=gone", 410, "\"replaced_by\":\"other\""},
		{"GET", "/v1/failing?q=cursor", 400, "\"errors\":[{\"parameter\":\"q\""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct raw_request incoming = request_for(cases[i].method, cases[i].target);
		struct exchange exchange;
		const char *said;

		print_message("%s %s\n", cases[i].method, cases[i].target);
		dispatch_request(&incoming, &exchange);
		assert_int_equal(exchange.response.status, cases[i].status);
		said = cases[i].status == 308	? response_value(&exchange, "Location")
		       : cases[i].status == 204 ? response_value(&exchange, "Allow")
						: exchange.response.body;
		assert_non_null(said);
		assert_non_null(strstr(said, cases[i].contains));
		assert_null(strstr(said, "secret"));
		if (cases[i].status == 308 || cases[i].status == 204)
			assert_string_equal(said, cases[i].contains);
		if (cases[i].status == 405)
			assert_value(&exchange, "Allow", cases[i].contains);
		if (cases[i].status >= 400)
			json_decref(assert_problem(&exchange));
		assert_int_equal(response_value(&exchange, "Retry-After") != NULL,
				 cases[i].status == 503);
		assert_null(response_value(&exchange, "ETag"));
		assert_false(exchange.close);
		exchange_close(&exchange);
	}
}

static void reports_all_mistakes_at_once(void **state)
{
	const char *target =
		"/v1/countries?country=XX&q=&q=2&q=3&colour=1&lang=%zz&%00=1&&country=NO";
	static const char *const mistaken[] = {"country", "q",	 "q", "colour",
					       "lang",	  "%00", "",  "country"};
	struct raw_request incoming = request_for("GET", target);
	struct exchange exchange;
	json_t *problem, *errors, *mistake;
	size_t i;

	(void)state;
	dispatch_request(&incoming, &exchange);
	assert_int_equal(exchange.response.status, 400);
	assert_int_equal(handled, 0);
	problem = assert_problem(&exchange);
	errors = json_object_get(problem, "errors");
	assert_int_equal(json_array_size(errors), sizeof mistaken / sizeof *mistaken);
	json_array_foreach(errors, i, mistake)
	{
		assert_string_equal(json_string_value(json_object_get(mistake, "parameter")),
				    mistaken[i]);
		assert_true(json_string_length(json_object_get(mistake, "detail")) > 0);
		assert_int_equal(json_object_size(mistake), 2);
	}
	json_decref(problem);
	exchange_close(&exchange);
}

/* A check that quotes the first bytes of a value may cut a character in two. */
static void reports_mistakes_in_valid_utf8(void **state)
{
	struct raw_request incoming =
		request_for("GET", "/v1/countries?country=%C3%A9%C3%A9&%ff\xFF=1");
	struct exchange exchange;

	(void)state;
	dispatch_request(&incoming, &exchange);
	assert_int_equal(exchange.response.status, 400);
	json_decref(assert_problem(&exchange));
	exchange_close(&exchange);
}

static void refuses_too_many_parameters(void **state)
{
	char target[200] = "/v1/countries?q=1";
	struct exchange exchange;

	(void)state;
	for (size_t count = 1, length = strlen(target); count <= LIMIT_QUERY; count++) {
		struct raw_request incoming = request_for("GET", target);

		dispatch_request(&incoming, &exchange);
		assert_int_equal(exchange.response.status, count == 1 ? 200 : 400);
		assert_null(strstr(exchange.response.body, "may have 32"));
		exchange_close(&exchange);
		length += (size_t)snprintf(target + length, sizeof target - length, "&a=1");
	}
	struct raw_request incoming = request_for("GET", target);

	dispatch_request(&incoming, &exchange);
	assert_int_equal(exchange.response.status, 400);
	assert_non_null(strstr(exchange.response.body, "may have 32"));
	exchange_close(&exchange);
}

static void reports_the_first_error_in_order(void **state)
{
	static const struct {
		const char *method, *target;
		size_t body_length;
		bool two_lengths, csv;
		int status;
	} cases[] = {
		{"brew", "/nowhere?x", LIMIT_BODY + 1, true, true, 501},
		{"POST", "/nowhere?x", LIMIT_BODY + 1, true, true, 404},
		{"POST", "/v1/countries/ZZ?x", LIMIT_BODY + 1, true, true, 404},
		{"POST", "/v1/countries?x", LIMIT_BODY + 1, true, true, 405},
		{"POST", "/v1/countries/?x", LIMIT_BODY + 1, true, true, 405},
		{"GET", "/v1/countries/?x", LIMIT_BODY + 1, true, true, 308},
		{"GET", "/v1/countries?x", LIMIT_BODY + 1, true, true, 413},
		{"GET", "/v1/countries?x", LIMIT_BODY, true, true, 400},
		{"GET", "/v1/countries?x", LIMIT_BODY, false, true, 400},
		{"GET", "/v1/countries", LIMIT_BODY, false, true, 406},
		{"GET", "/v1/countries", LIMIT_BODY, false, false, 200},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct raw_request incoming = request_for(cases[i].method, cases[i].target);
		struct exchange exchange;

		incoming.body_length = cases[i].body_length;
		if (cases[i].two_lengths)
			field_add(&incoming, "Content-Length", "1");
		if (cases[i].two_lengths)
			field_add(&incoming, "Content-Length", "2");
		if (cases[i].csv)
			field_add(&incoming, "Accept", "text/csv");
		dispatch_request(&incoming, &exchange);
		print_message("case %zu\n", i);
		assert_int_equal(exchange.response.status, cases[i].status);
		assert_int_equal(exchange.close, cases[i].two_lengths);
		assert_int_equal(response_value(&exchange, "Connection") != NULL,
				 cases[i].two_lengths);
		exchange_close(&exchange);
	}
}

static int status_of_target(size_t length)
{
	char *target = calloc(1, length + 1);
	struct raw_request incoming = request_for("GET", target);
	struct exchange exchange;

	memset(target, 'a', length);
	memcpy(target, "/v1/countries?q=", 16);
	dispatch_request(&incoming, &exchange);
	exchange_close(&exchange);
	free(target);
	return exchange.response.status;
}

static int status_of_fields(size_t count, size_t bytes)
{
	struct raw_request incoming = request_for("GET", "/v1");
	struct exchange exchange;

	while (incoming.field_count < count)
		field_add(&incoming, "X", "y");
	incoming.field_bytes = bytes;
	dispatch_request(&incoming, &exchange);
	exchange_close(&exchange);
	return exchange.response.status;
}

static void enforces_size_limits_to_the_byte(void **state)
{
	(void)state;
	assert_int_equal(status_of_target(LIMIT_TARGET), 200);
	assert_int_equal(status_of_target(LIMIT_TARGET + 1), 414);
	assert_int_equal(status_of_fields(LIMIT_FIELDS, 100), 200);
	assert_int_equal(status_of_fields(LIMIT_FIELDS + 1, 100), 431);
	assert_int_equal(status_of_fields(1, LIMIT_FIELD_BYTES), 200);
	assert_int_equal(status_of_fields(1, LIMIT_FIELD_BYTES + 1), 431);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(responds_with_status_and_body),
		cmocka_unit_test(reports_all_mistakes_at_once),
		cmocka_unit_test(reports_mistakes_in_valid_utf8),
		cmocka_unit_test(refuses_too_many_parameters),
		cmocka_unit_test(reports_the_first_error_in_order),
		cmocka_unit_test(enforces_size_limits_to_the_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
