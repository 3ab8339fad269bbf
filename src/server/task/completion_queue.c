#include "server/task/completion_queue.h"

#include "base/log.h"

#include <errno.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/banned.h"

bool completion_queue_open(struct completion_queue *queue, struct error *err)
{
	*queue = (struct completion_queue){.wakeup = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
	if (queue->wakeup < 0)
		return error_set(err, ERROR_INTERNAL, "No event descriptor is available.");
	pthread_mutex_init(&queue->lock, NULL);
	return true;
}

void completion_queue_close(struct completion_queue *queue)
{
	if (queue->wakeup < 0)
		return;
	close(queue->wakeup);
	queue->wakeup = -1;
	pthread_mutex_destroy(&queue->lock);
}

void completion_queue_wake(struct completion_queue *queue)
{
	const uint64_t one = 1;

	/* The counter would have to overflow for this to fail. */
	if (write(queue->wakeup, &one, sizeof one) < 0)
		log_write(LOG_ERROR, "wakeup_failed", LOG_NUMBER("number", errno));
}

void completion_queue_push(struct completion_queue *queue, struct thread_pool_task *task)
{
	bool was_empty;

	pthread_mutex_lock(&queue->lock);
	was_empty = !queue->first;
	task->next = queue->first;
	queue->first = task;
	/* Under the lock, so that the queue is not closed before. */
	if (was_empty)
		completion_queue_wake(queue);
	pthread_mutex_unlock(&queue->lock);
}

struct thread_pool_task *completion_queue_take(struct completion_queue *queue)
{
	struct thread_pool_task *taken;
	uint64_t count;

	if (read(queue->wakeup, &count, sizeof count) < 0)
		return NULL;
	pthread_mutex_lock(&queue->lock);
	taken = queue->first;
	queue->first = NULL;
	pthread_mutex_unlock(&queue->lock);
	return taken;
}
