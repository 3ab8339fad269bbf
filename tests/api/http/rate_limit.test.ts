// The rate limit, and the address of the client.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { networkInterfaces } from 'node:os';

import { Client, type ClientResponse } from '../support/client.js';
import { operations } from '../support/contract.js';
import { Cluster } from '../support/database.js';
import { pause, until } from '../support/processes.js';
import { Service } from '../support/service.js';

const cluster = Cluster.shared();
let database: string;

before(async () => {
  database = await cluster.database('imported');
});
after(() => cluster.drop(database));

async function limited(
  env: NodeJS.ProcessEnv,
  work: (client: Client, service: Service) => Promise<void>,
): Promise<void> {
  const service = await Service.start(cluster.url(database), { env });
  try {
    await work(new Client(service.url), service);
  } finally {
    await service.stop();
  }
}

/** Headers as a proxy on this machine sends them for a client at `address`. */
const from = (address: string): { headers: Record<string, string> } => ({
  headers: { 'X-Forwarded-For': address },
});

const sendUntilRefused = async (
  send: () => Promise<ClientResponse>,
  most: number,
): Promise<ClientResponse> => {
  for (let i = 0; i < most; i++) {
    const response = await send();
    if (response.status === 429) return response;
  }
  throw new Error(`None of ${most} requests was refused.`);
};

test('limits nothing by default', async () => {
  const client = Client.shared();
  for (let i = 0; i < 30; i++) {
    const { status, headers } = await client.send('/v1/countries/ZZ');
    assert.equal(status, 404);
    assert.equal(headers['ratelimit'], undefined);
    assert.equal(headers['ratelimit-policy'], undefined);
  }
});

test('returns 429 after the allowance is used up, except for probes and OPTIONS', async () => {
  await limited({ CYBERTREATY_RATE_LIMIT: '5/3600' }, async (client) => {
    for (const path of ['/v1/countries/NO', '/v1/countries/ZZ', '/openapi.json', '/v1/a?b', '/v1'])
      assert.notEqual((await client.send(path)).status, 429);
    for (const path of ['/v1/countries/NO', '/v1/countries/NO?colour=red', '/nowhere', '/v1/']) {
      const response = await client.send(path, { headers: { Origin: 'https://app.example' } });
      assert.equal(response.status, 429, path);
      const problem = response.json();
      assert.equal(problem['type'], '/problems/too-many-requests');
      assert.equal(problem['instance'], path.split('?')[0]);
      assert.match(String(problem['detail']), /5 requests in 3600 seconds/);
      const wait = Number(response.headers['retry-after']);
      assert.ok(wait > 0 && wait <= 720, String(wait));
      assert.equal(response.headers['ratelimit-policy'], '"client";q=5;w=3600');
      assert.equal(response.headers['ratelimit'], `"client";r=0;t=${wait}`);
      assert.equal(response.headers['access-control-allow-origin'], '*');
    }
    assert.equal((await client.send('/v1', { method: 'HEAD' })).status, 429);
    assert.equal((await client.send('/v1', { method: 'OPTIONS' })).status, 204);
    for (let i = 0; i < 10; i++)
      for (const probe of ['/healthz', '/readyz'])
        assert.equal((await client.send(probe)).status, 200);
  });
});

test('does not count a 304', async () => {
  await limited({ CYBERTREATY_RATE_LIMIT: '3/3600' }, async (client) => {
    const { headers } = await client.send('/v1/countries/NO');
    const same = { headers: { 'If-None-Match': headers['etag'] ?? '' } };
    for (let i = 0; i < 20; i++)
      assert.equal((await client.send('/v1/countries/NO', same)).status, 304);
    for (const expected of [200, 200, 429])
      assert.equal((await client.send('/v1/countries/NO')).status, expected);
    // The limit is checked before the condition, so this is 429.
    assert.equal((await client.send('/v1/countries/NO', same)).status, 429);
  });
});

test('reports 429 before any error but that of an unreadable head', async () => {
  await limited({ CYBERTREATY_RATE_LIMIT: '1/3600' }, async (client) => {
    assert.equal((await client.send('/v1/countries/NO')).status, 200);
    const start = 'HTTP/1.1\r\nHost: x\r\nConnection: close\r\n';
    for (const request of [
      `BREW /v1 ${start}\r\n`,
      `${'A'.repeat(1000)} /v1 ${start}\r\n`,
      `GET /nowhere ${start}\r\n`,
      `POST /v1 ${start}Content-Length: 0\r\n\r\n`,
      `GET /v1 ${start}Content-Length: 70000\r\n\r\n`,
      `GET /v1?a=1&a=2 ${start}\r\n`,
    ])
      assert.equal((await client.raw(request)).status, 429, request.slice(0, 60));
    assert.equal((await client.raw(`GET /${'x'.repeat(9000)} ${start}\r\n`)).status, 414);
  });
});

