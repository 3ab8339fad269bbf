#include "db/wait_queue.h"

#include "base/thread.h"

#include "base/banned.h"

/* Lives on the stack of the thread that waits. */
struct waiter {
	pthread_cond_t changed;
	bool served;
	struct connection *connection;
	struct waiter *next;
};

void wait_queue_init(struct wait_queue *queue)
{
	queue->first = NULL;
	queue->last = &queue->first;
}

static void leave_queue(struct wait_queue *queue, const struct waiter *waiter)
{
	struct waiter **place = &queue->first;

	while (*place != waiter)
		place = &(*place)->next;
	*place = waiter->next;
	if (!*place)
		queue->last = place;
}

bool wait_queue_wait(struct wait_queue *queue, pthread_mutex_t *lock, struct deadline deadline,
		     struct connection **connection)
{
	struct waiter waiter = {0};

	thread_condition_init(&waiter.changed);
	*queue->last = &waiter;
	queue->last = &waiter.next;
	while (!waiter.served && thread_wait(&waiter.changed, lock, deadline))
		continue;
	if (!waiter.served)
		leave_queue(queue, &waiter);
	pthread_cond_destroy(&waiter.changed);
	*connection = waiter.connection;
	return waiter.served;
}

void wait_queue_serve(struct wait_queue *queue, struct connection *connection)
{
	struct waiter *waiter = queue->first;

	leave_queue(queue, waiter);
	waiter->served = true;
	waiter->connection = connection;
	pthread_cond_signal(&waiter->changed);
}
