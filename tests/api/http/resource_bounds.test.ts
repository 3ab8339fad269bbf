// Resources that clients can make the service use: threads, memory, and time at shutdown.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Client } from '../support/client.js';
import { Cluster } from '../support/database.js';
import { type HeldConnection, hold, release } from '../support/held_connections.js';
import { pause, until } from '../support/processes.js';
import { Service, type ServiceSettings, processStatus } from '../support/service.js';

const cluster = Cluster.shared();
let database: string;

before(async () => {
  database = await cluster.database('imported');
});
after(() => cluster.drop(database));

async function withService(
  env: NodeJS.ProcessEnv,
  work: (service: Service, held: HeldConnection[]) => Promise<void>,
): Promise<void> {
  const settings: ServiceSettings = { env };
  const service = await Service.start(cluster.url(database), settings);
  const held: HeldConnection[] = [];
  try {
    await work(service, held);
  } finally {
    release(held);
    await service.stop();
  }
}

/** Runs `work` while no query can read countries. */
async function whileLocked(work: () => Promise<void>): Promise<void> {
  const locking = await cluster.connect(database);
  try {
    await locking.query('BEGIN');
    await locking.query('LOCK TABLE country IN ACCESS EXCLUSIVE MODE');
    await work();
  } finally {
    await locking.end();
  }
}

/** Targets that differ, so that each needs a separate query. */
const missOn = (day: number): string =>
  `/v1/countries/NO?as_of=${new Date(Date.UTC(2016, 0, 1 + day)).toISOString().slice(0, 10)}`;
const request = (target: string, ...fields: string[]): string =>
  [`GET ${target} HTTP/1.1`, 'Host: x', ...fields, '', ''].join('\r\n');
const statusOf = ({ text }: HeldConnection): string => text().slice(9, 12);

const MANY = {
  CYBERTREATY_CONNECTIONS: '1600',
  CYBERTREATY_CONNECTIONS_PER_CLIENT: '1600',
};
/** Time for a query that waits for a lock. */
const PATIENT = { CYBERTREATY_QUERY_TIMEOUT: '60000', CYBERTREATY_POOL_WAIT: '60000' };

test('spends at most 16 threads and 8 MiB on 1,500 connections that send one byte', async () => {
  await withService(MANY, async (service, held) => {
    const client = new Client(service.url);
    assert.equal((await client.send('/v1/countries/NO')).status, 200);
    const threads = processStatus(service, 'Threads');
    const memory = processStatus(service, 'VmRSS');

    for (let i = 0; i < 1500; i++) held.push(await hold(service.port, 'P'));
    await pause(1000);
    assert.ok(held.every(({ closed }) => !closed()));
    assert.equal((await client.send('/v1/countries/NO')).status, 200);
    const more = processStatus(service, 'Threads') - threads;
    const kilobytes = processStatus(service, 'VmRSS') - memory;
    assert.ok(more <= 16, `${more} more threads`);
    assert.ok(kilobytes <= 8 * 1024, `${kilobytes} KiB more`);
  });
});

test('has a thread for each database connection and eight more, whatever the number of misses', async () => {
  const env = { ...MANY, ...PATIENT, CYBERTREATY_POOL: '6', CYBERTREATY_PRIMARY_POOL: '2' };
  await withService(env, async (service, held) => {
    const threads = processStatus(service, 'Threads');
    let most = 0;

    await whileLocked(async () => {
      for (let i = 0; i < 1200; i++) {
        held.push(await hold(service.port, request(missOn(i), 'Connection: close')));
        if (i % 100 === 0) most = Math.max(most, processStatus(service, 'Threads'));
      }
      await pause(500);
      most = Math.max(most, processStatus(service, 'Threads'));
    });
    assert.ok(most <= threads + 6 + 2 + 8, `${most} threads, ${threads} before`);
    // As many as fit the queue are served, the rest is refused: none is lost.
    await until('every response', 60, () => held.every(({ closed }) => closed()));
    for (const one of held) assert.match(statusOf(one), /^(200|503)$/);
  });
});

