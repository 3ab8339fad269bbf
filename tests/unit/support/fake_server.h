/*
 * fake_server: as much of a PostgreSQL server as libpq needs to connect, prepare and query, on a
 * free loopback port. It misbehaves on demand, which a real one does not. Included once in a test.
 */
#pragma once
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* No test uses all of it. */
#pragma GCC diagnostic ignored "-Wunused-function"

enum fake_mode {
	FAKE_RESPOND, /* every query returns one row: number of the connection, NULL */
	FAKE_FAIL,    /* every query fails with fake_fail's SQLSTATE */
	FAKE_HANG_UP, /* every query ends its connection */
	FAKE_SILENT,  /* no query gets a response, no new connection becomes ready */
	FAKE_FULL     /* new connections are refused, the others get responses */
};

enum { CLIENTS = 256, MESSAGE_BYTES = 65536 };

struct client_count {
	struct fake_server *server;
	pthread_t thread;
	_Atomic int descriptor; /* -1 once it is closed */
};

struct fake_server {
	int listener;
	char url[128];
	int port;
	pthread_t thread;
	_Atomic int mode, times, accept_misfit, standby;
	_Atomic int revision; /* above 0: rows hold it instead of the number of the connection */
	_Atomic int ready_ever, ready, ready_most;
	_Atomic int commits, rollbacks;
	_Atomic int prepared_ever, statements_most; /* with a name; at once on a connection */
	pthread_mutex_t lock;			    /* guards state and clients */
	char state[6];
	struct client_count clients[CLIENTS];
	int client_count;
};

static int receive(int descriptor, void *bytes, size_t length)
{
	while (length > 0) {
		ssize_t got = read(descriptor, bytes, length);

		if (got <= 0)
			return 0;
		bytes = (char *)bytes + got;
		length -= (size_t)got;
	}
	return 1;
}

static void transmit(int descriptor, char type, const void *body, size_t length)
{
	char message[512];
	uint32_t size = htonl((uint32_t)length + 4);

	message[0] = type;
	memcpy(message + 1, &size, 4);
	if (length)
		memcpy(message + 5, body, length);
	/* If the client has gone, the next read fails. */
	if (send(descriptor, message, length + 5, MSG_NOSIGNAL) < 0)
		shutdown(descriptor, SHUT_RDWR);
}

static void transmit_error(int descriptor, const char *severity, const char *state)
{
	char body[128];
	int length = snprintf(body, sizeof body, "S%s%cV%s%cC%s%cMthe server's words%c", severity,
			      0, severity, 0, state, 0, 0);

	/* The last zero byte of the literal's copy ends the list of fields. */
	transmit(descriptor, 'E', body, (size_t)length + 1);
}

/* Reads one message; returns its type, 0 at the end. */
static char next_message(int descriptor, char *body)
{
	char type;
	uint32_t size;

	if (!receive(descriptor, &type, 1) || !receive(descriptor, &size, 4))
		return 0;
	size = ntohl(size) - 4;
	if (size >= MESSAGE_BYTES || !receive(descriptor, body, size))
		return 0;
	body[size] = '\0';
	return type;
}

static void wait_for_end(int descriptor)
{
	char byte;

	while (read(descriptor, &byte, 1) > 0)
		continue;
}

/* Returns the behaviour for the next query. */
static enum fake_mode next_mode(struct fake_server *server)
{
	enum fake_mode mode = (enum fake_mode)atomic_load(&server->mode);

	if (atomic_load(&server->times) > 0 && atomic_fetch_sub(&server->times, 1) == 1)
		atomic_store(&server->mode, FAKE_RESPOND);
	return mode;
}

static void send_row(int descriptor, int number)
{
	char row[64];
	char text[12];
	int length = snprintf(text, sizeof text, "%d", number);
	uint32_t size = htonl((uint32_t)length), null = htonl(UINT32_MAX);

	memcpy(row, "\0\2", 2);
	memcpy(row + 2, &size, 4);
	memcpy(row + 6, text, (size_t)length);
	memcpy(row + 6 + length, &null, 4);
	transmit(descriptor, 'D', row, 10 + (size_t)length);
	transmit(descriptor, 'C', "SELECT 1", 9);
}

