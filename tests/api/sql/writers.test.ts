// Concurrent writers: they queue, and their revisions follow the order of commits.
import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';

import type pg from 'pg';

import { until } from '../support/processes.js';
import { Facts, refused } from './facts.js';

const tool = (id: string): string =>
  `INSERT INTO tool (id, title, kind, url, source_id) VALUES ('${id}', 'Guide', 'guide', 'https://example.org/', 'stated')`;

const facts = await Facts.create();
const one = await facts.connect();
const two = await facts.connect();
let start: number;

after(async () => {
  await one.end();
  await two.end();
  await facts.drop();
});

beforeEach(async () => {
  // An open transaction of a failed test would block the next tests.
  for (const client of [one, two]) await client.query(`ROLLBACK; SET statement_timeout = '20s'`);
  start = await facts.revision();
});

const pid = async (client: pg.Client): Promise<number> =>
  (await client.query('SELECT pg_backend_pid() AS pid')).rows[0].pid as number;

/** Waits until the connection waits for the dataset lock. */
const queued = (backend: number): Promise<unknown> =>
  until('the second writer to queue', 10, () =>
    facts.value<boolean>(
      `SELECT EXISTS (SELECT FROM pg_locks WHERE pid = $1 AND locktype = 'advisory' AND NOT granted)`,
      [backend],
    ),
  );

test('makes the second writer wait for the first, even if it began earlier', async () => {
  const backend = await pid(two);

  await two.query('BEGIN');
  await two.query('SELECT 1');
  await one.query('BEGIN');
  await one.query(tool('from-one'));
  const waiting = two.query(tool('from-two'));
  await queued(backend);
  await one.query(tool('from-one-again'));
  await one.query('COMMIT');
  await waiting;
  await two.query('COMMIT');

  assert.deepEqual(await facts.changesAfter(start), [
    '1 1 create tool from-one',
    '1 2 create tool from-one-again',
    '2 1 create tool from-two',
  ]);
  const order = await facts.value(
    'SELECT array_agg(revision ORDER BY recorded_at, revision) = array_agg(revision ORDER BY revision) FROM change',
  );
  assert.equal(order, true);
});

test('makes revisions visible in order', async () => {
  const backend = await pid(two);

  await one.query('BEGIN');
  await one.query(tool('seen-1'));
  await two.query('BEGIN');
  const waiting = two.query(tool('seen-2'));
  await queued(backend);
  assert.equal(await facts.revision(), start);
  await one.query('COMMIT');
  assert.equal(await facts.revision(), start + 1);
  await waiting;
  assert.equal(await facts.revision(), start + 1);
  await two.query('COMMIT');
  assert.equal(await facts.revision(), start + 2);
});

test('applies two updates of one row one after the other', async () => {
  await facts.run(tool('shared'));
  const backend = await pid(two);

  await one.query('BEGIN');
  await one.query(`UPDATE tool SET title = title || ' one' WHERE id = 'shared'`);
  const waiting = two.query(`UPDATE tool SET title = title || ' two' WHERE id = 'shared'`);
  await queued(backend);
  await one.query('COMMIT');
  await waiting;

  const rows = await facts.run(
    `SELECT before->>'title' AS before, after->>'title' AS after FROM change WHERE revision > $1 + 1 ORDER BY revision`,
    [start],
  );
  assert.deepEqual(rows, [
    { before: 'Guide', after: 'Guide one' },
    { before: 'Guide one', after: 'Guide one two' },
  ]);
});

test('records nothing for an update that has become empty', async () => {
  await facts.run(tool('twice'));
  const backend = await pid(two);

  await one.query('BEGIN');
  await one.query(`UPDATE tool SET title = 'New' WHERE id = 'twice'`);
  const waiting = two.query(`UPDATE tool SET title = 'New' WHERE id = 'twice'`);
  await queued(backend);
  await one.query('COMMIT');
  await waiting;
  assert.equal(await facts.revision(), start + 2);
});

test('reuses the revision of a writer that rolls back', async () => {
  const backend = await pid(two);

  await one.query('BEGIN');
  await one.query(tool('dropped'));
  const waiting = two.query(tool('follows'));
  await queued(backend);
  await one.query('ROLLBACK');
  await waiting;
  assert.deepEqual(await facts.changesAfter(start), ['1 1 create tool follows']);
});

