/*
 * include: which other records an answer embeds.
 */
#pragma once
#include "http/message/request.h"

/* Names of the includes of the route's document; up to LIST_MAXIMUM, in order of name. */
route_parameter_check include_check;

/* Whether the answer depends on the day, by the route's document or by what it embeds. */
bool include_legal_time(const struct request *request);
