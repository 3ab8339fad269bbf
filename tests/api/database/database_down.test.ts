// An outage of the database.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Client, type Problem } from '../support/client.js';
import { Cluster } from '../support/database.js';
import { until } from '../support/processes.js';
import { Service } from '../support/service.js';

let cluster: Cluster;
let service: Service;
let client: Client;
let database: string;

before(async () => {
  cluster = await Cluster.start();
  database = await cluster.database('migrated');
  service = await Service.start(cluster.url(database));
  client = new Client(service.url);
});
after(async () => {
  try {
    await service.stop();
  } finally {
    await cluster.stop();
  }
});

const FACTS = [
  '/v1',
  '/v1/countries',
  '/v1/countries/NO',
  '/v1/countries/NO/profile',
  '/v1/status?country=NO',
  '/v1/statements/NO-185-R-06',
  '/v1/sources',
];

async function expectDown(target: string): Promise<void> {
  const began = Date.now();
  const response = await client.send(target);
  const problem = response.json<Problem>();

  assert.equal(response.status, 503, target);
  assert.ok(Number(response.headers['retry-after']) >= 1, target);
  assert.equal(problem.type, '/problems/unavailable');
  assert.doesNotMatch(
    response.text,
    /socket|server|libpq|connection|No such file|pg_|SQL/i,
    target,
  );
  assert.ok(Date.now() - began < 1500, `${target} took ${Date.now() - began} ms`);
}

test('returns 503 with Retry-After immediately, without messages of the driver', async () => {
  await cluster.halt();
  await client.send('/v1/countries');
  for (const target of FACTS) await expectDown(target);
  for (const target of FACTS)
    assert.equal((await client.send(target, { method: 'HEAD' })).status, 503, target);
});

test('returns 4xx for an erroneous request during the outage', async () => {
  await client.problem(400, '/v1/statements?colour=red');
  await client.problem(404, '/nowhere');
  await client.problem(405, '/v1/countries', { method: 'DELETE' });
});

test('is alive and not ready with the reason database', async () => {
  assert.equal((await client.send('/healthz')).status, 200);
  const problem = await until('/readyz to fail', 10, async () => {
    const response = await client.send('/readyz');
    return response.status === 503 && response.json<Problem>();
  });
  assert.equal(problem.reason, 'database');
});

test('returns 503 to many concurrent requests', async () => {
  const began = Date.now();
  const responses = await Promise.all(
    Array.from({ length: 100 }, () => client.send('/v1/countries')),
  );
  assert.ok(responses.every(({ status }) => status === 503));
  assert.ok(Date.now() - began < 5000);
});

test('recovers when the database is back', async () => {
  await cluster.resume();
  await until('/readyz to succeed', 10, async () => (await client.send('/readyz')).status === 200);
  await until(
    'a response with facts',
    5,
    async () => (await client.send('/v1/countries')).status === 200,
  );
  assert.equal((await client.send('/v1')).status, 200);
});

test('retries on a connection that the server has closed', async () => {
  await cluster.query(
    'postgres',
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1',
    [database],
  );
  await until(
    'a response with facts',
    5,
    async () => (await client.send('/v1/countries')).status === 200,
  );
  for (let i = 0; i < 20; i++) assert.equal((await client.send('/v1/countries')).status, 200);
});

test('cancels a query at its deadline', async () => {
  const slow = await Service.start(cluster.url(database), {
    env: { CYBERTREATY_QUERY_TIMEOUT: '200' },
  });
  const lock = await cluster.connect(database);
  try {
    await lock.query('BEGIN');
    await lock.query(
      'LOCK TABLE country, treaty, statement, strategy, action IN ACCESS EXCLUSIVE MODE',
    );
    const other = new Client(slow.url);
    assert.equal((await other.send('/v1/countries')).status, 503);
    await lock.query('ROLLBACK');
    await until(
      'a response with facts',
      5,
      async () => (await other.send('/v1/countries')).status === 200,
    );
  } finally {
    await lock.end();
    await slow.stop();
  }
});

test('is not ready with the reason migrations until every migration is applied unchanged', async () => {
  const empty = await cluster.database('empty');
  const other = await Service.start(cluster.url(empty), { wait: 'alive' });
  const otherClient = new Client(other.url);
  try {
    assert.equal((await otherClient.problem(503, '/readyz')).reason, 'migrations');
    await otherClient.problem(503, '/v1/countries');
    const { code, stderr } = await cluster.command(empty, ['migrate']);
    assert.equal(code, 0, stderr);
    await until(
      '/readyz to succeed',
      10,
      async () => (await otherClient.send('/readyz')).status === 200,
    );
    await until(
      'a response with facts',
      10,
      async () => (await otherClient.send('/v1/countries')).status === 200,
    );

    await cluster.query(
      empty,
      "UPDATE migration SET checksum = repeat('0', 64) WHERE name = (SELECT min(name) FROM migration)",
    );
    const reason = await until('/readyz to fail', 10, async () => {
      const response = await otherClient.send('/readyz');
      return response.status === 503 && response.json<Problem>().reason;
    });
    assert.equal(reason, 'migrations');
  } finally {
    await other.stop();
  }
});

test('returns 500 with a fixed text for an internal error and logs the cause', async () => {
  const broken = await cluster.database('imported');
  const other = await Service.start(cluster.url(broken), { env: { CYBERTREATY_CACHE_BYTES: '0' } });
  try {
    const otherClient = new Client(other.url);
    assert.equal((await otherClient.send('/v1/countries')).status, 200);
    await cluster.query(
      broken,
      `CREATE OR REPLACE FUNCTION localised(en text, fr text, lang text) RETURNS text LANGUAGE plpgsql IMMUTABLE
         AS $$ BEGIN RAISE EXCEPTION 'subregion_en'; END $$`,
    );
    const response = await otherClient.send('/v1/countries', {
      headers: { 'X-Request-Id': 'why-500' },
    });
    assert.equal(response.status, 500);
    assert.doesNotMatch(response.text, /subregion_en|column|SQL/);
    const why = await until('the log line of the request', 10, () =>
      other.lines().find(({ request_id }) => request_id === 'why-500'),
    );
    assert.match(JSON.stringify(why), /subregion_en/);
  } finally {
    await other.stop();
  }
});
