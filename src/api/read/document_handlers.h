/*
 * answer: the handlers of documents, which serve every read resource.
 */
#pragma once
#include "http/routing/route.h"

route_handler answer_list;     /* a page of records */
route_handler answer_record;   /* one record; 308 for another spelling, 410 when it was retracted */
route_handler answer_sections; /* a record with all sections around it */
route_handler answer_export;   /* all records of all resources */
