/*
 * Hearing of revisions, from a server that answers, lies still, hangs up or went back in time.
 */
#include "db/revision_listener.h"

#include "base/deadline.h"
#include "base/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "support/fake_server.h"

#include "base/banned.h"

enum { PATIENCE = 30000 };

/* What was told, and what others saw meanwhile. */
struct told {
	struct fake_server *server;
	struct revision_listener *follow;
	_Atomic uint64_t known, heard;
	atomic_int words, backs, cuts, silences;
};

static uint64_t known(void *context)
{
	return atomic_load(&((struct told *)context)->known);
}

static void heard(void *context, uint64_t revision, bool back)
{
	struct told *told = context;

	atomic_store(&told->heard, revision);
	if (back || revision > atomic_load(&told->known))
		atomic_store(&told->known, revision);
	atomic_fetch_add(&told->backs, back);
	atomic_fetch_add(&told->words, 1);
}

static void cut_off(void *context, bool silent)
{
	struct told *told = context;

	atomic_fetch_add(&told->silences, silent);
	atomic_fetch_add(&told->cuts, 1);
}

static int set_up(void **state)
{
	static struct told told;

	told = (struct told){.server = fake_open()};
	*state = &told;
	return told.server ? 0 : -1;
}

static int tear_down(void **state)
{
	struct told *told = *state;

	revision_listener_close(&told->follow);
	assert_null(told->follow);
	fake_close(&told->server);
	return 0;
}

static void begin(struct told *told)
{
	const struct revision_listener_settings settings = {.url = fake_url(told->server),
							    .known = known,
							    .heard = heard,
							    .cut_off = cut_off,
							    .context = told};
	struct error err;

	assert_true(revision_listener_open(&settings, &told->follow, &err));
}

/* Waits until a count has passed a number. */
static void await_more(const atomic_int *count, int than)
{
	const struct timespec pause = {.tv_nsec = 5000000};
	struct deadline deadline = deadline_after(PATIENCE);

	while (atomic_load(count) <= than) {
		assert_false(deadline_passed(deadline));
		nanosleep(&pause, NULL);
	}
}

static void asks_and_listens(void **state)
{
	struct told *told = *state;

	atomic_store(&told->server->revision, 41);
	begin(told);
	await_more(&told->words, 0);
	assert_int_equal(told->heard, 41);
	fake_notify(told->server, "42");
	await_more(&told->words, 1);
	/* A question may have come between, whose answer is the older one. */
	for (int words = told->words; told->known != 42; words = told->words)
		await_more(&told->words, words);
	assert_int_equal(told->cuts, 0);
}

static void asks_again_and_again(void **state)
{
	struct told *told = *state;

	atomic_store(&told->server->revision, 7);
	begin(told);
	await_more(&told->words, 0);
	atomic_store(&told->server->revision, 8);
	await_more(&told->words, 1);
	assert_int_equal(told->heard, 8);
	assert_int_equal(told->backs, 0);
}

/* Not only what it said itself counts: a request may have seen the last of the newer dataset. */
static void notices_an_older_dataset(void **state)
{
	struct told *told = *state;

	atomic_store(&told->server->revision, 9);
	begin(told);
	await_more(&told->words, 0);
	assert_int_equal(told->backs, 0);
	atomic_store(&told->known, 12);
	await_more(&told->backs, 0);
	assert_int_equal(told->heard, 9);
	assert_int_equal(told->known, 9);
	atomic_store(&told->server->revision, 5);
	await_more(&told->backs, 1);
	assert_int_equal(told->known, 5);
	assert_int_equal(told->cuts, 0);
}

static void says_when_it_is_cut_off_and_comes_back(void **state)
{
	struct told *told = *state;
	int words;

	atomic_store(&told->server->revision, 3);
	begin(told);
	await_more(&told->words, 0);
	fake_hang_up(told->server);
	await_more(&told->cuts, 0);
	assert_int_equal(told->silences, 0);
	words = told->words;
	await_more(&told->words, words);
	assert_int_equal(told->heard, 3);
}

/* A connection that is dead without knowing it. */
static void takes_silence_for_being_cut_off(void **state)
{
	struct told *told = *state;
	struct deadline most = deadline_after(PATIENCE / 2);

	atomic_store(&told->server->revision, 3);
	begin(told);
	await_more(&told->words, 0);
	atomic_store(&told->server->mode, FAKE_SILENT);
	await_more(&told->cuts, 0);
	assert_int_equal(told->silences, 1);
	assert_false(deadline_passed(most));
	atomic_store(&told->server->mode, FAKE_ANSWER);
	atomic_store(&told->server->revision, 4);
	for (int words = told->words; told->heard != 4; words = told->words)
		await_more(&told->words, words);
}

static void a_refused_question_cuts_it_off(void **state)
{
	struct told *told = *state;

	atomic_store(&told->server->mode, FAKE_FAIL);
	begin(told);
	await_more(&told->cuts, 1);
	assert_int_equal(told->words, 0);
}

static void ends_at_once_whatever_it_waits_for(void **state)
{
	struct told *told = *state;
	struct deadline most;

	atomic_store(&told->server->mode, FAKE_SILENT);
	begin(told);
	most = deadline_after(1500);
	revision_listener_close(&told->follow);
	/* It would wait two seconds for the connection. */
	assert_false(deadline_passed(most));
	revision_listener_close(&told->follow);
}

static void refuses_what_is_no_url(void **state)
{
	const struct revision_listener_settings settings = {.url = "postgresql://u:secret@h/d?x%"};
	struct revision_listener *follow = NULL;
	struct error err;

	(void)state;
	assert_false(revision_listener_open(&settings, &follow, &err));
	assert_int_equal(err.kind, ERROR_BAD_REQUEST);
	assert_null(strstr(err.message, "secret"));
	assert_null(follow);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(asks_and_listens, set_up, tear_down),
		cmocka_unit_test_setup_teardown(asks_again_and_again, set_up, tear_down),
		cmocka_unit_test_setup_teardown(notices_an_older_dataset, set_up, tear_down),
		cmocka_unit_test_setup_teardown(says_when_it_is_cut_off_and_comes_back, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(takes_silence_for_being_cut_off, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_refused_question_cuts_it_off, set_up, tear_down),
		cmocka_unit_test_setup_teardown(ends_at_once_whatever_it_waits_for, set_up,
						tear_down),
		cmocka_unit_test(refuses_what_is_no_url),
	};

	log_threshold(LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
