// Restarts of replicas under load. tests/load has longer runs.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Client } from '../support/client.js';
import { Cluster } from '../support/database.js';
import { until } from '../support/processes.js';
import { restartReplicas } from '../support/rolling_restart.js';
import { Service } from '../support/service.js';
import { type HeldConnection, hold, release } from '../support/held_connections.js';

const cluster = Cluster.shared();
let database: string;

before(async () => {
  database = await cluster.database('imported');
});
after(() => cluster.drop(database));

test('loses no response while two replicas restart twice', async () => {
  const paths = ['/v1/countries/NO', '/v1/countries/SE/profile', '/healthz'];
  const { responses, failures } = await restartReplicas(cluster.url(database), 2, 8, paths);
  assert.deepEqual(failures, []);
  assert.ok(responses > 16, String(responses));
});

test('reports draining on /readyz during the delay and still serves requests', async () => {
  const service = await Service.start(cluster.url(database), {
    env: { CYBERTREATY_DRAIN_DELAY: '6' },
  });
  const client = new Client(service.url);
  service.process.kill('SIGTERM');
  const reason = await until('/readyz to report draining', 5, async () => {
    const response = await client.send('/readyz');
    return response.status === 503 && (response.json()['reason'] as string);
  });
  assert.equal(reason, 'draining');
  assert.equal((await client.send('/healthz')).status, 200);
  // A new connection is accepted and closed after its first response.
  const response = await client.raw('GET /v1/countries/NO HTTP/1.1\r\nHost: x\r\n\r\n');
  assert.equal(response.status, 200);
  assert.equal(response.headers['connection']?.toLowerCase(), 'close');
  assert.ok(response.closed);
  assert.deepEqual(await service.exitStatus(), { code: 0, signal: null });
});

test('serves connections that were accepted before SIGTERM', async () => {
  const service = await Service.start(cluster.url(database));
  const held: HeldConnection[] = [];
  try {
    for (let i = 0; i < 20; i++) held.push(await hold(service.port, ''));
    service.process.kill('SIGTERM');
    await until('the shutdown to start', 10, () =>
      service.lines().some(({ event }) => event === 'shutdown_started'),
    );
    for (const { socket } of held) socket.write('GET /v1/countries/NO HTTP/1.1\r\nHost: x\r\n\r\n');
    await until('the responses', 10, () => held.every(({ closed }) => closed()));
    for (const { text } of held) {
      assert.match(text(), /^HTTP\/1\.1 200 /);
      assert.match(text(), /^Connection: close\r$/im);
      assert.match(text(), /"Norway"/);
    }
  } finally {
    release(held);
    assert.deepEqual(await service.exitStatus(), { code: 0, signal: null });
  }
});
