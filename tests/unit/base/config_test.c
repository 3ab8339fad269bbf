#include "base/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/banned.h"

#define URL "DATABASE_URL=host=x"

enum { ENTRIES = 8 };

/* Reads the settings from these variables alone. */
static bool read_from(const char *const *entries, struct config *config, struct error *err)
{
	char **old = environ;
	char *list[ENTRIES + 1] = {0};
	bool read;

	for (size_t i = 0; i < ENTRIES && entries[i]; i++)
		list[i] = (char *)(uintptr_t)entries[i];
	environ = list;
	read = config_read(config, err);
	environ = old;
	return read;
}

static void has_defaults(void **state)
{
	struct config config;
	struct error err;

	(void)state;
	assert_true(read_from((const char *const[]){URL, NULL}, &config, &err));
	assert_string_equal(config.database_url, "host=x");
	assert_string_equal(config.address, "127.0.0.1");
	assert_string_equal(config.public_url, "");
	assert_string_equal(config.origins, "*");
	assert_string_equal(config.log_level, "info");
	assert_string_equal(config.licence_url, "https://creativecommons.org/licenses/by/4.0/");
	assert_int_equal(config.port, 8080);
	assert_int_equal(config.pool, 8);
	assert_int_equal(config.pool_wait, 1000);
	assert_int_equal(config.query_timeout, 2000);
	assert_int_equal(config.bulk_timeout, 10000);
	assert_int_equal(config.cache_bytes, 64 << 20);
	assert_int_equal(config.connections, 4096);
	assert_int_equal(config.idle_timeout, 75);
	assert_int_equal(config.drain, 20);
}

static void prefers_prefixed_names(void **state)
{
	static const char *const entries[] = {"PORT=1", "CYBERTREATY_PORT=2", URL,
					      "CYBERTREATY_DATABASE_URL=host=y", NULL};
	struct config config;
	struct error err;

	(void)state;
	assert_true(read_from(entries, &config, &err));
	assert_int_equal(config.port, 2);
	assert_string_equal(config.database_url, "host=y");
	assert_true(read_from((const char *const[]){URL, "PORT=1", "CYBERTREATY_PORT=", NULL},
			      &config, &err));
	assert_int_equal(config.port, 1);
}

#define RATE_REFUSAL                                                                               \
	"CYBERTREATY_RATE_LIMIT must be requests/seconds such as 600/60, from 1/1 to "             \
	"1000000/86400."

