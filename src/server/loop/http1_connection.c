#include "server/loop/http1_connection.h"

#include "http/observe/access_log.h"
#include "http/policy/framing.h"
#include "http/routing/dispatch.h"
#include "http/routing/request_body.h"
#include "server/hot/memo_hit.h"
#include "server/ulfius/ulfius_bridge.h"
#include "server/work/request_task.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/banned.h"

#define CONTINUE "HTTP/1.1 100 Continue\r\n\r\n"
#define WATCHED (EPOLLIN | EPOLLRDHUP | EPOLLET) /* no enumerator holds it: it is unsigned */

enum {
	REQUESTS_AT_ONCE = 16, /* of one connection, before others have their turn */
};

void http1_connection_close(struct event_loop *loop, struct client_connection *connection)
{
	int descriptor = connection->descriptor;

	/* libmicrohttpd may still have its duplicate of the socket, for which epoll would go on. */
	if (connection->uploading)
		epoll_ctl(loop->epoll, EPOLL_CTL_DEL, descriptor, NULL);
	response_writer_free(&connection->pending);
	atomic_fetch_sub(&loop->open, 1);
	connection_table_remove(loop->shared->connections, connection);
	close(descriptor);
}

/* Makes epoll report the current state again, although it reports edges. */
static void rearm(struct event_loop *loop, struct client_connection *connection, uint32_t events)
{
	struct epoll_event event = {.events = events, .data.ptr = connection};

	if (epoll_ctl(loop->epoll, EPOLL_CTL_MOD, connection->descriptor, &event) != 0)
		http1_connection_close(loop, connection);
}

/* The last response is sent. Discards what the client sends until it closes: closing a socket with
 * unread bytes resets the connection, and the client could lose the response. (RFC 9112,
 * section 9.6) */
static void linger(struct event_loop *loop, struct client_connection *connection)
{
	char dropped[4096];
	ssize_t got;

	if (!connection->closing) {
		connection->closing = true;
		connection_table_phase(connection, PHASE_CLOSING);
		shutdown(connection->descriptor, SHUT_WR);
	}
	for (int i = 0; i < REQUESTS_AT_ONCE; i++) {
		got = recv(connection->descriptor, dropped, sizeof dropped, MSG_DONTWAIT);
		if (got < 0 && errno == EAGAIN)
			return;
		if (got <= 0) {
			http1_connection_close(loop, connection);
			return;
		}
	}
	rearm(loop, connection, WATCHED);
}

/* Parks the unsent rest until the socket is writable. */
static void park(struct event_loop *loop, struct client_connection *connection,
		 struct response_writer *writer)
{
	connection->pending = *writer;
	connection->blocked = true;
	*writer = (struct response_writer){0};
	connection_table_phase(connection, PHASE_WRITING);
	rearm(loop, connection, WATCHED | EPOLLOUT);
}

/* Goes on after an attempt to send. True when the next request may be read. */
static bool finish_send(struct event_loop *loop, struct client_connection *connection,
			struct response_writer *writer, enum send_result sent)
{
	bool last = writer->last;

	if (sent == SENT_PART) {
		park(loop, connection, writer);
		return false;
	}
	response_writer_clear(writer);
	if (sent == SENT_BROKEN) {
		http1_connection_close(loop, connection);
		return false;
	}
	connection_table_phase(connection, PHASE_IDLE);
	if (last)
		linger(loop, connection);
	return !last;
}

/* Refuses a request in the loop thread: dispatch does not block for one that has a refusal. */
static void refuse_request(struct event_loop *loop, struct client_connection *connection)
{
	const struct service *service = loop->shared->service;
	struct response_writer *writer = &loop->writer;
	struct exchange exchange = {0};

	dispatch(service, &loop->request, &exchange);
	writer->last = true;
	access_log_write(service, &exchange);
	response_writer_response(writer, &exchange.response, loop->request.method);
	exchange_close(&exchange);
	(void)finish_send(loop, connection, writer,
			  response_writer_send(writer, connection->descriptor));
}

static void refuse_busy(struct event_loop *loop, struct client_connection *connection)
{
	framing_refuse(&loop->request, ERROR_UNAVAILABLE, "Too many requests wait already.");
	refuse_request(loop, connection);
}

static void read_requests(struct event_loop *loop, struct client_connection *connection);

