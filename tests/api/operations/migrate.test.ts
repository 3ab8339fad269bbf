// `cybertreaty migrate`.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { Cluster, environment } from '../support/database.js';
import { binary, data, root } from '../support/paths.js';
import { type Finished, pause, run, until } from '../support/processes.js';

const MIGRATION_LOCK = 185189225;

const cluster = Cluster.shared();
const steps = readdirSync(join(root, 'migrations'))
  .filter((file) => file.endsWith('.sql'))
  .sort()
  .map((file) => ({
    name: file.slice(0, -'.sql'.length),
    checksum: createHash('sha256')
      .update(readFileSync(join(root, 'migrations', file)))
      .digest('hex'),
  }));
const names = steps.map(({ name }) => name);
const second = names[1] as string;
const last = names.at(-1) as string;

const migrate = (database: string, ...args: string[]): Promise<Finished> =>
  cluster.command(database, ['migrate', ...args]);

const applied = ({ stdout }: Finished): string[] =>
  [...stdout.matchAll(/^Applied (\S+)\.$/gm)].map(([, name]) => name as string);

async function recorded(database: string): Promise<{ name: string; checksum: string }[]> {
  const { rows } = await cluster.query(
    database,
    'SELECT name, checksum FROM migration ORDER BY name',
  );
  return rows as { name: string; checksum: string }[];
}

/** Runs a test on a private database. */
async function within(
  content: 'empty' | 'migrated',
  work: (database: string) => Promise<void>,
): Promise<void> {
  const database = await cluster.database(content);
  try {
    await work(database);
  } finally {
    await cluster.drop(database);
  }
}

async function refused(database: string, sentence: RegExp, ...args: string[]): Promise<void> {
  const before = await recorded(database);
  const { code, stdout, stderr } = await migrate(database, ...args);

  assert.equal(code, 1, stdout);
  assert.match(stderr, sentence);
  assert.match(stderr, /^cybertreaty: [^\n]+\n$/);
  assert.deepEqual(await recorded(database), before);
}

test('applies every step once and records its checksum', () =>
  within('empty', async (database) => {
    const first = await migrate(database);
    assert.equal(first.code, 0, first.stderr);
    assert.deepEqual(applied(first), names);
    assert.deepEqual(await recorded(database), steps);

    const again = await migrate(database);
    assert.equal(again.code, 0, again.stderr);
    assert.deepEqual(applied(again), []);
    assert.deepEqual(await recorded(database), steps);
  }));

test('applies every step once when two processes migrate', () =>
  within('empty', async (database) => {
    const both = await Promise.all([migrate(database), migrate(database)]);
    for (const { code, stderr } of both) assert.equal(code, 0, stderr);
    assert.deepEqual(both.flatMap(applied).sort(), names);
    assert.deepEqual(await recorded(database), steps);
  }));

test('waits while another session migrates', () =>
  within('empty', async (database) => {
    const other = await cluster.connect(database);
    try {
      await other.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
      const waiting = migrate(database);
      await until('the process to wait for the lock', 30, async () => {
        const { rowCount } = await other.query(
          "SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_try_advisory_lock%' AND pid <> pg_backend_pid()",
        );
        return (rowCount ?? 0) > 0;
      });
      const { rows } = await other.query("SELECT to_regclass('migration') AS record");
      assert.equal(rows[0].record, null);
      await other.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
      const { code, stderr } = await waiting;
      assert.equal(code, 0, stderr);
      assert.deepEqual(await recorded(database), steps);
    } finally {
      await other.end();
    }
  }));

test('refuses a step that was edited after it was applied', () =>
  within('migrated', async (database) => {
    await cluster.query(
      database,
      "UPDATE migration SET checksum = repeat('0', 64) WHERE name = $1",
      [second],
    );
    await refused(database, new RegExp(`${second} was edited`));
    await refused(database, new RegExp(`${second} was edited`), '--allow-newer');
  }));

test('refuses unknown newer steps unless told to ignore them', () =>
  within('migrated', async (database) => {
    await cluster.query(database, "INSERT INTO migration VALUES ('9999_later', '')");
    await refused(database, /9999_later, which this program does not know.*--allow-newer/);
    const { code, stdout, stderr } = await migrate(database, '--allow-newer');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /1 newer/);
  }));

test('refuses unknown steps between known ones', () =>
  within('migrated', async (database) => {
    await cluster.query(database, "INSERT INTO migration VALUES ('0001_zebra', '')");
    await refused(database, /0001_zebra, which does not belong/);
    await refused(database, /0001_zebra, which does not belong/, '--allow-newer');
  }));