/* Without a refusal the variable is accepted. */
static const struct {
	const char *entry, *refusal;
} values[] = {
	{"CYBERTREATY_PORT=0", NULL},
	{"CYBERTREATY_PORT=65535", NULL},
	{"CYBERTREATY_PORT=http", "CYBERTREATY_PORT must be a number from 0 to 65535, not 'http'."},
	{"CYBERTREATY_PORT=65536",
	 "CYBERTREATY_PORT must be a number from 0 to 65535, not '65536'."},
	{"PORT=-1", "PORT must be a number from 0 to 65535, not '-1'."},
	{"CYBERTREATY_POOL=0", "CYBERTREATY_POOL must be a number from 1 to 1000, not '0'."},
	{"CYBERTREATY_ADDRESS=0.0.0.0", NULL},
	{"CYBERTREATY_ADDRESS=::", NULL},
	{"CYBERTREATY_ADDRESS=localhost",
	 "CYBERTREATY_ADDRESS must be a numeric IPv4 or IPv6 address."},
	{"CYBERTREATY_PUBLIC_URL=https://example.org", NULL},
	{"CYBERTREATY_PUBLIC_URL=http://example.org:8080/a/b", NULL},
	{"CYBERTREATY_PUBLIC_URL=https://example.org/",
	 "CYBERTREATY_PUBLIC_URL must be an http:// or https:// address without a slash at its "
	 "end."},
	{"CYBERTREATY_PUBLIC_URL=example.org", "CYBERTREATY_PUBLIC_URL must be an http:// or "
					       "https:// address without a slash at its end."},
	{"CYBERTREATY_PUBLIC_URL=https://example.org?a",
	 "CYBERTREATY_PUBLIC_URL must be an http:// or https:// address without a slash at its "
	 "end."},
	{"CYBERTREATY_LICENCE_URL=https://example.org/licence?v=1", NULL},
	{"CYBERTREATY_LICENCE_URL=https:///path",
	 "CYBERTREATY_LICENCE_URL must be an http:// or https:// address."},
	{"CYBERTREATY_LICENCE_URL=https://a>; rel=\"x\"",
	 "CYBERTREATY_LICENCE_URL must be an http:// or https:// address."},
	{"CYBERTREATY_LICENCE=\xFF", "CYBERTREATY_LICENCE must be valid UTF-8."},
	{"CYBERTREATY_ORIGINS=*", NULL},
	{"CYBERTREATY_ORIGINS=https://a.example,http://b.example:8080", NULL},
	{"CYBERTREATY_ORIGINS=https://a.example,", "CYBERTREATY_ORIGINS must be * or origins such "
						   "as https://example.org, separated by "
						   "commas."},
	{"CYBERTREATY_ORIGINS=https://a.example/", "CYBERTREATY_ORIGINS must be * or origins such "
						   "as https://example.org, separated by "
						   "commas."},
	{"CYBERTREATY_ORIGINS=https://a.example, https://b.example",
	 "CYBERTREATY_ORIGINS must be * or origins such as https://example.org, separated by "
	 "commas."},
	{"CYBERTREATY_TRUSTED_PROXIES=10.0.0.0/8, ::1", NULL},
	{"CYBERTREATY_TRUSTED_PROXIES=10.0.0.1/8",
	 "CYBERTREATY_TRUSTED_PROXIES must be IP addresses and networks such as 10.0.0.0/8 (no "
	 "bits set after the prefix), separated by commas."},
	{"CYBERTREATY_RATE_LIMIT=600/60", NULL},
	{"CYBERTREATY_RATE_LIMIT=1000000/86400", NULL},
	{"CYBERTREATY_RATE_LIMIT=600", RATE_REFUSAL},
	{"CYBERTREATY_RATE_LIMIT=0/60", RATE_REFUSAL},
	{"CYBERTREATY_RATE_LIMIT=600/0", RATE_REFUSAL},
	{"CYBERTREATY_RATE_LIMIT=1000001/60", RATE_REFUSAL},
	{"CYBERTREATY_RATE_LIMIT=600/86401", RATE_REFUSAL},
	{"CYBERTREATY_RATE_LIMIT=600/60/1", RATE_REFUSAL},
	{"CYBERTREATY_RATE_LIMIT=/60", RATE_REFUSAL},
	{"CYBERTREATY_RATE_LIMIT=6 /60", RATE_REFUSAL},
	{"CYBERTREATY_LOG_LEVEL=debug", NULL},
	{"CYBERTREATY_LOG_LEVEL=loud",
	 "CYBERTREATY_LOG_LEVEL must be debug, info, warning or error."},
	{"CYBERTREATY_POOOL=3",
	 "CYBERTREATY_POOOL is not a setting; `cybertreaty serve --help` lists all."},
	{"CYBERTREATY_QUERYTIMEOUT_FILE=/x",
	 "CYBERTREATY_QUERYTIMEOUT_FILE is not a setting; `cybertreaty serve --help` "
	 "lists all."},
	{"CYBERTREATY_port=1",
	 "CYBERTREATY_port is not a setting; `cybertreaty serve --help` lists all."},
	{"CYBERTREATY_DATABASE_URL_FILE=/nowhere/at/all",
	 "The file that CYBERTREATY_DATABASE_URL_FILE names cannot be read: No such file or "
	 "directory."},
	{"CYBERTREATY_LICENCE_FILE=/dev/null",
	 "The file that CYBERTREATY_LICENCE_FILE names must contain 1 to 65536 bytes, none of them "
	 "zero."},
	{"CYBERTREATY_LICENCE_FILE=/dev/zero",
	 "The file that CYBERTREATY_LICENCE_FILE names must contain 1 to 65536 bytes, none of them "
	 "zero."},
	{"DATABASE_URL_FILE=/dev/null",
	 "DATABASE_URL and DATABASE_URL_FILE are both set; set only one of them."},
	{"OTHER_PORT=x", NULL},
};

static void accepts_and_refuses_values(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		const char *const entries[] = {URL, values[i].entry, NULL};
		struct config config;
		struct error err = {.message = ""};

		assert_int_equal(read_from(entries, &config, &err), !values[i].refusal);
		assert_string_equal(err.message, values[i].refusal ? values[i].refusal : "");
		if (values[i].refusal)
			assert_int_equal(err.kind, ERROR_BAD_REQUEST);
	}
}

