#include "base/log.h"

#include "base/thread.h"
#include "base/utf8.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/banned.h"

static const char *const level_names[] = {"debug", "info", "warning", "error"};

enum {
	QUEUE_BYTES = 1024 * 1024,
	PAUSE = 5000000, /* nanoseconds between two rounds of writing, so that lines gather */
};

/* Whole lines that wait for the writer thread, in a ring: `length` bytes from `first` on. */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t filled, emptied;
	char bytes[QUEUE_BYTES];
	size_t first, length;
	uint64_t unreported; /* lines dropped since the last log_lines_dropped */
} queue = {.lock = PTHREAD_MUTEX_INITIALIZER};

static atomic_bool started;
static _Atomic enum log_level threshold = LOG_INFO;
static _Atomic uint64_t dropped;

struct log_line {
	char bytes[LOG_LINE_BYTES];
	size_t length;
};

/* The bytes that are free, apart from those for the closing "}\n". */
static size_t room(const struct log_line *line)
{
	return sizeof line->bytes - strlen("}\n") - line->length;
}

static void add(struct log_line *line, const char *bytes, size_t length)
{
	memcpy(line->bytes + line->length, bytes, length);
	line->length += length;
}

/* Writes the JSON form, at most 6 bytes, of the character at `text`, and returns its length. The
 * character itself has *size bytes. */
static size_t escape(const char *text, size_t *size, char piece[8])
{
	unsigned char first = (unsigned char)*text;

	*size = utf8_length(text, strnlen(text, 4));
	if (*size == 0) {
		*size = 1;
		return (size_t)snprintf(piece, 8, "\xEF\xBF\xBD");
	}
	if (first == '"' || first == '\\')
		return (size_t)snprintf(piece, 8, "\\%c", first);
	if (first < 0x20 || first == 0x7F)
		return (size_t)snprintf(piece, 8, "\\u%04x", first);
	memcpy(piece, text, *size);
	return *size;
}

/* Counts the characters at `text` that need no escape in a JSON string. */
static size_t unescaped_length(const char *text)
{
	size_t length = 0;

	while (text[length] >= 0x20 && text[length] < 0x7F && text[length] != '"' &&
	       text[length] != '\\')
		length++;
	return length;
}

/* Adds text in quotes. A text that does not fit is cut and ends with an ellipsis. */
static void add_text(struct log_line *line, const char *text)
{
	static const char ellipsis[] = "\xE2\x80\xA6";

	add(line, "\"", 1);
	while (*text) {
		char piece[8];
		size_t size, length = unescaped_length(text);

		/* Leaves room for an ellipsis and a quote. */
		if (length > 0 && length + 8 <= room(line)) {
			add(line, text, length);
			text += length;
			continue;
		}
		length = escape(text, &size, piece);
		if (length + strlen(ellipsis) + 1 > room(line)) {
			add(line, ellipsis, strlen(ellipsis));
			break;
		}
		add(line, piece, length);
		text += size;
	}
	add(line, "\"", 1);
}

/* Adds `,"key":` when a value of `least` bytes fits after it. */
static bool add_key(struct log_line *line, const char *key, size_t least)
{
	size_t length = strlen(key);

	if (length + strlen(",\"\":") + least > room(line))
		return false;
	add(line, ",\"", 2);
	add(line, key, length);
	add(line, "\":", 2);
	return true;
}

static void add_field(struct log_line *line, const struct log_field *field)
{
	char number[24];

	if (field->is_number) {
		size_t length = (size_t)snprintf(number, sizeof number, "%" PRId64, field->number);

		if (add_key(line, field->key, length))
			add(line, number, length);
	} else if (!field->text) {
		if (add_key(line, field->key, strlen("null")))
			add(line, "null", strlen("null"));
	} else if (add_key(line, field->key, strlen("\"...\""))) {
		add_text(line, field->text);
	}
}

static void add_time(struct log_line *line)
{
	/* The beginning is the same for all lines of a second. */
	static _Thread_local time_t written = -1;
	static _Thread_local char begin[64];
	struct timespec now;
	struct tm utc;
	char text[64];

	clock_gettime(CLOCK_REALTIME, &now);
	if (now.tv_sec != written) {
		gmtime_r(&now.tv_sec, &utc);
		strftime(begin, sizeof begin, "{\"time\":\"%FT%T", &utc);
		written = now.tv_sec;
	}
	line->length = 0;
	add(line, begin, strlen(begin));
	add(line, text,
	    (size_t)snprintf(text, sizeof text, ".%03dZ\"", (int)(now.tv_nsec / 1000000)));
}

static void format_line(struct log_line *line, enum log_level level, const char *event,
			const struct log_field *fields)
{
	add_time(line);
	add_field(line, &LOG_TEXT("level", level_names[level]));
	add_field(line, &LOG_TEXT("event", event));
	for (; fields->key; fields++)
		add_field(line, fields);
	add(line, "}\n", 2);
}

int log_level_named(const char *name)
{
	for (int level = LOG_DEBUG; level <= LOG_ERROR; level++)
		if (strcmp(level_names[level], name) == 0)
			return level;
	return -1;
}

void log_threshold(enum log_level level)
{
	atomic_store(&threshold, level);
}

