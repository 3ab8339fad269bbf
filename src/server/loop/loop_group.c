#include "server/loop/loop_group.h"

#include "server/loop/event_loop_internal.h"
#include "server/work/thread_pool.h"

#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/banned.h"

struct loop_group {
	struct event_loop_shared shared;
};

/* The processors that this process may use, up to EVENT_LOOPS_MOST. */
static int loops_wanted(bool single)
{
	cpu_set_t usable;
	int count;

	if (single || sched_getaffinity(0, sizeof usable, &usable) != 0)
		return 1;
	count = CPU_COUNT(&usable);
	return count < EVENT_LOOPS_MOST ? count : EVENT_LOOPS_MOST;
}

static bool open_loops(struct event_loop_shared *shared, int count, struct error *err)
{
	for (; shared->count < count; shared->count++)
		if (!event_loop_open(shared, &shared->loops[shared->count], err))
			return false;
	for (int i = 0; i < count; i++)
		if (!event_loop_start(shared->loops[i], err))
			return false;
	return true;
}

bool loop_group_open(const struct loop_group_options *options, struct loop_group **group,
		     struct error *err)
{
	struct loop_group *opened = calloc(1, sizeof *opened);
	int flags = fcntl(options->listener, F_GETFL);

	if (!opened)
		return error_out_of_memory(err);
	opened->shared = (struct event_loop_shared){
		.service = options->service,
		.connections = options->connections,
		.bridge = options->bridge,
		.listener = options->listener,
	};
	if (fcntl(options->listener, F_SETFL, flags | O_NONBLOCK) == 0 &&
	    thread_pool_open((size_t)options->threads, (size_t)options->queued,
			     &opened->shared.pool, err) &&
	    open_loops(&opened->shared, loops_wanted(options->single), err)) {
		*group = opened;
		return true;
	}
	loop_group_stop(opened);
	loop_group_close(&opened);
	return error_set(err, ERROR_INTERNAL, "The event loops cannot start.");
}

void loop_group_stop_accepting(struct loop_group *group)
{
	for (int i = 0; i < group->shared.count; i++)
		event_loop_stop_accepting(group->shared.loops[i]);
	/* The kernel refuses clients that still wait in the backlog. */
	shutdown(group->shared.listener, SHUT_RDWR);
}

void loop_group_stop(struct loop_group *group)
{
	if (!group)
		return;
	for (int i = 0; i < group->shared.count; i++)
		event_loop_stop(group->shared.loops[i]);
	thread_pool_close(&group->shared.pool);
}

static void close_connections(struct connection_table *connections)
{
	struct client_connection *left;

	while ((left = connection_table_any(connections))) {
		int descriptor = left->descriptor;

		response_writer_free(&left->pending);
		connection_table_remove(connections, left);
		close(descriptor);
	}
}

void loop_group_close(struct loop_group **group)
{
	struct loop_group *closing = *group;

	if (!closing)
		return;
	for (int i = 0; i < closing->shared.count; i++)
		event_loop_close(&closing->shared.loops[i]);
	close_connections(closing->shared.connections);
	free(closing);
	*group = NULL;
}
