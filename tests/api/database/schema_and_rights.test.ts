// Tables, columns and privileges that are removed while the service runs.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';

import { Client, type Problem } from '../support/client.js';
import { Cluster } from '../support/database.js';
import { until } from '../support/processes.js';
import { Service } from '../support/service.js';

let cluster: Cluster;
let database: string;
let service: Service;
let client: Client;

before(async () => {
  cluster = await Cluster.start();
  for (const role of ['reader', 'primary_reader'])
    await cluster.query('postgres', `CREATE ROLE ${role} LOGIN`);
});
after(() => cluster.stop());

beforeEach(async () => {
  database = await cluster.database('imported');
  const { code, stderr } = await cluster.command(database, ['migrate'], {
    CYBERTREATY_SERVICE_ROLE: 'reader',
  });
  assert.equal(code, 0, stderr);
  const url = cluster.url(database).replace('postgres@', 'reader@');
  service = await Service.start(url, { env: { CYBERTREATY_CACHE_BYTES: '0' } });
  client = new Client(service.url);
});
afterEach(() => service.stop());

/** The reason of /readyz, or 'ready'. */
async function readiness(): Promise<string> {
  const response = await client.send('/readyz');
  return response.status === 200 ? 'ready' : String(response.json<Problem>().reason);
}

async function expectReadiness(word: string): Promise<void> {
  await until(`readiness to be '${word}'`, 10, async () => (await readiness()) === word);
}

const run = (text: string) => cluster.query(database, text);

test('reports a revoked right as `rights` before a request fails, until it is granted again', async () => {
  await expectReadiness('ready');
  await run('REVOKE SELECT ON tool FROM reader');
  assert.equal(await readiness(), 'rights');
  await client.problem(503, '/v1/tools');
  assert.equal((await client.send('/v1/sources')).status, 200);
  assert.equal(await readiness(), 'rights');
  await run('GRANT SELECT ON tool TO reader');
  assert.equal(await readiness(), 'ready');
  assert.equal((await client.send('/v1/tools')).status, 200);
});

test('reports a missing right on the schema, a function or `migration` as `rights`', async () => {
  for (const [revoke, grant] of [
    ['REVOKE USAGE ON SCHEMA public FROM PUBLIC, reader', 'GRANT USAGE ON SCHEMA public TO reader'],
    [
      'REVOKE EXECUTE ON FUNCTION localised(text, text, text) FROM PUBLIC, reader',
      'GRANT EXECUTE ON FUNCTION localised(text, text, text) TO reader',
    ],
    ['REVOKE SELECT ON migration FROM reader', 'GRANT SELECT ON migration TO reader'],
  ] as const) {
    await run(revoke);
    assert.equal(await readiness(), 'rights', revoke);
    await run(grant);
    await expectReadiness('ready');
  }
});

test('reports a right that the role lacks in the pool of the primary only', async () => {
  const { code, stderr } = await cluster.command(database, ['migrate'], {
    CYBERTREATY_SERVICE_ROLE: 'primary_reader',
  });
  assert.equal(code, 0, stderr);
  const as = (role: string): string => cluster.url(database).replace('postgres@', `${role}@`);
  const both = await Service.start(as('primary_reader'), {
    env: { CYBERTREATY_READ_DATABASE_URL: as('reader') },
  });
  try {
    const other = new Client(both.url);
    await run('REVOKE SELECT ON tool FROM primary_reader');
    assert.equal((await other.problem(503, '/readyz')).reason, 'rights');
    await expectReadiness('ready');
    await run('GRANT SELECT ON tool TO primary_reader');
    assert.equal((await other.send('/readyz')).status, 200);
  } finally {
    await both.stop();
  }
});

test('reports each missing table as `migrations` until it is back', async () => {
  const { rows } = await run(
    "SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'",
  );
  assert.ok(rows.length > 20);
  for (const { name } of rows as { name: string }[]) {
    await run(`ALTER TABLE ${name} RENAME TO hidden`);
    assert.equal(await readiness(), 'migrations', name);
    await run(`ALTER TABLE hidden RENAME TO ${name}`);
  }
  await expectReadiness('ready');
});

test('reports a missing column as `migrations` after a query of it, until it is back', async () => {
  assert.equal((await client.send('/v1/countries')).status, 200);
  await run('ALTER TABLE country RENAME COLUMN subregion_en TO somewhere_else');
  const problem = await client.problem(503, '/v1/countries');
  assert.doesNotMatch(JSON.stringify(problem), /subregion_en|column|SQL/);
  assert.equal(await readiness(), 'migrations');
  assert.equal((await client.send('/v1/sources')).status, 200);
  const told = await until('the log line', 5, () =>
    service.lines().find(({ event }) => event === 'schema_mismatch'),
  );
  assert.match(String(told['detail']), /subregion_en/);
  await run('ALTER TABLE country RENAME COLUMN somewhere_else TO subregion_en');
  await expectReadiness('ready');
  assert.equal((await client.send('/v1/countries')).status, 200);
});
