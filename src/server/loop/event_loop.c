#include "server/loop/event_loop.h"

#include "base/log.h"
#include "base/thread.h"
#include "server/loop/http1_connection.h"
#include "server/loop/http1_output.h"
#include "server/loop/http1_upload.h"
#include "server/task/request_task.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/banned.h"

enum {
	EVENTS_AT_ONCE = 64,
	ACCEPTED_AT_ONCE = 16, /* connections, before open ones are served */
	SHORTAGE_PAUSE = 20,   /* milliseconds without accepting when descriptors run out */
	CROWDED_PAUSE = 2,     /* milliseconds without accepting when connections are closing */
};

/* Otherwise the loop that wakes first would accept a whole burst. */
static struct event_loop *least_loaded(const struct event_loop_shared *shared)
{
	struct event_loop *least = shared->loops[0];

	for (int i = 1; i < shared->count; i++)
		if (atomic_load(&shared->loops[i]->open) < atomic_load(&least->open))
			least = shared->loops[i];
	return least;
}

/* Admits an accepted connection and assigns it to a loop. */
static void admit_connection(struct event_loop *loop, int descriptor, const struct sockaddr *peer)
{
	struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP | EPOLLET};
	struct event_loop *assigned = least_loaded(loop->shared);
	struct client_connection *added =
		connection_table_add(loop->shared->connections, descriptor, peer);
	const int on = 1;

	if (!added) {
		close(descriptor);
		return;
	}
	setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	event.data.ptr = added;
	atomic_fetch_add(&assigned->open, 1);
	/* From here on only the assigned loop's thread touches the connection. */
	if (epoll_ctl(assigned->epoll, EPOLL_CTL_ADD, descriptor, &event) != 0)
		http1_output_close(assigned, added);
}

static bool watch_descriptor(struct event_loop *loop, int descriptor, const void *tag, uint32_t how)
{
	struct epoll_event event = {.events = EPOLLIN | how, .data.ptr = (void *)(uintptr_t)tag};

	return epoll_ctl(loop->epoll, EPOLL_CTL_ADD, descriptor, &event) == 0;
}

static bool start_listening(struct event_loop *loop)
{
	loop->listening =
		watch_descriptor(loop, loop->shared->listener, loop->shared, EPOLLEXCLUSIVE);
	return loop->listening;
}

/* Leaves new connections in the kernel's backlog for a while. */
static void pause_listening(struct event_loop *loop, long pause)
{
	epoll_ctl(loop->epoll, EPOLL_CTL_DEL, loop->shared->listener, NULL);
	loop->listening = false;
	loop->resume = deadline_after(pause);
}

static void report_shortage(struct event_loop *loop, int number)
{
	time_t now = time(NULL);

	if (now != loop->reported)
		log_write(LOG_WARNING, "descriptors_exhausted", LOG_NUMBER("number", number));
	loop->reported = now;
}

/* True for errors of accept that end once resources are free again. */
static bool is_shortage(int number)
{
	return number == EMFILE || number == ENFILE || number == ENOBUFS || number == ENOMEM;
}

static void accept_connections(struct event_loop *loop)
{
	if (!atomic_load(&loop->accepting))
		epoll_ctl(loop->epoll, EPOLL_CTL_DEL, loop->shared->listener, NULL);
	for (int i = 0; i < ACCEPTED_AT_ONCE && atomic_load(&loop->accepting); i++) {
		struct sockaddr_storage peer;
		socklen_t length = sizeof peer;
		int descriptor, number;

		if (connection_table_crowded(loop->shared->connections)) {
			pause_listening(loop, CROWDED_PAUSE);
			return;
		}
		descriptor = accept4(loop->shared->listener, (struct sockaddr *)&peer, &length,
				     SOCK_NONBLOCK | SOCK_CLOEXEC);
		number = errno;
		if (descriptor >= 0) {
			admit_connection(loop, descriptor, (struct sockaddr *)&peer);
		} else if (is_shortage(number)) {
			report_shortage(loop, number);
			pause_listening(loop, SHORTAGE_PAUSE);
			return;
		} else if (number != ECONNABORTED && number != EINTR) {
			return;
		}
	}
}

