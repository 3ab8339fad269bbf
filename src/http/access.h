/*
 * access: the one look at a request before its body is read.
 */
#pragma once
#include <stdbool.h>

struct MHD_Connection;
struct sockaddr;

/* Says whether somebody may connect. */
typedef bool access_policy(void *context, const struct sockaddr *peer);

/* Before a server starts: whom it asks; `policy` is the same for all. */
void access_ask(access_policy *policy, void *context);

/* False when libmicrohttpd was started without it; see access.c. */
bool access_installed(void);

/* What becomes of a body. If it is not read, its connection cannot be used again. */
enum body_fate {
	BODY_READ,
	BODY_ENDLESS,	/* not read: nobody knows where it would end */
	BODY_TOO_LARGE, /* not read: announced as larger than LIMIT_BODY */
};

enum body_fate access_body(struct MHD_Connection *connection);

/* What comes between the library and the framework. */
struct access_hooks {
	/* The head of a request is complete. True: the answer will be given by `answer`. */
	bool (*begin)(struct MHD_Connection *connection, const char *method, const char *version);
	/* Gives it; false ends the connection. */
	bool (*answer)(struct MHD_Connection *connection);
	/* The framework is about to be asked; gives its state of the request, NULL to end the
	 * connection. */
	void *(*hand_over)(struct MHD_Connection *connection);
};

/* Before a server starts; the same for all. */
void access_hook(const struct access_hooks *installed);
