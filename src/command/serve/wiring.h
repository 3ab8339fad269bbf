/*
 * wiring: opens what the handlers share and fills the application with it.
 */
#pragma once
#include "api/application.h"
#include "base/error.h"

/* Derives the queries of all documents and starts the pools, the cache and what follows the
 * dataset's revision. The arguments outlive the application. Call wiring_close also when this
 * fails. */
MUST_CHECK bool wiring_open(const struct config *config, struct application *application,
			    struct error *err);

/* Ends every wait for the database, so that requests in flight end. */
void wiring_interrupt(struct application *application);
void wiring_close(struct application *application);
