// Replicas are replaced under load, and nobody notices. tests/load has more of it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Client } from '../support/client.js';
import { Cluster } from '../support/database.js';
import { pause, until } from '../support/processes.js';
import { roll } from '../support/rolling_restart.js';
import { Service } from '../support/service.js';
import { type HeldConnection, hold, release } from '../support/held_connections.js';

const cluster = Cluster.shared();
let database: string;

before(async () => {
  database = await cluster.database('imported');
});
after(() => cluster.drop(database));

test('drain: not one answer is lost while two replicas are replaced twice', async () => {
  const paths = ['/v1/countries/NO', '/v1/countries/SE/profile', '/healthz'];
  const { responses, wrong } = await roll(cluster.url(database), 2, 8, paths);
  assert.deepEqual(wrong, []);
  assert.ok(responses > 16, String(responses));
});

test('drain: with a delay /readyz says so first, and everything is still answered', async () => {
  const service = await Service.start(cluster.url(database), {
    env: { CYBERTREATY_DRAIN_DELAY: '3' },
  });
  const client = new Client(service.url);
  service.process.kill('SIGTERM');
  const word = await until('/readyz to say so', 2, async () => {
    const response = await client.send('/readyz');
    return response.status === 503 && (response.json()['reason'] as string);
  });
  assert.equal(word, 'draining');
  assert.equal((await client.send('/healthz')).status, 200);
  // New connections are taken, and each answer is the last one on its own.
  const response = await client.raw('GET /v1/countries/NO HTTP/1.1\r\nHost: x\r\n\r\n');
  assert.equal(response.status, 200);
  assert.equal(response.headers['connection']?.toLowerCase(), 'close');
  assert.ok(response.closed);
  assert.deepEqual(await service.ending(), { code: 0, signal: null });
});

test('drain: who has just connected, or has waited to be let in, is heard', async () => {
  const service = await Service.start(cluster.url(database));
  const held: HeldConnection[] = [];
  try {
    for (let i = 0; i < 20; i++) held.push(await hold(service.port, ''));
    service.process.kill('SIGTERM');
    await pause(100);
    for (const { socket } of held) socket.write('GET /v1/countries/NO HTTP/1.1\r\nHost: x\r\n\r\n');
    await until('the answers', 10, () => held.every(({ closed }) => closed()));
    for (const { text } of held) {
      assert.match(text(), /^HTTP\/1\.1 200 /);
      assert.match(text(), /^Connection: close\r$/im);
      assert.match(text(), /"Norway"/);
    }
  } finally {
    release(held);
    assert.deepEqual(await service.ending(), { code: 0, signal: null });
  }
});