test('refuses gaps between steps', () =>
  within('migrated', async (database) => {
    await cluster.query(database, 'DELETE FROM migration WHERE name = $1', [second]);
    await refused(database, new RegExp(`${second} was not applied before ${names[2]}`));
    await cluster.query(database, "INSERT INTO migration VALUES ($1, $2), ('9999_later', '')", [
      second,
      steps[1]?.checksum,
    ]);
    await cluster.query(database, 'DELETE FROM migration WHERE name = $1', [last]);
    await refused(
      database,
      new RegExp(`${last} was not applied before 9999_later`),
      '--allow-newer',
    );
  }));

test('rolls back and names a failed step, which can be retried', () =>
  within('empty', async (database) => {
    await cluster.query(database, 'CREATE TABLE country ()');
    const failed = await migrate(database);
    assert.equal(failed.code, 1);
    assert.deepEqual(applied(failed), names.slice(0, 1));
    assert.match(
      failed.stderr,
      new RegExp(`^cybertreaty: Migration ${second}[^\\n]*country[^\\n]*\\n$`),
    );
    assert.deepEqual(await recorded(database), steps.slice(0, 1));

    await cluster.query(database, 'DROP TABLE country');
    const again = await migrate(database);
    assert.equal(again.code, 0, again.stderr);
    assert.deepEqual(await recorded(database), steps);
  }));

test('exits with 2 for wrong usage and prints one sentence for an unreachable database', async () => {
  assert.equal((await migrate('postgres', '--nonsense')).code, 2);
  assert.equal((await migrate('postgres', '--help')).code, 0);

  const away = await run(binary, ['migrate'], { env: environment('host=/nowhere', {}) });
  assert.equal(away.code, 1);
  assert.match(away.stderr, /^cybertreaty: No connection to the database: [^\n]+\.\n$/);
});

/** The schema of an older program, before a step that needs a lock on tables. */
async function before(database: string, name: string): Promise<void> {
  const old = steps.slice(0, names.indexOf(name));

  await cluster.query(
    database,
    'CREATE TABLE migration (name text COLLATE "C" PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())',
  );
  for (const step of old) {
    await cluster.query(
      database,
      readFileSync(join(root, 'migrations', `${step.name}.sql`), 'utf8'),
    );
    await cluster.query(database, 'INSERT INTO migration (name, checksum) VALUES ($1, $2)', [
      step.name,
      step.checksum,
    ]);
  }
}

// CREATE TRIGGER waits for all writers of the table, and new writers wait for it.
const LOCKING = '0014_change_triggers';
const HOLD = 'BEGIN; LOCK TABLE country IN ROW EXCLUSIVE MODE';

test('does not block readers and writers while a step waits for a table', () =>
  within('empty', async (database) => {
    await before(database, LOCKING);
    const holder = await cluster.connect(database);
    const user = await cluster.connect(database);
    try {
      await holder.query(HOLD);
      const finished = migrate(database);
      let tries = 0;
      for (const end = Date.now() + 4000; Date.now() < end; await pause(20)) {
        const waiting = await holder.query(
          "SELECT FROM pg_locks WHERE NOT granted AND relation = 'country'::regclass",
        );
        if (waiting.rowCount === 0) continue;
        tries++;
        // The query queues behind the step. If the step went on waiting, the query would time out.
        await user.query("SET lock_timeout = '3s'");
        await user.query(HOLD);
        await user.query('ROLLBACK');
      }
      assert.ok(tries >= 2, `The step asked ${tries} times.`);
      assert.equal((await recorded(database)).at(-1)?.name, names[names.indexOf(LOCKING) - 1]);

      await holder.query('ROLLBACK');
      const { code, stderr } = await finished;
      assert.equal(code, 0, stderr);
      assert.deepEqual(await recorded(database), steps);
    } finally {
      await holder.end();
      await user.end();
    }
  }));

test('prints one sentence for a table that stays locked and rolls the step back', () =>
  within('empty', async (database) => {
    await before(database, LOCKING);
    const holder = await cluster.connect(database);
    try {
      await holder.query(HOLD);
      await refused(
        database,
        /Migration 0014_change_triggers cannot get its tables.*--wait/,
        '--wait',
        '1',
      );
    } finally {
      await holder.end();
    }
    assert.equal((await migrate(database)).code, 0);
  }));

test('imports a folder with --import and exits with 2 for invalid arguments', () =>
  within('empty', async (database) => {
    const { code, stdout, stderr } = await migrate(database, '--import', data);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^revision 0 -> 1$/m);
    for (const args of [['--import'], ['--wait', 'long'], ['--wait'], ['data']])
      assert.equal((await migrate(database, ...args)).code, 2, args.join(' '));
  }));
