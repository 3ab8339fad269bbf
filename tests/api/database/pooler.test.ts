// PgBouncer in transaction mode between service and database. It assigns a server connection to a client
// for one transaction.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import pg from 'pg';

import { Client } from '../support/client.js';
import { Cluster } from '../support/database.js';
import { PREPARED_STATEMENTS, Pooler } from '../support/pooler.js';
import { until } from '../support/processes.js';
import { Service } from '../support/service.js';

/** Long timeouts for a busy machine. */
const LONG_TIMEOUTS = { CYBERTREATY_QUERY_TIMEOUT: '20000', CYBERTREATY_POOL_WAIT: '20000' };

/** The settings of the role from docs/operating.md, for that query timeout. */
const ROLE = {
  TimeZone: 'UTC',
  DateStyle: "'ISO, YMD'",
  default_transaction_read_only: 'on',
  client_connection_check_interval: "'250ms'",
  jit: 'off',
  plan_cache_mode: 'force_generic_plan',
  max_parallel_workers_per_gather: '0',
  statement_timeout: "'18000ms'",
};

let cluster: Cluster;
let pooler: Pooler;
let database: string;

before(async () => {
  cluster = await Cluster.start();
  database = await cluster.database('imported');
  await cluster.query('postgres', 'CREATE ROLE pooled LOGIN SUPERUSER');
  for (const [name, value] of Object.entries(ROLE))
    await cluster.query('postgres', `ALTER ROLE pooled SET ${name} TO ${value}`);
  // Fewer connections than the service opens, so that clients share them.
  pooler = await Pooler.start(cluster, {
    user: 'pooled',
    default_pool_size: '2',
  });
});
after(async () => {
  try {
    await pooler?.stop();
  } finally {
    await cluster.stop();
  }
});

function start(env: NodeJS.ProcessEnv): Promise<Service> {
  return Service.start(pooler.url(database), {
    env: { CYBERTREATY_NOTIFY_DATABASE_URL: cluster.url(database), ...LONG_TIMEOUTS, ...env },
  });
}

/** Executes a query as the next client of the pooler. */
async function throughPooler(text: string): Promise<Record<string, unknown>[]> {
  const next = new pg.Client({ ...pooler.place, user: 'postgres', database });
  await next.connect();
  try {
    return (await next.query<Record<string, unknown>>(text)).rows;
  } finally {
    await next.end();
  }
}

const TARGETS = [
  '/v1/countries/NO/profile',
  '/v1/countries?status=party&lang=fr',
  '/v1/reservations?treaty=185&article=29.4',
  '/v1/status?treaty=189&as_of=2015-06-01',
  '/v1/statements?limit=5&sort=-updated_at',
  '/v1/countries?format=csv',
  '/v1/countries/none',
];

async function expectSameResponses(prepare: 'on' | 'off'): Promise<void> {
  const [direct, pooled] = await Promise.all([
    Service.start(cluster.url(database), { env: LONG_TIMEOUTS }),
    start({ CYBERTREATY_PREPARE: prepare, CYBERTREATY_POOL: '8' }),
  ]);
  try {
    const [one, other] = [new Client(direct.url), new Client(pooled.url)];
    for (const target of TARGETS) {
      const [expected, got] = await Promise.all([one.send(target), other.send(target)]);
      assert.equal(got.status, expected.status, target);
      assert.equal(got.headers['etag'], expected.headers['etag'], target);
    }
    // More concurrent requests than the pooler has connections, repeatedly.
    for (let round = 0; round < 3; round++) {
      const responses = await Promise.all(
        Array.from({ length: 30 }, (_, i) =>
          other.send(`/v1/statements?limit=${1 + round * 30 + i}`),
        ),
      );
      assert.deepEqual(
        new Set(responses.map(({ status }) => status)),
        new Set([200]),
        JSON.stringify(pooled.lines().filter(({ level }) => level !== 'info')),
      );
    }
    // Notifications do not pass through the pooler.
    await cluster.query(database, "UPDATE country SET name_en = name_en || '.' WHERE code = 'NO'");
    await until('the write to be visible', 10, async () => {
      const { data } = (await other.send('/v1/countries/NO')).json();
      return (data.name as string).endsWith('.');
    });
    const { rows } = await cluster.query(
      'postgres',
      "SELECT count(*)::int FROM pg_stat_activity WHERE usename = 'pooled'",
    );
    assert.ok(rows[0].count <= 2, `${rows[0].count} connections`);
    assert.ok(!pooled.lines().some(({ event }) => event === 'role_settings_missing'));
  } finally {
    await Promise.all([direct.stop(), pooled.stop()]);
  }
}

test('returns the same responses through a pooler with CYBERTREATY_PREPARE=off', () =>
  expectSameResponses('off'));

test('returns the same responses with CYBERTREATY_PREPARE=on from PgBouncer 1.21', async (context) => {
  if (pooler.prepares) await expectSameResponses('on');
  else context.skip('this PgBouncer does not prepare statements');
});

test('does not repeat the settings of the role with CYBERTREATY_PREPARE=on', async (context) => {
  if (!pooler.prepares) return context.skip('this PgBouncer does not prepare statements');
  const service = await start({ CYBERTREATY_PREPARE: 'on' });
  try {
    assert.equal((await new Client(service.url).send('/v1/countries')).status, 200);
    const [prepared] = await throughPooler('SELECT count(*)::int FROM pg_prepared_statements');
    const count = Number(prepared?.['count']);
    assert.ok(count > 1 && count <= PREPARED_STATEMENTS, `${count} statements are prepared`);
    assert.deepEqual(await throughPooler("SELECT source FROM pg_settings WHERE name = 'jit'"), [
      { source: 'user' },
    ]);
  } finally {
    await service.stop();
  }
});

test('changes no setting of a shared connection with CYBERTREATY_PREPARE=off', async () => {
  await cluster.query('postgres', 'ALTER ROLE pooled RESET statement_timeout');
  await cluster.query('postgres', 'ALTER ROLE pooled SET jit TO on');
  await cluster.query(
    'postgres',
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'pooled'",
  );
  const service = await start({ CYBERTREATY_PREPARE: 'off', CYBERTREATY_POOL: '2' });
  try {
    const client = new Client(service.url);
    assert.equal((await client.send('/v1/countries')).status, 200);
    const warnings = await until('the log line', 5, () => {
      const found = service.lines().filter(({ event }) => event === 'role_settings_missing');
      return found.length > 0 && found;
    });
    assert.equal(warnings.length, 1);
    assert.equal(warnings[0]?.['detail'], 'jit = off; statement_timeout = 18000');
    // The next client of the pooler has the settings of the role only.
    for (let i = 0; i < 10; i++)
      assert.deepEqual(await throughPooler('SHOW statement_timeout'), [{ statement_timeout: '0' }]);
  } finally {
    await service.stop();
    await cluster.query('postgres', "ALTER ROLE pooled SET statement_timeout TO '18000ms'");
    await cluster.query('postgres', 'ALTER ROLE pooled SET jit TO off');
  }
});
