/*
 * limits: the constant limits of the HTTP layer. Settings of the operator are in base/config.h.
 */
#pragma once

enum {
	/* Limits of a request, with the status of its refusal. */
	LIMIT_TARGET = 8192,	   /* bytes of the request target: 414 */
	LIMIT_FIELD_BYTES = 16384, /* of all field lines together: 431 */
	LIMIT_FIELDS = 64,	   /* field lines: 431 */
	LIMIT_JOINED = 4096,	   /* bytes of a list that is sent in several lines: 431 */
	LIMIT_BODY = 65536,	   /* bytes: 413 */
	LIMIT_QUERY = 32,	   /* parameters in a query: 400 */

	/* Memory. A request head of the size above, its parsed form and the head of the
	 * response fit libmicrohttpd's memory of a connection. */
	LIMIT_CONNECTION_MEMORY = 64 * 1024,
	LIMIT_THREAD_STACK = 256 * 1024,
	LIMIT_ARENA = 1024 * 1024,
	LIMIT_LOGGED_PATH = 200, /* bytes of a path in the log line */

	/* Seconds. The watchdog shuts connections that exceed them. */
	LIMIT_READ_SECONDS = 10,	/* from the request line to the last byte of the body */
	LIMIT_WRITE_SECONDS = 60,	/* until the client has received the response */
	LIMIT_LINGER_SECONDS = 2,	/* after the last response, until the client closes */
	LIMIT_RETRY_SECONDS = 2,	/* Retry-After of a 503 */
	LIMIT_PREFLIGHT_SECONDS = 7200, /* Access-Control-Max-Age; browsers cap it here */
};
