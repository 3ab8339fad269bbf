// Readers of kept answers while the database goes away under load, and comes back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Cable, FAILURES, changeSource } from '../api/support/cable.js';
import { Client } from '../api/support/client.js';
import { Cluster } from '../api/support/database.js';
import { pause, until } from '../api/support/processes.js';
import { Service } from '../api/support/service.js';
import { LOADED_FROM, load } from './wrk.js';

const KEPT = [
  '/v1/countries/NO/profile',
  '/v1/countries',
  '/v1/sources',
  '/v1/statements/NO-185-R-06',
];
/** Connections, each of which pauses for as many milliseconds on average: about half of what the
 * service can give, so that its latency and not its queue is measured. */
const READERS = { connections: 64, pause: 16 };
const BEFORE = 2000;
const AWAY = 6000;
const SECONDS = (BEFORE + AWAY) / 1000;

let cluster: Cluster;
let database: string;

before(async () => {
  cluster = await Cluster.start();
  database = await cluster.database('imported');
});
after(() => cluster.stop());

for (const { name, fail, heal } of FAILURES)
  test(`stale: with the database ${name} under load, kept answers go on with p99 under 20 ms`, async (t) => {
    const cable = new Cable(cluster, database);
    const service = await Service.start(cable.url);
    try {
      const client = new Client(service.url);
      for (const target of KEPT) assert.equal((await client.send(target)).status, 200);

      // An answer that fails or refuses, at any moment of it, ends the test.
      const reading = load({
        url: service.url,
        targets: KEPT,
        ...READERS,
        seconds: SECONDS,
        processor: LOADED_FROM,
      });
      await pause(BEFORE);
      await fail(cluster, cable);
      const old = await until('an answer that says it may be old', AWAY / 1000, async () => {
        const reply = await client.send('/v1/countries');
        return reply.headers['cache-status'] !== undefined && reply;
      });
      assert.equal(old.status, 200);
      // At once as soon as the service knows: a database that is silent takes two questions.
      const refused = await until('503 at once', AWAY / 1000, async () => {
        const asked = performance.now();
        const missing = await client.send('/v1/strategies');
        assert.equal(missing.status, 503);
        assert.ok(Number(missing.headers['retry-after']) >= 1);
        const took = performance.now() - asked;
        return took < 200 && took;
      });
      const { requests, p50, p99, max } = await reading;

      await heal(cluster, cable);
      const now = String(await changeSource(cluster, database));
      const healed = performance.now();
      await until('a new answer', 10, async () => {
        const { headers } = await client.send('/v1/sources');
        return headers['dataset-revision'] === now && headers['age'] === undefined;
      });
      const fresh = performance.now() - healed;
      t.diagnostic(
        `${requests} answers in ${SECONDS} s: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, ` +
          `slowest ${max.toFixed(1)} ms; 503 after ${refused.toFixed(0)} ms; ` +
          `new ${fresh.toFixed(0)} ms after the return`,
      );
      assert.ok(requests > 1000, String(requests));
      assert.ok(p99 < 20, `p99 is ${p99} ms`);
      assert.ok(fresh < 1000, `new after ${fresh} ms`);
    } finally {
      cable.close();
      await service.stop();
    }
  });
