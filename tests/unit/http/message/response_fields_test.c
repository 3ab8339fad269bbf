/*
 * The fields of a response: language, CORS, security, addresses.
 */
#include "support/fake_routes.h"

#include "base/banned.h"

static void sends_content_language(void **state)
{
	static const struct {
		const char *target, *accepted, *language; /* NULL: not localised */
	} cases[] = {
		{"/v1/countries", NULL, "en"},
		{"/v1/countries", "fr-CA", "fr"},
		{"/v1/countries?lang=en", "fr", "en"},
		{"/v1", "fr", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct raw_request raw = request_for("GET", cases[i].target);
		struct exchange exchange;

		if (cases[i].accepted)
			field_add(&raw, "accept-language", cases[i].accepted);
		dispatch_request(&raw, &exchange);
		if (cases[i].language) {
			assert_value(&exchange, "Content-Language", cases[i].language);
			assert_value(&exchange, "Vary", "Accept-Language");
			assert_string_equal(exchange.request.language, cases[i].language);
		} else {
			assert_null(response_value(&exchange, "Content-Language"));
			assert_null(response_value(&exchange, "Vary"));
		}
		exchange_close(&exchange);
	}
}

/* A problem follows the language of the request as far as that can be read. */
static void sends_problems_in_the_language_of_the_request(void **state)
{
	static const struct {
		const char *target, *accepted, *language, *detail;
	} cases[] = {
		{"/v1/countries?x=1", NULL, "en", "x: Unknown parameter"},
		{"/v1/countries?x=1", "fr-CA", "fr", "x : Paramètre inconnu"},
		{"/v1/countries?x=1&lang=fr", "en", "fr", "x : Paramètre inconnu"},
		{"/v1/countries?x=1&lang=en", "fr", "en", "x: Unknown parameter"},
		{"/v1/countries?q=%zz&lang=fr", NULL, "fr", "q : Un signe pour cent"},
		{"/v1/countries?q=&q=1", "fr", "fr", "La requête contient 2 erreurs, dans : q, q."},
		{"/v1/countries?lang=en&lang=fr", "fr", "en", "lang: The parameter is repeated"},
		{"/nowhere?lang=fr", NULL, "fr", "Aucune ressource"},
		{"/v1/failing", "fr", "fr", "Le service a échoué"},
		{"/v1/countries/DOWN", "fr", "fr", "momentanément indisponible"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct raw_request raw = request_for("GET", cases[i].target);
		struct exchange exchange;

		print_message("%s\n", cases[i].target);
		if (cases[i].accepted)
			field_add(&raw, "Accept-Language", cases[i].accepted);
		dispatch_request(&raw, &exchange);
		assert_value(&exchange, "Content-Language", cases[i].language);
		assert_non_null(strstr(exchange.response.body, cases[i].detail));
		exchange_close(&exchange);
	}
}

static void sends_cors_fields(void **state)
{
	static const struct {
		const char *origins, *origin, *target, *allowed, *vary;
	} cases[] = {
		{"*", NULL, "/v1", "*", NULL},
		{"*", "https://a.example", "/v1", "*", NULL},
		{"*", "https://a.example", "/nowhere", "*", NULL},
		{"*", "https://a.example", "/v1/failing", "*", NULL},
		{"*", "https://a.example", "/v1/", "*", NULL},
		{"https://a.example", "https://a.example", "/v1", "https://a.example", "Origin"},
		{"https://a.example", "https://b.example", "/v1", NULL, "Origin"},
		{"https://a.example", NULL, "/v1/countries", NULL, "Accept-Language, Origin"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct raw_request raw = request_for("GET", cases[i].target);
		const char *fields[] = {"Access-Control-Allow-Origin", "Vary"};
		const char *expected[] = {cases[i].allowed, cases[i].vary};
		struct exchange exchange;

		config.origins = cases[i].origins;
		if (cases[i].origin)
			field_add(&raw, "Origin", cases[i].origin);
		dispatch_request(&raw, &exchange);
		for (size_t j = 0; j < 2; j++) {
			if (expected[j])
				assert_value(&exchange, fields[j], expected[j]);
			else
				assert_null(response_value(&exchange, fields[j]));
		}
		assert_int_equal(!response_value(&exchange, "Access-Control-Expose-Headers"),
				 !cases[i].allowed);
		assert_null(response_value(&exchange, "Access-Control-Allow-Credentials"));
		exchange_close(&exchange);
	}
	config.origins = "*";
}

static void answers_preflights(void **state)
{
	struct raw_request raw = request_for("OPTIONS", "/v1/countries/NO");
	struct exchange exchange;

	(void)state;
	field_add(&raw, "Origin", "https://a.example");
	dispatch_request(&raw, &exchange);
	assert_null(response_value(&exchange, "Access-Control-Allow-Methods"));
	exchange_close(&exchange);

	field_add(&raw, "Access-Control-Request-Method", "GET");
	dispatch_request(&raw, &exchange);
	assert_int_equal(exchange.response.status, 204);
	assert_null(exchange.response.body);
	assert_null(response_value(&exchange, "Content-Type"));
	assert_value(&exchange, "Access-Control-Allow-Origin", "*");
	assert_value(&exchange, "Access-Control-Allow-Methods", "GET, HEAD, OPTIONS");
	assert_non_null(
		strstr(response_value(&exchange, "Access-Control-Allow-Headers"), "If-None-Match"));
	assert_value(&exchange, "Access-Control-Max-Age", "7200");
	exchange_close(&exchange);
}

static void sends_common_fields(void **state)
{
	struct raw_request raw = request_for("GET", "/v1");
	struct exchange exchange;

	(void)state;
	field_add(&raw, "X-Request-ID", "mine-1");
	field_add(&raw, "Accept", "text/csv");
	field_add(&raw, "Accept", "application/json;q=0.1");
	dispatch_request(&raw, &exchange);
	assert_int_equal(exchange.response.status, 200);
	assert_value(&exchange, "X-Request-Id", "mine-1");
	assert_value(&exchange, "X-Content-Type-Options", "nosniff");
	assert_value(&exchange, "Referrer-Policy", "no-referrer");
	assert_value(&exchange, "Cross-Origin-Resource-Policy", "cross-origin");
	assert_value(&exchange, "Content-Security-Policy",
		     "default-src 'none'; frame-ancestors 'none'");
	assert_value(&exchange, "Link", "<a>, <b>");
	assert_null(response_value(&exchange, "Server"));
	exchange_close(&exchange);
}

static void prefixes_addresses_with_the_public_url(void **state)
{
	struct raw_request raw = request_for("GET", "/v1/?q=1");
	struct exchange exchange;
	json_t *problem;

	(void)state;
	config.public_url = "https://api.example/base";
	dispatch_request(&raw, &exchange);
	assert_value(&exchange, "Location", "https://api.example/base/v1?q=1");
	exchange_close(&exchange);
	raw.target = "/nowhere";
	dispatch_request(&raw, &exchange);
	problem = assert_problem(&exchange);
	assert_string_equal(json_string_value(json_object_get(problem, "type")),
			    "https://api.example/base/problems/not-found");
	json_decref(problem);
	exchange_close(&exchange);
	config.public_url = "";
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sends_content_language),
		cmocka_unit_test(sends_problems_in_the_language_of_the_request),
		cmocka_unit_test(sends_cors_fields),
		cmocka_unit_test(answers_preflights),
		cmocka_unit_test(sends_common_fields),
		cmocka_unit_test(prefixes_addresses_with_the_public_url),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