/* Milliseconds that epoll may wait; -1 for any time. */
static int wait_limit(struct event_loop *loop)
{
	if (loop->listening || !atomic_load(&loop->accepting))
		return -1;
	if (!deadline_passed(loop->resume))
		return deadline_left(loop->resume);
	return start_listening(loop) ? -1 : SHORTAGE_PAUSE;
}

static void complete_all(struct event_loop *loop)
{
	struct thread_pool_task *task = completion_queue_take(&loop->completions), *next;

	for (; task; task = next) {
		next = task->next;
		http1_connection_complete(loop, (struct request_task *)task);
	}
}

static void dispatch_event(struct event_loop *loop, const struct epoll_event *event)
{
	char *tagged = event->data.ptr;

	if (event->data.u64 & HTTP1_UPLOAD_RELAY)
		http1_upload_relay(loop, (void *)(tagged - HTTP1_UPLOAD_RELAY));
	else
		http1_connection_event(loop, event->data.ptr, event->events);
}

static void *run_event_loop(void *context)
{
	struct event_loop *loop = context;
	struct epoll_event events[EVENTS_AT_ONCE];

	while (!atomic_load(&loop->ending)) {
		int count = epoll_wait(loop->epoll, events, EVENTS_AT_ONCE, wait_limit(loop));
		bool woken = false;

		for (int i = 0; i < count; i++) {
			if (events[i].data.ptr == loop)
				woken = true;
			else if (events[i].data.ptr == loop->shared)
				accept_connections(loop);
			else
				dispatch_event(loop, &events[i]);
		}
		/* Last, because a completion may close a connection that has an event here. */
		if (woken)
			complete_all(loop);
	}
	return NULL;
}

bool event_loop_open(const struct event_loop_shared *shared, struct event_loop **loop,
		     struct error *err)
{
	struct event_loop *opened = calloc(1, sizeof *opened);

	if (!opened)
		return error_out_of_memory(err);
	opened->shared = shared;
	opened->epoll = epoll_create1(EPOLL_CLOEXEC);
	opened->completions.wakeup = -1;
	atomic_store(&opened->accepting, true);
	if (opened->epoll >= 0 && completion_queue_open(&opened->completions, err) &&
	    watch_descriptor(opened, opened->completions.wakeup, opened, 0)) {
		*loop = opened;
		return true;
	}
	event_loop_close(&opened);
	return error_set(err, ERROR_INTERNAL, "An event loop cannot be set up.");
}

bool event_loop_start(struct event_loop *loop, struct error *err)
{
	if (!start_listening(loop))
		return error_set(err, ERROR_INTERNAL, "The listening socket cannot be watched.");
	loop->started = thread_start(&loop->thread, "event-loop", run_event_loop, loop, err);
	return loop->started;
}

void event_loop_stop_accepting(struct event_loop *loop)
{
	atomic_store(&loop->accepting, false);
	epoll_ctl(loop->epoll, EPOLL_CTL_DEL, loop->shared->listener, NULL);
}

void event_loop_stop(struct event_loop *loop)
{
	atomic_store(&loop->ending, true);
	if (!loop->started)
		return;
	completion_queue_wake(&loop->completions);
	pthread_join(loop->thread, NULL);
	loop->started = false;
}

/* Frees the tasks that were performed after the loop had ended. */
static void discard_all(struct event_loop *loop)
{
	struct thread_pool_task *task = completion_queue_take(&loop->completions), *next;

	for (; task; task = next) {
		struct request_task *left = (struct request_task *)task;

		next = task->next;
		request_task_free(&left);
	}
}

void event_loop_close(struct event_loop **loop)
{
	struct event_loop *closing = *loop;

	if (!closing)
		return;
	event_loop_stop(closing);
	discard_all(closing);
	completion_queue_close(&closing->completions);
	response_writer_free(&closing->writer);
	if (closing->epoll >= 0)
		close(closing->epoll);
	free(closing);
	*loop = NULL;
}
