// Reads with a database URL of their own.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Client } from './support/client.js';
import { Cluster } from './support/database.js';
import { Service } from './support/service.js';

const cluster = Cluster.shared();

test('read-url: facts come from the database for reading, which has a pool of its own', async () => {
  const [primary, reading] = await Promise.all([
    cluster.database('migrated'),
    cluster.database('imported'),
  ]);
  const service = await Service.start(cluster.url(primary), {
    env: {
      CYBERTREATY_READ_DATABASE_URL: cluster.url(reading),
      CYBERTREATY_POOL: '3',
      CYBERTREATY_PRIMARY_POOL: '1',
    },
  });
  try {
    const client = new Client(service.url);
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => client.send('/v1/countries/NO')),
    );
    assert.ok(replies.every(({ status }) => status === 200));
    const { rows } = await cluster.query(
      'postgres',
      'SELECT datname, count(*)::int FROM pg_stat_activity WHERE datname = ANY ($1) GROUP BY 1',
      [[primary, reading]],
    );
    const open = Object.fromEntries(rows.map((row) => [row.datname, row.count]));
    assert.equal(open[primary], 1);
    assert.ok(open[reading] >= 1 && open[reading] <= 3, `${open[reading]} connections`);
  } finally {
    await service.stop();
  }
});