test('counts malformed requests against the allowance', async () => {
  await limited({ CYBERTREATY_RATE_LIMIT: '3/3600' }, async (client) => {
    for (const line of ['GET /v1 HTTP/1.1\r\nHost : x', 'GET /v1', 'GET /v1 HTTP/1.1\r\nA: b'])
      assert.equal((await client.raw(`${line}\r\n\r\n`)).status, 400);
    assert.equal((await client.send('/v1/countries/NO')).status, 429);
  });
});

test('sends an exact Retry-After', async () => {
  await limited({ CYBERTREATY_RATE_LIMIT: '3/6' }, async (client) => {
    const refused = await sendUntilRefused(() => client.send('/v1/countries/NO'), 10);
    const wait = Number(refused.headers['retry-after']);

    // The allowance refills every two seconds, and Retry-After is rounded up.
    assert.ok(wait === 1 || wait === 2, String(wait));
    await pause(wait * 1000);
    assert.equal((await client.send('/v1/countries/NO')).status, 200);
  });
});

test('sends no allowance in responses that a shared cache may store', async () => {
  await limited({ CYBERTREATY_RATE_LIMIT: '100/60' }, async (client) => {
    for (const path of ['/v1/countries/NO', '/v1/countries', '/v1/countries/nor'])
      assert.equal((await client.send(path)).headers['ratelimit'], undefined, path);
    const { headers } = await client.send('/v1/countries/ZZ');
    assert.match(headers['ratelimit'] ?? '', /^"client";r=9\d;t=\d$/);
    assert.equal(headers['ratelimit-policy'], '"client";q=100;w=60');
  });
});

test('counts by IPv4 address or IPv6 /64 network, behind trusted proxies', async () => {
  const env = { CYBERTREATY_RATE_LIMIT: '2/3600', CYBERTREATY_TRUSTED_PROXIES: '127.0.0.0/8' };
  await limited(env, async (client, service) => {
    const status = async (headers: Record<string, string | string[]>): Promise<number> =>
      (await client.send('/v1/countries/NO', { headers })).status;

    for (const expected of [200, 200, 429])
      assert.equal(await status({ 'X-Forwarded-For': '1.1.1.1, 192.0.2.1' }), expected);
    assert.equal(await status({ Forwarded: 'for=192.0.2.1;proto=https' }), 429);
    assert.equal(await status({ 'X-Forwarded-For': '192.0.2.2' }), 200);
    assert.equal(await status({ 'X-Forwarded-For': '192.0.2.1, 127.0.0.9' }), 429);
    assert.equal(await status({ 'X-Forwarded-For': ['192.0.2.1', '127.0.0.9'] }), 429);

    for (const [address, expected] of [
      ['2001:db8:1:2::1', 200],
      ['2001:db8:1:2::2', 200],
      ['2001:db8:1:2:ffff::3', 429],
      ['2001:db8:1:3::1', 200],
    ] as const)
      assert.equal(await status({ 'X-Forwarded-For': address }), expected, address);

    const response = await client.send('/v1/countries/NO', from('192.0.2.200'));
    await pause(50);
    const line = service
      .lines()
      .find((found) => found['request_id'] === response.headers['x-request-id']);
    assert.equal(line?.['client'], '192.0.2.0');
  });
});

/** Sends a GET to a local address; returns status and request id. */
function getFrom(host: string, port: number): Promise<{ status: number; id: string }> {
  return new Promise((resolve, reject) => {
    http
      .get({ host, port, path: '/v1/countries/NO', agent: false }, (response) => {
        response.resume().on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            id: String(response.headers['x-request-id']),
          }),
        );
      })
      .on('error', reject);
  });
}

const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
);

test(
  'distinguishes IPv4 and IPv6 clients on one socket',
  { skip: hasIpv6 ? false : 'this machine has no IPv6' },
  async () => {
    const env = {
      CYBERTREATY_ADDRESS: '::',
      CYBERTREATY_RATE_LIMIT: '2/3600',
    };
    await limited(env, async (_, service) => {
      for (const [host, client] of [
        ['127.0.0.1', '127.0.0.0'],
        ['::1', '::'],
      ] as const) {
        const responses: { status: number; id: string }[] = [];
        for (let i = 0; i < 3; i++) responses.push(await getFrom(host, service.port));
        assert.deepEqual(
          responses.map(({ status }) => status),
          [200, 200, 429],
          host,
        );
        const line = await until('the log line', 5, () =>
          service.lines().find((found) => found['request_id'] === responses[0]?.id),
        );
        assert.equal(line['client'], client);
      }
    });
  },
);

test('ignores X-Forwarded-For of an untrusted peer', async () => {
  await limited({ CYBERTREATY_RATE_LIMIT: '2/3600' }, async (client) => {
    const forged = (): string => `192.0.2.${Math.floor(Math.random() * 250)}`;
    await sendUntilRefused(() => client.send('/v1/countries/NO', from(forged())), 3);
  });
});

test('documents 429 for every operation but probes', () => {
  for (const { id, template, responses } of operations)
    assert.equal('429' in responses, !['/healthz', '/readyz'].includes(template), id);
});
