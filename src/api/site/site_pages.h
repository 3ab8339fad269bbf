/*
 * site_pages: the root, and the HTML pages: those below /docs, and one for each type of problem,
 * where its `type` leads. The build renders the pages (cmake/pages.mjs).
 *
 * Pages load their stylesheet and icon from this service alone, and need no script. Their links are
 * relative, so that they work behind a proxy that adds a prefix.
 */
#pragma once
#include "http/routing/route.h"

route_handler site_pages_root; /* redirects browsers to the reference; programs get addresses */
route_handler site_pages_send; /* the page at the path of the request, in its language */
route_parameter_check site_pages_check; /* the name of a type of problem, in any case */
