/*
 * check_service: the service on this machine, if one runs.
 */
#pragma once
#include "base/config.h"
#include "command/doctor/report.h"

/* `newest` is the revision that the database had before; -1 when it is unknown. */
void check_service_run(struct report *report, const struct config *config, long newest);
