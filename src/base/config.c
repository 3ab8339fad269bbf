#include "base/config.h"

#include "base/address.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "base/buffer.h"
#include "base/network_list.h"
#include "base/number.h"
#include "base/utf8.h"

#include <errno.h>
#include <regex.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

#define PREFIX "CYBERTREATY_"
#define FILE_BYTES ((size_t)1 << 16)

/* Patterns of addresses: what ends one in a header field or a text is not part of it. */
#define IN_URI "[]!#$%&()*+,./0-9:;=?@A-Z[_a-z~-]"
#define IN_HOST "[]!$%&()*+,.0-9:;=@A-Z[_a-z~-]"  /* no slash, query or fragment */
#define IN_ORIGIN "[]!$%&()*+.0-9:;=@A-Z[_a-z~-]" /* nor a comma */
#define WEB "https?://"

enum { NAME_BYTES = 64 };

static bool is_address(const char *text)
{
	struct address address;

	return address_read(text, strlen(text), &address);
}

static bool is_network_list(const char *text)
{
	struct network_list networks;

	return network_list_read(text, &networks);
}

static bool is_port(const char *text)
{
	long port;

	return !*text || number_read(text, 0, 65535, &port);
}

bool config_rate_read(const char *text, long *requests, long *seconds)
{
	const char *slash = strchr(text, '/');
	char number[16];

	if (!slash || slash - text >= (ptrdiff_t)sizeof number)
		return false;
	snprintf(number, sizeof number, "%.*s", (int)(slash - text), text);
	return number_read(number, 1, 1000000, requests) &&
	       number_read(slash + 1, 1, 86400, seconds);
}

static bool is_rate(const char *text)
{
	long requests, seconds;

	return !*text || config_rate_read(text, &requests, &seconds);
}

