/*
 * loop_connection: what becomes of one connection of a loop.
 */
#include "server/connection/connection_table.h"
#include "server/hot/memo_hit.h"
#include "server/loop/event_loop_internal.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/banned.h"

enum { TURNS = 16 }; /* requests of one connection before others have theirs */

void http1_connection_close(struct event_loop *loop, struct client_connection *connection)
{
	int descriptor = connection->descriptor;

	response_writer_free(&connection->pending);
	atomic_fetch_sub(&loop->open, 1);
	connection_table_remove(loop->terms->connections, connection);
	close(descriptor);
}

/* The kernel tells again what there is to tell. */
static void listen_anew(struct event_loop *loop, struct client_connection *connection,
			bool writable)
{
	const uint32_t wanted = writable ? EPOLLIN | EPOLLRDHUP | EPOLLOUT | EPOLLET
					 : EPOLLIN | EPOLLRDHUP | EPOLLET;
	struct epoll_event event = {.events = wanted, .data.ptr = connection};

	if (epoll_ctl(loop->events, EPOLL_CTL_MOD, connection->descriptor, &event) != 0)
		http1_connection_close(loop, connection);
}

/* The last answer is out. What the client still sends is thrown away until it hangs up: to close
 * before could take the answer from it. (RFC 9112, section 9.6) */
static void leave(struct event_loop *loop, struct client_connection *connection)
{
	char dropped[4096];
	ssize_t got;

	if (!connection->leaving) {
		connection->leaving = true;
		connection_table_phase(connection, PHASE_LEAVING);
		shutdown(connection->descriptor, SHUT_WR);
	}
	for (int i = 0; i < TURNS; i++) {
		got = recv(connection->descriptor, dropped, sizeof dropped, MSG_DONTWAIT);
		if (got < 0 && errno == EAGAIN)
			return;
		if (got <= 0) {
			http1_connection_close(loop, connection);
			return;
		}
	}
	listen_anew(loop, connection, false);
}

/* Keeps what is left of an answer until the client has taken some. */
static void suspend(struct event_loop *loop, struct client_connection *connection,
		    struct response_writer *outgoing)
{
	connection->pending = *outgoing;
	connection->waits = true;
	*outgoing = (struct response_writer){0};
	connection_table_phase(connection, PHASE_WRITING);
	listen_anew(loop, connection, true);
}

/* Goes on after an attempt to send. True when the next request may be read. */
static bool settle(struct event_loop *loop, struct client_connection *connection,
		   struct response_writer *outgoing, enum send_result sent)
{
	bool last = outgoing->last;

	if (sent == SENT_PART) {
		suspend(loop, connection, outgoing);
		return false;
	}
	response_writer_clear(outgoing);
	if (sent == SENT_BROKEN) {
		http1_connection_close(loop, connection);
		return false;
	}
	connection_table_phase(connection, PHASE_IDLE);
	if (last)
		leave(loop, connection);
	return !last;
}

static void give_away(struct event_loop *loop, struct client_connection *connection)
{
	const struct event_loop_shared *terms = loop->terms;

	if (epoll_ctl(loop->events, EPOLL_CTL_DEL, connection->descriptor, NULL) != 0 ||
	    !terms->hand_over(terms->context, connection))
		http1_connection_close(loop, connection);
	else
		atomic_fetch_sub(&loop->open, 1);
}

static void send_on_errand(struct event_loop *loop, struct client_connection *connection,
			   size_t size, bool close, bool more)
{
	struct request_task *errand = request_task_make(&loop->incoming, loop->bytes, size);

	if (errand) {
		errand->loop = loop;
		errand->connection = connection;
		errand->service = loop->terms->service;
		errand->close = close;
		atomic_store(&connection->turn,
			     more || connection->hung_up ? TURN_WORKER_STIRRED : TURN_WORKER);
		connection_table_phase(connection, PHASE_ANSWERING);
	}
	if (errand && thread_pool_submit(loop->terms->workers, &errand->work))
		return;
	/* For want of memory or of a thread: nobody is there to tell the client. */
	log_write(LOG_ERROR, "request_dropped", LOG_TEXT("method", loop->incoming.method));
	request_task_free(&errand);
	http1_connection_close(loop, connection);
}

