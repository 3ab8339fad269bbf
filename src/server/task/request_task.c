#include "server/task/request_task.h"

#include "http/observe/access_log.h"
#include "http/routing/dispatch.h"
#include "server/connection/connection_table.h"
#include "server/hot/response_memo.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

/* After most responses the loop has nothing to do until the client sends more; then it need not be
 * woken. Returns true when the connection is the loop's again. */
static bool return_silently(struct request_task *task)
{
	enum connection_owner owner = OWNER_TASK;
	struct client_connection *connection = task->connection;

	if (task->sent != SENT_WHOLE || task->writer.last)
		return false;
	connection_table_phase(connection, PHASE_IDLE);
	return atomic_compare_exchange_strong(&connection->owner, &owner, OWNER_LOOP);
}

static void perform_request(struct thread_pool_task *performed)
{
	struct request_task *task = (struct request_task *)performed;
	const struct service *service = task->service;
	struct exchange exchange = {0};

	dispatch(service, &task->request, &exchange);
	response_memo_note(service->memo, &task->request, &exchange);
	/* Read now: draining may have begun while the handler worked. */
	task->writer.last = exchange.close || atomic_load(&service->draining);
	access_log_write(service, &exchange);
	connection_table_phase(task->connection, PHASE_WRITING);
	response_writer_response(&task->writer, &exchange.response, task->request.method);
	task->sent = response_writer_send(&task->writer, task->connection->descriptor);
	exchange_close(&exchange);
	if (return_silently(task))
		request_task_free(&task);
	else
		completion_queue_push(task->completions, performed);
}

/* Where a text of one copy lies in the other; constants lie in neither. */
static const char *relocate(const char *text, const char *from, const char *to)
{
	return *text ? to + (text - from) : text;
}

struct request_task *request_task_make(const struct raw_request *request, const char *bytes,
				       size_t size)
{
	struct request_task *made = malloc(sizeof *made + size);
	struct raw_request *own;

	if (!made)
		return NULL;
	*made = (struct request_task){
		.task.perform = perform_request,
		.request = *request,
	};
	memcpy(made->head, bytes, size);
	own = &made->request;
	own->method = relocate(own->method, bytes, made->head);
	own->target = relocate(own->target, bytes, made->head);
	own->version = relocate(own->version, bytes, made->head);
	for (size_t i = 0; i < own->line_count; i++) {
		own->lines[i].name = relocate(own->lines[i].name, bytes, made->head);
		own->lines[i].value = relocate(own->lines[i].value, bytes, made->head);
	}
	request_fields_find(own->lines, own->line_count, &own->fields);
	return made;
}

void request_task_free(struct request_task **task)
{
	if (*task)
		response_writer_free(&(*task)->writer);
	free(*task);
	*task = NULL;
}