/* Defaults are text, so that they are checked as input is. */
static const struct setting {
	const char *name;
	const char *alternative; /* a name that is used if the first is not set, or NULL */
	size_t offset;
	const char *if_unset;		 /* NULL: the setting is required */
	long minimum, maximum;		 /* maximum 0: the setting is a text */
	bool (*valid)(const char *text); /* NULL: any text is */
	const char *pattern;		 /* a regular expression for the whole text, or NULL */
	const char *form;		 /* of a valid text: "must be <form>" */
	const char *meaning;
} settings[] = {
/* clang-format off */
#define TEXT(name, field, if_unset, meaning) ROW(name, field, if_unset, NULL, NULL, NULL, meaning)
#define CHECKED(name, field, if_unset, check, form, meaning) \
	ROW(name, field, if_unset, check, NULL, form, meaning)
#define MATCHED(name, field, if_unset, pattern, form, meaning) \
	ROW(name, field, if_unset, NULL, pattern, form, meaning)
#define ROW(name, field, if_unset, check, pattern, form, meaning) \
	{PREFIX name, NULL, offsetof(struct config, field), if_unset, 0, 0, check, \
	 pattern, form, meaning}
#define NUMBER(name, field, if_unset, minimum, maximum, meaning) \
	{PREFIX name, NULL, offsetof(struct config, field), if_unset, minimum, \
	 maximum, NULL, NULL, NULL, meaning}
#define ADDRESS "a numeric IPv4 or IPv6 address"

	{PREFIX "DATABASE_URL", "DATABASE_URL", offsetof(struct config, database_url),
	 NULL, 0, 0, NULL, NULL, NULL,
	 "PostgreSQL database: postgresql://user@host/database or host=... dbname=..."},
	TEXT("READ_DATABASE_URL", read_database_url, "",
	     "PostgreSQL for reads: one or more hosts, standbys preferred; none: DATABASE_URL"),
	TEXT("SERVICE_ROLE", service_role, "",
	     "database role that `migrate` grants the privileges of the service"),
	TEXT("NOTIFY_DATABASE_URL", notify_database_url, "",
	     "PostgreSQL to receive notifications of changes from: the primary, without a pooler; "
	     "none: DATABASE_URL"),
	CHECKED("ADDRESS", address, "127.0.0.1", is_address, ADDRESS, "address to listen on"),
	{PREFIX "PORT", "PORT", offsetof(struct config, port), "8080", 0, 65535,
	 NULL, NULL, NULL, "port to listen on; 0: any free port"},
	CHECKED("METRICS_PORT", metrics_port, "", is_port, "a number from 0 to 65535",
		"port of /metrics; 0: any free port; none: no metrics"),
	CHECKED("METRICS_ADDRESS", metrics_address, "127.0.0.1", is_address, ADDRESS,
		"address of that port"),
	MATCHED("PUBLIC_URL", public_url, "", "(" WEB IN_HOST "+(/+" IN_HOST "+)*)?",
		"an http:// or https:// address without a slash at its end",
		"prefix of every address in responses"),
	TEXT("LICENCE", licence,
	     "Facts: no rights claimed. Summaries: CC BY 4.0. Source texts belong to their "
	     "publishers.",
	     "meta.licence of every response"),
	MATCHED("LICENCE_URL", licence_url, "https://creativecommons.org/licenses/by/4.0/",
		WEB IN_HOST IN_URI "*", "an http:// or https:// address",
		"Link of every response with rel=\"license\""),
	/* RFC 9116, section 2.5.3 */
	MATCHED("SECURITY_CONTACT", security_contact, "",
		"((mailto|tel):" IN_URI "+|https://" IN_HOST IN_URI "*)?",
		"an https:, mailto: or tel: address",
		"address for reports of vulnerabilities, in /.well-known/security.txt"),
	/* RFC 6454, section 6.2: no path, not even a slash. */
	MATCHED("ORIGINS", origins, "*", "\\*|" WEB IN_ORIGIN "+(," WEB IN_ORIGIN "+)*",
		"* or origins such as https://example.org, separated by commas",
		"web origins that may call the API from a browser"),
	CHECKED("TRUSTED_PROXIES", trusted_proxies, "", is_network_list,
		"IP addresses and networks such as 10.0.0.0/8 (no bits set after the prefix), "
		"separated by commas",
		"proxies whose X-Forwarded-For and Forwarded state the client's address"),
	CHECKED("RATE_LIMIT", rate_limit, "", is_rate,
		"requests/seconds such as 600/60, from 1/1 to 1000000/86400",
		"requests of each IPv4 address or IPv6 network of 64 bits; a 304 from the cache does "
		"not count"),
	MATCHED("LOG_ADDRESSES", log_addresses, "truncated", "truncated|full|none",
		"truncated, full or none",
		"clients in log lines: their network, their address, or neither"),
	MATCHED("LOG_LEVEL", log_level, "info", "debug|info|warning|error",
		"debug, info, warning or error", "minimum log level"),
	NUMBER("POOL", pool, "8", 1, 1000, "database connections"),
	NUMBER("PRIMARY_POOL", primary_pool, "2", 1, 1000,
	       "database connections to DATABASE_URL when READ_DATABASE_URL is set"),
	MATCHED("PREPARE", prepare, "on", "on|off", "on or off",
		"off for a transaction pooler without prepared statements (PgBouncer before 1.21)"),
	NUMBER("POOL_AGE", pool_age, "600", 0, 86400,
	       "seconds until a database connection is replaced; 0: never"),
	NUMBER("POOL_WAIT", pool_wait, "1000", 0, 60000,
	       "milliseconds to wait for a free database connection"),
	NUMBER("QUERY_TIMEOUT", query_timeout, "2000", 10, 600000,
	       "milliseconds until a query is cancelled"),
	NUMBER("BULK_TIMEOUT", bulk_timeout, "10000", 10, 600000,
	       "milliseconds until a query for CSV, NDJSON or the export is cancelled; at least "
	       "CYBERTREATY_QUERY_TIMEOUT"),
	NUMBER("CACHE_BYTES", cache_bytes, "67108864", 0, 68719476736,
	       "bytes of cached responses; 0: no cache"),
	NUMBER("WARM_UP", warm_up, "0", 0, 1000,
	       "lists and profiles a second to compute in advance; 0: none"),
	NUMBER("MAX_STALE", max_stale, "86400", 0, 31536000,
	       "seconds to serve cached responses while the database is unavailable"),
	NUMBER("CONNECTIONS", connections, "4096", 1, 100000, "maximum number of client connections"),
	NUMBER("CONNECTIONS_PER_CLIENT", client_connections, "0", 0, 100000,
	       "maximum number of connections from one IPv4 address or IPv6 network of 64 bits, "
	       "except trusted proxies; 0: half of CYBERTREATY_CONNECTIONS"),
	NUMBER("QUEUE", queue, "1024", 1, 100000,
	       "maximum number of requests that wait for a thread; more are refused with 503"),
	NUMBER("UPLOADS", uploads, "32", 1, 1000,
	       "maximum number of requests with a body in flight; more are refused with 503"),
	NUMBER("UPLOADS_PER_CLIENT", client_uploads, "4", 1, 1000,
	       "maximum number of those from one IPv4 address or IPv6 network of 64 bits, except "
	       "trusted proxies"),
	NUMBER("IDLE_TIMEOUT", idle_timeout, "75", 1, 3600,
	       "seconds until an idle client connection is closed"),
	NUMBER("DRAIN", drain, "20", 0, 3600, "maximum seconds of a graceful shutdown"),
	NUMBER("DRAIN_DELAY", drain_delay, "0", 0, 3600,
	       "seconds before a graceful shutdown in which requests are still accepted, while "
	       "/readyz is 503"),
	/* clang-format on */
};

