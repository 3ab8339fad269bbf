// Slow clients. tests/load runs ten times as many with tight bounds.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Cluster } from '../support/database.js';
import { Service } from '../support/service.js';
import { readDuringSlowClients } from '../support/slow_clients.js';

const cluster = Cluster.shared();
let database: string;

before(async () => {
  database = await cluster.database('imported');
});
after(() => cluster.drop(database));

test('disconnects 200 slow clients and does not delay a reader', async () => {
  const service = await Service.start(cluster.url(database));
  try {
    const { p99, responses, slow } = await readDuringSlowClients(service, 200, 16);
    // The clients slow a busy machine; a reader that waited for one would take seconds.
    assert.ok(p99 < 1000, `p99 is ${p99} ms`);
    assert.ok(responses > 50, String(responses));
    // The timeout is 10 s, the watchdog runs every second, and a busy machine adds some delay.
    assert.ok(slow.ended > 100, `${slow.ended} were disconnected`);
    assert.ok(slow.oldest < 20_000, `${slow.oldest} ms`);
  } finally {
    await service.stop();
  }
});
