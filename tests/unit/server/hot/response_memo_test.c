/*
 * The memo of responses by raw request: what is stored, found and evicted.
 */
#include "server/hot/response_memo.h"

#include "support/fake_routes.h"

#include <pthread.h>
#include <time.h>

#include "base/banned.h"

#define LASTING "ETag: \"tag\"\r\nVary: Accept\r\n"
#define TYPE "Content-Type: application/json\r\n"

enum { OTHERS = 20000, THREADS = 4, ROUNDS = 3000 };

/* A complete exchange, as dispatch returns it. */
struct noted_request {
	struct raw_request raw;
	struct exchange exchange;
};

static void prepare(struct noted_request *noted, const char *target, const char *language)
{
	static const struct field fields[] = {
		{"Content-Type", "application/json"},
		{"ETag", "\"tag\""},
		{"X-Request-Id", "of-one-request"},
		{"Access-Control-Allow-Origin", "*"},
		{"Vary", "Accept"},
	};
	struct response *response = &noted->exchange.response;

	*noted = (struct noted_request){.raw = request_for("GET", target)};
	if (language)
		field_add(&noted->raw, "Accept-Language", language);
	noted->exchange.request.path = "/v1";
	noted->exchange.request.route = table;
	response->status = 200;
	response->media_type = "application/json";
	response->recall_key = "key";
	response->recall_serial = 7;
	response->coding = CODING_GZIP;
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		response->fields[response->field_count++] = fields[i];
}

static void find_fields(struct noted_request *noted)
{
	request_fields_find(noted->raw.lines, noted->raw.line_count, &noted->raw.fields);
	noted->exchange.request.fields = noted->raw.fields;
}

static void note(struct response_memo *memo, const char *target, const char *language)
{
	struct noted_request noted;

	prepare(&noted, target, language);
	find_fields(&noted);
	response_memo_note(memo, &noted.raw, &noted.exchange);
}

static bool knows(struct response_memo *memo, const char *target, const char *language)
{
	struct noted_request noted;
	struct memo_entry found;

	prepare(&noted, target, language);
	find_fields(&noted);
	return response_memo_find(memo, &noted.raw, &found);
}

static void finds_a_stored_response(void **state)
{
	struct response_memo *memo = response_memo_open();
	struct noted_request noted;
	struct memo_entry found;

	(void)state;
	assert_non_null(memo);
	prepare(&noted, "/v1?a=b", "fr");
	find_fields(&noted);
	assert_false(response_memo_find(memo, &noted.raw, &found));
	note(memo, "/v1?a=b", "fr");
	assert_true(response_memo_find(memo, &noted.raw, &found));
	assert_int_equal(found.serial, 7);
	assert_string_equal(found.texts + found.key, "key");
	assert_ptr_equal(found.route, table);
	assert_int_equal(found.coding, CODING_GZIP);
	assert_int_equal(found.path_length, 3);
	assert_string_equal(found.texts + found.tag, "\"tag\"");
	/* The fields of a 304 are first; those of the request are omitted. */
	assert_int_equal(found.length, strlen(LASTING TYPE));
	assert_memory_equal(found.texts, LASTING TYPE, found.length);
	assert_int_equal(found.lasting, strlen(LASTING));
	response_memo_close(&memo);
	assert_null(memo);
	response_memo_close(&memo);
}

static void distinguishes_requests_by_their_bytes(void **state)
{
	struct response_memo *memo = response_memo_open();

	(void)state;
	note(memo, "/v1", "fr");
	note(memo, "/v1?empty", "");
	assert_true(knows(memo, "/v1", "fr"));
	assert_true(knows(memo, "/v1?empty", ""));
	assert_false(knows(memo, "/v1?empty", NULL));
	assert_false(knows(memo, "/v1", NULL));
	assert_false(knows(memo, "/v1", "FR"));
	assert_false(knows(memo, "/v1?", "fr"));
	assert_false(knows(memo, "/v1+fr", NULL));
	response_memo_close(&memo);
}

static char long_text[4096];

static void unknown_status(struct noted_request *a)
{
	a->exchange.response.status = 404;
}
static void not_modified(struct noted_request *a)
{
	a->exchange.response.status = 304;
}
static void not_cached(struct noted_request *a)
{
	a->exchange.response.recall_key = NULL;
}
static void failed(struct noted_request *a)
{
	a->exchange.response.failed = true;
}
static void last_of_connection(struct noted_request *a)
{
	a->exchange.close = true;
}
static void with_key(struct noted_request *a)
{
	field_add(&a->raw, "authorization", "Bearer x");
}
static void absolute_form(struct noted_request *a)
{
	a->raw.target = "http://x/v1";
}
static void long_target(struct noted_request *a)
{
	a->raw.target = long_text;
}
static void long_field(struct noted_request *a)
{
	field_add(&a->raw, "Accept", long_text);
}
static void long_response(struct noted_request *a)
{
	a->exchange.response.fields[a->exchange.response.field_count++] =
		(struct field){"Link", long_text};
}
static void long_key(struct noted_request *a)
{
	a->exchange.response.recall_key = long_text;
}
static void without_tag(struct noted_request *a)
{
	a->exchange.response.fields[1].name = "Server";
}
static void changed_just_now(struct noted_request *a)
{
	a->exchange.response.modified = time(NULL);
}