/* Answers a request that was read; `more` has arrived behind it. True when that may be read. */
static bool answer(struct event_loop *loop, struct client_connection *connection, size_t size,
		   bool close, bool more)
{
	const struct service *service = loop->terms->service;
	struct raw_request *incoming = &loop->incoming;
	struct response_writer *outgoing = &loop->outgoing;

	incoming->peer = connection->peer_known ? &connection->peer : NULL;
	clock_gettime(CLOCK_MONOTONIC, &incoming->arrived);
	outgoing->last = close || atomic_load_explicit(&service->draining, memory_order_relaxed);
	if (memo_hit_answer(service, incoming, outgoing))
		return settle(loop, connection, outgoing,
			      response_writer_send(outgoing, connection->descriptor));
	response_writer_clear(outgoing);
	send_on_errand(loop, connection, size, close, more);
	return false;
}

/* Takes the head of a request off the socket. Of TCP nothing is copied then: the bytes stay as they
 * were read. (tcp(7), MSG_TRUNC) */
static bool take_off(struct event_loop *loop, const struct client_connection *connection,
		     size_t size)
{
	return recv(connection->descriptor, loop->bytes, size, MSG_TRUNC | MSG_DONTWAIT) ==
	       (ssize_t)size;
}

/* Looks at what has arrived. True when it was one request, answered, and there may be more. */
static bool read_request(struct event_loop *loop, struct client_connection *connection)
{
	ssize_t got = recv(connection->descriptor, loop->bytes, sizeof loop->bytes,
			   MSG_PEEK | MSG_DONTWAIT);
	enum plain found = PLAIN_PARTIAL;
	bool close = false, waiting = got < 0 && errno == EAGAIN;
	size_t size = 0;

	if (got > 0)
		found = request_head_read(loop->bytes, (size_t)got, &loop->incoming, &size, &close);
	if (found == PLAIN_NOT || (found == PLAIN_PARTIAL && got == sizeof loop->bytes)) {
		give_away(loop, connection);
		return false;
	}
	if (found == PLAIN_PARTIAL) {
		if (connection->hung_up || (got <= 0 && !waiting))
			http1_connection_close(loop, connection);
		else if (got > 0)
			connection_table_reads(connection);
		return false;
	}
	if (!take_off(loop, connection, size)) {
		http1_connection_close(loop, connection);
		return false;
	}
	/* What arrives from now on will be told. */
	return answer(loop, connection, size, close, (size_t)got > size) &&
	       ((size_t)got > size || connection->hung_up);
}

static void read_requests(struct event_loop *loop, struct client_connection *connection)
{
	int read = 0;

	while (read < TURNS && read_request(loop, connection))
		read++;
	if (read == TURNS)
		listen_anew(loop, connection, false);
}

/* Sends what the client had no room for. True when all of it is out. */
static bool send_pending(struct event_loop *loop, struct client_connection *connection)
{
	enum send_result sent = response_writer_send(&connection->pending, connection->descriptor);
	struct response_writer pending = connection->pending;
	bool goes_on;

	if (sent == SENT_PART)
		return false;
	connection->pending = (struct response_writer){0};
	connection->waits = false;
	goes_on = settle(loop, connection, &pending, sent);
	response_writer_free(&pending);
	return goes_on;
}

static void go_on(struct event_loop *loop, struct client_connection *connection)
{
	if (connection->leaving)
		leave(loop, connection);
	else if (!connection->waits || send_pending(loop, connection))
		read_requests(loop, connection);
}

void http1_connection_event(struct event_loop *loop, struct client_connection *connection,
			    uint32_t events)
{
	enum turn turn = TURN_WORKER;

	connection->hung_up |= (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
	if (!atomic_compare_exchange_strong(&connection->turn, &turn, TURN_WORKER_STIRRED) &&
	    turn == TURN_LOOP)
		go_on(loop, connection);
}

void http1_connection_resume(struct event_loop *loop, struct request_task *errand)
{
	struct client_connection *connection = errand->connection;
	bool stirred = atomic_exchange(&connection->turn, TURN_LOOP) == TURN_WORKER_STIRRED;
	bool goes_on = settle(loop, connection, &errand->outgoing, errand->sent);

	request_task_free(&errand);
	if (goes_on && stirred)
		read_requests(loop, connection);
}
