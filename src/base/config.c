#include "base/config.h"

#include "base/cleanup.h"
#include "base/config_check.h"
#include "base/buffer.h"
#include "base/number.h"
#include "base/utf8.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

#define PREFIX "CYBERTREATY_"
#define FILE_BYTES ((size_t)1 << 16)

enum { NAME_BYTES = 64 };

enum setting_type { SETTING_TEXT, SETTING_NUMBER };

/* Defaults are text, so they take the same road as input. */
static const struct setting {
	const char *name;
	const char *shorter; /* another name that counts when the first is not there, or NULL */
	enum setting_type type;
	size_t offset;
	const char *if_unset; /* NULL makes the setting required */
	long minimum, maximum;
	bool (*fits)(const char *text); /* NULL: any text does */
	const char *form;		/* what fits: "must be <form>" */
	const char *meaning;
} settings[] = {
	{"CYBERTREATY_DATABASE_URL", "DATABASE_URL", SETTING_TEXT,
	 offsetof(struct config, database_url), NULL, 0, 0, NULL, NULL,
	 "PostgreSQL: postgresql://user@host/database or host=... dbname=..."},
	{"CYBERTREATY_READ_DATABASE_URL", NULL, SETTING_TEXT,
	 offsetof(struct config, read_database_url), "", 0, 0, NULL, NULL,
	 "PostgreSQL to read from, one or more hosts, standbys preferred; none: DATABASE_URL"},
	{"CYBERTREATY_SERVICE_ROLE", NULL, SETTING_TEXT, offsetof(struct config, service_role), "",
	 0, 0, NULL, NULL, "role that `migrate` gives the rights of the service"},
	{"CYBERTREATY_NOTIFY_DATABASE_URL", NULL, SETTING_TEXT,
	 offsetof(struct config, notify_database_url), "", 0, 0, NULL, NULL,
	 "PostgreSQL to listen on for changes, the primary itself and no pooler; none: "
	 "DATABASE_URL"},
	{"CYBERTREATY_ADDRESS", NULL, SETTING_TEXT, offsetof(struct config, address), "127.0.0.1",
	 0, 0, config_check_address, "a numeric IPv4 or IPv6 address", "address to listen on"},
	{"CYBERTREATY_PORT", "PORT", SETTING_NUMBER, offsetof(struct config, port), "8080", 0,
	 65535, NULL, NULL, "port to listen on; 0: any free one"},
	{"CYBERTREATY_METRICS_PORT", NULL, SETTING_TEXT, offsetof(struct config, metrics_port), "",
	 0, 0, config_check_port, "a number from 0 to 65535",
	 "port to give metrics on, at /metrics; 0: any free one; none: no metrics"},
	{"CYBERTREATY_METRICS_ADDRESS", NULL, SETTING_TEXT,
	 offsetof(struct config, metrics_address), "127.0.0.1", 0, 0, config_check_address,
	 "a numeric IPv4 or IPv6 address", "address of that port"},
	{"CYBERTREATY_PUBLIC_URL", NULL, SETTING_TEXT, offsetof(struct config, public_url), "", 0,
	 0, config_check_prefix, "an http:// or https:// address without a slash at its end",
	 "goes before the path of every address in answers"},
	{"CYBERTREATY_LICENCE", NULL, SETTING_TEXT, offsetof(struct config, licence),
	 "Facts: no rights claimed. Summaries: CC BY 4.0. Source texts belong to their publishers.",
	 0, 0, NULL, NULL, "meta.licence of every answer"},
	{"CYBERTREATY_LICENCE_URL", NULL, SETTING_TEXT, offsetof(struct config, licence_url),
	 "https://creativecommons.org/licenses/by/4.0/", 0, 0, config_check_web_address,
	 "an http:// or https:// address", "Link of every answer with rel=\"license\""},
	{"CYBERTREATY_SECURITY_CONTACT", NULL, SETTING_TEXT,
	 offsetof(struct config, security_contact), "", 0, 0, config_check_contact,
	 "an https:, mailto: or tel: address",
	 "where weaknesses are reported; /.well-known/security.txt names it"},
	{"CYBERTREATY_ORIGINS", NULL, SETTING_TEXT, offsetof(struct config, origins), "*", 0, 0,
	 config_check_origins, "* or origins such as https://example.org, with commas between them",
	 "pages that may call from a browser"},
	{"CYBERTREATY_TRUSTED_PROXIES", NULL, SETTING_TEXT,
	 offsetof(struct config, trusted_proxies), "", 0, 0, config_check_networks,
	 "IP addresses and networks such as 10.0.0.0/8 (no bits behind the length), with commas "
	 "between them",
	 "proxies whose X-Forwarded-For and Forwarded tell the client's address"},
	{"CYBERTREATY_RATE_LIMIT", NULL, SETTING_TEXT, offsetof(struct config, rate_limit), "", 0,
	 0, config_check_rate, "requests/seconds such as 600/60, from 1/1 to 1000000/86400",
	 "what each IPv4 address or IPv6 network of 64 bits may ask; 304 does not count"},
	{"CYBERTREATY_LOG_ADDRESSES", NULL, SETTING_TEXT, offsetof(struct config, log_addresses),
	 "truncated", 0, 0, config_check_address_form, "truncated, full or none",
	 "clients in log lines: their network, their address, or neither"},
	{"CYBERTREATY_LOG_LEVEL", NULL, SETTING_TEXT, offsetof(struct config, log_level), "info", 0,
	 0, config_check_level, "debug, info, warning or error", "least level of log lines"},
	{"CYBERTREATY_POOL", NULL, SETTING_NUMBER, offsetof(struct config, pool), "8", 1, 1000,
	 NULL, NULL, "database connections"},
	{"CYBERTREATY_PRIMARY_POOL", NULL, SETTING_NUMBER, offsetof(struct config, primary_pool),
	 "2", 1, 1000, NULL, NULL,
	 "database connections to DATABASE_URL when reads go to READ_DATABASE_URL"},
	{"CYBERTREATY_PREPARE", NULL, SETTING_TEXT, offsetof(struct config, prepare), "on", 0, 0,
	 config_check_switch, "on or off",
	 "off for a pooler of transactions without prepared statements (PgBouncer before 1.21)"},
	{"CYBERTREATY_POOL_AGE", NULL, SETTING_NUMBER, offsetof(struct config, pool_age), "600", 0,
	 86400, NULL, NULL, "seconds until a database connection is replaced; 0: never"},
	{"CYBERTREATY_POOL_WAIT", NULL, SETTING_NUMBER, offsetof(struct config, pool_wait), "1000",
	 0, 60000, NULL, NULL, "milliseconds to wait for a free database connection"},
	{"CYBERTREATY_QUERY_TIMEOUT", NULL, SETTING_NUMBER, offsetof(struct config, query_timeout),
	 "2000", 10, 600000, NULL, NULL, "milliseconds until a query is given up"},
	{"CYBERTREATY_BULK_TIMEOUT", NULL, SETTING_NUMBER, offsetof(struct config, bulk_timeout),
	 "10000", 10, 600000, NULL, NULL,
	 "milliseconds until a query for CSV, NDJSON or the export is given up, but at least "
	 "CYBERTREATY_QUERY_TIMEOUT"},
	{"CYBERTREATY_CACHE_BYTES", NULL, SETTING_NUMBER, offsetof(struct config, cache_bytes),
	 "69206016", 0, 68719476736, NULL, NULL, "bytes of finished answers to keep; 0: none"},
	{"CYBERTREATY_WARM_UP", NULL, SETTING_NUMBER, offsetof(struct config, warm_up), "0", 0,
	 1000, NULL, NULL,
	 "lists and profiles to make a second before they are asked for; 0: none"},
	{"CYBERTREATY_MAX_STALE", NULL, SETTING_NUMBER, offsetof(struct config, max_stale), "86400",
	 0, 31536000, NULL, NULL,
	 "seconds that stored answers are given while the database is away"},
	{"CYBERTREATY_CONNECTIONS", NULL, SETTING_NUMBER, offsetof(struct config, connections),
	 "4096", 1, 100000, NULL, NULL, "client connections at once"},
	{"CYBERTREATY_CONNECTIONS_PER_CLIENT", NULL, SETTING_NUMBER,
	 offsetof(struct config, client_connections), "0", 0, 100000, NULL, NULL,
	 "connections of one IPv4 address or IPv6 network of 64 bits, trusted proxies excepted; 0: "
	 "half of CYBERTREATY_CONNECTIONS"},
	{"CYBERTREATY_QUEUE", NULL, SETTING_NUMBER, offsetof(struct config, queue), "1024", 1,
	 100000, NULL, NULL, "requests that may wait for a thread; more are refused with 503"},
	{"CYBERTREATY_UPLOADS", NULL, SETTING_NUMBER, offsetof(struct config, uploads), "32", 1,
	 1000, NULL, NULL, "requests with a body at once; more are refused with 503"},
	{"CYBERTREATY_UPLOADS_PER_CLIENT", NULL, SETTING_NUMBER,
	 offsetof(struct config, client_uploads), "4", 1, 1000, NULL, NULL,
	 "requests with a body at once from one IPv4 address or IPv6 network of 64 bits, trusted "
	 "proxies excepted"},
	{"CYBERTREATY_IDLE_TIMEOUT", NULL, SETTING_NUMBER, offsetof(struct config, idle_timeout),
	 "75", 1, 3600, NULL, NULL, "seconds until an idle client connection is closed"},
	{"CYBERTREATY_DRAIN", NULL, SETTING_NUMBER, offsetof(struct config, drain), "20", 0, 3600,
	 NULL, NULL, "seconds that stopping may take"},
	{"CYBERTREATY_DRAIN_DELAY", NULL, SETTING_NUMBER, offsetof(struct config, drain_delay), "0",
	 0, 3600, NULL, NULL,
	 "seconds before stopping in which all is still answered, while /readyz is 503"},
};

