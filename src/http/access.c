/*
 * Ulfius runs callbacks after the whole body was read. libmicrohttpd 0.9.75 takes a body of an
 * unknown transfer coding to last until the client hangs up, so that such a request would never
 * be answered. Ulfius offers no hook for it, but it starts the daemon through this function's
 * name, which an executable may define for the libraries it loads: ours puts a look at the head
 * in front of Ulfius' handler and leaves the rest to the library's va_list form.
 *
 * (libmicrohttpd 1.0 refuses unknown codings itself.)
 */
#include "http/access.h"

#include <microhttpd.h>
#include <stdarg.h>
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

/* The library's contract: a first call with the head, one for each piece of the body, a last one
 * without data that must answer. An unreadable body is left out: the last call comes at once. */
static enum MHD_Result look_first(void *context, struct MHD_Connection *connection, const char *url,
				  const char *method, const char *version, const char *data,
				  size_t *size, void **request)
{
	enum MHD_Result result =
		next_handler(context, connection, url, method, version, data, size, request);
	size_t none = 0;

	if (result != MHD_YES || !coding_unknown(connection))
		return result;
	return next_handler(context, connection, url, method, version, NULL, &none, request);
}

struct MHD_Daemon *MHD_start_daemon(unsigned int flags, uint16_t port,
				    MHD_AcceptPolicyCallback policy, void *policy_context,
				    MHD_AccessHandlerCallback handler, void *handler_context, ...)
{
	struct MHD_Daemon *daemon;
	va_list options;

	next_handler = handler;
	va_start(options, handler_context);
	daemon = MHD_start_daemon_va(flags, port, policy, policy_context, look_first,
				     handler_context, options);
	va_end(options);
	return daemon;
}
