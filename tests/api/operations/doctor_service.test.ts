// The check of `cybertreaty doctor` on the running service.
import assert from 'node:assert/strict';
import http from 'node:http';
import { type AddressInfo } from 'node:net';
import { test } from 'node:test';

import { type Check, asReader, cluster, prepared, report } from '../support/doctor.js';
import { Service } from '../support/service.js';

const healthy = await prepared();
const checkService = async (database: string, port: number): Promise<Check> =>
  (await report(database, [], { CYBERTREATY_PORT: String(port) })).check('service');

test('reports a running service as ok', async () => {
  const service = await Service.start(asReader(healthy), {
    env: { CYBERTREATY_PUBLIC_URL: 'https://example.org/treaties' },
  });
  try {
    const check = await checkService(healthy, service.port);
    assert.equal(check.outcome, 'ok', check.message);
    assert.match(check.message, /is ready, at revision 1\.$/);
  } finally {
    await service.stop();
  }
});

test('fails for a service without migrations, with its reason', async () => {
  const empty = await prepared('', 'migrated');
  const service = await Service.start(asReader(empty));
  try {
    const check = await checkService(empty, service.port);
    assert.equal(check.outcome, 'ok', check.message);

    await cluster.query(empty, 'DELETE FROM migration');
    const unready = await checkService(empty, service.port);
    assert.equal(unready.outcome, 'failed');
    assert.match(unready.message, /status is 503 and its reason migrations\.$/);
  } finally {
    await service.stop();
  }
});

test('warns of a service on another database', async () => {
  const service = await Service.start(asReader(await prepared('', 'migrated')));
  try {
    const check = await checkService(healthy, service.port);
    assert.equal(check.outcome, 'warning');
    assert.match(check.message, /service is at revision 0, the database at 1/);
  } finally {
    await service.stop();
  }
});

test('detects another program on the port', async () => {
  const contract = await readContract();
  const ready: Record<string, [number, string]> = { '/readyz': [200, ''] };
  const same: Record<string, [number, string]> = { ...ready, '/openapi.json': [200, contract] };
  const cases: [Record<string, [number, string]>, Check['outcome'], RegExp][] = [
    [{}, 'failed', /is not ready: its status is 404/],
    [{ ...ready, '/openapi.json': [500, ''] }, 'failed', /status 500 for \/openapi\.json/],
    [{ ...ready, '/openapi.json': [200, '{}'] }, 'warning', /it has another version/],
    [{ ...same, '/v1': [200, '<html>'] }, 'failed', /no dataset revision/],
    [{ ...same, '/v1': [200, '['.repeat(100_000)] }, 'failed', /no dataset revision/],
    [{ ...same, '/v1': [200, '{"data":{"dataset":{"revision":1}}}'] }, 'ok', /at revision 1/],
  ];
  let current: Record<string, [number, string]> = {};
  const server = http.createServer((request, response) => {
    const [status, body] = current[request.url ?? ''] ?? [404, ''];
    response.writeHead(status, { 'content-length': Buffer.byteLength(body) }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = (server.address() as AddressInfo).port;

  try {
    for (const [responses, outcome, message] of cases) {
      current = responses;
      const check = await checkService(healthy, port);
      assert.equal(check.outcome, outcome, check.message);
      assert.match(check.message, message);
    }
  } finally {
    server.close();
  }
});

/** Returns the contract as the program has it. */
async function readContract(): Promise<string> {
  const service = await Service.start(asReader(healthy));
  try {
    return await (await fetch(`${service.url}/openapi.json`)).text();
  } finally {
    await service.stop();
  }
}
