/*
 * request_task: what a thread of the pool does for a connection: it runs dispatch for a request and
 * begins to send the response.
 */
#pragma once
#include "http/message/exchange.h"
#include "http/message/service.h"
#include "server/connection/response_writer.h"
#include "server/task/completion_queue.h"
#include "server/task/thread_pool.h"

struct client_connection;

struct request_task {
	struct thread_pool_task task;
	struct completion_queue *completions; /* where the finished task goes */
	struct client_connection *connection;
	const struct service *service;
	struct raw_request request;
	struct response_writer writer;
	enum send_result sent;
	char head[]; /* the bytes of the request's head */
};

/* Returns a task for a request whose texts are parts of the `size` bytes, which are copied; NULL
 * when out of memory. The caller sets completions, connection and service. */
struct request_task *request_task_make(const struct raw_request *request, const char *bytes,
				       size_t size);

/* Frees the task and the response that it still holds. */
void request_task_free(struct request_task **task);
