/*
 * Ulfius runs callbacks after the whole body was read. A body that is announced as too large would
 * be waited for in vain, and libmicrohttpd 0.9.75 takes one of an unknown transfer coding to last
 * until the client hangs up (1.0 refuses it). It offers no hook for this, but it starts the daemon
 * through this function's name, which an executable may define for the libraries it loads: ours
 * puts a look at the head in front of Ulfius' handler and leaves the rest to the library's va_list
 * form.
 */
#include "server/ulfius/access.h"

#include "http/message/limits.h"

#include <microhttpd.h>
#include <stdarg.h>
#include <stdlib.h>
#include <strings.h>

#include "base/banned.h"

/* Set once at start, before any request. */
static MHD_AccessHandlerCallback next_handler;

bool access_installed(void)
{
	return next_handler != NULL;
}

static bool coding_unknown(struct MHD_Connection *connection)
{
	const char *coding = MHD_lookup_connection_value(connection, MHD_HEADER_KIND,
							 MHD_HTTP_HEADER_TRANSFER_ENCODING);

	return coding && strcasecmp(coding, "chunked") != 0;
}

/* The library has refused what is no number by now; one that is too large for any type counts as
 * the largest. */
static bool length_too_large(struct MHD_Connection *connection)
{
	const char *length = MHD_lookup_connection_value(connection, MHD_HEADER_KIND,
							 MHD_HTTP_HEADER_CONTENT_LENGTH);

	return length && strtoull(length, NULL, 10) > LIMIT_BODY;
}

enum body_fate access_body(struct MHD_Connection *connection)
{
	if (!access_installed())
		return BODY_READ;
	if (coding_unknown(connection))
		return BODY_ENDLESS;
	return length_too_large(connection) ? BODY_TOO_LARGE : BODY_READ;
}

/* The library's contract: a first call with the head, one for each piece of the body, a last one
 * without data that must answer. A body that is not read is left out: the last call comes at once.
 */
static enum MHD_Result ask_framework(void *context, struct MHD_Connection *connection,
				     const char *url, const char *method, const char *version,
				     const char *data, size_t *size, void **request)
{
	enum MHD_Result result =
		next_handler(context, connection, url, method, version, data, size, request);
	size_t none = 0;

	if (result != MHD_YES || access_body(connection) == BODY_READ)
		return result;
	return next_handler(context, connection, url, method, version, NULL, &none, request);
}

struct MHD_Daemon *MHD_start_daemon(unsigned int flags, uint16_t port,
				    MHD_AcceptPolicyCallback policy, void *policy_context,
				    MHD_AccessHandlerCallback handler, void *handler_context, ...)
{
	struct MHD_Daemon *daemon;
	va_list options;

	if (next_handler != handler)
		next_handler = handler;
	va_start(options, handler_context);
	daemon = MHD_start_daemon_va(flags, port, policy, policy_context, ask_framework,
				     handler_context, options);
	va_end(options);
	return daemon;
}
