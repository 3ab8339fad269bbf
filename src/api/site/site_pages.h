/*
 * pages: what stands in pages/: the texts and files that people see in a browser.
 */
#pragma once
#include "http/routing/route.h"

route_handler answer_root;	  /* browsers are led to the reference, programs to the entry */
route_handler answer_docs;	  /* the interactive reference */
route_handler answer_policy;	  /* how addresses change, are deprecated and go */
route_parameter_check check_file; /* the name of a file, in any case */
route_handler answer_file;	  /* the one that `file` in the path names */
route_handler answer_icon;