#define SETTINGS (sizeof settings / sizeof *settings)

/* Copies a text from a file, which lives as long as the process. */
static const char *store_text(const char *text, size_t length)
{
	static struct arena *texts;

	if (!texts)
		texts = arena_open(SIZE_MAX);
	return texts ? arena_copy(texts, text, length) : NULL;
}

/* Adds one sentence. */
static void add_mistake(struct buffer *mistakes, const char *format, ...) PRINTF_LIKE(2, 3);

static void add_mistake(struct buffer *mistakes, const char *format, ...)
{
	struct error sentence;
	va_list args;

	va_start(args, format);
	vsnprintf(sentence.message, sizeof sentence.message, format, args);
	va_end(args);
	utf8_trim(sentence.message);
	buffer_format(mistakes, "%s%s", mistakes->length ? " " : "", sentence.message);
}

/* Returns the value of an environment variable; NULL when it is absent or empty. */
static const char *variable(const char *name)
{
	size_t length = strlen(name);

	for (char **entry = environ; entry && *entry; entry++)
		if (strncmp(*entry, name, length) == 0 && (*entry)[length] == '=')
			return (*entry)[length + 1] ? *entry + length + 1 : NULL;
	return NULL;
}

static const char *read_file(const char *name, const char *path, struct buffer *mistakes)
{
	CLEANUP(cleanup_file) FILE *file = fopen(path, "re");
	char text[FILE_BYTES + 1], reason[128];
	size_t length = file ? fread(text, 1, sizeof text, file) : 0;
	const char *copy;

	if (!file || ferror(file)) {
		add_mistake(mistakes, "The file that %s names cannot be read: %s.", name,
			    strerror_r(errno, reason, sizeof reason));
		return NULL;
	}
	if (length && text[length - 1] == '\n')
		length--;
	if (length && text[length - 1] == '\r')
		length--;
	if (!length || length > FILE_BYTES || memchr(text, '\0', length)) {
		add_mistake(
			mistakes,
			"The file that %s names must contain 1 to %zu bytes, none of them zero.",
			name, FILE_BYTES);
		return NULL;
	}
	copy = store_text(text, length);
	if (!copy)
		add_mistake(mistakes, "Out of memory while reading %s.", name);
	return copy;
}

/* Reads the value of `name`, or of the file that name_FILE names. Returns true when one of them is
 * set, even if the file cannot be read: then *value is NULL. */
static bool read_variable(const char *name, const char **value, struct buffer *mistakes)
{
	char file_name[NAME_BYTES];
	const char *path;

	snprintf(file_name, sizeof file_name, "%s_FILE", name);
	*value = variable(name);
	path = variable(file_name);
	if (!path)
		return *value != NULL;
	if (*value) {
		add_mistake(mistakes, "%s and %s are both set; set only one of them.", name,
			    file_name);
		*value = NULL;
		return true;
	}
	*value = read_file(file_name, path, mistakes);
	return true;
}