static void complete_task(struct completion *completion, struct event_loop *loop)
{
	struct request_task *task = request_task_of(completion);
	struct client_connection *connection = task->connection;
	bool recalled = atomic_exchange(&connection->owner, OWNER_LOOP) == OWNER_TASK_RECALLED;
	bool goes_on = finish_send(loop, connection, &task->writer, task->sent);

	request_task_free(&task);
	if (goes_on && recalled)
		read_requests(loop, connection);
}

/* Hands a request to the thread pool. `more` has arrived behind it. */
static void submit_request(struct event_loop *loop, struct client_connection *connection,
			   size_t size, bool more)
{
	struct request_task *task = request_task_make(&loop->request, loop->bytes, size);

	if (!task) {
		refuse_busy(loop, connection);
		return;
	}
	task->completion.complete = complete_task;
	task->completions = &loop->completions;
	task->connection = connection;
	task->service = loop->shared->service;
	atomic_store(&connection->owner,
		     more || connection->peer_closed ? OWNER_TASK_RECALLED : OWNER_TASK);
	connection_table_phase(connection, PHASE_HANDLING);
	if (thread_pool_submit(loop->shared->pool, &task->task))
		return;
	request_task_free(&task);
	atomic_store(&connection->owner, OWNER_LOOP);
	refuse_busy(loop, connection);
}

/* The response is sent, or the connection is broken: the client should close now. */
static void complete_upload(struct completion *completion, struct event_loop *loop)
{
	struct ulfius_upload *upload = (struct ulfius_upload *)completion;
	struct client_connection *connection = upload->connection;

	ulfius_bridge_free(upload);
	atomic_store(&connection->owner, OWNER_LOOP);
	linger(loop, connection);
}

/* Reads the head that lies on the socket; *got is what recv returned. */
static enum request_head_state peek_head(struct event_loop *loop,
					 const struct client_connection *connection, size_t *size,
					 ssize_t *got)
{
	enum request_head_state state;

	*got = recv(connection->descriptor, loop->bytes, sizeof loop->bytes,
		    MSG_PEEK | MSG_DONTWAIT);
	state = request_head_read(loop->bytes, *got > 0 ? (size_t)*got : 0, &loop->request, size);
	loop->request.peer = connection->peer_known ? &connection->peer : NULL;
	clock_gettime(CLOCK_MONOTONIC, &loop->request.arrived);
	return state;
}

/* Hands a request that has arrived in full to Ulfius, head included, by a duplicate of its socket.
 */
static void submit_upload(struct event_loop *loop, struct client_connection *connection)
{
	struct ulfius_upload *upload = ulfius_bridge_make(connection);
	size_t size;
	ssize_t got;

	if (!upload) {
		/* The loop has read other heads since. */
		(void)peek_head(loop, connection, &size, &got);
		refuse_busy(loop, connection);
		return;
	}
	upload->completion.complete = complete_upload;
	upload->completions = &loop->completions;
	atomic_store(&connection->owner, OWNER_TASK);
	connection_table_phase(connection, PHASE_HANDLING);
	ulfius_bridge_submit(loop->shared->bridge, upload);
}

/* Waits until head and body lie in the socket's receive buffer. */
static void await_body(struct event_loop *loop, struct client_connection *connection)
{
	int arrived = 0;

	if (ioctl(connection->descriptor, FIONREAD, &arrived) != 0)
		arrived = 0;
	if ((size_t)arrived >= connection->awaited)
		submit_upload(loop, connection);
	else if (connection->peer_closed)
		linger(loop, connection);
	else
		connection_table_reads(connection);
}

/* Waits for a body that the route takes, after 100 (Continue) if the client expects it. `size` is
 * the size of the head. */
