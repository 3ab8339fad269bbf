/*
 * resource: the handlers of all read resources, each of which is a document.
 */
#pragma once
#include "http/routing/route.h"

route_handler resource_list;	 /* a page of records */
route_handler resource_record;	 /* one record; else 308, 410 or 404 */
route_handler resource_sections; /* a record with all sections about it */
route_handler resource_entry;	 /* the sections of the entry point, with links to the contract */
route_handler resource_export;	 /* all records of all resources */
