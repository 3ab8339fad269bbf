/*
 * site_pages: the root and the pages below /docs, from the texts in pages/.
 */
#pragma once
#include "http/routing/route.h"

route_handler site_pages_root;	 /* redirects browsers to the reference; programs get addresses */
route_handler site_pages_docs;	 /* the interactive reference */
route_handler site_pages_policy; /* how addresses change, are deprecated and removed */
