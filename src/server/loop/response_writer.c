#include "server/loop/response_writer.h"

#include "http/message/http_date.h"
#include "http/message/exchange.h"

#include <errno.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/banned.h"

/* The date is the same for all answers of a second. */
static const char *date_now(void)
{
	static _Thread_local time_t written;
	static _Thread_local char text[DATE_SIZE];
	time_t now = time(NULL);

	if (now != written) {
		date_write(now, text);
		written = now;
	}
	return text;
}

void outgoing_begin(struct outgoing *outgoing, int status)
{
	struct buffer *head = &outgoing->head;

	if (status == 200)
		buffer_text(head, "HTTP/1.1 200 OK\r\n");
	else
		buffer_format(head, "HTTP/1.1 %d %s\r\n", status,
			      MHD_get_reason_phrase_for((unsigned)status));
	outgoing_field(outgoing, "Date", date_now());
}

void outgoing_field(struct outgoing *outgoing, const char *name, const char *value)
{
	struct buffer *head = &outgoing->head;

	buffer_text(head, name);
	buffer_add(head, ": ", 2);
	buffer_text(head, value);
	buffer_add(head, "\r\n", 2);
}

void outgoing_end(struct outgoing *outgoing, int status, size_t length)
{
	if (outgoing->last)
		outgoing_field(outgoing, "Connection", "close");
	if (status != 204)
		buffer_format(&outgoing->head, "Content-Length: %zu\r\n", length);
	buffer_add(&outgoing->head, "\r\n", 2);
}

static void take_body(struct outgoing *outgoing, struct reply *reply, const char *method)
{
	if (reply->status != 304 && strcmp(method, "HEAD") != 0) {
		outgoing->body = reply->body;
		outgoing->length = reply->length;
	}
	outgoing->release = reply->release ? reply->release : free;
	outgoing->holder = reply->release ? reply->holder : reply->body;
	reply->release = NULL;
	reply->body = NULL;
}

void outgoing_reply(struct outgoing *outgoing, struct reply *reply, const char *method)
{
	outgoing_begin(outgoing, reply->status);
	for (size_t i = 0; i < reply->field_count; i++)
		if (strcasecmp(reply->fields[i].name, "Connection") != 0)
			outgoing_field(outgoing, reply->fields[i].name, reply->fields[i].value);
	outgoing_end(outgoing, reply->status, reply->length);
	take_body(outgoing, reply, method);
}

/* What is left of head and body; gives how many parts that is. */
static size_t parts_left(const struct outgoing *outgoing, struct iovec parts[2])
{
	size_t head = outgoing->head.length, count = 0;
	size_t body = outgoing->sent > head ? outgoing->sent - head : 0;

	if (outgoing->sent < head)
		parts[count++] = (struct iovec){outgoing->head.bytes + outgoing->sent,
						head - outgoing->sent};
	if (body < outgoing->length)
		parts[count++] = (struct iovec){(char *)(uintptr_t)outgoing->body + body,
						outgoing->length - body};
	return count;
}

enum sent outgoing_send(struct outgoing *outgoing, int descriptor)
{
	struct iovec parts[2];
	struct msghdr message = {.msg_iov = parts};

	if (outgoing->head.failed)
		return SENT_BROKEN;
	while ((message.msg_iovlen = parts_left(outgoing, parts)) > 0) {
		ssize_t sent = sendmsg(descriptor, &message, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (sent > 0)
			outgoing->sent += (size_t)sent;
		else if (errno == EAGAIN)
			return SENT_PART;
		else if (errno != EINTR)
			return SENT_BROKEN;
	}
	return SENT_WHOLE;
}

void outgoing_clear(struct outgoing *outgoing)
{
	struct buffer head = outgoing->head;

	if (outgoing->release)
		outgoing->release(outgoing->holder);
	head.length = 0;
	head.failed = false;
	*outgoing = (struct outgoing){.head = head};
}

void outgoing_free(struct outgoing *outgoing)
{
	outgoing_clear(outgoing);
	buffer_free(&outgoing->head);
}
