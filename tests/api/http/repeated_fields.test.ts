// Requests with repeated header fields: no effect on other clients, and bounded memory.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import net from 'node:net';
import { test } from 'node:test';

import { Client, type ClientResponse } from '../support/client.js';
import { startPrivateService } from '../support/private_service.js';
import { processStatus } from '../support/service.js';

const { service, client } = await startPrivateService();

/** Fields that select a representation, with the values that other clients send. */
const selecting: Record<string, string[]> = {
  Accept: ['application/json', 'text/csv', '*/*'],
  'Accept-Encoding': ['identity', 'gzip', 'br', 'gzip, br'],
  'Accept-Language': ['en', 'fr', 'de'],
  'If-None-Match': ['"none"'],
  'If-Modified-Since': ['Mon, 01 Jan 2001 00:00:00 GMT'],
  Authorization: ['Bearer x'],
  Origin: ['https://a.example'],
};
const targets = ['/v1/countries', '/v1/countries/NO', '/v1/statements?country=NO&treaty=185'];

const withoutId = (body: Buffer): string =>
  body.toString('latin1').replace(/"request_id":"[^"]*"/, '');

/** The responses that other clients receive, without the fields that differ from request to request. */
async function observe(): Promise<Record<string, unknown>> {
  const observed: Record<string, unknown> = {};
  const view = ({ status: code, headers, body }: ClientResponse): unknown => {
    const { date, age, 'x-request-id': id, 'cache-status': cache, ...lasting } = headers;
    assert.ok(date && id && `${age}${cache}`);
    const hash = createHash('sha256').update(withoutId(body)).digest('hex');
    return { code, ...lasting, connection: undefined, hash };
  };

  for (const target of targets) {
    observed[target] = view(await client.send(target));
    for (const [name, values] of Object.entries(selecting))
      for (const value of values)
        observed[`${target} ${name}: ${value}`] = view(
          await client.send(target, { headers: { [name]: value } }),
        );
  }
  return observed;
}

/** One long value and sixty short lines of the same name. */
const hostile = (target: string, name: string, long: number): string =>
  `GET ${target} HTTP/1.1\r\nHost: x\r\n${name}: ${'x'.repeat(long)}\r\n` +
  `${`${name}: y\r\n`.repeat(60)}\r\n`;

/** Sends each request on a new connection, 20 at a time, and returns the statuses. */
async function sendAll(requests: string[]): Promise<Set<number>> {
  const statuses = new Set<number>();

  for (let at = 0; at < requests.length; at += 20)
    for (const response of await Promise.all(
      requests
        .slice(at, at + 20)
        .map((request) => client.raw(request.replace('\r\n', '\r\nConnection: close\r\n'))),
    ))
      statuses.add(response.status);
  return statuses;
}

test('returns the same responses to other clients after hostile repeated fields', async () => {
  const before = await observe();

  for (const name of Object.keys(selecting)) {
    const lengths = Array.from({ length: 60 }, (_, i) => 250 * (i + 1));
    const single = ['If-Modified-Since', 'Authorization', 'Origin'].includes(name);
    const statuses = await sendAll(
      targets.flatMap((target) => lengths.map((length) => hostile(target, name, length))),
    );
    const expected = single ? [400] : [431];
    for (const code of expected) assert.ok(statuses.has(code), `${name}: ${[...statuses]}`);
    assert.ok(![...statuses].some((code) => code >= 500), `${name}: ${[...statuses]}`);
    assert.deepEqual(await observe(), before, name);
  }
});

test('joins short repeated lists', async () => {
  const fields = 'Accept-Language: de\r\nAccept-Language: fr;q=0.5\r\n';
  const response = await client.raw(
    `GET /v1/countries/NO HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${fields}\r\n`,
  );
  assert.equal(response.headers['content-language'], 'fr');
  assert.equal((await client.get('/v1/countries/NO'))['data'].name, 'Norway');
});

test('returns 400 that names a repeated field that is no list', async () => {
  for (const name of ['Host', 'Authorization', 'Origin', 'If-Modified-Since', 'Content-Type']) {
    const { status: code, body } = await client.raw(
      `GET /v1/countries/NO HTTP/1.1\r\nHost: x\r\n${name}: a\r\n${name}: a\r\nConnection: close\r\n\r\n`,
    );
    assert.equal(code, 400, name);
    assert.match(body, new RegExp(name));
  }
});

test('uses at most 64 MiB for 600 concurrent requests of 16 KiB', async () => {
  await observe();
  const before = processStatus(service, 'VmRSS');
  const request = hostile('/v1/countries', 'Accept', 15_000);
  let most = before;
  const sampling = setInterval(() => (most = Math.max(most, processStatus(service, 'VmRSS'))), 5);
  const codes = await Promise.all(
    Array.from(
      { length: 600 },
      () =>
        new Promise<string>((resolve, reject) => {
          const socket = net.connect(client.port, '127.0.0.1', () => socket.write(request));
          socket.once('data', (bytes) => {
            resolve(bytes.toString('latin1', 9, 12));
            socket.destroy();
          });
          socket.once('error', reject);
        }),
    ),
  );
  clearInterval(sampling);
  most = Math.max(most, processStatus(service, 'VmHWM'));
  assert.deepEqual(new Set(codes), new Set(['431']));
  assert.ok(most - before <= 64 * 1024, `${most - before} KiB`);
  assert.equal((await new Client(service.url).send('/v1/countries')).status, 200);
});
