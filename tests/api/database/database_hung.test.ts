// A hung database: its processes are stopped, its sockets stay open.
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

/** Sends a GET that must return `status`; returns the response time in milliseconds. */
async function responseTime(client: Client, target: string, status: number): Promise<number> {
  const began = performance.now();
  assert.equal((await client.send(target)).status, status, target);
  return performance.now() - began;
}

/** Runs a service and calls `act` while the database server is stopped. */
async function whileHung(
  queryTimeout: number,
  act: (client: Client, service: Service) => Promise<void>,
): Promise<void> {
  const service = await Service.start(cluster.url(database), {
    env: {
      CYBERTREATY_QUERY_TIMEOUT: String(queryTimeout),
      CYBERTREATY_POOL: '4',
      // Without a cache, every response needs the database.
      CYBERTREATY_CACHE_BYTES: '0',
    },
  });
  const client = new Client(service.url);
  let stopped = false;

  try {
    assert.equal((await client.send('/v1/countries')).status, 200);
    await until('the listener to connect', 10, () =>
      service.lines().some(({ event }) => event === 'listener_connected'),
    );
    stopped = true;
    cluster.signal('SIGSTOP');
    await act(client, service);
    cluster.signal('SIGCONT');
    stopped = false;
    await until(
      'a response with facts',
      15,
      async () => (await client.send('/v1/countries')).status === 200,
    );
    await until('database_up in the log', 5, () =>
      service.lines().some(({ event }) => event === 'database_up'),
    );
  } finally {
    if (stopped) cluster.signal('SIGCONT');
    await service.stop();
  }
}

test('returns 503 at the deadline, then immediately, and recovers', async () => {
  await whileHung(1000, async (client, service) => {
    const responses = await Promise.all(
      Array.from({ length: 16 }, () => responseTime(client, '/v1/countries', 503)),
    );
    assert.ok(Math.max(...responses) < 8000, `the slowest took ${Math.max(...responses)} ms`);
    await until(
      'requests to fail immediately',
      15,
      async () => (await responseTime(client, '/v1/countries', 503)) < 500,
    );
    await responseTime(client, '/healthz', 200);
    await until('database_down in the log', 5, () =>
      service.lines().some(({ event }) => event === 'database_down'),
    );
  });
});

test('cancels a long query when the listener times out too', async () => {
  await whileHung(60_000, async (client) => {
    const responses = await Promise.all(
      Array.from({ length: 16 }, () => responseTime(client, '/v1/countries', 503)),
    );
    // The listener sends a query every second, which times out after a second; a busy machine adds delay.
    assert.ok(Math.max(...responses) < 15_000, `the slowest took ${Math.max(...responses)} ms`);
    assert.ok((await responseTime(client, '/v1/sources', 503)) < 5000);
  });
});

test('does not cancel a long query when only the listener is disconnected', async () => {
  const service = await Service.start(cluster.url(database), {
    env: { CYBERTREATY_CACHE_BYTES: '0', CYBERTREATY_QUERY_TIMEOUT: '60000' },
  });
  const client = new Client(service.url);
  const blocker = await cluster.connect(database);
  const connects = () =>
    service.lines().filter(({ event }) => event === 'listener_connected').length;

  try {
    await until('the listener to connect', 10, () => connects() === 1);
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
    await until('the listener to reconnect', 10, () => connects() === 2);
    await blocker.query('ROLLBACK');
    assert.equal((await response).status, 200);
    assert.ok(!service.lines().some(({ event }) => event === 'database_down'));
  } finally {
    await blocker.end();
    await service.stop();
  }
});
