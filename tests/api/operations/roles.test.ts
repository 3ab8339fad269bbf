// The rights of the roles in docker/roles.sql.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import pg from 'pg';

import { Client } from '../support/client.js';
import { operations } from '../support/contract.js';
import { Cluster, environment } from '../support/database.js';
import { binary, data, postgresBin, root } from '../support/paths.js';
import { type Finished, run } from '../support/processes.js';
import { sampleTargets } from '../support/sample_targets.js';
import { Service } from '../support/service.js';

const DATABASE = 'facts';
const OWNER = 'facts_owner';
const SERVICE = 'facts_service';

// A private cluster, since roles belong to all databases of a server.
let cluster: Cluster;

const as = (role: string, database = DATABASE): string =>
  cluster.url(database).replace('//postgres@', `//${role}@`);

const makeRoles = (...variables: string[]): Promise<Finished> =>
  run(join(postgresBin(), 'psql'), [
    ...['-X', '-q', '-h', cluster.directory, '-U', 'postgres', '-d', DATABASE],
    ...[`database=${DATABASE}`, `owner=${OWNER}`, `service=${SERVICE}`, 'own_server=1']
      .concat(variables)
      .flatMap((variable) => ['-v', variable]),
    ...['-f', join(root, 'docker/roles.sql')],
  ]);

const command = (args: string[], env: NodeJS.ProcessEnv = {}): Promise<Finished> =>
  run(binary, args, {
    env: environment(as(OWNER), { CYBERTREATY_SERVICE_ROLE: SERVICE, ...env }),
  });

function good({ code, stdout, stderr }: Finished): string {
  assert.equal(code, 0, stdout + stderr);
  return stdout;
}

/** Executes statements as a role on one connection; returns the SQLSTATE of the last, null on success. */
async function state(
  role: string,
  statements: string[],
  database = DATABASE,
): Promise<string | null> {
  const client = new pg.Client({ host: cluster.directory, user: role, database });
  client.on('error', () => undefined);
  try {
    await client.connect();
    for (const statement of statements) await client.query(statement);
    return null;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  } finally {
    await client.end();
  }
}

const DENIED = '42501';
/** Statements that an attacker with the service's password would begin with. */
const WRITING = 'SET default_transaction_read_only = off';

before(async () => {
  cluster = await Cluster.start();
  await cluster.query('postgres', `CREATE DATABASE ${DATABASE}`);
  await cluster.query('postgres', 'CREATE DATABASE others');
  good(await makeRoles());
  good(await command(['migrate', '--import', data]));
});
after(() => cluster.stop());

test('creates the roles repeatedly without changes, with passwords from files', async () => {
  const passwords = async (): Promise<unknown[]> =>
    (
      await cluster.query(
        DATABASE,
        'SELECT rolname, rolpassword FROM pg_authid WHERE rolname = ANY ($1) ORDER BY rolname',
        [[OWNER, SERVICE]],
      )
    ).rows;
  const file = join(cluster.directory, 'password of the service');
  writeFileSync(file, "it's \\secret\n");

  good(await makeRoles());
  assert.deepEqual(
    (await passwords()).map((row) => (row as { rolpassword: string | null }).rolpassword),
    [null, null],
  );
  good(await makeRoles(`service_password_file=${file}`));
  const [owner, service] = (await passwords()) as { rolpassword: string | null }[];
  assert.equal(owner?.rolpassword, null);
  assert.match(service?.rolpassword ?? '', /^SCRAM-SHA-256\$/);
});

test('creates roles without superuser, CREATEROLE and CREATEDB', async () => {
  const { rows } = await cluster.query(
    DATABASE,
    'SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls AS more FROM pg_roles WHERE rolname = ANY ($1)',
    [[OWNER, SERVICE]],
  );
  assert.deepEqual(rows, [{ more: false }, { more: false }]);
});

test('serves every operation with the role of the service', async () => {
  const service = await Service.start(as(SERVICE), {
    env: { CYBERTREATY_SECURITY_CONTACT: 'https://example.org/security' },
  });
  try {
    const client = new Client(service.url);
    const targets = await sampleTargets(client);

    assert.ok(targets.size > 50, `${targets.size} operations`);
    for (const { id, method } of operations) {
      const { status } = await client.send(targets.get(id) as string, { method });
      assert.equal(status, 200, `${id}: ${targets.get(id)}`);
    }
    const list = await client.walk('/v1/statements?q=network&sort=-updated_at&limit=50');
    assert.ok(list.length > 0);
    assert.deepEqual(
      service.lines().filter(({ level }) => level !== 'info'),
      [],
    );
  } finally {
    await service.stop();
  }
});

