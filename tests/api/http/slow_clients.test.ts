// Clients that hold connections without end. tests/load has ten times as many, and tight bounds.
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

test('sizes: 200 clients that drip bytes are thrown out and hold up nobody', async () => {
  const service = await Service.start(cluster.url(database));
  try {
    const { p99, responses, slow } = await readDuringSlowClients(service, 200, 16);
    // On a busy machine the clients themselves take their time; waiting for one takes seconds.
    assert.ok(p99 < 1000, `p99 is ${p99} ms`);
    assert.ok(responses > 50, String(responses));
    // Ten seconds, a second for the watchdog to look, and what a busy machine takes to notice.
    assert.ok(slow.ended > 100, `${slow.ended} were thrown out`);
    assert.ok(slow.oldest < 20_000, `${slow.oldest} ms`);
  } finally {
    await service.stop();
  }
});
