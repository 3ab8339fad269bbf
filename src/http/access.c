/*
 * Ulfius runs callbacks after the whole body was read. A body that is announced as too large would
 * be waited for in vain, and libmicrohttpd 0.9.75 takes one of an unknown transfer coding to last
 * until the client hangs up (1.0 refuses it). Nor does Ulfius let anybody look at who connects.
 * It offers no hooks for these, but it starts the daemon through this function's name, which an
 * executable may define for the libraries it loads: ours puts a look at the head in front of
 * Ulfius' handler, and a look at the caller before anything, and leaves the rest to the library's
 * va_list form.
 */
#include "http/access.h"

#include "http/limits.h"

#include <microhttpd.h>
#include <stdarg.h>
#include <stdlib.h>
#include <strings.h>

#include "base/banned.h"

/* Set once at start, before any request. */
static MHD_AccessHandlerCallback next_handler;
static const struct access_hooks *hooks;
static access_policy *admits;
static void *next_context; /* of the server that starts next */

void access_ask(access_policy *policy, void *context)
{
	/* A second server begins while the first one asks already. */
	if (admits != policy)
		admits = policy;
	next_context = context;
}

void access_hook(const struct access_hooks *installed)
{
	if (hooks != installed)
		hooks = installed;
}

bool access_installed(void)
{
	return next_handler != NULL;
}

static enum MHD_Result admit(void *context, const struct sockaddr *peer, socklen_t length)
{
	(void)length;
	return !admits || admits(context, peer) ? MHD_YES : MHD_NO;
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

/* The marks of a request in the library's hands. */
static char fast_mark;

/* On the first call the request has no state yet. One that can be answered without the framework
 * is marked and answered at the second call: a response that is queued at the first one would say
 * that the body is not wanted. */
static enum MHD_Result look_first(void *context, struct MHD_Connection *connection, const char *url,
				  const char *method, const char *version, const char *data,
				  size_t *size, void **request)
{
	if (*request == &fast_mark)
		return hooks->answer(connection) ? MHD_YES : MHD_NO;
	if (!*request && hooks->begin(connection, method, version)) {
		*request = &fast_mark;
		return MHD_YES;
	}
	if (!*request)
		*request = hooks->hand_over(connection);
	if (!*request)
		return MHD_NO;
	return ask_framework(context, connection, url, method, version, data, size, request);
}

struct MHD_Daemon *MHD_start_daemon(unsigned int flags, uint16_t port,
				    MHD_AcceptPolicyCallback policy, void *policy_context,
				    MHD_AccessHandlerCallback handler, void *handler_context, ...)
{
	struct MHD_Daemon *daemon;
	va_list options;

	(void)policy;
	(void)policy_context;
	if (next_handler != handler)
		next_handler = handler;
	va_start(options, handler_context);
	daemon = MHD_start_daemon_va(flags, port, admit, next_context, look_first, handler_context,
				     options);
	va_end(options);
	return daemon;
}
