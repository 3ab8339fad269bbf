// Failures, and how an operator responds to them.
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';

import type { Client } from '../api/support/client.js';
import { pause, until } from '../api/support/processes.js';
import { describeResults, readDuring } from './load.js';
import type { Stack } from './stack.js';

/** Addresses whose validators must not change. */
const COMPARED = [
  '/v1/countries',
  '/v1/countries/NO',
  '/v1/countries/NO/profile',
  '/v1/statements?limit=500',
  '/v1/changes?limit=50',
  '/v1/sources?format=csv',
];

const tags = (client: Client): Promise<unknown[]> =>
  Promise.all(
    COMPARED.map(async (target) => {
      const { status, headers } = await client.send(target);
      assert.equal(status, 200, target);
      return [target, headers['etag'], headers['last-modified'], headers['dataset-revision']];
    }),
  );

/** Whether enough uncached requests in a row succeed to have reached each replica. */
async function settled(client: Client): Promise<boolean> {
  for (let i = 0; i < 15; i++)
    if ((await client.send(`/v1/tools?limit=${i + 401}`)).status !== 200) return false;
  return true;
}

/** Stops the database under load and starts it again. */
export async function loseDatabase(stack: Stack, client: Client): Promise<void> {
  const targets = ['/v1/countries/NO/profile', '/healthz', '/v1/tools?limit={n}'];
  // Fill the cache of each replica.
  for (let i = 0; i < 40; i++) await client.get('/v1/countries/NO/profile');
  const responses = await readDuring(stack.port, targets, async () => {
    await pause(1000);
    await stack.compose(['kill', 'db']);
    await pause(8000);
    await stack.compose(['start', 'db']);
    await until('facts from every replica', 60, () => settled(client));
  });
  const of = (part: string) => responses.filter(({ target }) => target.startsWith(part));

  const strange = responses.filter(
    ({ status, detail }) => status !== 200 && !(status === 503 && detail === 'Retry-After'),
  );
  assert.equal(strange.length, 0, describeResults(strange));
  for (const part of ['/healthz', '/v1/countries/NO/profile']) {
    const failed = of(part).filter(({ status }) => status !== 200);
    assert.equal(failed.length, 0, `${part} needs no database:\n${describeResults(failed)}`);
  }
  assert.ok(of('/v1/tools').some(({ status }) => status === 503));
}

/** Makes a dump, destroys everything, and restores it as docs/operating.md describes. */
export async function restore(stack: Stack, client: Client, context: TestContext): Promise<void> {
  const before = await tags(client);
  const revision = await stack.sql('SELECT revision, changed_at FROM dataset_revision');
  const dumped = await stack.try([
    ...['compose', ...stack.options, 'exec', '-T', 'db'],
    ...['pg_dump', '-U', 'postgres', '-Fc', 'cybertreaty'],
  ]);
  assert.equal(dumped.code, 0, dumped.stderr);

  await stack.destroy();
  await stack.up('db');
  await stack.compose(['run', '--rm', '-T', 'roles']);
  const began = Date.now();
  await stack.compose(
    [
      ...['exec', '-T', 'db', 'pg_restore', '-U', 'postgres', '-d', 'cybertreaty'],
      ...['--exit-on-error', '--single-transaction'],
    ],
    dumped.stdout,
  );
  context.diagnostic(
    `dump: ${(dumped.stdout.length / 1e6).toFixed(1)} MB, restored in ${Date.now() - began} ms`,
  );
  await stack.up();
  assert.equal(await stack.sql('SELECT revision, changed_at FROM dataset_revision'), revision);
  assert.deepEqual(await tags(client), before);
}

/** Changes the service's password, and checks a rate limit against forged addresses. */
export async function rotate(stack: Stack, client: Client): Promise<void> {
  const secret = async (): Promise<string> =>
    stack.sql("SELECT rolpassword FROM pg_authid WHERE rolname = 'cybertreaty_service'");
  const before = await secret();

  stack.env['CYBERTREATY_RATE_LIMIT'] = '5/60';
  await stack.compose([
    ...['run', '--rm', '--no-deps', '-T', '--entrypoint', 'rm'],
    ...['secrets', '/secrets/service_password'],
  ]);
  await stack.up('--force-recreate');
  assert.notEqual(await secret(), before);

  const statuses: number[] = [];
  for (let i = 0; i < 12; i++) {
    const headers = {
      'X-Forwarded-For': `203.0.113.${i}`,
      Forwarded: `for=198.51.100.${i}`,
    };
    statuses.push((await client.send('/v1/countries/NO', { headers })).status);
  }
  assert.deepEqual(statuses, [...Array(5).fill(200), ...Array(7).fill(429)]);
}

/** Removes the project and checks that nothing remains. */
export async function removeProject(stack: Stack): Promise<void> {
  const label = `label=com.docker.compose.project=${stack.project}`;

  await stack.destroy();
  for (const kind of [
    ['ps', '-a'],
    ['volume', 'ls'],
    ['network', 'ls'],
  ])
    assert.equal(await stack.docker([...kind, '-q', '--filter', label]), '', kind.join(' '));
}