#define SETTINGS (sizeof settings / sizeof *settings)

/* Texts from files, which live as long as the process: held here, so that they are not lost. */
struct stored_text {
	struct stored_text *next;
	char text[];
};
static struct stored_text *stored_texts;

static char *store_text(const char *text, size_t length)
{
	struct stored_text *stored = malloc(sizeof *stored + length + 1);

	if (!stored)
		return NULL;
	memcpy(stored->text, text, length);
	stored->text[length] = '\0';
	stored->next = stored_texts;
	stored_texts = stored;
	return stored->text;
}

/* Adds one sentence to what is wrong. */
static void mistake(struct buffer *mistakes, const char *format, ...) PRINTF_LIKE(2, 3);

static void mistake(struct buffer *mistakes, const char *format, ...)
{
	struct error sentence;
	va_list args;

	va_start(args, format);
	vsnprintf(sentence.message, sizeof sentence.message, format, args);
	va_end(args);
	utf8_trim(sentence.message);
	buffer_format(mistakes, "%s%s", mistakes->length ? " " : "", sentence.message);
}

/* The value of an environment variable, NULL when it is not there or empty. */
static const char *variable(const char *name)
{
	size_t length = strlen(name);

	for (char **entry = environ; entry && *entry; entry++)
		if (strncmp(*entry, name, length) == 0 && (*entry)[length] == '=')
			return (*entry)[length + 1] ? *entry + length + 1 : NULL;
	return NULL;
}

