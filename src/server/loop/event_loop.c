#include "server/loop/event_loop.h"

#include "server/connection/connection_table.h"
#include "server/loop/event_loop_internal.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/banned.h"

enum {
	EVENTS = 64,	     /* looked at together */
	ACCEPTED = 16,	     /* connections before others have their turn */
	SHORTAGE = 10000000, /* nanoseconds until descriptors or memory may be there again */
	CROWD = 1000000	     /* nanoseconds until some that were ended may be gone */
};

void event_loop_take_back(struct event_loop *loop, struct request_task *errand)
{
	const uint64_t one = 1;
	bool first;

	pthread_mutex_lock(&loop->lock);
	first = !loop->back;
	errand->next = loop->back;
	loop->back = errand;
	pthread_mutex_unlock(&loop->lock);
	/* It cannot fail: the count is far from its end. */
	if (first && write(loop->wake, &one, sizeof one) < 0)
		log_write(LOG_ERROR, "loop_not_woken", LOG_NUMBER("number", errno));
}

static void take_errands_back(struct event_loop *loop)
{
	struct request_task *errand, *next;
	uint64_t count;

	if (read(loop->wake, &count, sizeof count) < 0)
		return;
	pthread_mutex_lock(&loop->lock);
	errand = loop->back;
	loop->back = NULL;
	pthread_mutex_unlock(&loop->lock);
	for (; errand; errand = next) {
		next = errand->next;
		http1_connection_resume(loop, errand);
	}
}

/* The loop with the fewest connections: whoever looks first would take all that call at once. */
static struct event_loop *least_busy(const struct event_loop_shared *terms)
{
	struct event_loop *least = terms->loops[0];

	for (int i = 1; i < terms->count; i++)
		if (atomic_load(&terms->loops[i]->open) < atomic_load(&least->open))
			least = terms->loops[i];
	return least;
}

/* Somebody called and may be let in. */
static void welcome(struct event_loop *loop, int descriptor, const struct sockaddr *peer)
{
	struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP | EPOLLET};
	struct event_loop *chosen = least_busy(loop->terms);
	struct client_connection *added = NULL;
	const int on = 1;

	setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	if (connection_table_admit(loop->terms->connections, peer))
		added = connection_table_add(loop->terms->connections, descriptor, peer);
	if (!added) {
		close(descriptor);
		return;
	}
	event.data.ptr = added;
	atomic_fetch_add(&chosen->open, 1);
	/* From here on it is the chosen one's alone. */
	if (epoll_ctl(chosen->events, EPOLL_CTL_ADD, descriptor, &event) != 0)
		http1_connection_close(chosen, added);
}

/* Who calls waits meanwhile; the operator should know. */
static void await_descriptors(struct event_loop *loop, int number)
{
	const struct timespec pause = {.tv_nsec = SHORTAGE};
	time_t now = time(NULL);

	if (now != loop->complained)
		log_write(LOG_WARNING, "connections_wait", LOG_NUMBER("number", number));
	loop->complained = now;
	nanosleep(&pause, NULL);
}

/* Waits when there is no room now; true when there was. */
static bool find_room(struct event_loop *loop)
{
	const struct timespec pause = {.tv_nsec = CROWD};

	if (!connection_table_crowded(loop->terms->connections))
		return true;
	nanosleep(&pause, NULL);
	return false;
}

static void accept_some(struct event_loop *loop)
{
	for (int i = 0; i < ACCEPTED && find_room(loop); i++) {
		struct sockaddr_storage peer;
		socklen_t length = sizeof peer;
		int descriptor = accept4(loop->terms->listener, (struct sockaddr *)&peer, &length,
					 SOCK_NONBLOCK | SOCK_CLOEXEC);
		int number = errno;

		if (descriptor >= 0)
			welcome(loop, descriptor, (struct sockaddr *)&peer);
		else if (number == EMFILE || number == ENFILE || number == ENOBUFS ||
			 number == ENOMEM)
			await_descriptors(loop, number);
		if (descriptor < 0 && number != ECONNABORTED && number != EINTR)
			return;
	}
}

static void *turn(void *context)
{
	struct event_loop *loop = context;
	struct epoll_event events[EVENTS];

	while (!atomic_load(&loop->ending)) {
		int count = epoll_wait(loop->events, events, EVENTS, -1);
		bool woken = false;

		for (int i = 0; i < count; i++) {
			if (events[i].data.ptr == loop)
				woken = true;
			else if (events[i].data.ptr == loop->terms)
				accept_some(loop);
			else
				http1_connection_event(loop, events[i].data.ptr, events[i].events);
		}
		/* Last: it may end connections, and each of the events is one's that is open. */
		if (woken)
			take_errands_back(loop);
	}
	return NULL;
}

/* One of two things that are told by where they lie. */
static bool listen_to(struct event_loop *loop, int descriptor, const void *what, uint32_t how)
{
	struct epoll_event event = {.events = EPOLLIN | how, .data.ptr = (void *)(uintptr_t)what};

	return epoll_ctl(loop->events, EPOLL_CTL_ADD, descriptor, &event) == 0;
}

bool event_loop_open(const struct event_loop_shared *terms, struct event_loop **loop,
		     struct error *err)
{
	struct event_loop *opened = calloc(1, sizeof *opened);

	if (!opened)
		return error_out_of_memory(err);
	opened->terms = terms;
	pthread_mutex_init(&opened->lock, NULL);
	opened->events = epoll_create1(EPOLL_CLOEXEC);
	opened->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (opened->events >= 0 && opened->wake >= 0 &&
	    listen_to(opened, opened->wake, opened, 0)) {
		*loop = opened;
		return true;
	}
	event_loop_close(&opened);
	return error_set(err, ERROR_INTERNAL, "Connections cannot be waited for.");
}

bool event_loop_start(struct event_loop *loop, struct error *err)
{
	if (!listen_to(loop, loop->terms->listener, loop->terms, EPOLLEXCLUSIVE) ||
	    pthread_create(&loop->thread, NULL, turn, loop) != 0)
		return error_set(err, ERROR_INTERNAL, "A thread for connections cannot start.");
	loop->started = true;
	return true;
}

void event_loop_stop_accepting(struct event_loop *loop)
{
	epoll_ctl(loop->events, EPOLL_CTL_DEL, loop->terms->listener, NULL);
}

void event_loop_stop(struct event_loop *loop)
{
	const uint64_t one = 1;

	atomic_store(&loop->ending, true);
	if (!loop->started)
		return;
	if (write(loop->wake, &one, sizeof one) < 0)
		log_write(LOG_ERROR, "loop_not_woken", LOG_NUMBER("number", errno));
	pthread_join(loop->thread, NULL);
	loop->started = false;
}

void event_loop_close(struct event_loop **loop)
{
	struct event_loop *closing = *loop;

	if (!closing)
		return;
	event_loop_stop(closing);
	while (closing->back) {
		struct request_task *errand = closing->back;

		closing->back = errand->next;
		request_task_free(&errand);
	}
	response_writer_free(&closing->outgoing);
	if (closing->events >= 0)
		close(closing->events);
	if (closing->wake >= 0)
		close(closing->wake);
	pthread_mutex_destroy(&closing->lock);
	free(closing);
	*loop = NULL;
}
