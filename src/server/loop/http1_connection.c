#include "server/loop/http1_connection.h"

#include "http/routing/request_body.h"
#include "server/hot/memo_hit.h"
#include "server/loop/http1_output.h"
#include "server/loop/http1_upload.h"
#include "server/task/request_task.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "base/banned.h"

enum {
	REQUESTS_AT_ONCE = 16, /* of one connection, before others are served */
};

static void read_requests(struct event_loop *loop, struct client_connection *connection);

void http1_connection_complete(struct event_loop *loop, struct request_task *task)
{
	struct client_connection *connection = task->connection;
	bool recalled = atomic_exchange(&connection->owner, OWNER_LOOP) == OWNER_TASK_RECALLED;
	bool goes_on = http1_output_finish(loop, connection, &task->writer, task->sent);

	request_task_free(&task);
	if (goes_on && recalled)
		read_requests(loop, connection);
}

static bool never_waits(const struct service *service, const struct raw_request *request)
{
	return service->immediate && strcmp(request->target, service->immediate) == 0;
}

/* Hands a request to the thread pool, whose threads may all be waiting for the database. `more` may
 * have arrived behind it. */
static void submit_request(struct event_loop *loop, struct client_connection *connection,
			   const char *head, size_t size, bool more)
{
	struct request_task *task = request_task_make(&loop->request, head, size);

	if (!task) {
		http1_output_refuse_busy(loop, connection);
		return;
	}
	task->completions = &loop->completions;
	task->connection = connection;
	task->service = loop->shared->service;
	atomic_store(&connection->owner,
		     more || connection->peer_closed ? OWNER_TASK_RECALLED : OWNER_TASK);
	connection_table_phase(connection, PHASE_HANDLING);
	if (never_waits(task->service, &task->request)) {
		task->task.perform(&task->task);
		return;
	}
	if (thread_pool_submit(loop->shared->pool, &task->task))
		return;
	request_task_free(&task);
	atomic_store(&connection->owner, OWNER_LOOP);
	http1_output_refuse_busy(loop, connection);
}

/* What a loop has taken off a connection's socket. */
struct batch {
	size_t start, end; /* of the rest, in loop->bytes */
	bool full;	   /* more may be on the socket */
	bool broken;	   /* the connection is, or the client has closed it */
};

/* Takes what has arrived off the socket, behind the incomplete request that came before. Bytes that
 * stay on a socket could keep its receive buffer full and the client from sending the rest. */
static struct batch receive_batch(struct event_loop *loop, struct client_connection *connection)
{
	struct batch batch = {.end = connection->received.length};
	ssize_t got;

	if (batch.end > 0)
		memcpy(loop->bytes, connection->received.bytes, batch.end);
	buffer_free(&connection->received);
	got = recv(connection->descriptor, loop->bytes + batch.end, sizeof loop->bytes - batch.end,
		   MSG_DONTWAIT);
	batch.broken = got == 0 || (got < 0 && errno != EAGAIN);
	batch.end += got > 0 ? (size_t)got : 0;
	batch.full = batch.end == sizeof loop->bytes;
	return batch;
}

/* Stores the rest of a batch until more arrives or the loop comes back. Without memory for it the
 * connection is closed; false then. */
static bool store_rest(struct event_loop *loop, struct client_connection *connection,
		       const struct batch *batch)
{
	if (batch->start < batch->end)
		buffer_add(&connection->received, loop->bytes + batch->start,
			   batch->end - batch->start);
	if (!connection->received.failed)
		return true;
	http1_output_close(loop, connection);
	return false;
}

/* Reads the head at the start of a batch. request_head_read writes into the bytes, so a head that
 * may be incomplete is read in a copy. */
