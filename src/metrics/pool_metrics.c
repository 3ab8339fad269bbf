#include "metrics/families.h"

#include "api/application.h"
#include "db/db.h"

#include <stddef.h>
#include <stdio.h>

#include "base/banned.h"

enum { POOLS = 2 };

static const char *const names[POOLS] = {"read", "primary"};

static const struct pool_metric {
	enum exposition_kind kind;
	const char *name, *help;
	size_t offset;
	void (*show)(struct exposition *text, const char *suffix, const char *labels,
		     uint64_t value);
} pool_metrics[] = {
	{EXPOSE_GAUGE, "cybertreaty_pool_connections_max",
	 "Maximum number of database connections.", offsetof(struct db_statistics, size),
	 exposition_count},
	{EXPOSE_GAUGE, "cybertreaty_pool_waiting",
	 "Requests that are waiting for a database connection.",
	 offsetof(struct db_statistics, waiting), exposition_count},
	{EXPOSE_COUNTER, "cybertreaty_pool_waits",
	 "Requests that waited for a database connection.", offsetof(struct db_statistics, waits),
	 exposition_count},
	{EXPOSE_COUNTER, "cybertreaty_pool_wait_seconds",
	 "Total time that requests waited for a database connection.",
	 offsetof(struct db_statistics, waited_microseconds), exposition_seconds},
	{EXPOSE_COUNTER, "cybertreaty_pool_wait_timeouts",
	 "Requests that timed out waiting for a database connection.",
	 offsetof(struct db_statistics, waits_expired), exposition_count},
	{EXPOSE_COUNTER, "cybertreaty_pool_connections_opened",
	 "Database connections that were opened.", offsetof(struct db_statistics, connects),
	 exposition_count},
	{EXPOSE_COUNTER, "cybertreaty_pool_connection_failures",
	 "Database connections that could not be opened.",
	 offsetof(struct db_statistics, connects_failed), exposition_count},
	{EXPOSE_GAUGE, "cybertreaty_pool_down",
	 "1 while the database is considered down and requests do not wait for it.",
	 offsetof(struct db_statistics, down), exposition_count},
	{0},
};

static void add_states(struct exposition *text, const struct db_statistics *pools, size_t count)
{
	char labels[64];

	exposition_family(text, EXPOSE_GAUGE, "cybertreaty_pool_connections",
			  "Open database connections by state.");
	for (size_t i = 0; i < count; i++) {
		snprintf(labels, sizeof labels, "pool=\"%s\",state=\"idle\"", names[i]);
		exposition_count(text, "", labels, pools[i].idle);
		snprintf(labels, sizeof labels, "pool=\"%s\",state=\"used\"", names[i]);
		exposition_count(text, "", labels, pools[i].open - pools[i].idle);
	}
}

void pool_metrics_add(struct exposition *text, const struct application *application)
{
	const size_t count = application->primary == application->db ? 1 : POOLS;
	struct db_statistics pools[POOLS];
	char labels[32];

	db_statistics(application->db, &pools[0]);
	db_statistics(application->primary, &pools[1]);
	add_states(text, pools, count);
	for (const struct pool_metric *metric = pool_metrics; metric->name; metric++) {
		exposition_family(text, metric->kind, metric->name, metric->help);
		for (size_t i = 0; i < count; i++) {
			const char *member = (const char *)&pools[i] + metric->offset;

			snprintf(labels, sizeof labels, "pool=\"%s\"", names[i]);
			metric->show(text, "", labels, *(const uint64_t *)(const void *)member);
		}
	}
}
