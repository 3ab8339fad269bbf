/*
 * static_file: files that the build put into the program, plain and compressed (cmake/pack.mjs):
 * the contract and what pages load. Each file is served at its address.
 */
#pragma once
#include "http/routing/route.h"

route_handler static_file_answer;	 /* the file at the path of the request */
route_parameter_check static_file_check; /* the name of a file below /docs, in any case */

/* True for the contract as JSON, byte for byte. */
bool static_file_is_contract(const char *text);