static bool matches(const char *text, const char *pattern)
{
	char whole[512];
	regex_t expression;
	bool fits;

	snprintf(whole, sizeof whole, "^(%s)$", pattern);
	if (regcomp(&expression, whole, REG_EXTENDED | REG_NOSUB) != 0)
		return false;
	fits = regexec(&expression, text, 0, NULL, 0) == 0;
	regfree(&expression);
	return fits;
}

static void store(struct config *config, const struct setting *setting, const char *name,
		  const char *value, struct buffer *mistakes)
{
	char *field = (char *)config + setting->offset;

	if (setting->maximum > 0) {
		if (!number_read(value, setting->minimum, setting->maximum, (long *)(void *)field))
			add_mistake(mistakes, "%s must be a number from %ld to %ld, not '%.40s'.",
				    name, setting->minimum, setting->maximum, value);
		return;
	}
	if (!utf8_valid(value, strlen(value)) || (setting->valid && !setting->valid(value)) ||
	    (setting->pattern && !matches(value, setting->pattern)))
		add_mistake(mistakes, "%s must be %s.", name,
			    setting->form ? setting->form : "valid UTF-8");
	*(const char **)(void *)field = value;
}

static void read_setting(struct config *config, const struct setting *setting,
			 struct buffer *mistakes)
{
	const char *name = setting->name, *value;

	if (!read_variable(name, &value, mistakes) && setting->alternative) {
		if (read_variable(setting->alternative, &value, mistakes))
			name = setting->alternative;
		else if (!setting->if_unset)
			add_mistake(mistakes, "%s (or %s) must be set.", name,
				    setting->alternative);
	}
	if (!value)
		value = setting->if_unset;
	if (value)
		store(config, setting, name, value, mistakes);
}

/* True for the variable of a setting, or for that with _FILE behind its name. */
static bool is_setting(const char *entry)
{
	for (size_t i = 0; i < SETTINGS; i++) {
		size_t length = strlen(settings[i].name);

		if (strncmp(settings[i].name, entry, length) == 0 &&
		    (entry[length] == '=' || strncmp(entry + length, "_FILE=", 6) == 0))
			return true;
	}
	return false;
}

static void check_names(struct buffer *mistakes)
{
	for (char **entry = environ; entry && *entry; entry++)
		if (strncmp(*entry, PREFIX, strlen(PREFIX)) == 0 && !is_setting(*entry))
			add_mistake(mistakes,
				    "%.*s is not a setting; `cybertreaty serve --help` lists all.",
				    (int)strcspn(*entry, "="), *entry);
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

bool config_warning(const struct config *config, struct error *warning)
{
	const long longest = config->pool_wait + config->bulk_timeout;

	if (longest <= config->drain * 1000)
		return false;
	error_set(warning, ERROR_BAD_REQUEST,
		  "CYBERTREATY_DRAIN (%ld s) is shorter than CYBERTREATY_POOL_WAIT and "
		  "CYBERTREATY_BULK_TIMEOUT together (%ld ms): a shutdown may cut responses off.",
		  config->drain, longest);
	return true;
}

void config_describe(FILE *out)
{
	fputs("Settings are environment variables:\n\n", out);
	for (size_t i = 0; i < SETTINGS; i++) {
		const struct setting *setting = &settings[i];

		fprintf(out, "  %s\n      %s", setting->name, setting->meaning);
		if (setting->maximum > 0)
			fprintf(out, " (%ld to %ld)", setting->minimum, setting->maximum);
		if (!setting->if_unset)
			fputs("; required\n", out);
		else if (*setting->if_unset)
			fprintf(out, "; default: %s\n", setting->if_unset);
		else
			fputs("; default: none\n", out);
		if (setting->alternative)
			fprintf(out, "      %s is used if it is not set\n", setting->alternative);
	}
	fputs("\nEach X may be set through X_FILE, the path of a file that contains the value.\n",
	      out);
}
