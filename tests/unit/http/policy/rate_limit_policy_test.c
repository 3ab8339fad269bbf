/*
 * The rate limit of requests: precedence over other errors, exempt requests, response fields.
 */
#include "http/policy/rate_limit_policy.h"

#include "http/policy/rate_limit.h"
#include "support/fake_routes.h"

#include "base/banned.h"

static const char *const exempt[] = {"/v1", NULL};

static bool respond_unchanged(const struct request *request, struct response *response,
			      struct error *err)
{
	(void)request;
	response_field(response, "Cache-Control", "public, max-age=60");
	return response_body(response, 304, NULL, NULL, 0, err);
}

static bool respond_private(const struct request *request, struct response *response,
			    struct error *err)
{
	(void)request;
	response_field(response, "Cache-Control", "private, no-cache");
	return response_body(response, 200, "text/plain", strdup("x"), 1, err);
}

static const struct route limited[] = {
	{"GET", "/v1", "getEntry", respond_with_echo, NULL, TAKES(NULL), NULL},
	{"GET", "/v1/countries", "list", respond_with_echo, NULL,
	 TAKES(&by_country, &by_text, &by_lang), NULL},
	{"GET", "/v1/same", "same", respond_unchanged, NULL, TAKES(NULL), NULL},
	{"GET", "/v1/mine", "mine", respond_private, NULL, TAKES(NULL), NULL},
	{0},
};

static struct service service;

static int open_limit(void **state)
{
	struct error err;

	(void)state;
	service = (struct service){.config = &config,
				   .routes = limited,
				   .budget = 1000,
				   .probes = exempt,
				   .rate_requests = 2,
				   .rate_seconds = 60};
	return rate_limit_open(2, 60, &service.rate_limit, &err) &&
			       network_list_read("127.0.0.1", &service.trusted)
		       ? 0
		       : -1;
}

static int close_limit(void **state)
{
	(void)state;
	rate_limit_close(&service.rate_limit);
	return 0;
}

/* Dispatches a request from `peer` at `second`; `forwarded_for` may be NULL. */
static void dispatch_from(const char *peer, const char *forwarded_for, const char *method,
			  const char *target, long second, struct exchange *exchange)
{
	struct raw_request raw = request_for(method, target);
	struct address address;

	assert_true(address_read(peer, strlen(peer), &address));
	raw.peer = &address;
	raw.arrived.tv_sec = second;
	if (forwarded_for)
		field_add(&raw, "X-Forwarded-For", forwarded_for);
	request_fields_find(raw.lines, raw.line_count, &raw.fields);
	*exchange = (struct exchange){0};
	dispatch(&service, &raw, exchange);
}

static int status_from(const char *peer, const char *method, const char *target)
{
	struct exchange exchange;

	dispatch_from(peer, NULL, method, target, 1000, &exchange);
	exchange_close(&exchange);
	return exchange.response.status;
}

static void refuses_before_any_other_check(void **state)
{
	static const char *const targets[] = {"/v1/countries", "/v1/countries?x=1", "/nowhere",
					      "no target", "/v1/countries/"};
	struct exchange exchange;

	(void)state;
	assert_int_equal(status_from("192.0.2.1", "GET", "/v1/countries"), 200);
	/* An erroneous request counts too. */
	assert_int_equal(status_from("192.0.2.1", "GET", "/nowhere"), 404);
	for (size_t i = 0; i < sizeof targets / sizeof *targets; i++)
		assert_int_equal(status_from("192.0.2.1", "GET", targets[i]), 429);
	/* A probe is recognised by its path alone. */
	assert_int_equal(status_from("192.0.2.1", "BREW", "/v1"), 501);
	assert_int_equal(status_from("192.0.2.1", "BREW", "/v1/countries"), 429);
	assert_int_equal(status_from("192.0.2.1", "POST", "/v1/countries"), 429);
	dispatch_from("192.0.2.1", NULL, "GET", "/v1/countries?q=a", 1000, &exchange);
	assert_value(&exchange, "Retry-After", "30");
	assert_value(&exchange, "RateLimit-Policy", "\"client\";q=2;w=60");
	assert_value(&exchange, "RateLimit", "\"client\";r=0;t=30");
	json_decref(assert_problem(&exchange));
	exchange_close(&exchange);
	/* Other clients are not affected. */
	assert_int_equal(status_from("192.0.2.2", "GET", "/v1/countries"), 200);
	dispatch_from("192.0.2.1", NULL, "GET", "/v1/countries", 1030, &exchange);
	assert_int_equal(exchange.response.status, 200);
	exchange_close(&exchange);
}

