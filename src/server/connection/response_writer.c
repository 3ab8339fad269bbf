#include "server/connection/response_writer.h"

#include "http/message/http_date.h"
#include "http/message/exchange.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/banned.h"

/* RFC 9110, section 15 */
static const struct {
	int status;
	const char *reason;
} reasons[] = {
	{200, "OK"},
	{201, "Created"},
	{202, "Accepted"},
	{204, "No Content"},
	{304, "Not Modified"},
	{308, "Permanent Redirect"},
	{400, "Bad Request"},
	{401, "Unauthorized"},
	{403, "Forbidden"},
	{404, "Not Found"},
	{405, "Method Not Allowed"},
	{406, "Not Acceptable"},
	{409, "Conflict"},
	{410, "Gone"},
	{411, "Length Required"},
	{412, "Precondition Failed"},
	{413, "Content Too Large"},
	{414, "URI Too Long"},
	{415, "Unsupported Media Type"},
	{422, "Unprocessable Content"},
	{428, "Precondition Required"},
	{429, "Too Many Requests"},
	{431, "Request Header Fields Too Large"},
	{500, "Internal Server Error"},
	{501, "Not Implemented"},
	{503, "Service Unavailable"},
	{505, "HTTP Version Not Supported"},
};

static const char *reason_of(int status)
{
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "";
}

/* Formatted once a second by each thread. */
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

void response_writer_begin(struct response_writer *writer, int status)
{
	struct buffer *head = &writer->head;

	if (status == 200)
		buffer_text(head, "HTTP/1.1 200 OK\r\n");
	else
		buffer_format(head, "HTTP/1.1 %d %s\r\n", status, reason_of(status));
	response_writer_field(writer, "Date", date_now());
}

void response_writer_field(struct response_writer *writer, const char *name, const char *value)
{
	struct buffer *head = &writer->head;

	buffer_text(head, name);
	buffer_add(head, ": ", 2);
	buffer_text(head, value);
	buffer_add(head, "\r\n", 2);
}

void response_writer_end(struct response_writer *writer, int status, size_t length)
{
	if (writer->last)
		response_writer_field(writer, "Connection", "close");
	if (status != 204 && status != 304)
		buffer_format(&writer->head, "Content-Length: %zu\r\n", length);
	buffer_add(&writer->head, "\r\n", 2);
}

static void take_body(struct response_writer *writer, struct response *response, const char *method)
{
	if (response->status != 304 && strcmp(method, "HEAD") != 0) {
		writer->body = response->body;
		writer->length = response->length;
	}
	writer->release = response->release ? response->release : free;
	writer->holder = response->release ? response->holder : response->body;
	response->release = NULL;
	response->body = NULL;
}

void response_writer_response(struct response_writer *writer, struct response *response,
			      const char *method)
{
	response_writer_begin(writer, response->status);
	for (size_t i = 0; i < response->field_count; i++)
		if (strcasecmp(response->fields[i].name, "Connection") != 0)
			response_writer_field(writer, response->fields[i].name,
					      response->fields[i].value);
	response_writer_end(writer, response->status, response->length);
	take_body(writer, response, method);
}

/* Fills parts with the unsent rest of head and body; returns how many there are. */
static size_t parts_left(const struct response_writer *writer, struct iovec parts[2])
{
	size_t head = writer->head.length, count = 0;
	size_t body = writer->sent > head ? writer->sent - head : 0;

	if (writer->sent < head)
		parts[count++] =
			(struct iovec){writer->head.bytes + writer->sent, head - writer->sent};
	if (body < writer->length)
		parts[count++] = (struct iovec){(char *)(uintptr_t)writer->body + body,
						writer->length - body};
	return count;
}

enum send_result response_writer_send(struct response_writer *writer, int descriptor)
{
	struct iovec parts[2];
	struct msghdr message = {.msg_iov = parts};

	if (writer->head.failed)
		return SENT_BROKEN;
	while ((message.msg_iovlen = parts_left(writer, parts)) > 0) {
		ssize_t sent = sendmsg(descriptor, &message, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (sent > 0)
			writer->sent += (size_t)sent;
		else if (errno == EAGAIN)
			return SENT_PART;
		else if (errno != EINTR)
			return SENT_BROKEN;
	}
	return SENT_WHOLE;
}

void response_writer_clear(struct response_writer *writer)
{
	struct buffer head = writer->head;

	if (writer->release)
		writer->release(writer->holder);
	head.length = 0;
	head.failed = false;
	*writer = (struct response_writer){.head = head};
}

void response_writer_free(struct response_writer *writer)
{
	response_writer_clear(writer);
	buffer_free(&writer->head);
}