test('refuses a miss with 503 at once when the queue is full, and responds to /healthz', async () => {
  const QUEUE = 5;
  const env = {
    ...PATIENT,
    CYBERTREATY_POOL: '1',
    CYBERTREATY_PRIMARY_POOL: '1',
    CYBERTREATY_QUEUE: String(QUEUE),
  };
  const served = 1 + 1 + 8 + QUEUE;
  await withService(env, async (service, held) => {
    await whileLocked(async () => {
      for (let i = 0; i < served; i++) {
        held.push(await hold(service.port, request(missOn(i), 'Connection: close')));
        // Each has its thread or its place in the queue before the next one comes.
        await pause(30);
      }
      for (let i = 0; i < 20; i++) {
        const began = Date.now();
        const refused = await new Client(service.url).raw(request(missOn(served + i)));
        assert.equal(refused.status, 503);
        assert.match(refused.headers['retry-after'] ?? '', /^[1-9]\d*$/);
        assert.equal(refused.headers['content-type'], 'application/problem+json');
        assert.ok(Date.now() - began < 1000, `${Date.now() - began} ms`);
      }
      const began = Date.now();
      assert.equal((await new Client(service.url).send('/healthz')).status, 200);
      assert.ok(Date.now() - began < 1000, `${Date.now() - began} ms`);
      assert.ok(held.every(({ text }) => text() === ''));
    });
    await until('the responses', 60, () => held.every(({ closed }) => closed()));
    assert.deepEqual(new Set(held.map(statusOf)), new Set(['200']));
  });
});

test('returns the allowance for a 304 from memory alone', async () => {
  await withService({ CYBERTREATY_RATE_LIMIT: '10/3600' }, async (service) => {
    const client = new Client(service.url);
    const any = { headers: { 'If-None-Match': '*' } };
    assert.equal((await client.send('/v1/countries/NO')).status, 200);
    for (let i = 0; i < 20; i++)
      assert.equal((await client.send('/v1/countries/NO', any)).status, 304);
    const statuses: number[] = [];
    for (let i = 0; i < 12; i++)
      statuses.push(
        (await client.send(`/v1/countries?q=${'abcdefghijkl'.charAt(i)}o`, any)).status,
      );
    assert.deepEqual(statuses, [...Array<number>(9).fill(304), ...Array<number>(3).fill(429)]);
  });
});

const DRAIN_LIMIT = 1500;
const DRAINING = {
  ...PATIENT,
  CYBERTREATY_BULK_TIMEOUT: '60000',
  CYBERTREATY_DRAIN: '1',
  CYBERTREATY_DRAIN_DELAY: '0',
};

/** Milliseconds from SIGTERM to the end. */
async function stopTime(service: Service): Promise<number> {
  const began = Date.now();
  service.process.kill('SIGTERM');
  const { code, signal } = await service.exitStatus();
  const took = Date.now() - began;
  assert.deepEqual([code, signal], [0, null], service.stderr);
  assert.equal(service.stderr, '');
  return took;
}

const HANGING = [
  { what: 'an export waits for a lock', target: '/v1/export.ndjson' },
  { what: 'a query waits for a lock', target: missOn(0) },
];

for (const { what, target } of HANGING)
  test(`stops within CYBERTREATY_DRAIN while ${what}`, async () => {
    const service = await Service.start(cluster.url(database), { env: DRAINING });
    const held: HeldConnection[] = [];
    try {
      await whileLocked(async () => {
        held.push(await hold(service.port, request(target)));
        await pause(300);
        const took = await stopTime(service);
        assert.ok(took < DRAIN_LIMIT, `${took} ms`);
      });
    } finally {
      release(held);
      service.process.kill('SIGKILL');
    }
  });

test('stops within CYBERTREATY_DRAIN while the database is frozen', async () => {
  const own = await Cluster.start();
  const service = await Service.start(own.url(await own.database('imported')), { env: DRAINING });
  const held: HeldConnection[] = [];
  try {
    own.signal('SIGSTOP');
    for (const target of ['/v1/export.ndjson', missOn(0), missOn(1)])
      held.push(await hold(service.port, request(target)));
    await pause(300);
    const took = await stopTime(service);
    assert.ok(took < DRAIN_LIMIT, `${took} ms`);
  } finally {
    release(held);
    service.process.kill('SIGKILL');
    own.signal('SIGCONT');
    await own.stop();
  }
});

test('stops within CYBERTREATY_DRAIN while clients neither read nor finish what they send', async () => {
  const service = await Service.start(cluster.url(database), { env: DRAINING });
  const held: HeldConnection[] = [];
  try {
    for (let i = 0; i < 20; i++) {
      const unread = await hold(service.port, request('/openapi.yaml').repeat(200));
      unread.socket.pause();
      held.push(unread);
      held.push(await hold(service.port, 'POST /v1/countries HTTP/1.1\r\nHost: x\r\nContent-Le'));
      held.push(
        await hold(
          service.port,
          'POST /v1/countries HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\nabc',
        ),
      );
    }
    await pause(300);
    const took = await stopTime(service);
    assert.ok(took < DRAIN_LIMIT, `${took} ms`);
  } finally {
    release(held);
    service.process.kill('SIGKILL');
  }
});