test('sets on the role all that the service sets on a connection', async () => {
  const client = new pg.Client({ host: cluster.directory, user: SERVICE, database: DATABASE });
  await client.connect();
  try {
    const { rows } = await client.query(
      "SELECT name, setting FROM pg_settings WHERE source = 'database user' ORDER BY name",
    );
    assert.deepEqual(Object.fromEntries(rows.map(({ name, setting }) => [name, setting])), {
      DateStyle: 'ISO, YMD',
      TimeZone: 'UTC',
      client_connection_check_interval: '250',
      default_transaction_read_only: 'on',
      idle_in_transaction_session_timeout: '10000',
      jit: 'off',
      max_parallel_workers_per_gather: '0',
      plan_cache_mode: 'force_generic_plan',
      search_path: 'public',
      statement_timeout: '1800',
    });
  } finally {
    await client.end();
  }
});

test('passes the doctor, which warns of excess rights', async () => {
  const rights = async (role: string): Promise<{ outcome: string; items: unknown[] }> => {
    const { stdout } = await command(['doctor', '--json'], {
      CYBERTREATY_DATABASE_URL: as(role),
      CYBERTREATY_PORT: '1',
    });
    return JSON.parse(stdout).checks.find(({ name }: { name: string }) => name === 'rights');
  };

  assert.equal((await rights(SERVICE)).outcome, 'ok');
  await cluster.query(DATABASE, `GRANT INSERT ON action TO ${SERVICE}`);
  assert.deepEqual((await rights(SERVICE)).items, [{ right: 'INSERT', on: 'action' }]);
  assert.equal((await rights(SERVICE)).outcome, 'warning');
  assert.equal((await rights(OWNER)).outcome, 'warning');

  // The next migration revokes the right.
  assert.match(good(await command(['migrate'])), /1 were changed/);
  assert.equal((await rights(SERVICE)).outcome, 'ok');
});

test('forbids the service to change facts, changes, the revision and migrations', async () => {
  const { rows } = await cluster.query(
    DATABASE,
    "SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')",
  );
  const tables = rows.map(({ name }) => name as string);

  for (const name of ['action', 'statement', 'change', 'dataset_revision', 'migration'])
    assert.ok(tables.includes(name), name);
  for (const table of tables) {
    assert.equal(await state(SERVICE, [`SELECT * FROM ${table} LIMIT 1`]), null, table);
    for (const statement of [
      `INSERT INTO ${table} DEFAULT VALUES`,
      `DELETE FROM ${table}`,
      `TRUNCATE ${table}`,
      `BEGIN; LOCK TABLE ${table} IN EXCLUSIVE MODE`,
      `ALTER TABLE ${table} ADD COLUMN more text`,
      `DROP TABLE ${table}`,
      `ALTER TABLE ${table} DISABLE TRIGGER ALL`,
    ])
      assert.equal(await state(SERVICE, [WRITING, statement]), DENIED, statement);
  }
  for (const statement of [
    "UPDATE action SET date = '2001-01-01'",
    "UPDATE change SET by = 'editor'",
    'UPDATE dataset_revision SET revision = 7',
    'SELECT raise_revision()',
    "CALL record_changes_of('migration', 'name')",
  ])
    assert.equal(await state(SERVICE, [WRITING, statement]), DENIED, statement);
});

test('forbids the service to change the schema or its role', async () => {
  for (const statement of [
    'CREATE TABLE public.mine (id text)',
    'CREATE SCHEMA mine',
    'CREATE TEMPORARY TABLE mine (id text)',
    'CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
    'CREATE OR REPLACE FUNCTION public.is_retracted(relation text, record text) RETURNS boolean LANGUAGE sql AS $$ SELECT true $$',
    'CREATE DATABASE mine',
    'CREATE ROLE mine',
    `ALTER ROLE ${OWNER} PASSWORD 'mine'`,
    `SET ROLE ${OWNER}`,
    'SET ROLE postgres',
    `GRANT ${OWNER} TO ${SERVICE}`,
    "COPY action TO PROGRAM 'cat'",
    "SELECT pg_read_file('PG_VERSION')",
  ])
    assert.equal(await state(SERVICE, [WRITING, statement]), DENIED, statement);
});

test('forbids both roles other databases, and other roles this one', async () => {
  await cluster.query('postgres', 'CREATE ROLE stranger LOGIN');
  await cluster.query('postgres', 'REVOKE CONNECT ON DATABASE others FROM PUBLIC');

  for (const database of ['postgres', 'template1', 'others'])
    for (const role of [SERVICE, OWNER])
      assert.equal(await state(role, [], database), DENIED, `${role} in ${database}`);
  assert.equal(await state('stranger', []), DENIED);
});

test('makes transactions of the service read-only by default', async () => {
  assert.equal(await state(SERVICE, ['CREATE TABLE public.mine (id text)']), '25006');
});

test('refuses to grant to a missing role or to one that grants cannot limit', async () => {
  for (const [role, sentence] of [
    ['missing_role', /CYBERTREATY_SERVICE_ROLE cannot be 'missing_role'.*CREATE ROLE/],
    ['postgres', /cannot be 'postgres': it is a superuser/],
    [OWNER, /cannot be 'facts_owner': .*a separate role/],
  ] as const) {
    const { code, stderr } = await command(['migrate'], { CYBERTREATY_SERVICE_ROLE: role });
    assert.equal(code, 1);
    assert.match(stderr, sentence);
  }
});
