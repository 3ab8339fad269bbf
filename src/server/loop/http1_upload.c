#include "server/loop/http1_upload.h"

#include "server/loop/http1_output.h"
#include "server/ulfius/ulfius_bridge.h"

#include <errno.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/banned.h"

#define CONTINUE "HTTP/1.1 100 Continue\r\n\r\n"

enum { RELAYED_AT_ONCE = 16384 }; /* bytes */

/* Refuses an upload that has arrived in full, for lack of threads or memory. */
static void refuse_upload(struct event_loop *loop, struct client_connection *connection)
{
	struct buffer *received = &connection->received;
	size_t length = received->length, size;

	if (length > sizeof loop->bytes)
		length = sizeof loop->bytes;
	memcpy(loop->bytes, received->bytes, length);
	(void)request_head_read(loop->bytes, length, &loop->request, &size);
	loop->request.peer = connection->peer_known ? &connection->peer : NULL;
	clock_gettime(CLOCK_MONOTONIC, &loop->request.arrived);
	http1_output_refuse_busy(loop, connection);
}

/* Passes an upload to Ulfius and waits for the response on the relay. */
static void submit_upload(struct event_loop *loop, struct client_connection *connection)
{
	struct epoll_event event = {.events = EPOLLIN,
				    .data.ptr = (char *)connection + HTTP1_UPLOAD_RELAY};

	connection->awaited = 0;
	connection_table_phase(connection, PHASE_HANDLING);
	if (!ulfius_bridge_pass(
		    loop->shared->bridge, connection->received.bytes, connection->received.length,
		    connection->peer_known ? &connection->peer : NULL, &connection->relay) ||
	    epoll_ctl(loop->epoll, EPOLL_CTL_ADD, connection->relay, &event) != 0)
		refuse_upload(loop, connection);
}

void http1_upload_relay(struct event_loop *loop, struct client_connection *connection)
{
	struct buffer *head = &connection->pending.head;
	struct response_writer writer;
	ssize_t got;

	do {
		char *room = buffer_reserve(head, RELAYED_AT_ONCE);

		got = room ? recv(connection->relay, room, RELAYED_AT_ONCE, MSG_DONTWAIT) : 0;
		if (got > 0)
			buffer_reserved(head, (size_t)got);
	} while (got > 0);
	if (got < 0 && errno == EAGAIN)
		return;
	close(connection->relay);
	connection->relay = -1;
	writer = connection->pending;
	connection->pending = (struct response_writer){0};
	if (writer.head.length == 0) {
		response_writer_free(&writer);
		refuse_upload(loop, connection);
		return;
	}
	buffer_free(&connection->received);
	writer.last = true;
	(void)http1_output_finish(loop, connection, &writer,
				  response_writer_send(&writer, connection->descriptor));
	response_writer_free(&writer);
}

/* Takes the body of an upload off the socket, as far as it has arrived. */
void http1_upload_receive(struct event_loop *loop, struct client_connection *connection)
{
	struct buffer *received = &connection->received;

	while (received->length < connection->awaited) {
		size_t missing = connection->awaited - received->length;
		/* There is room: http1_upload_begin has reserved it. */
		ssize_t got = recv(connection->descriptor, buffer_reserve(received, missing),
				   missing, MSG_DONTWAIT);

		if (got < 0 && errno == EAGAIN) {
			connection_table_begin_reading(connection);
			return;
		}
		if (got <= 0) {
			http1_output_linger(loop, connection);
			return;
		}
		buffer_reserved(received, (size_t)got);
	}
	submit_upload(loop, connection);
}

/* Writes the head of the request for Ulfius, which need not know what the client expected. */
static void write_head(const struct raw_request *request, struct buffer *head)
{
	buffer_format(head, "%s %s %s\r\n", request->method, request->target, request->version);
	for (size_t i = 0; i < request->line_count; i++)
		if (strcasecmp(request->lines[i].name, "Expect") != 0)
			buffer_format(head, "%s: %s\r\n", request->lines[i].name,
				      request->lines[i].value);
	buffer_text(head, "\r\n");
}

/* Lets the client send a body that its route takes, of which `present` bytes are here. */
void http1_upload_begin(struct event_loop *loop, struct client_connection *connection,
			const char *body, size_t present)
{
	const struct raw_request *request = &loop->request;
	struct buffer *received = &connection->received;

	if (present > request->content_length)
		present = request->content_length;
	write_head(request, received);
	if (!buffer_reserve(received, request->content_length) ||
	    !connection_table_begin_upload(loop->shared->connections, connection)) {
		http1_output_refuse_busy(loop, connection);
		return;
	}
	connection->awaited = received->length + request->content_length;
	buffer_add(received, body, present);
	/* So short a text is sent whole or, on a broken connection, not at all. */
	if (request->expects_continue && present < request->content_length &&
	    send(connection->descriptor, CONTINUE, sizeof CONTINUE - 1,
		 MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)sizeof CONTINUE - 1) {
		http1_output_close(loop, connection);
		return;
	}
	http1_upload_receive(loop, connection);
}
