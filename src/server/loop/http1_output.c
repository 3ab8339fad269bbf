#include "server/loop/http1_output.h"

#include "http/observe/access_log.h"
#include "http/policy/framing.h"
#include "http/routing/dispatch.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "base/banned.h"

enum { DISCARDED_AT_ONCE = 16 }; /* reads, before other connections are served */

void http1_output_close(struct event_loop *loop, struct client_connection *connection)
{
	atomic_fetch_sub(&loop->open, 1);
	connection_table_remove(loop->shared->connections, connection);
}

/* Makes epoll report the current state again, although it reports edges. */
void http1_output_rearm(struct event_loop *loop, struct client_connection *connection,
			uint32_t events)
{
	struct epoll_event event = {.events = events, .data.ptr = connection};

	if (epoll_ctl(loop->epoll, EPOLL_CTL_MOD, connection->descriptor, &event) != 0)
		http1_output_close(loop, connection);
}

/* The last response is sent. Discards what the client sends until it closes: closing a socket with
 * unread bytes resets the connection, and the client could lose the response. (RFC 9112,
 * section 9.6) */
void http1_output_linger(struct event_loop *loop, struct client_connection *connection)
{
	char dropped[4096];
	ssize_t got;

	if (!connection->closing) {
		connection->closing = true;
		connection_table_phase(connection, PHASE_CLOSING);
		shutdown(connection->descriptor, SHUT_WR);
	}
	for (int i = 0; i < DISCARDED_AT_ONCE; i++) {
		got = recv(connection->descriptor, dropped, sizeof dropped, MSG_DONTWAIT);
		if (got < 0 && errno == EAGAIN)
			return;
		if (got <= 0) {
			http1_output_close(loop, connection);
			return;
		}
	}
	http1_output_rearm(loop, connection, HTTP1_WATCHED);
}

/* Parks the unsent rest until the socket is writable. */
static void park(struct event_loop *loop, struct client_connection *connection,
		 struct response_writer *writer)
{
	connection->pending = *writer;
	connection->blocked = true;
	*writer = (struct response_writer){0};
	connection_table_phase(connection, PHASE_WRITING);
	http1_output_rearm(loop, connection, HTTP1_WATCHED | EPOLLOUT);
}

/* Goes on after an attempt to send. True when the next request may be read. */
bool http1_output_finish(struct event_loop *loop, struct client_connection *connection,
			 struct response_writer *writer, enum send_result sent)
{
	bool last = writer->last;

	if (sent == SENT_PART) {
		park(loop, connection, writer);
		return false;
	}
	response_writer_clear(writer);
	if (sent == SENT_BROKEN) {
		http1_output_close(loop, connection);
		return false;
	}
	connection_table_phase(connection, PHASE_IDLE);
	if (last)
		http1_output_linger(loop, connection);
	return !last;
}

/* Refuses a request in the loop thread: dispatch does not block for one that has a refusal. */
void http1_output_refuse(struct event_loop *loop, struct client_connection *connection)
{
	const struct service *service = loop->shared->service;
	struct response_writer *writer = &loop->writer;
	struct exchange exchange = {0};

	dispatch(service, &loop->request, &exchange);
	writer->last = true;
	access_log_write(service, &exchange);
	response_writer_response(writer, &exchange.response, loop->request.method);
	exchange_close(&exchange);
	(void)http1_output_finish(loop, connection, writer,
				  response_writer_send(writer, connection->descriptor));
}

void http1_output_refuse_busy(struct event_loop *loop, struct client_connection *connection)
{
	framing_refuse(&loop->request, ERROR_UNAVAILABLE,
		       BILINGUAL("Too many requests wait already.",
				 "Trop de requêtes sont déjà en attente."));
	http1_output_refuse(loop, connection);
}

/* Sends a parked rest. True when all of it is out and the next request may be read. */
bool http1_output_resume(struct event_loop *loop, struct client_connection *connection)
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
	goes_on = http1_output_finish(loop, connection, &parked, sent);
	response_writer_free(&parked);
	return goes_on;
}
