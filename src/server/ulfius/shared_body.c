#include "server/ulfius/shared_body.h"

#include <stdlib.h>
#include <ulfius.h>

#include "base/banned.h"

struct shared_body {
	struct _u_response *response;
	void (*release)(void *holder);
	void *holder;
};

/* Called when the answer is queued, before the response is cleaned. */
static void end_loan(void *shared)
{
	struct shared_body *loan = shared;

	loan->response->binary_body = NULL;
	loan->response->binary_body_length = 0;
	loan->release(loan->holder);
	free(loan);
}

bool shared_body_lend(struct response *reply, struct _u_response *response)
{
	struct shared_body *loan = malloc(sizeof *loan);

	if (!loan) {
		response->binary_body = NULL;
		response->binary_body_length = 0;
		return false;
	}
	*loan = (struct shared_body){response, reply->release, reply->holder};
	response->shared_data = loan;
	response->free_shared_data = end_loan;
	reply->release = NULL;
	return true;
}
