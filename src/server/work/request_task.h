/*
 * errand: what a worker does for a connection: answers its request and begins to send the answer.
 */
#pragma once
#include "http/message/exchange.h"
#include "server/loop/response_writer.h"
#include "server/work/thread_pool.h"

struct client_connection;
struct event_loop;

struct request_task {
	struct thread_pool_task work;
	struct event_loop *loop; /* gets it back (event_loop_take_back) */
	struct client_connection *connection;
	const struct service *service;
	struct raw_request incoming;
	struct response_writer outgoing;
	enum send_result sent;
	bool close; /* the client wants no second answer */
	struct request_task *next;
	char bytes[]; /* of the request's head */
};

/* Makes one of a request whose texts are parts of the `size` bytes. NULL when out of memory. */
struct request_task *request_task_make(const struct raw_request *incoming, const char *bytes,
				       size_t size);

/* Frees it; the answer too, unless somebody took that. */
void request_task_free(struct request_task **errand);
