// Ten rolling restarts of two replicas under load.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Cluster } from '../api/support/database.js';
import { restartReplicas } from '../api/support/rolling_restart.js';

let cluster: Cluster;

before(async () => {
  cluster = await Cluster.start();
});
after(() => cluster.stop());

test('loses no response during ten rolling restarts of two replicas', async (t) => {
  const url = cluster.url(await cluster.database('imported'));
  const paths = [
    '/v1/countries/NO',
    '/v1/countries/SE/profile',
    '/v1/statements?limit=500',
    '/v1/status',
    '/openapi.yaml',
    '/healthz',
  ];
  const { responses, retried, failures } = await restartReplicas(url, 10, 32, paths);
  t.diagnostic(`${responses} responses, ${retried} requests retried at the other replica`);
  assert.deepEqual(failures, []);
  assert.ok(responses > 1000, String(responses));
});