static void describe(int descriptor)
{
	static const char columns[] = "\0\2"
				      "a\0\0\0\0\0\0\0\0\0\0\x19\xFF\xFF\xFF\xFF\xFF\xFF\0\0"
				      "b\0\0\0\0\0\0\0\0\0\0\x19\xFF\xFF\xFF\xFF\xFF\xFF\0";

	transmit(descriptor, 'T', columns, sizeof columns);
}

/* Responds to one Execute; 0 when the connection is over. */
static int execute(struct fake_server *server, int descriptor, int number, int *skip)
{
	char state[6];

	switch (next_mode(server)) {
	case FAKE_SILENT:
		wait_for_end(descriptor);
		return 0;
	case FAKE_HANG_UP:
		return 0;
	case FAKE_FAIL:
		pthread_mutex_lock(&server->lock);
		memcpy(state, server->state, sizeof state);
		pthread_mutex_unlock(&server->lock);
		transmit_error(descriptor, "ERROR", state);
		*skip = 1;
		return 1;
	case FAKE_RESPOND:
	case FAKE_FULL:
		break;
	}
	send_row(descriptor, number);
	return 1;
}

/* The simple protocol, in which a query is one message; 0 when the connection is over. */
static int converse_simply(struct fake_server *server, int descriptor, int number, int *skip)
{
	int revision = atomic_load(&server->revision), more;

	if (atomic_load(&server->mode) == FAKE_RESPOND)
		describe(descriptor);
	more = execute(server, descriptor, revision > 0 ? revision : number, skip);
	*skip = 0;
	if (more)
		transmit(descriptor, 'Z', "I", 1);
	return more;
}

/* What a connection is about to execute. */
struct conversation {
	int skip;	  /* until the next Sync, after an error */
	int ready;	  /* past the first Sync, which ends the settings */
	int deallocating; /* the next Execute is a DEALLOCATE */
	int statements;	  /* prepared ones */
	int number;	  /* of the connection */
	int aborted;	  /* a query of its transaction has failed */
	const char *tag;  /* BEGIN, COMMIT or ROLLBACK, when that is next; else NULL */
};

static void count_statements(struct fake_server *server, struct conversation *talk, int change)
{
	int most = atomic_load(&server->statements_most);

	talk->statements += change;
	atomic_fetch_add(&server->prepared_ever, change > 0);
	while (talk->statements > most &&
	       !atomic_compare_exchange_weak(&server->statements_most, &most, talk->statements))
		continue;
}

/* The body of a Parse has a name and a text. */
static void parse(struct fake_server *server, int descriptor, const char *body,
		  struct conversation *talk)
{
	const char *text = body + strlen(body) + 1;

	if (strstr(text, "missing") && !atomic_load(&server->accept_misfit)) {
		transmit_error(descriptor, "ERROR", "42P01");
		talk->skip = 1;
		return;
	}
	talk->deallocating = strncmp(text, "DEALLOCATE", 10) == 0;
	if (*body || talk->deallocating)
		count_statements(server, talk, *body ? 1 : -1);
	transmit(descriptor, '1', NULL, 0);
}

/* The body of a Bind has the names of a portal and a statement. */
static void bind_statement(const char *body, struct conversation *talk)
{
	const char *name = body + strlen(body) + 1;

	talk->tag = strncmp(name, "begin.", 6) == 0	 ? "BEGIN"
		    : strncmp(name, "commit.", 7) == 0	 ? "COMMIT"
		    : strncmp(name, "rollback.", 9) == 0 ? "ROLLBACK"
							 : NULL;
}

/* As a real server, commits nothing after a failed query. */
static void end_or_begin(struct fake_server *server, int descriptor, struct conversation *talk)
{
	const char *tag = talk->aborted && *talk->tag == 'C' ? "ROLLBACK" : talk->tag;

	atomic_fetch_add(&server->commits, *tag == 'C');
	atomic_fetch_add(&server->rollbacks, *tag == 'R');
	talk->aborted = 0;
	transmit(descriptor, 'C', tag, strlen(tag) + 1);
}

