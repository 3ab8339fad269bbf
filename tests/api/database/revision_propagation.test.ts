// Propagation of a write to replicas, which share only the database.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';

import type pg from 'pg';

import { Cluster } from '../support/database.js';
import { Service } from '../support/service.js';

const REPLICAS = 3;
const WRITES = 15;
const LIMIT = 100; // milliseconds
const ROUNDS = 4;

const cluster = Cluster.shared();
const agent = new http.Agent({ keepAlive: true });
const replicas: Service[] = [];
let writer: pg.Client;

before(async () => {
  const database = await cluster.database('imported');
  writer = await cluster.connect(database);
  const started = await Promise.allSettled(
    Array.from({ length: REPLICAS }, () => Service.start(cluster.url(database))),
  );
  for (const each of started) if (each.status === 'fulfilled') replicas.push(each.value);
  assert.equal(replicas.length, REPLICAS);
});
after(async () => {
  agent.destroy();
  await Promise.all(replicas.map((replica) => replica.stop()));
  await writer.end();
});

/** Returns the revision and the name of a country from a replica. */
function readCountry(replica: Service): Promise<{ revision: number; name: string }> {
  return new Promise((resolve, reject) => {
    http
      .get(
        { host: '127.0.0.1', port: replica.port, path: '/v1/countries/NO', agent },
        (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (part: string) => (text += part));
          response.on('end', () =>
            resolve({
              revision: Number(response.headers['dataset-revision']),
              name: (JSON.parse(text) as { data: { name: string } }).data.name,
            }),
          );
        },
      )
      .on('error', reject);
  });
}

/** Writes and returns the milliseconds from the commit until every replica returns the write. */
async function propagate(number: number): Promise<number> {
  const name = `Norway ${number}`;
  await writer.query("UPDATE country SET name_en = $1 WHERE code = 'NO'", [name]);
  const committed = process.hrtime.bigint();
  const times = await Promise.all(
    replicas.map(async (replica) => {
      while ((await readCountry(replica)).name !== name)
        assert.ok(
          process.hrtime.bigint() - committed < 10_000_000_000n,
          'timed out after ten seconds',
        );
      return Number(process.hrtime.bigint() - committed) / 1e6;
    }),
  );
  return Math.max(...times);
}

test('returns a write from three replicas within 100 ms', async (context) => {
  const medians: number[] = [];

  // Every replica has a cached response, which a write makes stale.
  await Promise.all(replicas.map(readCountry));
  // Other tests load the machine, so one round may be slow, but not all of them.
  while (medians.length < ROUNDS && !medians.some((median) => median < LIMIT)) {
    const times: number[] = [];
    for (let i = 0; i < WRITES; i++) times.push(await propagate(medians.length * WRITES + i));
    times.sort((a, b) => a - b);
    medians.push(times[Math.floor(WRITES / 2)] ?? Infinity);
    context.diagnostic(`${times.map((time) => time.toFixed(1)).join(' ')} ms`);
  }
  assert.ok(Math.min(...medians) < LIMIT, `medians: ${medians.join(', ')} ms`);
});

test('returns the same revision from every replica after a write', async () => {
  for (let i = 0; i < 5; i++) {
    await propagate(1000 + i);
    const revisions = (await Promise.all(replicas.map(readCountry))).map(
      ({ revision }) => revision,
    );
    assert.equal(new Set(revisions).size, 1, revisions.join(', '));
  }
});