static void close_file(FILE **file)
{
	if (*file)
		fclose(*file);
}

static const char *read_file(const char *name, const char *path, struct buffer *mistakes)
{
	CLEANUP(buffer_free) struct buffer text = {.maximum = FILE_BYTES};
	CLEANUP(close_file) FILE *file = fopen(path, "re");
	char piece[4096], reason[128];
	const char *copy;

	for (size_t got; file && !text.failed && (got = fread(piece, 1, sizeof piece, file)) > 0;)
		buffer_add(&text, piece, got);
	if (!file || ferror(file)) {
		mistake(mistakes, "The file that %s names cannot be read: %s.", name,
			strerror_r(errno, reason, sizeof reason));
		return NULL;
	}
	if (text.length && text.bytes[text.length - 1] == '\n')
		text.length--;
	if (text.length && text.bytes[text.length - 1] == '\r')
		text.length--;
	if (text.failed || !text.length || memchr(text.bytes, '\0', text.length)) {
		mistake(mistakes,
			"The file that %s names must hold 1 to %zu bytes, none of them zero.", name,
			FILE_BYTES);
		return NULL;
	}
	copy = store_text(text.bytes, text.length);
	if (!copy)
		mistake(mistakes, "There is no memory to read %s.", name);
	return copy;
}

/* The value of `name` or of the file that name_FILE names. True when one of them was given, even
 * if it could not be read: then *value is NULL. */
static bool given(const char *name, const char **value, struct buffer *mistakes)
{
	char file_name[NAME_BYTES];
	const char *path;

	snprintf(file_name, sizeof file_name, "%s_FILE", name);
	*value = variable(name);
	path = variable(file_name);
	if (!path)
		return *value != NULL;
	if (*value) {
		mistake(mistakes, "%s and %s are both set; one of them must go.", name, file_name);
		*value = NULL;
		return true;
	}
	*value = read_file(file_name, path, mistakes);
	return true;
}

static void store(struct config *config, const struct setting *setting, const char *name,
		  const char *value, struct buffer *mistakes)
{
	char *field = (char *)config + setting->offset;

	if (setting->type == SETTING_NUMBER) {
		if (!number_read(value, setting->minimum, setting->maximum, (long *)(void *)field))
			mistake(mistakes, "%s must be a number from %ld to %ld, not '%.40s'.", name,
				setting->minimum, setting->maximum, value);
		return;
	}
	if (!utf8_valid(value, strlen(value)) || (setting->fits && !setting->fits(value)))
		mistake(mistakes, "%s must be %s.", name,
			setting->form ? setting->form : "valid UTF-8");
	*(const char **)(void *)field = value;
}

