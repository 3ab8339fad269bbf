// The database is there and says nothing: its processes are stopped, its sockets stay open.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Client } from '../support/client.js';
import { Cluster } from '../support/database.js';
import { until } from '../support/processes.js';
import { Service } from '../support/service.js';

let cluster: Cluster;
let database: string;

before(async () => {
  cluster = await Cluster.start();
  database = await cluster.database('migrated');
});
after(() => cluster.stop());

/** Asks; gives how many milliseconds it took. */
async function took(client: Client, target: string, status: number): Promise<number> {
  const began = performance.now();
  assert.equal((await client.send(target)).status, status, target);
  return performance.now() - began;
}

/** Runs a service whose queries may take so long while the server is stopped, and after. */
async function whileSilent(
  queryTimeout: number,
  act: (client: Client, service: Service) => Promise<void>,
): Promise<void> {
  const service = await Service.start(cluster.url(database), {
    env: {
      CYBERTREATY_QUERY_TIMEOUT: String(queryTimeout),
      CYBERTREATY_POOL: '4',
      // What is kept would go on being given.
      CYBERTREATY_CACHE_BYTES: '0',
    },
  });
  const client = new Client(service.url);
  let stopped = false;

  try {
    assert.equal((await client.send('/v1/countries')).status, 200);
    await until('somebody to listen', 10, () =>
      service.lines().some(({ event }) => event === 'listener_connected'),
    );
    stopped = true;
    cluster.signal('SIGSTOP');
    await act(client, service);
    cluster.signal('SIGCONT');
    stopped = false;
    await until('facts', 15, async () => (await client.send('/v1/countries')).status === 200);
    assert.ok(service.lines().some(({ event }) => event === 'database_up'));
  } finally {
    if (stopped) cluster.signal('SIGCONT');
    await service.stop();
  }
}

test('silent: requests end by their deadline, then at once, and it heals by itself', async () => {
  await whileSilent(1000, async (client, service) => {
    const responses = await Promise.all(
      Array.from({ length: 16 }, () => took(client, '/v1/countries', 503)),
    );
    assert.ok(Math.max(...responses) < 8000, `the slowest took ${Math.max(...responses)} ms`);
    await until(
      'requests to fail at once',
      15,
      async () => (await took(client, '/v1/countries', 503)) < 500,
    );
    await took(client, '/healthz', 200);
    assert.ok(service.lines().some(({ event }) => event === 'database_down'));
  });
});

test('silent: a query that may take long ends when the listener hears nothing either', async () => {
  await whileSilent(60_000, async (client) => {
    const responses = await Promise.all(
      Array.from({ length: 16 }, () => took(client, '/v1/countries', 503)),
    );
    // The question that comes each second may take one; the rest is for a busy machine.
    assert.ok(Math.max(...responses) < 15_000, `the slowest took ${Math.max(...responses)} ms`);
    assert.ok((await took(client, '/v1/sources', 503)) < 5000);
  });
});

test('silent: a listener that is ended is no witness against a query that takes long', async () => {
  const service = await Service.start(cluster.url(database), {
    env: { CYBERTREATY_CACHE_BYTES: '0', CYBERTREATY_QUERY_TIMEOUT: '60000' },
  });
  const client = new Client(service.url);
  const blocker = await cluster.connect(database);
  const heard = () => service.lines().filter(({ event }) => event === 'listener_connected').length;

  try {
    await until('somebody to listen', 10, () => heard() === 1);
    await blocker.query('BEGIN; LOCK TABLE source');
    const response = client.send('/v1/sources');
    await until('the query to run', 10, async () => {
      const running = await cluster.query(
        database,
        `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'
           AND now() - query_start > interval '1 second'`,
      );
      return running.rows.length > 0;
    });
    await cluster.query(
      database,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'cybertreaty listen' AND datname = current_database()`,
    );
    await until('somebody to listen again', 10, () => heard() === 2);
    await blocker.query('ROLLBACK');
    assert.equal((await response).status, 200);
    assert.ok(!service.lines().some(({ event }) => event === 'database_down'));
  } finally {
    await blocker.end();
    await service.stop();
  }
});
