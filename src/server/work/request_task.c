#include "server/work/request_task.h"

#include "server/connection/connection_table.h"
#include "server/loop/event_loop.h"
#include "server/hot/response_memo.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

/* After most answers there is nothing to do until the client asks again: then the loop need not be
 * woken. */
static bool leave_to_loop(struct errand *errand)
{
	enum turn turn = TURN_WORKER;
	struct connection *connection = errand->connection;

	if (errand->sent != SENT_WHOLE || errand->outgoing.last)
		return false;
	connection_phase(connection, PHASE_IDLE);
	if (!atomic_compare_exchange_strong(&connection->turn, &turn, TURN_LOOP))
		return false;
	errand_free(&errand);
	return true;
}

static void run(struct work *work)
{
	struct errand *errand = (struct errand *)work;
	const struct service *service = errand->service;
	struct exchange exchange = {0};

	dispatch(service, &errand->incoming, &exchange);
	shortcut_note(service->shortcuts, &errand->incoming, &exchange);
	/* Asked now: draining may have begun while the handler worked. */
	errand->outgoing.last = errand->close || exchange.close || atomic_load(&service->draining);
	exchange_log(service, &exchange);
	connection_phase(errand->connection, PHASE_WRITING);
	outgoing_reply(&errand->outgoing, &exchange.reply, errand->incoming.method);
	errand->sent = outgoing_send(&errand->outgoing, errand->connection->descriptor);
	exchange_close(&exchange);
	if (!leave_to_loop(errand))
		loop_take_back(errand->loop, errand);
}

/* Where a part of one copy lies in the other. */
static const char *moved(const char *part, const char *from, const char *to)
{
	return to + (part - from);
}

struct errand *errand_make(const struct incoming *incoming, const char *bytes, size_t size)
{
	struct errand *made = malloc(sizeof *made + size);
	struct incoming *own;

	if (!made)
		return NULL;
	*made = (struct errand){.work.run = run, .incoming = *incoming};
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

void errand_free(struct errand **errand)
{
	if (*errand)
		outgoing_free(&(*errand)->outgoing);
	free(*errand);
	*errand = NULL;
}
