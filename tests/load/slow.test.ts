// A reader's response times with 2,000 clients that send slowly or never read their responses.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Cluster } from '../api/support/database.js';
import { Service } from '../api/support/service.js';
import { readDuringSlowClients } from '../api/support/slow_clients.js';

let cluster: Cluster;
let service: Service;

before(async () => {
  cluster = await Cluster.start();
  service = await Service.start(cluster.url(await cluster.database('imported')));
});
after(async () => {
  await service.stop();
  await cluster.stop();
});

test('serves a reader with p99 under 50 ms while 2,000 clients are slow', async (t) => {
  const alone = await readDuringSlowClients(service, 0, 5);
  const { p50, p99, slowest, responses, slow, memory, threads } = await readDuringSlowClients(
    service,
    2000,
    80,
  );
  t.diagnostic(`alone: p50 ${alone.p50.toFixed(1)} ms, p99 ${alone.p99.toFixed(1)} ms`);
  t.diagnostic(
    `with 2,000: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, slowest ` +
      `${slowest.toFixed(1)} ms of ${responses} responses; ${threads} threads, ` +
      `${Math.round(memory / 1024)} MiB; ${slow.ended} disconnected`,
  );
  assert.ok(p99 < 50, `p99 is ${p99} ms`);
  assert.ok(slow.oldest < 20_000, `${slow.oldest} ms`);
  assert.ok(slow.ended > 4000, `${slow.ended} were disconnected`);
  assert.ok(memory < 512 * 1024, `${memory} KiB`);
});
