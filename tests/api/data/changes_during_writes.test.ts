// Readers of the list of changes while writers overlap, roll back and are killed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import type pg from 'pg';

import { Client } from '../support/client.js';
import { Service } from '../support/service.js';
import { Facts, cluster } from '../sql/facts.js';

const WRITERS = 6;
const ROUNDS = 15;

let facts: Facts;
let service: Service;
let client: Client;
let start: number;

before(async () => {
  facts = await Facts.create();
  service = await Service.start(cluster.url(facts.name));
  client = new Client(service.url);
  start = await facts.revision();
});
after(async () => {
  await service.stop();
  await facts.drop();
});

const tool = (id: string): string =>
  `INSERT INTO tool (id, title, kind, url, source_id) VALUES ('${id}', 'Guide', 'guide', 'https://example.org/', 'stated')`;

/** Ends a transaction: rollback, termination or commit. Returns false when the connection is lost. */
async function finish(writer: pg.Client, way: number): Promise<boolean> {
  if (way === 3) {
    await writer.query('ROLLBACK');
    return true;
  }
  if (way === 4) {
    await writer.query('SELECT pg_terminate_backend(pg_backend_pid())').catch(() => undefined);
    return false;
  }
  await writer.query('COMMIT');
  return true;
}

/** Writes transactions of one to three changes and reconnects after a termination. */
async function write(number: number): Promise<void> {
  let writer = await facts.connect();

  for (let round = 0; round < ROUNDS; round += 1) {
    const id = `w${number}-${round}`;
    await writer.query('BEGIN');
    if (number % 2 === 0) await writer.query('SELECT count(*) FROM tool');
    await writer.query(tool(id));
    if (round % 3 !== 0) await writer.query(tool(`${id}-more`));
    if (round % 3 === 2) await writer.query(`UPDATE tool SET title = 'Another' WHERE id = '${id}'`);
    if (!(await finish(writer, (number + round) % 5))) {
      await writer.end().catch(() => undefined);
      writer = await facts.connect();
    }
  }
  await writer.end();
}

/** Follows links.next and links.resume of the JSON form until `done` and the last page. */
async function followLinks(limit: number, done: () => boolean): Promise<string[]> {
  const seen: string[] = [];
  let target = `/v1/changes?after_revision=${start}&limit=${limit}`;

  for (;;) {
    const last = done();
    const { data, links }: { data: { id: string }[]; links: { next?: string; resume?: string } } =
      await client.get(target);
    seen.push(...data.map(({ id }) => id));
    if (last && links.next === undefined) return seen;
    target = links.next ?? links.resume ?? '';
  }
}

/** Follows Link of the NDJSON form and, from the last page on, Dataset-Revision. */
async function followLines(limit: number, done: () => boolean): Promise<string[]> {
  const seen: string[] = [];
  const first = (revision: string): string =>
    `/v1/changes?format=ndjson&limit=${limit}&after_revision=${revision}`;
  let target = first(String(start));

  for (;;) {
    const last = done();
    const { text, headers } = await client.send(target);
    const lines = text.split('\n').filter((line) => line !== '');
    seen.push(...lines.map((line) => (JSON.parse(line) as { id: string }).id));
    const next = /<([^>]+)>; rel="next"/.exec(headers['link'] ?? '')?.[1];
    if (last && next === undefined) return seen;
    target = next ?? first(headers['dataset-revision'] ?? '');
  }
}

test('returns every change once to readers while many write', async () => {
  let writing = true;
  const done = (): boolean => !writing;
  const readers = [
    followLinks(1, done),
    followLinks(4, done),
    followLinks(500, done),
    followLines(3, done),
  ];

  await Promise.all(Array.from({ length: WRITERS }, (_, number) => write(number)));
  writing = false;

  const recorded = (
    await facts.run(
      `SELECT revision || '-' || ordinal AS id FROM change WHERE revision > $1 ORDER BY revision, ordinal`,
      [start],
    )
  ).map(({ id }) => id as string);
  const outcomes = await facts.run(
    `SELECT count(DISTINCT revision) AS committed FROM change WHERE revision > $1`,
    [start],
  );
  assert.equal(Number(outcomes[0]?.['committed']), (WRITERS * ROUNDS * 3) / 5);
  assert.ok(recorded.length > WRITERS * ROUNDS * 0.9);
  for (const reader of readers) assert.deepEqual(await reader, recorded);
});
