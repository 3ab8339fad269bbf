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
		http_date_write(now, text);
		written = now;
	}
	return text;
}

void response_writer_begin(struct response_writer *outgoing, int status)
{
	struct buffer *head = &outgoing->head;

	if (status == 200)
		buffer_text(head, "HTTP/1.1 200 OK\r\n");
	else
		buffer_format(head, "HTTP/1.1 %d %s\r\n", status,
			      MHD_get_reason_phrase_for((unsigned)status));
	response_writer_field(outgoing, "Date", date_now());
}

void response_writer_field(struct response_writer *outgoing, const char *name, const char *value)
{
	struct buffer *head = &outgoing->head;

	buffer_text(head, name);
	buffer_add(head, ": ", 2);
	buffer_text(head, value);
	buffer_add(head, "\r\n", 2);
}

void response_writer_end(struct response_writer *outgoing, int status, size_t length)
{
	if (outgoing->last)
		response_writer_field(outgoing, "Connection", "close");
	if (status != 204)
		buffer_format(&outgoing->head, "Content-Length: %zu\r\n", length);
	buffer_add(&outgoing->head, "\r\n", 2);
}

static void take_body(struct response_writer *outgoing, struct response *response,
		      const char *method)
{
	if (response->status != 304 && strcmp(method, "HEAD") != 0) {
		outgoing->body = response->body;
		outgoing->length = response->length;
	}
	outgoing->release = response->release ? response->release : free;
	outgoing->holder = response->release ? response->holder : response->body;
	response->release = NULL;
	response->body = NULL;
}

void response_writer_response(struct response_writer *outgoing, struct response *response,
			      const char *method)
{
	response_writer_begin(outgoing, response->status);
	for (size_t i = 0; i < response->field_count; i++)
		if (strcasecmp(response->fields[i].name, "Connection") != 0)
			response_writer_field(outgoing, response->fields[i].name,
					      response->fields[i].value);
	response_writer_end(outgoing, response->status, response->length);
	take_body(outgoing, response, method);
}

/* What is left of head and body; gives how many parts that is. */
static size_t parts_left(const struct response_writer *outgoing, struct iovec parts[2])
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

enum send_result response_writer_send(struct response_writer *outgoing, int descriptor)
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

void response_writer_clear(struct response_writer *outgoing)
{
	struct buffer head = outgoing->head;

	if (outgoing->release)
		outgoing->release(outgoing->holder);
	head.length = 0;
	head.failed = false;
	*outgoing = (struct response_writer){.head = head};
}

void response_writer_free(struct response_writer *outgoing)
{
	response_writer_clear(outgoing);
	buffer_free(&outgoing->head);
}