test('leaves neither a change nor a lock of a killed writer', async () => {
  const victim = await facts.connect();
  const backend = await pid(two);

  await victim.query('BEGIN');
  await victim.query(tool('killed'));
  const waiting = two.query(tool('survives'));
  await queued(backend);
  await facts.run('SELECT pg_terminate_backend($1)', [
    await facts.value(
      `SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted
     AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    ),
  ]);
  await waiting;
  await victim.end().catch(() => undefined);
  assert.deepEqual(await facts.changesAfter(start), ['1 1 create tool survives']);
});

test('blocks other writers after lock_dataset before any row changes', async () => {
  const backend = await pid(two);

  await one.query('BEGIN');
  await one.query('SELECT lock_dataset()');
  const waiting = two.query(tool('behind'));
  await queued(backend);
  await one.query('COMMIT');
  await waiting;
  assert.deepEqual(await facts.changesAfter(start), ['1 1 create tool behind']);
});

test('fails a late REPEATABLE READ writer with a serialisation error', async () => {
  await two.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
  await two.query('SELECT count(*) FROM tool');
  await one.query(tool('before-it'));
  assert.equal((await refused(two, tool('too-late'))).code, '40001');
  await two.query('ROLLBACK');
  assert.deepEqual(await facts.changesAfter(start), ['1 1 create tool before-it']);
});

test('returns every change once and in order to a reader while many write', async () => {
  const WRITERS = 4;
  const ROUNDS = 20;
  const seen: string[] = [];
  let cursor: [string, number] = [String(start), 1_000_000];
  let writing = true;

  const write = async (writer: number): Promise<void> => {
    const client = await facts.connect();
    for (let round = 0; round < ROUNDS; round++) {
      await client.query('BEGIN');
      await client.query(tool(`many-${writer}-${round}-a`));
      await client.query(tool(`many-${writer}-${round}-b`));
      await client.query(round % 5 === 4 ? 'ROLLBACK' : 'COMMIT');
    }
    await client.end();
  };
  const read = async (): Promise<void> => {
    for (let last = false; !last;) {
      last = !writing;
      const rows = await facts.run(
        'SELECT revision, ordinal, record FROM change WHERE (revision, ordinal) > ($1, $2) ORDER BY revision, ordinal',
        cursor,
      );
      for (const row of rows) {
        seen.push(String(row['record']));
        cursor = [String(row['revision']), Number(row['ordinal'])];
      }
    }
  };

  const reading = read();
  await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
  writing = false;
  await reading;

  assert.equal(seen.length, WRITERS * ROUNDS * 2 * 0.8);
  assert.equal(new Set(seen).size, seen.length);
  assert.equal(await facts.revision(), start + WRITERS * ROUNDS * 0.8);
  for (let i = 0; i < seen.length; i += 2) assert.equal(seen[i]?.replace(/a$/, 'b'), seen[i + 1]);
});

test('notifies the channel dataset once for each revision', async () => {
  const received: string[] = [];
  const listener = await facts.connect();

  listener.on('notification', ({ channel, payload }) => received.push(`${channel} ${payload}`));
  await listener.query('LISTEN dataset');

  await one.query('BEGIN');
  await one.query(tool('loud-1'));
  await one.query('SAVEPOINT a');
  await one.query(tool('loud-2'));
  await one.query('ROLLBACK TO a');
  await one.query(tool('loud-3'));
  await one.query('COMMIT');
  await one.query(`UPDATE tool SET title = title`);
  await one.query('BEGIN');
  await one.query(tool('silent'));
  await one.query('ROLLBACK');
  await one.query('BEGIN');
  await one.query('SAVEPOINT a');
  await one.query(tool('silent'));
  await one.query('ROLLBACK TO a');
  await one.query('COMMIT');
  await one.query(tool('loud-4'));

  await until('both notifications', 10, () => received.length >= 2);
  await listener.query('SELECT 1');
  await listener.end();
  assert.deepEqual(received, [`dataset ${start + 1}`, `dataset ${start + 2}`]);
});