/* Responds to one message; 0 when the connection is over. */
static int respond(struct fake_server *server, int descriptor, char type, const char *body,
		   struct conversation *talk)
{
	if (type == 'S') {
		talk->skip = 0;
		talk->ready = 1;
		transmit(descriptor, 'Z', "I", 1);
	} else if (talk->skip) {
		return 1;
	} else if (type == 'P') {
		parse(server, descriptor, body, talk);
	} else if (type == 'B') {
		bind_statement(body, talk);
		transmit(descriptor, '2', NULL, 0);
	} else if (type == 'Q') {
		return converse_simply(server, descriptor, talk->number, &talk->skip);
	} else if (type == 'D' && (talk->deallocating || talk->tag)) {
		transmit(descriptor, 'n', NULL, 0);
	} else if (type == 'D') {
		describe(descriptor);
	} else if (type == 'E' && talk->deallocating) {
		transmit(descriptor, 'C', "DEALLOCATE", 11);
		talk->deallocating = 0;
	} else if (type == 'E' && talk->tag && atomic_load(&server->mode) != FAKE_SILENT) {
		end_or_begin(server, descriptor, talk);
	} else if (type == 'E' && !talk->ready) {
		send_row(descriptor, talk->number);
	} else if (type == 'E') {
		int more = execute(server, descriptor, talk->number, &talk->skip);

		talk->aborted |= talk->skip;
		return more;
	}
	return 1;
}

static void converse(struct fake_server *server, int descriptor, int number, char *body)
{
	struct conversation talk = {.number = number};
	char type;

	do
		type = next_message(descriptor, body);
	while (type && type != 'X' && respond(server, descriptor, type, body, &talk));
}

static void become_ready(struct fake_server *server, int *number)
{
	int now = atomic_fetch_add(&server->ready, 1) + 1, most = atomic_load(&server->ready_most);

	*number = atomic_fetch_add(&server->ready_ever, 1) + 1;
	while (now > most && !atomic_compare_exchange_weak(&server->ready_most, &most, now))
		continue;
}

static void greet(struct fake_server *server, int descriptor, char *body)
{
	uint32_t size;
	int number;

	if (!receive(descriptor, &size, 4) || ntohl(size) - 4 >= MESSAGE_BYTES ||
	    !receive(descriptor, body, ntohl(size) - 4))
		return;
	if (atomic_load(&server->mode) == FAKE_SILENT) {
		wait_for_end(descriptor);
		return;
	}
	if (atomic_load(&server->mode) == FAKE_FULL) {
		transmit_error(descriptor, "FATAL", "53300");
		return;
	}
	become_ready(server, &number);
	transmit(descriptor, 'R', "\0\0\0\0", 4);
	if (atomic_load(&server->standby))
		transmit(descriptor, 'S', "in_hot_standby\0on", 18);
	transmit(descriptor, 'K', "\0\0\0\1\0\0\0\1", 8);
	transmit(descriptor, 'Z', "I", 1);
	converse(server, descriptor, number, body);
	atomic_fetch_sub(&server->ready, 1);
}

static void *serve_client(void *context)
{
	struct client_count *client = context;
	char *body = malloc(MESSAGE_BYTES);

	if (body)
		greet(client->server, client->descriptor, body);
	free(body);
	/* Closed under the lock, so that fake_hang_up sees no descriptor that is used again. */
	pthread_mutex_lock(&client->server->lock);
	close(client->descriptor);
	client->descriptor = -1;
	pthread_mutex_unlock(&client->server->lock);
	return NULL;
}

