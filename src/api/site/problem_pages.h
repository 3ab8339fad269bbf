/*
 * problem_pages: a page for each type of problem, where its `type` leads.
 */
#pragma once
#include "http/routing/route.h"

route_handler problem_pages_list;	   /* all types */
route_parameter_check problem_pages_check; /* the name of a type, in any case */
route_handler problem_pages_record;	   /* the one that `name` in the path names */
