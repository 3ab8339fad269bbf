/*
 * static_file: files that the build put into the program, plain and compressed (cmake/pack.mjs):
 * the contract, the pages and what they load.
 */
#pragma once
#include "http/routing/route.h"

route_handler static_file_answer;	 /* the file at the path of the request */
route_parameter_check static_file_check; /* the name of a file below /docs, in any case */

/* Sends the file of a name. Fails with ERROR_NOT_FOUND when the program was built without it. */
MUST_CHECK bool static_file_send(const struct request *request, struct response *response,
				 const char *name, const char *media_type, struct error *err);

/* True for the contract as JSON, byte for byte. */
bool static_file_is_contract(const char *text);
