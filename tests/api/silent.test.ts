// The database is there and says nothing: its processes are stopped, its sockets stay open.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { Client } from './support/client.js';
import { Cluster } from './support/database.js';
import { until } from './support/processes.js';
import { Service } from './support/service.js';

const QUERY_TIMEOUT = 1000;

let cluster: Cluster;
let service: Service;
let client: Client;
let processes: number[] = [];

before(async () => {
  cluster = await Cluster.start();
  service = await Service.start(cluster.url(await cluster.database('migrated')), {
    env: {
      CYBERTREATY_QUERY_TIMEOUT: String(QUERY_TIMEOUT),
      CYBERTREATY_POOL: '4',
      // What is kept would go on being given.
      CYBERTREATY_CACHE_BYTES: '0',
    },
  });
  client = new Client(service.url);
});
after(async () => {
  try {
    resumeServer();
    await service.stop();
  } finally {
    await cluster.stop();
  }
});

/** Stops the server's processes where they are, without a word to anybody. */
function stopServer(pids: number[]): void {
  processes = pids;
  for (const pid of processes) process.kill(pid, 'SIGSTOP');
}

function resumeServer(): void {
  for (const pid of processes) process.kill(pid, 'SIGCONT');
  processes = [];
}

async function took(target: string, status: number): Promise<number> {
  const began = Date.now();
  assert.equal((await client.send(target)).status, status, target);
  return Date.now() - began;
}

test('silent: requests end by their deadline, then at once, and it heals by itself', async () => {
  assert.equal((await client.send('/v1/countries')).status, 200);
  const { rows } = await cluster.query(
    'postgres',
    "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'cybertreaty%'",
  );
  const postmaster = readFileSync(join(cluster.directory, 'data', 'postmaster.pid'), 'utf8');
  stopServer([Number.parseInt(postmaster, 10), ...rows.map(({ pid }) => pid as number)]);

  const replies = await Promise.all(Array.from({ length: 16 }, () => took('/v1/countries', 503)));
  assert.ok(Math.max(...replies) < 8000, `the slowest took ${Math.max(...replies)} ms`);
  await until(
    'requests to fail at once',
    15,
    async () => (await took('/v1/countries', 503)) < QUERY_TIMEOUT / 2,
  );
  await took('/healthz', 200);
  assert.ok(service.lines().some(({ event }) => event === 'database_down'));

  resumeServer();
  await until('facts', 15, async () => (await client.send('/v1/countries')).status === 200);
  assert.ok(service.lines().some(({ event }) => event === 'database_up'));
});
