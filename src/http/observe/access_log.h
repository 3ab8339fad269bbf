/*
 * access_log: the log line of a request.
 */
#pragma once
#include "http/message/exchange.h"
#include "http/message/service.h"

/* Counts a finished exchange and writes its line. */
void access_log_write(const struct service *service, const struct exchange *exchange);
