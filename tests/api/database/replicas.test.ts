// CYBERTREATY_READ_DATABASE_URL with a primary and a standby.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Client } from '../support/client.js';
import { Cluster } from '../support/database.js';
import { pause, until } from '../support/processes.js';
import { Service } from '../support/service.js';

let primary: Cluster;
let standby: Cluster;
let database: string;

before(async () => {
  primary = await Cluster.start();
  database = await primary.database('imported');
  standby = await Cluster.standby(primary);
});
after(async () => {
  try {
    await standby?.stop();
  } finally {
    await primary.stop();
  }
});

/** The count of connections of the service to a cluster. */
async function connections(cluster: Cluster): Promise<number> {
  const { rows } = await cluster.query(
    'postgres',
    "SELECT count(*)::int FROM pg_stat_activity WHERE application_name = 'cybertreaty serve'",
  );
  return rows[0].count;
}

async function statuses(client: Client, count: number): Promise<number[]> {
  const responses = await Promise.all(
    Array.from({ length: count }, (_, i) => client.send(`/v1/countries?limit=${i + 1}`)),
  );
  return responses.map(({ status }) => status);
}

const POOL = 4;

function start(hosts: Cluster[], env: NodeJS.ProcessEnv = {}): Promise<Service> {
  const [first = primary, ...others] = hosts;
  return Service.start(primary.url(database), {
    env: {
      CYBERTREATY_READ_DATABASE_URL: first.url(database, ...others),
      CYBERTREATY_POOL: String(POOL),
      CYBERTREATY_PRIMARY_POOL: '1',
      ...env,
    },
  });
}

test('reads from the standby in any order of hosts, with few connections to the primary', async () => {
  for (const hosts of [
    [standby, primary],
    [primary, standby],
  ]) {
    const service = await start(hosts);
    try {
      const client = new Client(service.url);
      assert.deepEqual(new Set(await statuses(client, 30)), new Set([200]));
      assert.equal(await connections(primary), 1);
      const open = await connections(standby);
      assert.ok(open >= 1 && open <= POOL, `${open} connections to the standby`);
    } finally {
      await service.stop();
    }
  }
});

test('reads from the primary what the standby has not replayed', async () => {
  const service = await start([standby, primary]);
  const client = new Client(service.url);
  const name = async (): Promise<string> =>
    (await client.send('/v1/countries/SE')).json().data.name as string;
  try {
    assert.equal(await name(), 'Sweden');
    await standby.query('postgres', 'SELECT pg_wal_replay_pause()');
    await primary.query(database, "UPDATE country SET name_en = 'Sverige' WHERE code = 'SE'");
    await until('the write to be visible', 10, async () => (await name()) === 'Sverige');
    const { rows } = await standby.query(database, "SELECT name_en FROM country WHERE code = 'SE'");
    assert.equal(rows[0].name_en, 'Sweden');
    // The write stays visible from now on.
    for (let i = 0; i < 20; i++) assert.equal(await name(), 'Sverige');
  } finally {
    await standby.query('postgres', 'SELECT pg_wal_replay_resume()');
    await service.stop();
  }
});

