// Readers of kept answers while the database is busy, or goes away under load and comes back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { TcpProxy, OUTAGES, CACHED_TARGETS, changeSource } from '../api/support/tcp_proxy.js';
import { Client } from '../api/support/client.js';
import { Cluster } from '../api/support/database.js';
import { pause, until } from '../api/support/processes.js';
import { Service } from '../api/support/service.js';
import { LOADED_FROM, type Outcome, load } from './wrk.js';

/** Connections, each of which pauses for as many milliseconds on average: about half of what the
 * service can give, so that its latency and not its queue is measured. */
const READERS = { connections: 64, pause: 16 };
const BEFORE = 2000;
const AWAY = 6000;
/** Milliseconds between two requests for what is not kept. */
const RHYTHM = 100;
/** What takes longer than so many milliseconds was not answered at once. */
const AT_ONCE = 200;

let cluster: Cluster;
let database: string;

before(async () => {
  cluster = await Cluster.start();
  database = await cluster.database('imported');
});
after(() => cluster.stop());

async function keep(client: Client): Promise<void> {
  for (const target of CACHED_TARGETS) assert.equal((await client.send(target)).status, 200);
}

/** An answer that fails or refuses, at any moment of it, ends the test. */
const read = (service: Service, seconds: number): Promise<Outcome> =>
  load({ url: service.url, targets: CACHED_TARGETS, ...READERS, seconds, processor: LOADED_FROM });

const told = ({ requests, p50, p99, max }: Outcome): string =>
  `${requests} answers: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, slowest ${max.toFixed(1)} ms`;

function expectFast({ requests, p99 }: Outcome): void {
  assert.ok(requests > 1000, String(requests));
  assert.ok(p99 < 20, `p99 is ${p99} ms`);
}

/** Asks for what is not kept, again and again; all of it must be refused. Gives the longest wait,
 * and how long it took until each refusal came at once. */
async function askInVain(client: Client): Promise<{ longest: number; noticed: number }> {
  const began = performance.now();
  const asked: Promise<{ took: number; at: number }>[] = [];

  for (let i = 1; performance.now() - began < AWAY - 1000; i++) {
    const at = performance.now();
    asked.push(
      client.send(`/v1/strategies?limit=${i}`).then(({ status, headers }) => {
        assert.equal(status, 503);
        assert.ok(Number(headers['retry-after']) >= 1);
        return { took: performance.now() - at, at: performance.now() - began };
      }),
    );
    await pause(RHYTHM);
  }
  const responses = await Promise.all(asked);
  const late = responses.filter(({ took }) => took > AT_ONCE);
  return {
    longest: Math.max(...responses.map(({ took }) => took)),
    noticed: Math.max(0, ...late.map(({ at }) => at)),
  };
}

for (const { name, fail, restore } of OUTAGES)
  test(`stale: with the database ${name} under load, kept answers go on with p99 under 20 ms`, async (t) => {
    const proxy = new TcpProxy(cluster, database);
    const service = await Service.start(proxy.url);
    const client = new Client(service.url);
    try {
      await keep(client);
      const reading = read(service, (BEFORE + AWAY) / 1000);
      await pause(BEFORE);
      await fail(cluster, proxy);
      const [outcome, { longest, noticed }] = await Promise.all([reading, askInVain(client)]);
      const { headers } = await client.send('/v1/countries');
      assert.ok(headers['cache-status'] !== undefined, 'it says that it may be old');

      await restore(cluster, proxy);
      const now = String(await changeSource(cluster, database));
      const healed = performance.now();
      await until('a new answer', 10, async () => {
        const { headers } = await client.send('/v1/sources');
        return headers['dataset-revision'] === now && headers['age'] === undefined;
      });
      const fresh = performance.now() - healed;
      t.diagnostic(
        `${told(outcome)}; 503 at once from ${noticed.toFixed(0)} ms on, the longest wait was ` +
          `${longest.toFixed(0)} ms; new ${fresh.toFixed(0)} ms after the return`,
      );
      expectFast(outcome);
      // Two questions of a second each tell that a server is frozen.
      assert.ok(noticed < 3000, `noticed after ${noticed} ms`);
      assert.ok(fresh < 1000, `new after ${fresh} ms`);
    } finally {
      proxy.close();
      await service.stop();
    }
  });

test('stale: with every connection of the pool held, kept answers go on with p99 under 20 ms', async (t) => {
  const POOL = 8;
  const slow = await cluster.database('imported');
  const service = await Service.start(cluster.url(slow), {
    env: { CYBERTREATY_POOL: String(POOL), CYBERTREATY_QUERY_TIMEOUT: '60000' },
  });
  const client = new Client(service.url);
  /** Each moment in an answer takes so long. */
  const takeSeconds = (seconds: number): Promise<unknown> =>
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
    await keep(client);
    await takeSeconds(60);
    const held = Promise.all(
      Array.from({ length: 2 * POOL }, (_, i) => client.send(`/v1/strategies?limit=${i + 1}`)),
    );
    const before = await until('all connections to be held', 20, async () => {
      const pids = await sleeping();
      return pids.length === POOL && pids;
    });
    const outcome = await read(service, AWAY / 1000);
    assert.deepEqual(new Set(await sleeping()), new Set(before), 'they are held all the time');
    await takeSeconds(0);
    for (const pid of before)
      await cluster.query(slow, 'SELECT pg_terminate_backend($1::integer)', [pid]);
    // Those that were lost are asked again; others may have found no connection free.
    for (const { status } of await held) assert.ok(status === 200 || status === 503);
    t.diagnostic(told(outcome));
    expectFast(outcome);
  } finally {
    await service.stop();
    await cluster.drop(slow);
  }
});