static void read_setting(struct config *config, const struct setting *setting,
			 struct buffer *mistakes)
{
	const char *name = setting->name, *value;

	if (!given(name, &value, mistakes) && setting->shorter) {
		if (given(setting->shorter, &value, mistakes))
			name = setting->shorter;
		else if (!setting->if_unset)
			mistake(mistakes, "%s (or %s) must be set.", name, setting->shorter);
	}
	if (!value)
		value = setting->if_unset;
	if (value)
		store(config, setting, name, value, mistakes);
}

/* How many letters to insert, delete or replace to get from a to b (Levenshtein). */
static size_t distance(const char *a, const char *b)
{
	size_t row[NAME_BYTES + 1], width = strnlen(b, NAME_BYTES);

	for (size_t i = 0; i <= width; i++)
		row[i] = i;
	for (size_t line = 1; *a; a++, line++) {
		size_t corner = row[0];

		row[0] = line;
		for (size_t i = 1; i <= width; i++) {
			size_t change = corner + (toupper((unsigned char)*a) != b[i - 1]);
			size_t skip = (row[i] < row[i - 1] ? row[i] : row[i - 1]) + 1;

			corner = row[i];
			row[i] = change < skip ? change : skip;
		}
	}
	return row[width];
}

/* Notes `name` as a mistake unless a setting is called so. */
static void check_name(const char *name, struct buffer *mistakes)
{
	char known[NAME_BYTES], nearest[NAME_BYTES] = "";
	size_t least = SIZE_MAX;

	for (size_t i = 0; i < 2 * SETTINGS; i++) {
		size_t away;

		snprintf(known, sizeof known, "%s%s", settings[i / 2].name, i % 2 ? "_FILE" : "");
		away = distance(name, known);
		if (strcmp(name, known) == 0)
			return;
		if (away < least) {
			least = away;
			snprintf(nearest, sizeof nearest, "%s", known);
		}
	}
	mistake(mistakes, "%s is not a setting; did you mean %s?", name, nearest);
}

static void check_names(struct buffer *mistakes)
{
	for (char **entry = environ; entry && *entry; entry++) {
		char name[2 * NAME_BYTES];

		if (strncmp(*entry, PREFIX, strlen(PREFIX)) != 0)
			continue;
		snprintf(name, sizeof name, "%.*s", (int)strcspn(*entry, "="), *entry);
		utf8_trim(name);
		check_name(name, mistakes);
	}
}

bool config_read(struct config *config, struct error *err)
{
	CLEANUP(buffer_free) struct buffer mistakes = {0};
	struct config read = {0};

	for (size_t i = 0; i < SETTINGS; i++)
		read_setting(&read, &settings[i], &mistakes);
	check_names(&mistakes);
	if (mistakes.failed)
		return error_out_of_memory(err);
	if (mistakes.length)
		return error_set(err, ERROR_BAD_REQUEST, "%s", mistakes.bytes);
	if (read.bulk_timeout < read.query_timeout)
		read.bulk_timeout = read.query_timeout;
	*config = read;
	return true;
}

bool config_doubtful(const struct config *config, struct error *doubt)
{
	const long longest = config->pool_wait + config->bulk_timeout;

	if (longest <= config->drain * 1000)
		return false;
	error_set(doubt, ERROR_BAD_REQUEST,
		  "CYBERTREATY_DRAIN (%ld s) is shorter than CYBERTREATY_POOL_WAIT and "
		  "CYBERTREATY_BULK_TIMEOUT together (%ld ms): a stop may cut answers that are "
		  "still being made.",
		  config->drain, longest);
	return true;
}

void config_describe(FILE *out)
{
	fputs("Settings are environment variables:\n\n", out);
	for (size_t i = 0; i < SETTINGS; i++) {
		const struct setting *setting = &settings[i];

		fprintf(out, "  %s\n      %s", setting->name, setting->meaning);
		if (setting->type == SETTING_NUMBER)
			fprintf(out, " (%ld to %ld)", setting->minimum, setting->maximum);
		if (!setting->if_unset)
			fputs("; required\n", out);
		else if (*setting->if_unset)
			fprintf(out, "; default: %s\n", setting->if_unset);
		else
			fputs("; default: none\n", out);
		if (setting->shorter)
			fprintf(out, "      %s counts when it is not set\n", setting->shorter);
	}
	fputs("\nEach X may be given as X_FILE, the path of a file that holds the value.\n", out);
}
