// Readers of cached responses during an outage of the database, or while its pool is exhausted.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { TcpProxy, OUTAGES, CACHED_TARGETS, changeSource } from '../api/support/tcp_proxy.js';
import { Client } from '../api/support/client.js';
import { Cluster } from '../api/support/database.js';
import { pause, until } from '../api/support/processes.js';
import { Service } from '../api/support/service.js';
import { LOADED_FROM, type Outcome, load } from './wrk.js';

/** Connections, and the mean pause of each in milliseconds. They load the service to about half of its
 * capacity, so that its latency and not a queue is measured. */
const READERS = { connections: 64, pause: 16 };
const BEFORE = 2000;
const OUTAGE = 6000;
/** Milliseconds between two requests for uncached responses. */
const INTERVAL = 100;
/** A response within so many milliseconds came without waiting for the database. */
const IMMEDIATE = 200;

let cluster: Cluster;
let database: string;

before(async () => {
  cluster = await Cluster.start();
  database = await cluster.database('imported');
});
after(() => cluster.stop());

async function fillCache(client: Client): Promise<void> {
  for (const target of CACHED_TARGETS) assert.equal((await client.send(target)).status, 200);
}

/** Reads cached targets; any response but 200 fails the test. */
const read = (service: Service, seconds: number): Promise<Outcome> =>
  load({ url: service.url, targets: CACHED_TARGETS, ...READERS, seconds, processor: LOADED_FROM });

const summary = ({ requests, p50, p99, max }: Outcome): string =>
  `${requests} responses: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, slowest ${max.toFixed(1)} ms`;

function expectFast({ requests, p99 }: Outcome): void {
  assert.ok(requests > 1000, String(requests));
  assert.ok(p99 < 20, `p99 is ${p99} ms`);
}

/** Requests uncached targets, all of which must return 503. Returns the longest response time, and
 * the time until all responses were immediate. */
async function requestUncached(client: Client): Promise<{ longest: number; noticed: number }> {
  const began = performance.now();
  const requests: Promise<{ took: number; at: number }>[] = [];

  for (let i = 1; performance.now() - began < OUTAGE - 1000; i++) {
    const at = performance.now();
    requests.push(
      client.send(`/v1/strategies?limit=${i}`).then(({ status, headers }) => {
        assert.equal(status, 503);
        assert.ok(Number(headers['retry-after']) >= 1);
        return { took: performance.now() - at, at: performance.now() - began };
      }),
    );
    await pause(INTERVAL);
  }
  const responses = await Promise.all(requests);
  const late = responses.filter(({ took }) => took > IMMEDIATE);
  return {
    longest: Math.max(...responses.map(({ took }) => took)),
    noticed: Math.max(0, ...late.map(({ at }) => at)),
  };
}

for (const { name, fail, restore } of OUTAGES)
  test(`serves cached responses with p99 under 20 ms while the database is ${name}`, async (t) => {
    const proxy = new TcpProxy(cluster, database);
    const service = await Service.start(proxy.url);
    const client = new Client(service.url);
    try {
      await fillCache(client);
      const reading = read(service, (BEFORE + OUTAGE) / 1000);
      await pause(BEFORE);
      await fail(cluster, proxy);
      const [outcome, { longest, noticed }] = await Promise.all([reading, requestUncached(client)]);
      const { headers } = await client.send('/v1/countries');
      assert.ok(headers['cache-status'] !== undefined, 'the response has Cache-Status');

      await restore(cluster, proxy);
      const now = String(await changeSource(cluster, database));
      const restored = performance.now();
      await until('a fresh response', 10, async () => {
        const { headers } = await client.send('/v1/sources');
        return headers['dataset-revision'] === now && headers['age'] === undefined;
      });
      const fresh = performance.now() - restored;
      t.diagnostic(
        `${summary(outcome)}; immediate 503 after ${noticed.toFixed(0)} ms, the slowest took ` +
          `${longest.toFixed(0)} ms; fresh ${fresh.toFixed(0)} ms after the outage`,
      );
      expectFast(outcome);
      // Two queries must time out after a second each before the database counts as down.
      assert.ok(noticed < 3000, `noticed after ${noticed} ms`);
      assert.ok(fresh < 1000, `fresh after ${fresh} ms`);
    } finally {
      proxy.close();
      await service.stop();
    }
  });

test('serves cached responses with p99 under 20 ms while the pool is exhausted', async (t) => {
  const POOL = 8;
  const slow = await cluster.database('imported');
  const service = await Service.start(cluster.url(slow), {
    env: {
      CYBERTREATY_POOL: String(POOL),
      CYBERTREATY_POOL_WAIT: '60000',
      CYBERTREATY_QUERY_TIMEOUT: '60000',
    },
  });
  const client = new Client(service.url);
  /** Delays the queries by `seconds` for each timestamp in a response. */
  const delayQueries = (seconds: number): Promise<unknown> =>
    cluster.query(
      slow,
      `CREATE OR REPLACE FUNCTION rfc3339(moment timestamptz) RETURNS text LANGUAGE sql VOLATILE
       AS $$ SELECT pg_sleep(${seconds})::text || '2026-01-01T00:00:00.000000Z' $$`,
    );
  const sleeping = async (): Promise<number[]> =>
    (
      await cluster.query(
        slow,
        `SELECT pid FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event = 'PgSleep'`,
      )
    ).rows.map(({ pid }) => pid as number);
  try {
    await fillCache(client);
    await delayQueries(60);
    const held = Promise.all(
      Array.from({ length: 2 * POOL }, (_, i) => client.send(`/v1/strategies?limit=${i + 1}`)),
    );
    const before = await until('all connections to be busy', 20, async () => {
      const pids = await sleeping();
      return pids.length === POOL && pids;
    });
    const outcome = await read(service, OUTAGE / 1000);
    assert.deepEqual(new Set(await sleeping()), new Set(before), 'the connections stayed busy');
    await delayQueries(0);
    for (const pid of before)
      await cluster.query(slow, 'SELECT pg_terminate_backend($1::integer)', [pid]);
    // A query whose connection was terminated is retried.
    for (const { status } of await held) assert.equal(status, 200);
    t.diagnostic(summary(outcome));
    expectFast(outcome);
  } finally {
    await service.stop();
    await cluster.drop(slow);
  }
});