static void begin_upload(struct event_loop *loop, struct client_connection *connection, size_t size)
{
	const struct raw_request *request = &loop->request;
	int buffer = 2 * (REQUEST_HEAD_LONGEST + LIMIT_BODY);

	if (!connection_table_begin_upload(loop->shared->connections, connection)) {
		refuse_busy(loop, connection);
		return;
	}
	connection->awaited = size + request->content_length;
	setsockopt(connection->descriptor, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
	/* So short a text is sent whole or, on a broken connection, not at all. */
	if (request->expects_continue &&
	    send(connection->descriptor, CONTINUE, sizeof CONTINUE - 1,
		 MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)sizeof CONTINUE - 1) {
		http1_connection_close(loop, connection);
		return;
	}
	await_body(loop, connection);
}

/* Removes the head from the socket, whose bytes are in loop->bytes. TCP copies nothing then.
 * (tcp(7), MSG_TRUNC) */
static bool remove_head(struct event_loop *loop, const struct client_connection *connection,
			size_t size)
{
	return recv(connection->descriptor, loop->bytes, size, MSG_TRUNC | MSG_DONTWAIT) ==
	       (ssize_t)size;
}

/* Responds to a request whose head is complete; `more` has arrived behind it. True when the next
 * request may be read. */
static bool respond(struct event_loop *loop, struct client_connection *connection, size_t size,
		    bool more)
{
	const struct service *service = loop->shared->service;
	struct raw_request *request = &loop->request;
	struct response_writer *writer = &loop->writer;

	if (request->content_length > 0 && loop->shared->bridge &&
	    request_body_needed(service, request)) {
		begin_upload(loop, connection, size);
		return false;
	}
	if (!remove_head(loop, connection, size)) {
		http1_connection_close(loop, connection);
		return false;
	}
	writer->last =
		request->close || atomic_load_explicit(&service->draining, memory_order_relaxed);
	if (request->content_length == 0 && memo_hit_respond(service, request, writer))
		return finish_send(loop, connection, writer,
				   response_writer_send(writer, connection->descriptor));
	response_writer_clear(writer);
	submit_request(loop, connection, size, more);
	return false;
}

/* A head that is not complete: more may come, or the client has closed. */
static void await_head(struct event_loop *loop, struct client_connection *connection, ssize_t got,
		       bool broken)
{
	if (broken)
		http1_connection_close(loop, connection);
	else if (connection->peer_closed)
		linger(loop, connection);
	else if (got > 0)
		connection_table_reads(connection);
}

/* Handles what has arrived. Returns true when it was a request whose response is sent, and another
 * may have arrived. */
static bool read_request(struct event_loop *loop, struct client_connection *connection)
{
	ssize_t got;
	size_t size = 0;
	enum request_head_state state = peek_head(loop, connection, &size, &got);
	const bool broken = got == 0 || (got < 0 && errno != EAGAIN);

	if (state == REQUEST_HEAD_PARTIAL) {
		await_head(loop, connection, got, broken);
		return false;
	}
	if (state == REQUEST_HEAD_MALFORMED) {
		refuse_request(loop, connection);
		return false;
	}
	/* epoll reports what arrives from now on. */
	return respond(loop, connection, size, (size_t)got > size) &&
	       ((size_t)got > size || connection->peer_closed);
}

static void read_requests(struct event_loop *loop, struct client_connection *connection)
{
	int count = 0;

	while (count < REQUESTS_AT_ONCE && read_request(loop, connection))
		count++;
	if (count == REQUESTS_AT_ONCE)
		rearm(loop, connection, WATCHED);
}

/* Sends a parked rest. True when all of it is out and the next request may be read. */
static bool send_parked(struct event_loop *loop, struct client_connection *connection)
{
	struct response_writer parked = connection->pending;
	enum send_result sent = response_writer_send(&parked, connection->descriptor);
	bool goes_on;

	if (sent == SENT_PART) {
		connection->pending = parked;
		return false;
	}
	connection->pending = (struct response_writer){0};
	connection->blocked = false;
	goes_on = finish_send(loop, connection, &parked, sent);
	response_writer_free(&parked);
	return goes_on;
}

static void resume_connection(struct event_loop *loop, struct client_connection *connection)
{
	if (connection->closing)
		linger(loop, connection);
	else if (connection->awaited > 0)
		await_body(loop, connection);
	else if (!connection->blocked || send_parked(loop, connection))
		read_requests(loop, connection);
}

void http1_connection_event(struct event_loop *loop, struct client_connection *connection,
			    uint32_t events)
{
	enum connection_owner owner = OWNER_TASK;

	connection->peer_closed |= (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
	if (!atomic_compare_exchange_strong(&connection->owner, &owner, OWNER_TASK_RECALLED) &&
	    owner == OWNER_LOOP)
		resume_connection(loop, connection);
}
