// Shutdown meets its deadline even if the database hangs.
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
  database = await cluster.database('imported');
});
after(() => cluster.stop());

const DRAIN_SECONDS = 1;
/** For a busy machine; the queries below may take a minute. */
const SPARE_SECONDS = 6;

function start(): Promise<Service> {
  return Service.start(cluster.url(database), {
    env: {
      CYBERTREATY_DRAIN: String(DRAIN_SECONDS),
      CYBERTREATY_QUERY_TIMEOUT: '60000',
      CYBERTREATY_BULK_TIMEOUT: '60000',
      CYBERTREATY_CACHE_BYTES: '0',
    },
  });
}

/** Stops the service, which must not have to be forced; returns how many seconds that took. */
async function stopSeconds(service: Service): Promise<number> {
  const began = performance.now();
  await service.stop();
  assert.equal(service.lines().at(-1)?.event, 'server_stopped');
  return (performance.now() - began) / 1000;
}

test('stops in time while queries wait for a lock', async () => {
  const service = await start();
  const client = new Client(service.url);
  const blocker = await cluster.connect(database);
  try {
    await blocker.query('BEGIN; LOCK TABLE source, tool');
    const pending = ['/v1/sources', '/v1/tools', '/v1/export.ndjson', '/v1/tools?format=csv'].map(
      (target) =>
        client.send(target).then(
          ({ status }) => status,
          () => 'reset' as const,
        ),
    );
    await until('the queries to wait', 20, async () => {
      const { rows } = await cluster.query(
        database,
        "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
      );
      return rows.length >= 3;
    });
    const seconds = await stopSeconds(service);
    assert.ok(seconds < DRAIN_SECONDS + SPARE_SECONDS, `${seconds} s`);
    assert.deepEqual(await Promise.all(pending), [503, 503, 503, 503]);
  } finally {
    await blocker.end();
    await service.stop();
  }
});

test('stops in time while the database does not respond', async () => {
  const service = await start();
  const client = new Client(service.url);
  try {
    assert.equal((await client.send('/v1/sources')).status, 200);
    cluster.signal('SIGSTOP');
    const pending = Array.from({ length: 4 }, (_, i) =>
      client.send(`/v1/sources?limit=${i + 1}`).catch(() => undefined),
    );
    const seconds = await stopSeconds(service);
    assert.ok(seconds < DRAIN_SECONDS + SPARE_SECONDS, `${seconds} s`);
    await Promise.all(pending);
  } finally {
    cluster.signal('SIGCONT');
    await service.stop();
  }
});
