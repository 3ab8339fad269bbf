#include "base/thread.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/banned.h"

enum { SHORT = 30, PATIENCE = 30000 };

struct gate {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool open;
	size_t stack;
	char name[16];
};

static int open_gate(void **state)
{
	static struct gate gate;

	gate = (struct gate){.lock = PTHREAD_MUTEX_INITIALIZER};
	thread_condition_init(&gate.changed);
	*state = &gate;
	return 0;
}

static int close_gate(void **state)
{
	struct gate *gate = *state;

	pthread_cond_destroy(&gate->changed);
	return 0;
}

static void let_through(struct gate *gate)
{
	pthread_mutex_lock(&gate->lock);
	gate->open = true;
	pthread_cond_signal(&gate->changed);
	pthread_mutex_unlock(&gate->lock);
}

static void *wait_for_gate(void *context)
{
	struct deadline deadline = deadline_after(PATIENCE);
	struct gate *gate = context;
	pthread_attr_t attributes;

	pthread_mutex_lock(&gate->lock);
	while (!gate->open)
		if (!thread_wait(&gate->changed, &gate->lock, deadline))
			break;
	pthread_mutex_unlock(&gate->lock);
	pthread_getattr_np(pthread_self(), &attributes);
	pthread_attr_getstacksize(&attributes, &gate->stack);
	pthread_attr_destroy(&attributes);
	pthread_getname_np(pthread_self(), gate->name, sizeof gate->name);
	return NULL;
}

static void starts_named_thread_with_bounded_stack(void **state)
{
	struct gate *gate = *state;
	pthread_t thread;
	struct error err;

	assert_true(thread_start(&thread, "a name that is too long", wait_for_gate, gate, &err));
	let_through(gate);
	assert_true(thread_join(thread, deadline_after(PATIENCE)));
	assert_true(gate->open);
	assert_in_range(gate->stack, THREAD_STACK_BYTES, 2 * THREAD_STACK_BYTES);
	assert_string_equal(gate->name, "a name that is ");
}

static void *wait_forever(void *context)
{
	for (;;)
		pause();
	return context;
}

static void join_ends_at_deadline(void **state)
{
	struct deadline least = deadline_after(SHORT), most = deadline_after(PATIENCE);
	pthread_t thread;
	struct error err;

	(void)state;
	assert_true(thread_start(&thread, "waits", wait_forever, NULL, &err));
	assert_false(thread_join(thread, least));
	assert_true(deadline_passed(least));
	assert_false(deadline_passed(most));
}

static void wait_ends_at_deadline(void **state)
{
	struct gate *gate = *state;
	struct deadline deadline = deadline_after(SHORT);

	pthread_mutex_lock(&gate->lock);
	while (thread_wait(&gate->changed, &gate->lock, deadline))
		assert_false(deadline_passed(deadline));
	pthread_mutex_unlock(&gate->lock);
	assert_true(deadline_passed(deadline));
}

#define THREAD_TEST(test) cmocka_unit_test_setup_teardown(test, open_gate, close_gate)

int main(void)
{
	const struct CMUnitTest tests[] = {
		THREAD_TEST(starts_named_thread_with_bounded_stack),
		THREAD_TEST(join_ends_at_deadline),
		THREAD_TEST(wait_ends_at_deadline),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
