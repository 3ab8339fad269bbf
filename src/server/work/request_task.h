/*
 * errand: what a worker does for a connection: answers its request and begins to send the answer.
 */
#pragma once
#include "http/message/exchange.h"
#include "server/loop/response_writer.h"
#include "server/work/thread_pool.h"

struct connection;
struct loop;

struct errand {
	struct work work;
	struct loop *loop; /* gets it back (loop_take_back) */
	struct connection *connection;
	const struct service *service;
	struct incoming incoming;
	struct outgoing outgoing;
	enum sent sent;
	bool close; /* the client wants no second answer */
	struct errand *next;
	char bytes[]; /* of the request's head */
};

/* Makes one of a request whose texts are parts of the `size` bytes. NULL when out of memory. */
struct errand *errand_make(const struct incoming *incoming, const char *bytes, size_t size);

/* Frees it; the answer too, unless somebody took that. */
void errand_free(struct errand **errand);
