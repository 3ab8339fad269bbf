#include "http/message/exchange.h"

#include "base/banned.h"

void exchange_close(struct exchange *exchange)
{
	response_discard(&exchange->response);
	arena_close(&exchange->request.arena);
}