uint64_t log_dropped(void)
{
	return atomic_load(&dropped);
}

/* Writes all bytes, and waits for a reader that is slow. Standard output may be non-blocking,
 * since processes share its settings. */
static bool write_waiting(const char *bytes, size_t length)
{
	struct pollfd writable = {.fd = STDOUT_FILENO, .events = POLLOUT};

	while (length > 0) {
		ssize_t wrote = write(STDOUT_FILENO, bytes, length);

		if (wrote > 0) {
			bytes += wrote;
			length -= (size_t)wrote;
		} else if (wrote < 0 && errno == EAGAIN) {
			poll(&writable, 1, -1);
		} else if (wrote == 0 || errno != EINTR) {
			return false;
		}
	}
	return true;
}

/* Adds a line to the queue when there is room. The caller holds the lock. */
static bool queue_add(const struct log_line *line)
{
	size_t end = (queue.first + queue.length) % QUEUE_BYTES;
	size_t part = line->length < QUEUE_BYTES - end ? line->length : QUEUE_BYTES - end;

	if (line->length > QUEUE_BYTES - queue.length)
		return false;
	memcpy(queue.bytes + end, line->bytes, part);
	memcpy(queue.bytes, line->bytes + part, line->length - part);
	if (queue.length == 0)
		pthread_cond_signal(&queue.filled);
	queue.length += line->length;
	return true;
}

static void note_dropped(uint64_t lines)
{
	atomic_fetch_add(&dropped, lines);
	queue.unreported += lines;
}

/* Waits for lines, and copies as many whole ones as fit into LOG_LINE_BYTES. They stay in the
 * queue until they are written. */
static size_t queue_peek(char *lines)
{
	size_t length, part;

	pthread_mutex_lock(&queue.lock);
	while (queue.length == 0)
		pthread_cond_wait(&queue.filled, &queue.lock);
	length = queue.length < LOG_LINE_BYTES ? queue.length : LOG_LINE_BYTES;
	part = length < QUEUE_BYTES - queue.first ? length : QUEUE_BYTES - queue.first;
	memcpy(lines, queue.bytes + queue.first, part);
	memcpy(lines + part, queue.bytes, length - part);
	pthread_mutex_unlock(&queue.lock);
	while (lines[length - 1] != '\n')
		length--;
	return length;
}

static uint64_t count_lines(const char *lines, size_t length)
{
	uint64_t count = 0;

	for (size_t i = 0; i < length; i++)
		count += lines[i] == '\n';
	return count;
}

/* Adds the number of dropped lines to the log. The caller holds the lock. */
static void report_dropped(void)
{
	struct log_line line;

	format_line(&line, LOG_WARNING, "log_lines_dropped",
		    (const struct log_field[]){LOG_NUMBER("number", queue.unreported), {0}});
	if (queue_add(&line))
		queue.unreported = 0;
}

/* Removes lines from the queue, and returns true when it is empty. */
static bool queue_remove(const char *lines, size_t length, bool written)
{
	bool empty;

	pthread_mutex_lock(&queue.lock);
	queue.first = (queue.first + length) % QUEUE_BYTES;
	queue.length -= length;
	if (!written)
		note_dropped(count_lines(lines, length));
	else if (queue.unreported > 0)
		report_dropped();
	empty = queue.length == 0;
	if (empty) {
		queue.first = 0; /* so that a short queue touches few pages */
		pthread_cond_broadcast(&queue.emptied);
	}
	pthread_mutex_unlock(&queue.lock);
	return empty;
}

static void *log_writer(void *unused)
{
	const struct timespec pause = {.tv_nsec = PAUSE};
	char lines[LOG_LINE_BYTES];

	(void)unused;
	for (;;) {
		size_t length = queue_peek(lines);
		bool written = write_waiting(lines, length);

		if (queue_remove(lines, length, written))
			nanosleep(&pause, NULL);
	}
	return NULL;
}

bool log_start(struct error *err)
{
	sigset_t all, before;
	pthread_t writer;
	bool running;

	thread_condition_init(&queue.filled);
	thread_condition_init(&queue.emptied);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	running = thread_start(&writer, "log", log_writer, NULL, err);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (running)
		pthread_detach(writer);
	atomic_store(&started, running);
	return running;
}

bool log_flush(long milliseconds)
{
	struct deadline deadline = deadline_after(milliseconds);
	bool empty;

	if (!atomic_load(&started))
		return true;
	pthread_mutex_lock(&queue.lock);
	while (queue.length > 0 && thread_wait(&queue.emptied, &queue.lock, deadline))
		continue;
	empty = queue.length == 0;
	pthread_mutex_unlock(&queue.lock);
	return empty;
}

void log_fields(enum log_level level, const char *event, const struct log_field *fields)
{
	struct log_line line;

	if (level < atomic_load(&threshold))
		return;
	format_line(&line, level, event, fields);
	if (!atomic_load(&started)) {
		if (!write_waiting(line.bytes, line.length))
			atomic_fetch_add(&dropped, 1);
		return;
	}
	pthread_mutex_lock(&queue.lock);
	if (!queue_add(&line))
		note_dropped(1);
	pthread_mutex_unlock(&queue.lock);
}
