#include "server/work/request_task.h"

#include "server/connection/connection_table.h"
#include "server/loop/event_loop.h"
#include "server/hot/response_memo.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

/* After most answers there is nothing to do until the client asks again: then the loop need not be
 * woken. */
static bool leave_to_loop(struct request_task *errand)
{
	enum turn turn = TURN_WORKER;
	struct client_connection *connection = errand->connection;

	if (errand->sent != SENT_WHOLE || errand->outgoing.last)
		return false;
	connection_table_phase(connection, PHASE_IDLE);
	if (!atomic_compare_exchange_strong(&connection->turn, &turn, TURN_LOOP))
		return false;
	request_task_free(&errand);
	return true;
}

static void run(struct thread_pool_task *work)
{
	struct request_task *errand = (struct request_task *)work;
	const struct service *service = errand->service;
	struct exchange exchange = {0};

	dispatch(service, &errand->incoming, &exchange);
	response_memo_note(service->shortcuts, &errand->incoming, &exchange);
	/* Asked now: draining may have begun while the handler worked. */
	errand->outgoing.last = errand->close || exchange.close || atomic_load(&service->draining);
	access_log_write(service, &exchange);
	connection_table_phase(errand->connection, PHASE_WRITING);
	response_writer_response(&errand->outgoing, &exchange.response, errand->incoming.method);
	errand->sent = response_writer_send(&errand->outgoing, errand->connection->descriptor);
	exchange_close(&exchange);
	if (!leave_to_loop(errand))
		event_loop_take_back(errand->loop, errand);
}

/* Where a part of one copy lies in the other. */
static const char *moved(const char *part, const char *from, const char *to)
{
	return to + (part - from);
}

struct request_task *request_task_make(const struct raw_request *incoming, const char *bytes,
				       size_t size)
{
	struct request_task *made = malloc(sizeof *made + size);
	struct raw_request *own;

	if (!made)
		return NULL;
	*made = (struct request_task){.work.run = run, .incoming = *incoming};
	memcpy(made->bytes, bytes, size);
	own = &made->incoming;
	own->target = moved(own->target, bytes, made->bytes);
	own->version = moved(own->version, bytes, made->bytes);
	for (size_t i = 0; i < own->field_count; i++) {
		own->fields[i].name = moved(own->fields[i].name, bytes, made->bytes);
		own->fields[i].value = moved(own->fields[i].value, bytes, made->bytes);
	}
	return made;
}

void request_task_free(struct request_task **errand)
{
	if (*errand)
		response_writer_free(&(*errand)->outgoing);
	free(*errand);
	*errand = NULL;
}
