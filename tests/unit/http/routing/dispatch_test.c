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
		{"GET", "/v1/countries?a=1&q=x&a=2,3&a=1", 200, "\"a\":\"1,2,3,1\""},
		{"GET", "/v1/countries?a=1&a=", 400, "The value is empty"},
		{"GET", "/v1/countries?a=1&a=%zz", 400, "two hexadecimal digits"},
		{"GET", "/v1/countries?q=ab&q=ab", 400, "takes one value"},
		{"GET", "/v1/countries?a[]=1&a%5B%5D=2", 400, "write 'a=A,B' or 'a=A&a=B'"},
		{"GET", "/v1/countries?q[]=1", 400, "'q' takes one value and has no brackets"},
		{"GET", "/v1/countries?b[]=1", 400, "Unknown parameter"},
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
		{"GET", "/", 404, "There is no resource"},
		{"GET", "/v1/countries/ZZ", 404, "'ZZ' is no country."},
		{"GET", "/v1//countries", 404, "There is no resource"},
		{"GET", "//v1", 404, "There is no resource"},
		{"GET", "/v1/countries/N%2FO", 404, "/v1/countries/N%2FO"},
		{"GET", "/v1/\xFF\"", 404, "/v1/%FF%22"},
		{"GET", "/v1/countries#x", 404, "There is no resource"},
		{"GET", "/v2/countries", 404, "/v1"},
		{"POST", "/v1", 405, "GET, HEAD, OPTIONS"},
		{"GET", "/v1/notes", 405, "OPTIONS, POST"},
		{"DELETE", "/v1/countries/NO", 405, "GET, HEAD, OPTIONS"},
		{"get", "/v1", 501, "'get'"},
		{"BREW", "/v1", 501, "'BREW'"},
		{"G\xFF", "/v1", 501, "'G?'"},
		{"GET", "/v1/countries/DOWN", 503, "try again later"},
		{"GET", "/v1/countries?country=down", 503, "try again later"},
		{"GET", "/v1/countries?colour=red", 400, "colour"},
		{"GET", "/v1?q=1", 400, "has none"},
		{"GET", "/v1/countries/NO?code=NO", 400, "code"},
		{"GET", "/v1/failing", 500, "The service failed"},
		{"GET", "/v1/failing?q=nothing", 500, "The service failed"},
		{"GET", "/v1/failing?q=field", 500, "The service failed"},
		{"GET", "/v1/failing?q=gone", 410, "\"replaced_by\":\"other\""},
		{"GET", "/v1/failing?q=cursor", 400, "\"errors\":[{\"parameter\":\"q\""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct raw_request raw = request_for(cases[i].method, cases[i].target);
		struct exchange exchange;
		const char *said;

		print_message("%s %s\n", cases[i].method, cases[i].target);
		dispatch_request(&raw, &exchange);
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
		assert_int_equal(exchange.close, cases[i].status == 501);
		exchange_close(&exchange);
	}
}

static void reports_all_mistakes_at_once(void **state)
{
	const char *target =
		"/v1/countries?country=XX&q=&q=2&q=3&colour=1&lang=%zz&%00=1&&country=NO";
	static const char *const mistaken[] = {"country", "q",	 "q", "colour",
					       "lang",	  "%00", "",  "country"};
	struct raw_request raw = request_for("GET", target);
	struct exchange exchange;
	json_t *problem, *errors, *mistake;
	size_t i;

	(void)state;
	dispatch_request(&raw, &exchange);
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
	struct raw_request raw = request_for("GET", "/v1/countries?country=%C3%A9%C3%A9&%ff\xFF=1");
	struct exchange exchange;

	(void)state;
	dispatch_request(&raw, &exchange);
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
		struct raw_request raw = request_for("GET", target);

		dispatch_request(&raw, &exchange);
		assert_int_equal(exchange.response.status, count == 1 ? 200 : 400);
		assert_null(strstr(exchange.response.body, "may have at most 32"));
		exchange_close(&exchange);
		length += (size_t)snprintf(target + length, sizeof target - length, "&b=1");
	}
	struct raw_request raw = request_for("GET", target);

	dispatch_request(&raw, &exchange);
	assert_int_equal(exchange.response.status, 400);
	assert_non_null(strstr(exchange.response.body, "may have at most 32"));
	exchange_close(&exchange);
}

static void reports_the_first_error_in_order(void **state)
{
	static const struct {
		const char *method, *target, *length, *type;
		bool two_hosts, csv;
		int status;
		bool closed;
	} cases[] = {
		{"brew", "/nowhere?x", "1", "text/plain", true, true, 400, true},
		{"brew", "/nowhere?x", "1", "text/plain", false, true, 501, true},
		{"POST", "/nowhere?x", "1", "text/plain", false, true, 404, true},
		{"POST", "/v1/countries/ZZ?x", "1", "text/plain", false, true, 404, true},
		{"POST", "/v1/countries?x", "1", "text/plain", false, true, 405, true},
		{"POST", "/v1/countries?x", "0", "text/plain", false, true, 405, false},
		{"POST", "/v1/countries/?x", "0", "text/plain", false, true, 405, false},
		{"POST", "/v1/notes?x", "99999", "text/plain", false, true, 415, true},
		{"POST", "/v1/notes?x", "99999", "application/json", false, true, 413, true},
		{"POST", "/v1/notes?x", "65537", "application/json; charset=utf-8", false, true,
		 413, true},
		{"POST", "/v1/notes?x", "65536", "application/json", false, true, 400, true},
		{"POST", "/v1/notes", NULL, "application/json", false, true, 400, false},
		{"GET", "/v1/countries/?x", "1", NULL, false, true, 308, true},
		{"GET", "/v1/countries?x", "1", NULL, false, true, 400, true},
		{"OPTIONS", "/v1/countries", "1", NULL, false, true, 400, true},
		{"OPTIONS", "*", "1", NULL, false, true, 400, true},
		{"GET", "/v1/countries?x", "0", NULL, false, true, 400, false},
		{"GET", "/v1/countries", "0", NULL, false, true, 406, false},
		{"GET", "/v1/countries", "0", NULL, false, false, 200, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct raw_request raw = request_for(cases[i].method, cases[i].target);
		struct exchange exchange;

		if (cases[i].length)
			field_add(&raw, "Content-Length", cases[i].length);
		if (cases[i].type)
			field_add(&raw, "Content-Type", cases[i].type);
		if (cases[i].two_hosts)
			field_add(&raw, "Host", "x");
		if (cases[i].csv)
			field_add(&raw, "Accept", "text/csv");
		dispatch_request(&raw, &exchange);
		print_message("case %zu\n", i);
		assert_int_equal(exchange.response.status, cases[i].status);
		assert_int_equal(exchange.close, cases[i].closed);
		exchange_close(&exchange);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(responds_with_status_and_body),
		cmocka_unit_test(reports_all_mistakes_at_once),
		cmocka_unit_test(reports_mistakes_in_valid_utf8),
		cmocka_unit_test(refuses_too_many_parameters),
		cmocka_unit_test(reports_the_first_error_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
