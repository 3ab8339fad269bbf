#include "server/loop/loop_group.h"

#include "base/config.h"
#include "server/connection/connection_table.h"
#include "http/message/exchange.h"
#include "server/work/thread_pool.h"

#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/banned.h"

struct entrance {
	struct loop_terms terms;
	struct workers *workers;
};

/* Processors that this process may use, as far as they are useful here. */
static int loops_wanted(bool single)
{
	cpu_set_t usable;
	int count;

	if (single || sched_getaffinity(0, sizeof usable, &usable) != 0)
		return 1;
	count = CPU_COUNT(&usable);
	return count < LOOPS_MOST ? count : LOOPS_MOST;
}

static bool open_loops(struct loop_terms *terms, int count, struct error *err)
{
	for (; terms->count < count; terms->count++)
		if (!loop_open(terms, &terms->loops[terms->count], err))
			return false;
	for (int i = 0; i < count; i++)
		if (!loop_start(terms->loops[i], err))
			return false;
	return true;
}

bool entrance_open(const struct entrance_options *options, struct entrance **entrance,
		   struct error *err)
{
	struct entrance *opened = calloc(1, sizeof *opened);
	int flags = fcntl(options->listener, F_GETFL);

	if (!opened)
		return error_out_of_memory(err);
	opened->terms = (struct loop_terms){
		.service = options->service,
		.connections = options->connections,
		.listener = options->listener,
		.hand_over = options->hand_over,
		.context = options->context,
	};
	/* A connection has one request at a time. */
	if (fcntl(options->listener, F_SETFL, flags | O_NONBLOCK) != 0 ||
	    !workers_open(options->service->config->connections, &opened->workers, err)) {
		free(opened);
		return error_set(err, ERROR_INTERNAL, "Connections cannot be waited for.");
	}
	opened->terms.workers = opened->workers;
	if (!open_loops(&opened->terms, loops_wanted(options->single), err)) {
		entrance_close(&opened);
		return false;
	}
	*entrance = opened;
	return true;
}

void entrance_shut(struct entrance *entrance)
{
	for (int i = 0; i < entrance->terms.count; i++)
		loop_accept_no_more(entrance->terms.loops[i]);
	/* Whoever waits to be accepted is told, and so is a loop that is about to accept. */
	shutdown(entrance->terms.listener, SHUT_RDWR);
}

static void close_connections(struct entrance *entrance)
{
	struct connection *left;

	while ((left = connection_left(entrance->terms.connections))) {
		int descriptor = left->descriptor;

		outgoing_free(&left->pending);
		connection_remove(entrance->terms.connections, left);
		close(descriptor);
	}
}

void entrance_close(struct entrance **entrance)
{
	struct entrance *closing = *entrance;

	if (!closing)
		return;
	for (int i = 0; i < closing->terms.count; i++)
		loop_stop(closing->terms.loops[i]);
	workers_close(&closing->workers);
	for (int i = 0; i < closing->terms.count; i++)
		loop_close(&closing->terms.loops[i]);
	close_connections(closing);
	free(closing);
	*entrance = NULL;
}
