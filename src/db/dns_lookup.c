#include "db/dns_lookup.h"

#include "base/cleanup.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/banned.h"

enum {
	UNDER_WAY_MAXIMUM =
		32,	       /* look-ups at once, those that nobody waits for any more included */
	ADDRESSES_MAXIMUM = 16 /* of one name; those behind are left out */
};

/* One look-up, held by its thread and by who waits for it; the last one frees it. */
struct lookup {
	atomic_int holders;
	int done;	    /* an eventfd, readable when what follows is there */
	int status, reason; /* of getaddrinfo, and errno */
	struct addrinfo *found;
	char name[];
};

static atomic_int under_way;

bool dns_lookup_needed(const char *name)
{
	unsigned char address[sizeof(struct in6_addr)];

	/* libpq takes what begins with @ for a socket too. A scope makes no name of an address. */
	return name && *name && *name != '/' && *name != '@' && !strchr(name, '%') &&
	       inet_pton(AF_INET, name, address) != 1 && inet_pton(AF_INET6, name, address) != 1;
}

static void let_go(struct lookup **lookup)
{
	if (!*lookup || atomic_fetch_sub(&(*lookup)->holders, 1) > 1)
		return;
	if ((*lookup)->found)
		freeaddrinfo((*lookup)->found);
	if ((*lookup)->done >= 0)
		close((*lookup)->done);
	free(*lookup);
}

static void *run(void *context)
{
	CLEANUP(let_go) struct lookup *lookup = context;
	const struct addrinfo wanted = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};

	lookup->status = getaddrinfo(lookup->name, NULL, &wanted, &lookup->found);
	lookup->reason = errno;
	atomic_fetch_sub(&under_way, 1);
	eventfd_write(lookup->done, 1);
	return NULL;
}

/* Starts a look-up; NULL when it cannot. */
static struct lookup *begin(const char *name)
{
	size_t length = strlen(name) + 1;
	struct lookup *lookup = calloc(1, sizeof *lookup + length);
	pthread_t thread;

	if (!lookup)
		return NULL;
	atomic_store(&lookup->holders, 2);
	memcpy(lookup->name, name, length);
	lookup->done = eventfd(0, EFD_CLOEXEC);
	if (lookup->done >= 0 && atomic_fetch_add(&under_way, 1) < UNDER_WAY_MAXIMUM) {
		if (pthread_create(&thread, NULL, run, lookup) == 0) {
			pthread_detach(thread);
			return lookup;
		}
	}
	if (lookup->done >= 0)
		atomic_fetch_sub(&under_way, 1);
	atomic_store(&lookup->holders, 1);
	let_go(&lookup);
	return NULL;
}

/* Waits for the end of a look-up; false when the deadline or the interruption came first. */
static bool wait_for(const struct lookup *lookup, struct deadline deadline, int interrupt)
{
	struct pollfd wait[] = {
		{.fd = lookup->done, .events = POLLIN},
		{.fd = interrupt, .events = POLLIN},
	};
	eventfd_t ended;
	int ready;

	do
		ready = poll(wait, 2, deadline_left(deadline));
	while (ready < 0 && errno == EINTR);
	return ready > 0 && wait[0].revents && eventfd_read(lookup->done, &ended) == 0;
}

static size_t add_addresses(const struct addrinfo *found, struct buffer *addresses)
{
	size_t count = 0;

	for (; found && count < ADDRESSES_MAXIMUM; found = found->ai_next) {
		char text[NI_MAXHOST];

		if (getnameinfo(found->ai_addr, found->ai_addrlen, text, sizeof text, NULL, 0,
				NI_NUMERICHOST) != 0)
			continue;
		buffer_format(addresses, "%s%s", count ? "," : "", text);
		count++;
	}
	return addresses->failed ? 0 : count;
}

size_t dns_lookup_addresses(const char *name, struct deadline deadline, int interrupt,
			    struct buffer *addresses, char *complaint, size_t size)
{
	CLEANUP(let_go) struct lookup *lookup = begin(name);
	char reason[128] = "the look-up takes too long";
	size_t count = 0;

	if (!lookup) {
		snprintf(reason, sizeof reason, "no look-up can be started");
	} else if (wait_for(lookup, deadline, interrupt)) {
		count = add_addresses(lookup->found, addresses);
		snprintf(reason, sizeof reason, "%s",
			 lookup->status == EAI_SYSTEM ? strerrordesc_np(lookup->reason)
			 : lookup->status	      ? gai_strerror(lookup->status)
						      : "there is no address");
	}
	if (count == 0)
		snprintf(complaint, size, "could not look up host name \"%s\": %s", name, reason);
	return count;
}