static void does_not_store_unrecallable_responses(void **state)
{
	static void (*const spoil[])(struct noted_request *) = {
		unknown_status, not_modified,  not_cached,	 failed,     last_of_connection,
		with_key,	absolute_form, long_target,	 long_field, long_response,
		long_key,	without_tag,   changed_just_now,
	};

	(void)state;
	memset(long_text, 'x', sizeof long_text - 1);
	*long_text = '/';
	for (size_t i = 0; i < sizeof spoil / sizeof *spoil; i++) {
		struct response_memo *memo = response_memo_open();
		struct noted_request noted;
		struct memo_entry found;

		prepare(&noted, "/v1", NULL);
		spoil[i](&noted);
		find_fields(&noted);
		response_memo_note(memo, &noted.raw, &noted.exchange);
		if (response_memo_find(memo, &noted.raw, &found))
			fail_msg("number %zu was noted", i);
		response_memo_close(&memo);
	}
	note(NULL, "/v1", NULL);
}

static void retains_used_responses_when_new_ones_arrive(void **state)
{
	struct response_memo *memo = response_memo_open();
	char language[32];

	(void)state;
	note(memo, "/v1", NULL);
	for (int i = 0; i < OTHERS; i++) {
		if (i % 10 == 0 && !knows(memo, "/v1", NULL))
			fail_msg("gone after %d strangers", i);
		snprintf(language, sizeof language, "x-%d", i);
		note(memo, "/v1", language);
	}
	/* The least recently used response is evicted. */
	for (int i = 0; i < OTHERS; i++) {
		snprintf(language, sizeof language, "y-%d", i);
		note(memo, "/v1/other", language);
	}
	assert_false(knows(memo, "/v1", NULL));
	assert_true(knows(memo, "/v1/other", language));
	response_memo_close(&memo);
}

static void replaces_a_stored_response(void **state)
{
	struct response_memo *memo = response_memo_open();
	struct noted_request noted;
	struct memo_entry found;

	(void)state;
	note(memo, "/v1", NULL);
	assert_true(knows(memo, "/v1", NULL));
	prepare(&noted, "/v1", NULL);
	find_fields(&noted);
	noted.exchange.response.recall_serial = 8;
	response_memo_note(memo, &noted.raw, &noted.exchange);
	assert_true(response_memo_find(memo, &noted.raw, &found));
	assert_int_equal(found.serial, 8);
	response_memo_close(&memo);
}

static void *note_and_find(void *context)
{
	char language[16];

	for (int i = 0; i < ROUNDS; i++) {
		snprintf(language, sizeof language, "%d", i % 40);
		note(context, "/v1", language);
		knows(context, "/v1", language);
	}
	return NULL;
}

/* ThreadSanitizer checks the locking with this test. */
static void serves_many_threads(void **state)
{
	struct response_memo *memo = response_memo_open();
	pthread_t threads[THREADS];

	(void)state;
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, note_and_find, memo), 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	/* Twice, since another response may have evicted it. */
	note(memo, "/v1", "7");
	note(memo, "/v1", "7");
	assert_true(knows(memo, "/v1", "7"));
	response_memo_close(&memo);
}

/* Near its end a response has another Cache-Control at every second. */
static void leaves_out_responses_that_end_soon(void **state)
{
	static const struct {
		time_t left; /* seconds; 0: the response does not end */
		bool known;
	} cases[] = {{0, true}, {1000, true}, {100, false}, {-10, false}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct response_memo *memo = response_memo_open();
		struct noted_request noted;

		prepare(&noted, "/v1", NULL);
		find_fields(&noted);
		if (cases[i].left)
			noted.exchange.response.ends = time(NULL) + cases[i].left;
		response_memo_note(memo, &noted.raw, &noted.exchange);
		assert_int_equal(knows(memo, "/v1", NULL), cases[i].known);
		response_memo_close(&memo);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(leaves_out_responses_that_end_soon),
		cmocka_unit_test(finds_a_stored_response),
		cmocka_unit_test(distinguishes_requests_by_their_bytes),
		cmocka_unit_test(does_not_store_unrecallable_responses),
		cmocka_unit_test(retains_used_responses_when_new_ones_arrive),
		cmocka_unit_test(replaces_a_stored_response),
		cmocka_unit_test(serves_many_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
