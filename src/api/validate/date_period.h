/*
 * date_period: filters by a date. A value is a year, month or day, or a range of these.
 */
#pragma once
#include "http/routing/route.h"

/* Accepts 2024, 2024-05, 2024-05-03, 2020.., ..2019-12-31 and 2020..2023. The canonical value has
 * the first and the last day: 2020-01-01..2023-12-31, either of which may be absent. */
route_parameter_check date_period_check;
