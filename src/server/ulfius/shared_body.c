#include "server/ulfius/shared_body.h"

#include <stdlib.h>
#include <ulfius.h>

#include "base/banned.h"

struct shared_body {
	struct _u_response *response;
	void (*release)(void *holder);
	void *holder;
};

/* Ulfius calls this when the response is queued, before it frees the response's body. */
static void return_body(void *shared)
{
	struct shared_body *body = shared;

	body->response->binary_body = NULL;
	body->response->binary_body_length = 0;
	body->release(body->holder);
	free(body);
}

bool shared_body_lend(struct response *response, struct _u_response *passed)
{
	struct shared_body *body = malloc(sizeof *body);

	if (!body) {
		passed->binary_body = NULL;
		passed->binary_body_length = 0;
		return false;
	}
	*body = (struct shared_body){passed, response->release, response->holder};
	passed->shared_data = body;
	passed->free_shared_data = return_body;
	response->release = NULL;
	return true;
}