static void reports_all_mistakes(void **state)
{
	static const char *const entries[] = {"CYBERTREATY_PORT=x", "CYBERTREATY_POOL=y",
					      "CYBERTREATY_COLOUR=red", NULL};
	struct config config = {.port = 7};
	struct error err;

	(void)state;
	assert_false(read_from(entries, &config, &err));
	assert_non_null(
		strstr(err.message, "CYBERTREATY_DATABASE_URL (or DATABASE_URL) must be set."));
	assert_non_null(strstr(err.message, "not 'x'."));
	assert_non_null(strstr(err.message, "not 'y'."));
	assert_non_null(strstr(err.message, "CYBERTREATY_COLOUR is not a setting"));
	assert_int_equal(config.port, 7);
}

static void warns_of_short_drain(void **state)
{
	static const struct {
		const char *drain, *bulk, *wait;
		bool warns;
	} cases[] = {
		{"CYBERTREATY_DRAIN=20", "CYBERTREATY_BULK_TIMEOUT=19000",
		 "CYBERTREATY_POOL_WAIT=1000", false},
		{"CYBERTREATY_DRAIN=20", "CYBERTREATY_BULK_TIMEOUT=19000",
		 "CYBERTREATY_POOL_WAIT=1001", true},
		{"CYBERTREATY_DRAIN=0", "CYBERTREATY_BULK_TIMEOUT=10", "CYBERTREATY_POOL_WAIT=0",
		 true},
		{"CYBERTREATY_DRAIN=3600", "CYBERTREATY_BULK_TIMEOUT=600000",
		 "CYBERTREATY_POOL_WAIT=60000", false},
	};
	struct config config;
	struct error err, warning;

	(void)state;
	assert_true(read_from((const char *const[]){URL, NULL}, &config, &err));
	assert_false(config_warning(&config, &warning));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *const entries[] = {URL, cases[i].drain, cases[i].bulk, cases[i].wait,
					       NULL};

		assert_true(read_from(entries, &config, &err));
		assert_int_equal(config_warning(&config, &warning), cases[i].warns);
		if (cases[i].warns)
			assert_non_null(strstr(warning.message, "CYBERTREATY_DRAIN ("));
	}
	/* The timeout of bulk queries is at least that of other queries. */
	assert_true(read_from((const char *const[]){URL, "CYBERTREATY_QUERY_TIMEOUT=30000", NULL},
			      &config, &err));
	assert_true(config_warning(&config, &warning));
	assert_non_null(strstr(warning.message, "(31000 ms)"));
}

/* Messages contain no values that may be secret. */
static void does_not_reveal_secrets(void **state)
{
	static const char *const entries[] = {
		"CYBERTREATY_DATABASE_URL=postgresql://user:secret@host/db\xFF",
		"CYBERTREATY_SECRET_THING=secret", NULL};
	struct config config;
	struct error err;

	(void)state;
	assert_false(read_from(entries, &config, &err));
	assert_null(strstr(err.message, "secret"));
}

static const struct {
	const char *content, *value; /* NULL: refused */
} files[] = {
	{"host=z", "host=z"},	    {"host=z\n", "host=z"},   {"host=z\r\n", "host=z"},
	{"host=z\n\n", "host=z\n"}, {" host=z ", " host=z "}, {"\n", NULL},
};

static void reads_files(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		char path[] = "/tmp/cybertreaty-config-XXXXXX", entry[128];
		const char *const entries[] = {entry, NULL};
		size_t length = strlen(files[i].content);
		struct config config;
		struct error err;
		int descriptor = mkstemp(path);

		assert_true(descriptor >= 0);
		assert_int_equal(write(descriptor, files[i].content, length), length);
		close(descriptor);
		snprintf(entry, sizeof entry, "CYBERTREATY_DATABASE_URL_FILE=%s", path);
		assert_int_equal(read_from(entries, &config, &err), files[i].value != NULL);
		unlink(path);
		if (files[i].value)
			assert_string_equal(config.database_url, files[i].value);
	}
}

static void describes_every_setting(void **state)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	(void)state;
	assert_non_null(out);
	config_describe(out);
	fclose(out);
	for (const char *name = "CYBERTREATY_DATABASE_URL\0CYBERTREATY_PORT\0CYBERTREATY_DRAIN\0";
	     *name; name += strlen(name) + 1)
		assert_non_null(strstr(text, name));
	assert_non_null(
		strstr(text, "port to listen on; 0: any free port (0 to 65535); default: 8080"));
	assert_non_null(strstr(text, "X_FILE"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_defaults),
		cmocka_unit_test(prefers_prefixed_names),
		cmocka_unit_test(accepts_and_refuses_values),
		cmocka_unit_test(reports_all_mistakes),
		cmocka_unit_test(warns_of_short_drain),
		cmocka_unit_test(does_not_reveal_secrets),
		cmocka_unit_test(reads_files),
		cmocka_unit_test(describes_every_setting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
