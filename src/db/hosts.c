#include "db/hosts.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum { NAME, ADDRESS, PORT };

const char *hosts_option(const struct hosts *hosts, const char *keyword)
{
	const PQconninfoOption *option = hosts->options;

	while (option->keyword && strcmp(option->keyword, keyword) != 0)
		option++;
	return option->val;
}

/* The elements of a comma-separated list, which is cut up; more than HOSTS_MAXIMUM are counted. */
static size_t split(char *list, const char *elements[HOSTS_MAXIMUM])
{
	size_t count = 0;

	for (char *rest = list; rest;) {
		char *element = strsep(&rest, ",");

		if (count++ < HOSTS_MAXIMUM)
			elements[count - 1] = element;
	}
	return count;
}

static bool fill(struct hosts *hosts, struct error *err)
{
	static const char *const keywords[] = {"host", "hostaddr", "port"};
	const char *elements[3][HOSTS_MAXIMUM] = {0};
	size_t counts[3] = {0};

	for (size_t i = NAME; i <= PORT; i++) {
		const char *list = hosts_option(hosts, keywords[i]);

		if (!list)
			continue;
		hosts->texts[i] = strdup(list);
		if (!hosts->texts[i])
			return error_out_of_memory(err);
		counts[i] = split(hosts->texts[i], elements[i]);
	}
	hosts->count = counts[ADDRESS] ? counts[ADDRESS] : counts[NAME] ? counts[NAME] : 1;
	if (hosts->count > HOSTS_MAXIMUM)
		return error_set(err, ERROR_BAD_REQUEST,
				 "The database URL names more than %d hosts.", HOSTS_MAXIMUM);
	if ((counts[NAME] && counts[NAME] != hosts->count) ||
	    (counts[PORT] > 1 && counts[PORT] != hosts->count))
		return error_set(err, ERROR_BAD_REQUEST,
				 "The database URL must name as many ports as hosts, or one port.");
	for (size_t i = 0; i < hosts->count; i++)
		hosts->each[i] = (struct host){
			.name = elements[NAME][i],
			.address = elements[ADDRESS][i],
			.port = elements[PORT][counts[PORT] == 1 ? 0 : i],
		};
	return true;
}

bool hosts_read(const char *url, struct hosts *hosts, struct error *err)
{
	char *complaint = NULL;

	*hosts = (struct hosts){.options = PQconninfoParse(url, &complaint)};
	/* The complaint quotes the text, which may hold a password. */
	PQfreemem(complaint);
	if (!hosts->options)
		return error_set(err, ERROR_BAD_REQUEST,
				 "The database URL is neither postgresql://user@host/database "
				 "nor host=... dbname=...; characters with a meaning in it "
				 "must be percent-encoded.");
	return fill(hosts, err);
}

void hosts_free(struct hosts *hosts)
{
	PQconninfoFree(hosts->options);
	for (size_t i = NAME; i <= PORT; i++)
		free(hosts->texts[i]);
	*hosts = (struct hosts){0};
}
