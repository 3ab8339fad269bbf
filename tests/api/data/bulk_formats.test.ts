// Timeouts and connections of bulk formats.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Client } from '../support/client.js';
import { Cluster } from '../support/database.js';
import { until } from '../support/processes.js';
import { Service } from '../support/service.js';

const cluster = Cluster.shared();
const POOL = 6;
const PRIMARY_POOL = 2;
const WAITS = (POOL + PRIMARY_POOL + 8) / 2; // half of the threads

/** Opens all connections of the pool, which need every table to prepare their statements. */
async function fillPool(client: Client, database: string): Promise<void> {
  let limit = 0;
  await until(`${POOL} connections`, 20, async () => {
    await Promise.all(
      Array.from({ length: 2 * POOL }, () => client.send(`/v1/sources?limit=${++limit}`)),
    );
    const { rows } = await cluster.query(
      database,
      `SELECT count(*)::integer AS open FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'cybertreaty serve'`,
    );
    return rows[0].open === POOL;
  });
}

/** Runs a service on a database that blocks readers of tools until `release` is called. */
async function withHeldTools(
  env: Record<string, string>,
  act: (
    client: Client,
    held: (count: number) => Promise<unknown>,
    release: () => Promise<void>,
  ) => Promise<void>,
): Promise<void> {
  const database = await cluster.database('imported');
  const service = await Service.start(cluster.url(database), {
    env: {
      ...env,
      CYBERTREATY_POOL: String(POOL),
      CYBERTREATY_PRIMARY_POOL: String(PRIMARY_POOL),
    },
  });
  const client = new Client(service.url);
  const holder = await cluster.connect(database);
  let open = true;
  const release = async (): Promise<void> => {
    if (open) await holder.end();
    open = false;
  };
  const held = (count: number): Promise<unknown> =>
    until(`${count} queries to wait for the table`, 20, async () => {
      const { rows } = await cluster.query(
        database,
        `SELECT count(*)::integer AS waiting FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      assert.ok(rows[0].waiting <= count, 'more queries wait than allowed');
      return rows[0].waiting === count;
    });

  try {
    await fillPool(client, database);
    await holder.query('BEGIN; LOCK TABLE tool IN ACCESS EXCLUSIVE MODE');
    await act(client, held, release);
  } finally {
    await release();
    await service.stop();
    await cluster.drop(database);
  }
}

test('applies the bulk timeout to the export', async () => {
  await withHeldTools(
    { CYBERTREATY_QUERY_TIMEOUT: '500', CYBERTREATY_BULK_TIMEOUT: '60000' },
    async (client, held, release) => {
      const dataset = client.send('/v1/export.ndjson');
      await held(1);
      // Each of these times out, so that the export has run longer than the short timeout.
      for (let i = 0; i < 2; i++) assert.equal((await client.send('/v1/tools')).status, 503);
      await release();
      assert.equal((await dataset).status, 200);
      await until(
        'the list to succeed again',
        15,
        async () => (await client.send('/v1/tools')).status === 200,
      );
    },
  );
});

test('applies the bulk timeout to CSV and NDJSON', async () => {
  const database = await cluster.database('imported');
  await cluster.query(
    database,
    `CREATE OR REPLACE FUNCTION rfc3339(moment timestamptz) RETURNS text LANGUAGE sql VOLATILE
     AS $$ SELECT pg_sleep(0.05)::text || '2026-01-01T00:00:00.000000Z' $$`,
  );
  const service = await Service.start(cluster.url(database), {
    env: { CYBERTREATY_QUERY_TIMEOUT: '1000', CYBERTREATY_BULK_TIMEOUT: '60000' },
  });
  const client = new Client(service.url);

  // The query of 43 tools takes two seconds.
  for (const [format, status] of [
    ['csv', 200],
    ['json', 503],
    ['ndjson', 200],
    ['json', 503],
  ] as const)
    assert.equal((await client.send(`/v1/tools?format=${format}`)).status, status, format);
  await service.stop();
  await cluster.drop(database);
});

test('limits bulk responses to half of the connections', async () => {
  await withHeldTools({ CYBERTREATY_BULK_TIMEOUT: '60000' }, async (client, held, release) => {
    const bulk = Promise.all(
      [1, 2, 3, 4, 5, 6, 7].map((limit) => client.send(`/v1/tools?format=csv&limit=${limit}`)),
    );
    await held(POOL / 2);
    for (const target of ['/v1/sources', '/v1/countries?limit=3'])
      assert.equal((await client.send(target)).status, 200, target);
    await held(POOL / 2);
    await release();
    for (const { status } of await bulk) assert.equal(status, 200);
  });
});

const WHOLE = [
  {
    what: 'different lists',
    target: (i: number) => `/v1/tools?format=csv&limit=${i + 1}`,
    run: POOL / 2,
  },
  { what: 'the same export', target: () => '/v1/export.ndjson', run: 1 },
];

for (const { what, target, run } of WHOLE)
  test(`leaves threads to other requests while many clients request ${what}`, async () => {
    await withHeldTools({ CYBERTREATY_BULK_TIMEOUT: '60000' }, async (client, held, release) => {
      const COUNT = 48;
      const SOCKETS = 8; // of one client
      let refused = 0;
      const clients = Array.from({ length: COUNT / SOCKETS }, () => new Client(client.url));
      const bulk = Promise.all(
        clients.flatMap((each, i) =>
          Array.from({ length: SOCKETS }, async (_, j) => {
            const { status, headers } = await each.send(target(i * SOCKETS + j));
            if (status === 503) {
              assert.ok(headers['retry-after']);
              refused++;
            }
            return status;
          }),
        ),
      );
      await until('the last request to wait', 20, () => refused === COUNT - run - WAITS);
      await held(run);
      const began = performance.now();
      assert.equal((await client.send('/v1/countries?limit=3')).status, 200);
      assert.ok(performance.now() - began < 5000, 'The request waits for whole lists.');
      await release();
      const succeeded = (await bulk).filter((status) => status === 200);
      assert.equal(succeeded.length, run + WAITS);
    });
  });

test('returns 503 with Retry-After at the bulk timeout and recovers', async () => {
  await withHeldTools(
    { CYBERTREATY_QUERY_TIMEOUT: '200', CYBERTREATY_BULK_TIMEOUT: '1000' },
    async (client, _held, release) => {
      for (const target of ['/v1/tools?format=csv', '/v1/export.ndjson']) {
        const response = await client.send(target);
        assert.equal(response.status, 503, target);
        assert.ok(response.headers['retry-after']);
      }
      await release();
      await until(
        'the list to succeed again',
        15,
        async () => (await client.send('/v1/tools?format=csv')).status === 200,
      );
    },
  );
});
