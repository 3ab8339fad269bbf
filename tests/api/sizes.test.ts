// How much a request may hold, exact to the byte.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Client } from './support/client.js';

const client = Client.shared();
const head = (target: string, fields = ''): string =>
  `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${fields}\r\n`;

/** A target of that many bytes that is well-formed in all else. */
const target = (bytes: number): string => `/v1/countries?lang=en&q=${'x'.repeat(bytes - 24)}`;

test('sizes: a target of 8,192 bytes is read, one of 8,193 is 414', async () => {
  const problem = await client.problem(400, target(8192));
  assert.deepEqual(
    problem.errors?.map(({ parameter }) => parameter),
    ['q'],
  );
  await client.problem(414, target(8193));
  await client.problem(414, target(12_000));
});

test('sizes: 64 fields are read, 65 are 431', async () => {
  const fields = (count: number): string =>
    Array.from({ length: count - 2 }, (_, i) => `F${i}: x\r\n`).join('');

  assert.equal((await client.raw(head('/healthz', fields(64)))).status, 200);
  const many = await client.raw(head('/healthz', fields(65)));
  assert.equal(many.status, 431);
  assert.equal(many.headers['content-type'], 'application/problem+json');
  const reply = await client.send('/healthz', {
    headers: Object.fromEntries(Array.from({ length: 70 }, (_, i) => [`F${i}`, 'x'])),
  });
  assert.equal(reply.status, 431);
});

test('sizes: fields over 16,384 bytes are 431', async () => {
  assert.equal((await client.raw(head('/healthz', `F: ${'x'.repeat(15_000)}\r\n`))).status, 200);
  const reply = await client.send('/healthz', { headers: { F: 'x'.repeat(16_384) } });
  assert.equal(reply.status, 431);
});

test('sizes: a body of 65,536 bytes is read, one of 65,537 is 413, whatever the address', async () => {
  for (const path of ['/healthz', '/v1/countries/NO', '/openapi.json']) {
    assert.equal((await client.send(path, { body: Buffer.alloc(65_536) })).status, 200, path);
    assert.equal((await client.send(path, { body: Buffer.alloc(65_537) })).status, 413, path);
  }
});

test('sizes: a chunked body counts as much', async () => {
  const chunked = (bytes: number): string =>
    `${head('/healthz', 'Transfer-Encoding: chunked\r\n')}${bytes.toString(16)}\r\n${'x'.repeat(bytes)}\r\n0\r\n\r\n`;

  assert.equal((await client.raw(chunked(65_536))).status, 200);
  assert.equal((await client.raw(chunked(65_537))).status, 413);
});

test('sizes: HTTP/1.1 without Host is 400', async () => {
  assert.equal(
    (await client.raw('GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n')).status,
    400,
  );
  assert.equal((await client.raw('GET /healthz HTTP/1.0\r\n\r\n')).status, 200);
});

test('sizes: Transfer-Encoding beside Content-Length, or an unknown coding, is 400 and the end of the connection', async () => {
  for (const fields of [
    'Transfer-Encoding: chunked\r\nContent-Length: 5\r\n',
    'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n',
    'Transfer-Encoding: gzip\r\n',
    'Transfer-Encoding: gzip, chunked\r\n',
    'Transfer-Encoding: identity\r\n',
  ]) {
    const reply = await client.raw(
      `GET /healthz HTTP/1.1\r\nHost: x\r\n${fields}\r\n0\r\n\r\nGET /v1 HTTP/1.1\r\nHost: x\r\n\r\n`,
    );
    assert.deepEqual([reply.status, reply.closed], [400, true], fields);
  }
});