static void *accept_clients(void *context)
{
	struct fake_server *server = context;

	const int yes = 1;

	for (int descriptor; (descriptor = accept(server->listener, NULL, NULL)) >= 0;) {
		/* A response is several small writes, which must not wait for each other. */
		setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
		pthread_mutex_lock(&server->lock);
		if (server->client_count < CLIENTS) {
			struct client_count *client = &server->clients[server->client_count];

			client->server = server;
			client->descriptor = descriptor;
			if (pthread_create(&client->thread, NULL, serve_client, client) == 0)
				server->client_count++;
		} else {
			close(descriptor);
		}
		pthread_mutex_unlock(&server->lock);
	}
	return NULL;
}

static struct fake_server *fake_open(void)
{
	struct fake_server *server = calloc(1, sizeof *server);
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof address;

	if (!server)
		return NULL;
	pthread_mutex_init(&server->lock, NULL);
	server->listener = socket(AF_INET, SOCK_STREAM, 0);
	if (server->listener < 0 ||
	    bind(server->listener, (struct sockaddr *)&address, sizeof address) != 0 ||
	    listen(server->listener, 64) != 0 ||
	    getsockname(server->listener, (struct sockaddr *)&address, &length) != 0 ||
	    pthread_create(&server->thread, NULL, accept_clients, server) != 0) {
		free(server);
		return NULL;
	}
	server->port = ntohs(address.sin_port);
	snprintf(server->url, sizeof server->url,
		 "host=127.0.0.1 port=%d user=u dbname=d sslmode=disable gssencmode=disable",
		 server->port);
	return server;
}

/* Notifies all connections on the channel `dataset`. */
static void fake_notify(struct fake_server *server, const char *text)
{
	char body[64] = "\0\0\0\1dataset";
	size_t length = 4 + sizeof "dataset";

	memcpy(body + length, text, strlen(text) + 1);
	length += strlen(text) + 1;
	pthread_mutex_lock(&server->lock);
	for (int i = 0; i < server->client_count; i++)
		if (server->clients[i].descriptor >= 0)
			transmit(server->clients[i].descriptor, 'A', body, length);
	pthread_mutex_unlock(&server->lock);
}

/* Closes all connections. */
static void fake_hang_up(struct fake_server *server)
{
	pthread_mutex_lock(&server->lock);
	for (int i = 0; i < server->client_count; i++)
		if (server->clients[i].descriptor >= 0)
			shutdown(server->clients[i].descriptor, SHUT_RDWR);
	pthread_mutex_unlock(&server->lock);
}

static void fake_close(struct fake_server **server)
{
	shutdown((*server)->listener, SHUT_RDWR);
	pthread_join((*server)->thread, NULL);
	close((*server)->listener);
	fake_hang_up(*server);
	for (int i = 0; i < (*server)->client_count; i++)
		pthread_join((*server)->clients[i].thread, NULL);
	pthread_mutex_destroy(&(*server)->lock);
	free(*server);
	*server = NULL;
}

/* Returns the connection string, which lives as long as the server. */
static const char *fake_url(const struct fake_server *server)
{
	return server->url;
}

/* Sets the behaviour for so many queries; 0: for all. */
static void fake_behave(struct fake_server *server, enum fake_mode mode, int times)
{
	atomic_store(&server->times, times);
	atomic_store(&server->mode, mode);
}

/* FAKE_FAIL with this SQLSTATE of 5 characters. */
static void fake_fail(struct fake_server *server, const char *state, int times)
{
	pthread_mutex_lock(&server->lock);
	snprintf(server->state, sizeof server->state, "%s", state);
	pthread_mutex_unlock(&server->lock);
	fake_behave(server, FAKE_FAIL, times);
}

/* Whether queries whose text contains "missing" can be prepared. */
static void fake_accept_misfit(struct fake_server *server, int accept)
{
	atomic_store(&server->accept_misfit, accept);
}

/* Sets whether the server is a standby. */
static void fake_be_standby(struct fake_server *server, int standby)
{
	atomic_store(&server->standby, standby);
}

/* Returns how many connections became ready, and (below) the most at one time. */
static int fake_connections(const struct fake_server *server)
{
	return atomic_load(&server->ready_ever);
}

static int fake_most_connections(const struct fake_server *server)
{
	return atomic_load(&server->ready_most);
}
