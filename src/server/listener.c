#include "server/listener.h"

#include "base/cleanup.h"

#include <errno.h>
#include <linux/filter.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/banned.h"

/* Milliseconds for handshakes that have begun; load balancers are near. Other clients in that time
 * retry after a second, so it must be short. */
enum { HANDSHAKE = 25, QUEUE = 1000 };

static void free_addresses(struct addrinfo **list)
{
	if (*list)
		freeaddrinfo(*list);
}

/* Sets the message for the reason of a failure. */
static bool fail_to_listen(const char *address, long port, const char *settings, int number,
			   struct error *err)
{
	char reason[100];

	if (number == EADDRINUSE)
		return error_set(err, ERROR_UNAVAILABLE,
				 "Port %ld on %s is in use; set %sPORT to another.", port, address,
				 settings);
	if (number == EADDRNOTAVAIL)
		return error_set(
			err, ERROR_UNAVAILABLE,
			"This machine does not have the address %s; set %sADDRESS to another.",
			address, settings);
	if (number == EACCES)
		return error_set(
			err, ERROR_UNAVAILABLE,
			"Port %ld is reserved for privileged users; set %sPORT to one from 1024.",
			port, settings);
	return error_set(err, ERROR_UNAVAILABLE, "Cannot listen on port %ld of %s: %s.", port,
			 address, strerror_r(number, reason, sizeof reason));
}

static bool bind_and_listen(int descriptor, const struct addrinfo *found)
{
	const int on = 1, off = 0;

	if (setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0)
		return false;
	if (found->ai_family == AF_INET6 &&
	    setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) != 0)
		return false;
	return bind(descriptor, found->ai_addr, found->ai_addrlen) == 0 &&
	       listen(descriptor, SOMAXCONN) == 0;
}

static bool read_port(int descriptor, int *port)
{
	struct sockaddr_in6 name = {0};
	socklen_t length = sizeof name;

	if (getsockname(descriptor, (struct sockaddr *)&name, &length) != 0)
		return false;
	/* It is at the same place in an IPv4 address. */
	*port = ntohs(name.sin6_port);
	return true;
}

bool listener_open(const char *address, long port, const char *settings, int *descriptor,
		   int *real_port, struct error *err)
{
	const struct addrinfo wanted = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
					.ai_socktype = SOCK_STREAM};
	CLEANUP(free_addresses) struct addrinfo *found = NULL;
	CLEANUP(cleanup_descriptor) int opened = -1;
	char service[24];

	snprintf(service, sizeof service, "%ld", port);
	if (getaddrinfo(address, service, &wanted, &found) != 0)
		return error_set(err, ERROR_UNAVAILABLE,
				 "%sADDRESS must be an IPv4 or IPv6 address, not '%s'.", settings,
				 address);
	opened = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (opened < 0 || !bind_and_listen(opened, found) || !read_port(opened, real_port))
		return fail_to_listen(address, port, settings, errno, err);
	*descriptor = opened;
	opened = -1;
	return true;
}

/* Drops SYN segments: the client sends them again after a second, and then finds the port closed or
 * another process that listens on it. Without support of the kernel, new connections still enter
 * the queue. */
static void drop_new_connections(int descriptor)
{
	enum { FLAGS_AT = 13, SYN = 0x02 };
	struct sock_filter steps[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, FLAGS_AT),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, SYN, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 0),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
	};
	const struct sock_fprog program = {sizeof steps / sizeof *steps, steps};

	setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

/* Returns the connections that wait to be accepted. */
static unsigned count_waiting(int descriptor)
{
	struct tcp_info state = {0};
	socklen_t length = sizeof state;

	if (getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, &state, &length) != 0)
		return 0;
	return state.tcpi_unacked;
}

void listener_settle(int descriptor, struct deadline deadline)
{
	/* When the limit of connections is reached, the queue may not become empty. */
	struct deadline end = deadline_earlier(deadline, deadline_after(QUEUE));
	struct deadline handshakes = deadline_after(HANDSHAKE);
	const struct timespec tick = {.tv_nsec = 10000000};

	drop_new_connections(descriptor);
	while (!deadline_passed(end) &&
	       (!deadline_passed(handshakes) || count_waiting(descriptor) > 0))
		nanosleep(&tick, NULL);
}
