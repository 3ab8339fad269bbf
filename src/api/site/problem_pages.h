/*
 * problem_pages: a page for each type of problem, where its `type` leads.
 */
#pragma once
#include "http/routing/route.h"

route_handler answer_problems;	     /* all types */
route_parameter_check check_problem; /* the name of a type, in any case */
route_handler answer_problem;	     /* the one that `name` in the path names */