static void exempts_probes_and_preflights(void **state)
{
	(void)state;
	for (int i = 0; i < 10; i++) {
		assert_int_equal(status_from("192.0.2.1", "GET", "/v1"), 200);
		assert_int_equal(status_from("192.0.2.1", "GET", "/v1?"), 200);
		assert_int_equal(status_from("192.0.2.1", "OPTIONS", "/v1/countries"), 204);
	}
	assert_int_equal(status_from("192.0.2.1", "GET", "/v1/countries"), 200);
}

static void does_not_count_304(void **state)
{
	(void)state;
	for (int i = 0; i < 10; i++)
		assert_int_equal(status_from("192.0.2.1", "GET", "/v1/same"), 304);
	assert_int_equal(status_from("192.0.2.1", "GET", "/v1/countries"), 200);
	assert_int_equal(status_from("192.0.2.1", "GET", "/v1/countries"), 200);
	assert_int_equal(status_from("192.0.2.1", "GET", "/v1/countries"), 429);
}

static void sends_the_allowance_in_uncacheable_responses_only(void **state)
{
	static const struct {
		const char *target;
		bool sent;
	} cases[] = {
		{"/v1/countries", false}, {"/v1/same", false},	     {"/v1/mine", true},
		{"/nowhere", true},	  {"/v1/countries/", false}, {"/v1", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct exchange exchange;
		char peer[] = "192.0.2.1";

		print_message("%s\n", cases[i].target);
		peer[8] = (char)('1' + i);
		dispatch_from(peer, NULL, "GET", cases[i].target, 1000, &exchange);
		assert_int_equal(response_value(&exchange, "RateLimit") != NULL, cases[i].sent);
		assert_int_equal(response_value(&exchange, "RateLimit-Policy") != NULL,
				 cases[i].sent);
		if (cases[i].sent)
			assert_value(&exchange, "RateLimit", "\"client\";r=1;t=30");
		exchange_close(&exchange);
	}
}

static void counts_by_the_client_behind_a_proxy(void **state)
{
	struct exchange exchange;
	int refused = 0;

	(void)state;
	for (int i = 0; i < 6; i++) {
		dispatch_from("127.0.0.1", i % 2 ? "192.0.2.1" : "1.1.1.1, 192.0.2.2", "GET",
			      "/v1/countries", 1000, &exchange);
		refused += exchange.response.status == 429;
		exchange_close(&exchange);
	}
	assert_int_equal(refused, 2);
	/* X-Forwarded-For of an untrusted peer is ignored. */
	refused = 0;
	for (int i = 0; i < 6; i++) {
		char forged[] = "198.51.100.1";

		forged[11] = (char)('1' + i);
		dispatch_from("192.0.2.9", forged, "GET", "/v1/countries", 1000, &exchange);
		refused += exchange.response.status == 429;
		exchange_close(&exchange);
	}
	assert_int_equal(refused, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(refuses_before_any_other_check, open_limit,
						close_limit),
		cmocka_unit_test_setup_teardown(exempts_probes_and_preflights, open_limit,
						close_limit),
		cmocka_unit_test_setup_teardown(does_not_count_304, open_limit, close_limit),
		cmocka_unit_test_setup_teardown(sends_the_allowance_in_uncacheable_responses_only,
						open_limit, close_limit),
		cmocka_unit_test_setup_teardown(counts_by_the_client_behind_a_proxy, open_limit,
						close_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
