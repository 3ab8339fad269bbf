// The checks of `cybertreaty doctor` on the running service.
import assert from 'node:assert/strict';
import http from 'node:http';
import { type AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { parse } from 'yaml';

import { operations } from '../support/contract.js';
import { type Check, asReader, cluster, prepared, report } from '../support/doctor.js';
import { root } from '../support/paths.js';
import { Service } from '../support/service.js';

const healthy = await prepared();
const checks = async (database: string, port: number): Promise<(name: string) => Check> =>
  (await report(database, [], { CYBERTREATY_PORT: String(port) })).check;

test('requests every JSON response of the contract from the service', async () => {
  const service = await Service.start(asReader(healthy), {
    env: { CYBERTREATY_PUBLIC_URL: 'https://example.org/treaties' },
  });
  try {
    const check = await checks(healthy, service.port);
    assert.equal(check('service').outcome, 'ok', check('service').says);
    assert.equal(check('answers').outcome, 'ok', check('answers').says);

    const asked = new Set(service.lines().map((line) => line['operation']));
    const wanted = operations.filter(
      ({ template, responses }) =>
        template.startsWith('/v1') && responses['200']?.content?.['application/json'],
    );
    assert.ok(wanted.length > 40);
    assert.deepEqual(
      wanted.map(({ id }) => id).filter((id) => !asked.has(id)),
      [],
    );
  } finally {
    await service.stop();
  }
});

test('reports a service without migrations or facts', async () => {
  const empty = await prepared('', 'migrated');
  const service = await Service.start(asReader(empty));
  try {
    const without = await checks(empty, service.port);
    assert.equal(without('service').outcome, 'ok', without('service').says);
    assert.equal(without('answers').outcome, 'warning');
    assert.match(without('answers').says, /for \d\d addresses there is no record/);

    await cluster.query(empty, 'DELETE FROM migration');
    const unready = await checks(empty, service.port);
    assert.equal(unready('service').outcome, 'failed');
    assert.match(unready('service').says, /status 503 and names migrations/);
    assert.equal(unready('answers').outcome, 'skipped');
  } finally {
    await service.stop();
  }
});

test('reports a service on another database', async () => {
  const service = await Service.start(asReader(await prepared('', 'migrated')));
  try {
    const check = await checks(healthy, service.port);
    assert.equal(check('service').outcome, 'warning');
    assert.match(check('service').says, /service is at revision 0, the database at 1/);
  } finally {
    await service.stop();
  }
});

test('names the addresses of responses that break the contract', async () => {
  // Without the constraint, the table contains a value that the contract does not list.
  const broken = await prepared(`SET session_replication_role = replica;
    ALTER TABLE strategy DROP CONSTRAINT strategy_status_check;
    UPDATE strategy SET status = 'odd'`);
  const service = await Service.start(asReader(broken));
  try {
    const check = await checks(broken, service.port);
    assert.equal(check('answers').outcome, 'failed');
    const addresses = check('answers').items.map(({ address }) => address);
    assert.ok(addresses.includes('/v1/strategies?limit=1'), JSON.stringify(addresses));
    for (const { mistake } of check('answers').items)
      assert.match(String(mistake), /status is none of the documented values/);
  } finally {
    await service.stop();
  }
});

test('sends few requests to a service with a rate limit', async () => {
  const service = await Service.start(asReader(healthy), {
    env: { CYBERTREATY_RATE_LIMIT: '20/3600' },
  });
  try {
    const check = await checks(healthy, service.port);
    assert.equal(check('answers').outcome, 'warning', check('answers').says);
    assert.match(check('answers').says, /limits requests/);
    assert.ok(service.lines().filter(({ event }) => event === 'request').length < 40);
  } finally {
    await service.stop();
  }
});

test('distinguishes another program on the port from the service', async () => {
  const contract = JSON.stringify(parse(readFileSync(join(root, 'openapi.yaml'), 'utf8')));
  const ready: Record<string, [number, string]> = { '/readyz': [200, ''] };
  const entry: [number, string] = [200, '{"data":{"dataset":{"revision":1}}}'];
  const schema = { type: 'object', required: ['data'] };
  const path = { get: { responses: { 200: { content: { 'application/json': { schema } } } } } };
  const small = JSON.stringify({ paths: { '/v1/a/{b}/c': path, '/v1/a': path } });
  const answers: [Record<string, [number, string]>, string, Check['outcome'], RegExp][] = [
    [{}, 'service', 'failed', /is not ready: it gives status 404/],
    [
      { ...ready, '/openapi.json': [200, '<html>'] },
      'service',
      'failed',
      /openapi\.json is not JSON/,
    ],
    [
      { ...ready, '/openapi.json': [500, ''] },
      'service',
      'failed',
      /gives status 500 to \/openapi\.json/,
    ],
    [
      { ...ready, '/openapi.json': [200, '{}'], '/v1': entry },
      'service',
      'warning',
      /another version runs there/,
    ],
    [
      { ...ready, '/openapi.json': [200, '{}'], '/v1': entry },
      'answers',
      'failed',
      /has no address to ask for/,
    ],
    [
      { ...ready, '/openapi.json': [200, contract], '/v1': entry },
      'answers',
      'failed',
      /do not fit the contract/,
    ],
    [
      { ...ready, '/openapi.json': [200, small], '/v1': entry, '/v1/a': [200, '{}'] },
      'answers',
      'failed',
      /do not fit/,
    ],
    [
      {
        ...ready,
        '/openapi.json': [200, small],
        '/v1': entry,
        '/v1/a': [200, '{"data":[]}'],
        '/v1/a?limit=1': [200, '{"data":[{"links":{}}]}'],
      },
      'answers',
      'warning',
      /for 1 addresses there is no record/,
    ],
  ];
  let current: Record<string, [number, string]> = {};
  const server = http.createServer((request, response) => {
    const [status, body] = current[request.url ?? ''] ?? [404, ''];
    response.writeHead(status, { 'content-length': Buffer.byteLength(body) }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = (server.address() as AddressInfo).port;

  try {
    for (const [given, name, outcome, says] of answers) {
      current = given;
      const check = (await checks(healthy, port))(name);
      assert.equal(check.outcome, outcome, check.says);
      assert.match(check.says, says);
    }
  } finally {
    server.close();
  }
});
