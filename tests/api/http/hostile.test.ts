// hostile_table.ts against the service, and through a proxy that shares one connection to it among
// its clients.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { checkRawContract } from '../support/client.js';
import { resolve, schemaError } from '../support/contract.js';
import { metrics } from '../support/metrics.js';
import { NginxProxy } from '../support/nginx_proxy.js';
import { startPrivateService } from '../support/private_service.js';
import { pause } from '../support/processes.js';
import { type RawResponse, exchange, fieldOf } from '../support/raw_exchange.js';
import { SMUGGLED_PATH } from './hostile_row.js';
import { rows } from './hostile_table.js';

const { service, client } = await startPrivateService({
  env: { CYBERTREATY_METRICS_PORT: '0', CYBERTREATY_CONNECTIONS_PER_CLIENT: '500' },
});
const problem = resolve<object>({ $ref: '#/components/schemas/Problem' });

/** Every final response that came from the service itself. */
const received: RawResponse[] = [];
let proxy: NginxProxy;

before(async () => {
  proxy = await NginxProxy.start(service.port);
});
after(() => proxy.stop());

const requestLines = (): Record<string, unknown>[] =>
  service.lines().filter(({ event }) => event === 'request_completed');

const plain = ({ status, fields, body }: RawResponse) => ({
  status,
  headers: Object.fromEntries(fields.map(({ name, value }) => [name.toLowerCase(), value])),
  body,
});

function checkRefusal(response: RawResponse, head: boolean): void {
  if (response.status < 400) return;
  assert.equal(fieldOf(response, 'content-type'), 'application/problem+json');
  assert.equal(fieldOf(response, 'cache-control'), 'no-store');
  if (head) return;
  const document: unknown = JSON.parse(response.body.toString('utf8'));
  assert.equal(schemaError(problem, document), '');
  assert.equal((document as { status: number }).status, response.status);
  assert.equal((document as { request_id: string }).request_id, fieldOf(response, 'x-request-id'));
}

/** The last response before the end says that the connection ends, and no other one does. */
function checkClose(responses: RawResponse[], closed: boolean, halfClosed: boolean): void {
  responses.forEach((response, i) => {
    const says = fieldOf(response, 'connection')?.toLowerCase() === 'close';
    if (i === responses.length - 1 && halfClosed) return;
    assert.equal(says, closed && i === responses.length - 1, `Connection of response ${i}`);
  });
}

/** The request of another client, which the proxy most often sends over the same connection. */
const NEXT = {
  send: ['GET /v1/countries/NO?fields=code HTTP/1.1\r\nHost: x\r\n\r\n'],
  then: 'wait' as const,
};

async function checkNext(port: number): Promise<void> {
  const { outcome, responses } = await exchange(port, NEXT, '200 open');
  received.push(...responses);
  assert.equal(outcome, '200 open');
  assert.match(String(responses[0]?.body), /"code": ?"NO"/);
}

for (const row of rows)
  test(`${row.does} (${row.rule})`, async () => {
    const { outcome, responses } = await exchange(service.port, row, row.outcome);
    received.push(...responses.filter(({ status }) => status >= 200));
    assert.equal(outcome, row.outcome);
    const head = row.send.join('').startsWith('HEAD');
    for (const response of responses) checkRefusal(response, head);
    const [first, second] = responses;
    if (first && first.status >= 200 && !second) checkRawContract(row.send.join(''), plain(first));
    checkClose(responses, outcome.endsWith('closed'), row.then === 'half-close');
    if (row.then === 'reset') await checkNext(service.port);
  });

for (const row of rows)
  test(`${row.does}, behind a proxy (${row.rule})`, async () => {
    const { outcome, responses } = await exchange(proxy.port, row, row.proxied);
    received.push(
      ...responses.filter((response) => fieldOf(response, 'x-request-id') !== undefined),
    );
    assert.equal(outcome, row.proxied);
    await checkNext(proxy.port);
  });

test('logs every response of the table once with its status', async () => {
  await pause(300);
  const logged = new Map<unknown, unknown[]>();
  for (const line of requestLines())
    logged.set(line['request_id'], [...(logged.get(line['request_id']) ?? []), line['status']]);
  for (const response of received)
    assert.deepEqual(logged.get(fieldOf(response, 'x-request-id')), [response.status]);
});

test('logs no request in a body or behind a refused request', () => {
  for (const line of requestLines()) assert.notEqual(line['path'], SMUGGLED_PATH);
});

test('counts every refusal of the table', async () => {
  const { of } = await metrics(service);
  for (const status of [400, 411, 414, 431, 501, 505]) {
    const lines = requestLines().filter((line) => line['status'] === status).length;
    assert.ok(lines > 0, `${status} is in the table`);
    assert.equal(of('cybertreaty_http_requests_total', { status: String(status) }), lines);
  }
});

test('responds as before', async () => {
  assert.equal((await client.get('/v1/countries/NO'))['data'].code, 'NO');
});
