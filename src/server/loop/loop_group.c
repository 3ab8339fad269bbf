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

struct loop_group {
	struct event_loop_shared terms;
	struct thread_pool *workers;
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

static bool open_loops(struct event_loop_shared *terms, int count, struct error *err)
{
	for (; terms->count < count; terms->count++)
		if (!event_loop_open(terms, &terms->loops[terms->count], err))
			return false;
	for (int i = 0; i < count; i++)
		if (!event_loop_start(terms->loops[i], err))
			return false;
	return true;
}

bool loop_group_open(const struct loop_group_options *options, struct loop_group **entrance,
		     struct error *err)
{
	struct loop_group *opened = calloc(1, sizeof *opened);
	int flags = fcntl(options->listener, F_GETFL);

	if (!opened)
		return error_out_of_memory(err);
	opened->terms = (struct event_loop_shared){
		.service = options->service,
		.connections = options->connections,
		.listener = options->listener,
		.hand_over = options->hand_over,
		.context = options->context,
	};
	/* A connection has one request at a time. */
	if (fcntl(options->listener, F_SETFL, flags | O_NONBLOCK) != 0 ||
	    !thread_pool_open(options->service->config->connections, &opened->workers, err)) {
		free(opened);
		return error_set(err, ERROR_INTERNAL, "Connections cannot be waited for.");
	}
	opened->terms.workers = opened->workers;
	if (!open_loops(&opened->terms, loops_wanted(options->single), err)) {
		loop_group_close(&opened);
		return false;
	}
	*entrance = opened;
	return true;
}

void loop_group_stop_accepting(struct loop_group *entrance)
{
	for (int i = 0; i < entrance->terms.count; i++)
		event_loop_stop_accepting(entrance->terms.loops[i]);
	/* Whoever waits to be accepted is told, and so is a loop that is about to accept. */
	shutdown(entrance->terms.listener, SHUT_RDWR);
}

static void close_connections(struct loop_group *entrance)
{
	struct client_connection *left;

	while ((left = connection_table_left(entrance->terms.connections))) {
		int descriptor = left->descriptor;

		response_writer_free(&left->pending);
		connection_table_remove(entrance->terms.connections, left);
		close(descriptor);
	}
}

void loop_group_close(struct loop_group **entrance)
{
	struct loop_group *closing = *entrance;

	if (!closing)
		return;
	for (int i = 0; i < closing->terms.count; i++)
		event_loop_stop(closing->terms.loops[i]);
	thread_pool_close(&closing->workers);
	for (int i = 0; i < closing->terms.count; i++)
		event_loop_close(&closing->terms.loops[i]);
	close_connections(closing);
	free(closing);
	*entrance = NULL;
}