static enum request_head_state read_head(struct event_loop *loop, const struct batch *batch,
					 size_t *size)
{
	char *bytes = loop->bytes + batch->start;
	size_t length = batch->end - batch->start, empty = 0;

	while (empty < length && (bytes[empty] == '\r' || bytes[empty] == '\n'))
		empty++;
	if (!memmem(bytes + empty, length - empty, "\r\n\r\n", 4))
		bytes = memcpy(loop->copy, bytes, length);
	return request_head_read(bytes, length, &loop->request, size);
}

/* Responds to a request whose head is complete and removed from the batch. True when the next one
 * may be read. */
static bool respond(struct event_loop *loop, struct client_connection *connection,
		    const struct batch *batch, size_t size)
{
	const struct service *service = loop->shared->service;
	struct raw_request *request = &loop->request;
	struct response_writer *writer = &loop->writer;
	const char *next = loop->bytes + batch->start;
	const size_t rest = batch->end - batch->start;

	if (request->content_length > 0 && loop->shared->bridge &&
	    request_body_needed(service, request)) {
		http1_upload_begin(loop, connection, next, rest);
		return false;
	}
	writer->last =
		request->close || atomic_load_explicit(&service->draining, memory_order_relaxed);
	if (request->content_length == 0 && memo_hit_respond(service, request, writer)) {
		enum send_result sent = response_writer_send(writer, connection->descriptor);

		if (sent != SENT_PART || store_rest(loop, connection, batch))
			return http1_output_finish(loop, connection, writer, sent);
		response_writer_clear(writer);
		return false;
	}
	response_writer_clear(writer);
	if (!store_rest(loop, connection, batch))
		return false;
	submit_request(loop, connection, next - size, size, rest > 0 || batch->full);
	return false;
}

/* An incomplete head, or none. True when more may be on the socket. */
static bool await_head(struct event_loop *loop, struct client_connection *connection,
		       const struct batch *batch)
{
	const bool some = batch->start < batch->end;

	if (batch->broken && !some) {
		http1_output_close(loop, connection);
		return false;
	}
	if (connection->peer_closed && some && !batch->full) {
		http1_output_linger(loop, connection);
		return false;
	}
	if (!store_rest(loop, connection, batch))
		return false;
	if (some)
		connection_table_begin_reading(connection);
	return batch->full || connection->peer_closed;
}

/* Reads the requests of a batch, up to *left. True when more may be on the socket. */
static bool read_batch(struct event_loop *loop, struct client_connection *connection, int *left)
{
	struct raw_request *request = &loop->request;
	struct batch batch = receive_batch(loop, connection);

	while (*left > 0 && batch.start < batch.end) {
		size_t size = 0;
		enum request_head_state state = read_head(loop, &batch, &size);

		if (state == REQUEST_HEAD_PARTIAL)
			break;
		request->peer = connection->peer_known ? &connection->peer : NULL;
		clock_gettime(CLOCK_MONOTONIC, &request->arrived);
		if (state == REQUEST_HEAD_MALFORMED) {
			http1_output_refuse(loop, connection);
			return false;
		}
		batch.start += size;
		(*left)--;
		if (!respond(loop, connection, &batch, size))
			return false;
	}
	if (*left > 0)
		return await_head(loop, connection, &batch);
	return store_rest(loop, connection, &batch);
}

static void read_requests(struct event_loop *loop, struct client_connection *connection)
{
	int left = REQUESTS_AT_ONCE;

	while (left > 0)
		if (!read_batch(loop, connection, &left))
			return;
	/* The socket is writable, so epoll reports it at once, also without new bytes. */
	http1_output_rearm(loop, connection, HTTP1_WATCHED | EPOLLOUT);
}

static void resume_connection(struct event_loop *loop, struct client_connection *connection)
{
	if (connection->closing)
		http1_output_linger(loop, connection);
	else if (connection->awaited > 0)
		http1_upload_receive(loop, connection);
	else if (connection->relay >= 0)
		return; /* the response comes first */
	else if (!connection->blocked || http1_output_resume(loop, connection))
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
