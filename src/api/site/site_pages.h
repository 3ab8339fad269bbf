/*
 * site_pages: the root, the pages below /docs from the texts in pages/, and a page for each type of
 * problem, where its `type` leads.
 *
 * Pages load their stylesheet and icon from this service alone, and need no script. Their links are
 * relative, so that they work behind a proxy that adds a prefix.
 */
#pragma once
#include "http/routing/route.h"

route_handler site_pages_root;	   /* redirects browsers to the reference; programs get addresses */
route_handler site_pages_docs;	   /* the interactive reference */
route_handler site_pages_policy;   /* how addresses change, are deprecated and removed */
route_handler site_pages_problems; /* all types of problems */
route_handler site_pages_problem;  /* the one that `name` in the path names */
route_parameter_check site_pages_check_problem; /* the name of a type, in any case */
