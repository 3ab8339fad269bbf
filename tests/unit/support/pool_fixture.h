/* A fake server, and a pool of connections to it, for each test. */
#pragma once

#include "db/db.h"
#include "support/fake_server.h"

struct pool_fixture {
	struct fake_server *server;
	struct db *db; /* opened by the test */
};

static inline int pool_fixture_open(void **state)
{
	static struct pool_fixture fixture;

	fixture = (struct pool_fixture){.server = fake_open()};
	*state = &fixture;
	return fixture.server ? 0 : -1;
}

static inline int pool_fixture_close(void **state)
{
	struct pool_fixture *fixture = *state;

	db_close(&fixture->db);
	fake_close(&fixture->server);
	return 0;
}