test('limits bulk responses to half of the connections to the primary while the standby is behind', async () => {
  const PRIMARY_POOL = 4;
  const service = await start([standby, primary], {
    CYBERTREATY_PRIMARY_POOL: String(PRIMARY_POOL),
    CYBERTREATY_BULK_TIMEOUT: '60000',
    CYBERTREATY_POOL_WAIT: '60000',
    // The pool lets through twice as many bulk responses as the primary pool has connections.
    CYBERTREATY_POOL: String(4 * PRIMARY_POOL),
    CYBERTREATY_CACHE_BYTES: '0',
  });
  const client = new Client(service.url);
  const holder = await primary.connect(database);
  let limit = 0;
  const waiting = async (): Promise<number> => {
    const { rows } = await primary.query(
      database,
      `SELECT count(*)::integer AS waiting FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return rows[0].waiting;
  };
  try {
    await client.send('/v1/countries');
    await standby.query('postgres', 'SELECT pg_wal_replay_pause()');
    await primary.query(database, "UPDATE country SET name_en = 'Suomi' WHERE code = 'FI'");
    // A new connection needs every table to prepare its statements, so all must be open before the lock.
    await until('connections to the primary', 20, async () => {
      await Promise.all(
        Array.from({ length: 4 * PRIMARY_POOL }, () => client.send(`/v1/sources?limit=${++limit}`)),
      );
      return (await connections(primary)) === PRIMARY_POOL;
    });
    await holder.query('BEGIN; LOCK TABLE tool IN ACCESS EXCLUSIVE MODE');
    const bulk = Promise.all(
      Array.from({ length: 2 * PRIMARY_POOL }, (_, i) =>
        client.send(`/v1/tools?format=csv&limit=${i + 1}`),
      ),
    );
    const half = await until('half of the connections to the primary to wait', 20, async () => {
      const now = await waiting();
      return now >= PRIMARY_POOL / 2 && now;
    });
    assert.equal(half, PRIMARY_POOL / 2);
    // The bulk requests use all connections of the other client.
    const other = new Client(service.url);
    for (let i = 0; i < 3; i++) {
      const began = performance.now();
      const { status, json } = await other.send('/v1/countries/FI');
      assert.ok(performance.now() - began < 5000, 'The request waits for bulk responses.');
      assert.equal(status, 200);
      assert.equal(json().data.name, 'Suomi', 'from the primary');
      assert.equal(await waiting(), PRIMARY_POOL / 2);
    }
    await holder.query('ROLLBACK');
    for (const { status } of await bulk) assert.equal(status, 200);
  } finally {
    await holder.end();
    await standby.query('postgres', 'SELECT pg_wal_replay_resume()');
    await service.stop();
  }
});

test('reads from the primary while the standby restarts under load, and returns to it', async () => {
  const service = await start([standby, primary]);
  const client = new Client(service.url);
  const failures: number[] = []; // times in milliseconds
  let running = true;
  let asked = 0;

  async function ask(): Promise<void> {
    while (running) {
      // Each request differs, so that no response comes from the cache.
      const moment = `2020-01-01T00:00:00.${String(++asked).padStart(6, '0')}Z`;
      const { status } = await client.send(`/v1/countries?limit=1&updated_since=${moment}`);
      if (status !== 200) failures.push(Date.now());
    }
  }

  try {
    await until('connections to the standby', 10, async () => (await connections(standby)) > 0);
    const load = Array.from({ length: 4 }, ask);
    try {
      await pause(300);
      await standby.halt();
      await until('connections to the primary', 10, async () => (await connections(primary)) > 1);
      const before = asked;
      await until('responses from the primary', 30, () => asked > before + 50);
      await standby.resume();
      // The service tries to connect to a standby every ten seconds.
      await until(
        'connections to the standby again',
        60,
        async () => (await connections(standby)) > 0,
      );
      await until(
        'one connection to the primary',
        60,
        async () => (await connections(primary)) === 1,
      );
    } finally {
      running = false;
      await Promise.all(load);
    }
    // Lost queries are retried immediately. A server that shuts down may accept a connection only to
    // refuse it, and the next attempt follows a quarter of a second later.
    const span = failures.length ? Math.max(...failures) - Math.min(...failures) : 0;
    assert.ok(span < 3000, `requests failed for ${span} ms`);
    assert.ok(failures.length < asked / 10, `${failures.length} of ${asked} requests failed`);
  } finally {
    await service.stop();
  }
});

test('refuses to start with an invalid read URL and names it', async () => {
  const { code, stderr } = await primary.command(database, ['serve'], {
    CYBERTREATY_PORT: '0',
    CYBERTREATY_READ_DATABASE_URL: 'host=a,b,c port=1,2',
  });
  assert.equal(code, 1);
  assert.match(stderr, /CYBERTREATY_READ_DATABASE_URL/);
  assert.match(stderr, /as many ports as hosts/);
});
