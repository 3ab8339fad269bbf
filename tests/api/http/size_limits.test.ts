// Size limits of requests, exact to the byte.
import assert from 'node:assert/strict';
import net from 'node:net';
import { test } from 'node:test';

import { Client, type RawResponse } from '../support/client.js';

const client = Client.shared();
const START = 'Host: x\r\nConnection: close\r\n';
const head = (target: string, fields = ''): string =>
  `GET ${target} HTTP/1.1\r\n${START}${fields}\r\n`;

const TARGET = 8192;
const FIELDS = 64;
const FIELD_BYTES = 16_384;
const BODY = 65_536;

function assertProblem(response: RawResponse, status: number, about: string): void {
  assert.equal(response.status, status, about);
  assert.equal(response.headers['content-type'], 'application/problem+json', about);
  assert.equal(JSON.parse(response.body).status, status, about);
}

/** A target of `bytes` bytes that is valid except for its length. */
const target = (bytes: number): string => `/v1/countries?lang=en&q=${'x'.repeat(bytes - 24)}`;

/** Fields that have `bytes` bytes together with those of `head`: names, values and four bytes a line. */
function fieldsOf(bytes: number, count = 1): string {
  const first = 'Host'.length + 'x'.length + 4 + 'Connection'.length + 'close'.length + 4;
  const each = Math.floor((bytes - first) / count);
  const lines = Array.from({ length: count }, (_, i) => {
    const name = `F${i}`;
    const whole = i === 0 ? bytes - first - each * (count - 1) : each;
    return `${name}: ${'x'.repeat(whole - name.length - 4)}\r\n`;
  });
  return lines.join('');
}

const chunk = (bytes: number): string => `${bytes.toString(16)}\r\n${'x'.repeat(bytes)}\r\n`;
const chunked = (path: string, chunks: number[]): string =>
  `${head(path, 'Transfer-Encoding: chunked\r\n')}${chunks.map(chunk).join('')}0\r\n\r\n`;

test('accepts a target of 8,192 bytes and returns 414 for 8,193', async () => {
  const problem = await client.problem(400, target(TARGET));
  assert.deepEqual(
    problem.errors?.map(({ parameter }) => parameter),
    ['q'],
  );
  await client.problem(414, target(TARGET + 1));
  await client.problem(414, target(12_000));
  assertProblem(await client.raw(head(`/${'x'.repeat(TARGET - 1)}`)), 404, 'a path alone');
  assertProblem(await client.raw(head(`/${'x'.repeat(TARGET)}`)), 414, 'a path alone');
});

test('accepts 64 fields and returns 431 for 65', async () => {
  const fields = (count: number): string =>
    Array.from({ length: count - 2 }, (_, i) => `F${i}: x\r\n`).join('');

  assert.equal((await client.raw(head('/healthz', fields(FIELDS)))).status, 200);
  assertProblem(await client.raw(head('/healthz', fields(FIELDS + 1))), 431, '65 fields');
  const response = await client.send('/healthz', {
    headers: Object.fromEntries(Array.from({ length: 70 }, (_, i) => [`F${i}`, 'x'])),
  });
  assert.equal(response.status, 431);
});

test('accepts 16,384 bytes of fields and returns 431 for 16,385', async () => {
  for (const count of [1, 2, FIELDS - 2]) {
    const read = await client.raw(head('/healthz', fieldsOf(FIELD_BYTES, count)));
    assert.equal(read.status, 200, `${count} fields`);
    const refused = await client.raw(head('/healthz', fieldsOf(FIELD_BYTES + 1, count)));
    assertProblem(refused, 431, `${count} fields`);
  }
});

test('accepts target and fields at their limits together', async () => {
  const path = `/${'x'.repeat(TARGET - 1)}`;
  assertProblem(await client.raw(head(path, fieldsOf(FIELD_BYTES, FIELDS - 2))), 404, 'both');
  const length = 'Content-Length: 65536\r\n';
  const rest = FIELD_BYTES - 'Content-Length65536'.length - 4;
  assertProblem(
    await client.raw(head(path, `${length}${fieldsOf(rest, FIELDS - 3)}`) + 'x'.repeat(BODY)),
    404,
    'and a body',
  );
});

test('sizes: a body of 65,536 bytes is read, one of 65,537 is 413, whatever the address', async () => {
  for (const path of ['/healthz', '/v1/countries/NO', '/openapi.json']) {
    assert.equal((await client.send(path, { body: Buffer.alloc(BODY) })).status, 200, path);
    assert.equal((await client.send(path, { body: Buffer.alloc(BODY + 1) })).status, 413, path);
  }
});

test('sizes: a chunked body counts as much, in one chunk or in many', async () => {
  const many = Array.from({ length: 256 }, () => 256);

  for (const chunks of [[BODY], [1, BODY - 1], many]) {
    assert.equal((await client.raw(chunked('/healthz', chunks))).status, 200);
    assertProblem(await client.raw(chunked('/healthz', [...chunks, 1])), 413, `${chunks.length}`);
  }
  assertProblem(await client.raw(chunked('/healthz', [4 * BODY])), 413, 'one large chunk');
});

/** What comes back for the head alone, and then for the body if there was `100 Continue`. */
function expecting(fields: string, body: string): Promise<{ before: string; after: string }> {
  return new Promise((resolve, reject) => {
    let before = '';
    let after = '';
    let asked = false;
    const socket = net.connect(client.port, '127.0.0.1', () =>
      socket.write(head('/healthz', `Expect: 100-continue\r\n${fields}`)),
    );
    socket.setTimeout(15_000, () => socket.destroy(new Error('No answer in 15 s.')));
    socket.on('data', (part) => {
      if (asked) after += part.toString('latin1');
      else before += part.toString('latin1');
      if (!asked && before.startsWith('HTTP/1.1 100')) {
        asked = true;
        socket.write(body);
      }
    });
    socket.on('end', () => socket.end());
    socket.on('close', () => resolve({ before, after }));
    socket.on('error', reject);
  });
}

test('sizes: Expect: 100-continue asks for what is not too large, and only for that', async () => {
  const fits = await expecting(`Content-Length: ${BODY}\r\n`, 'x'.repeat(BODY));
  assert.match(fits.before, /^HTTP\/1\.1 100 /);
  assert.match(fits.after, /^HTTP\/1\.1 200 /);
  const large = await expecting(`Content-Length: ${BODY + 1}\r\n`, '');
  assert.match(large.before, /^HTTP\/1\.1 413 /);
  const chunks = await expecting('Transfer-Encoding: chunked\r\n', `${chunk(BODY + 1)}0\r\n\r\n`);
  assert.match(chunks.before, /^HTTP\/1\.1 100 /);
  assert.match(chunks.after, /^HTTP\/1\.1 413 /);
});

test('sizes: an announced body that is too large is refused at once and ends the connection', async () => {
  for (const length of ['65537', '0065537', '4000000000', '9223372036854775807']) {
    const began = Date.now();
    const response = await client.raw(
      `GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n`,
      { seconds: 5 },
    );
    assertProblem(response, 413, length);
    assert.equal(response.headers['connection']?.toLowerCase(), 'close', length);
    assert.ok(Date.now() - began < 5000, `${length}: ${Date.now() - began} ms`);
  }
});

test('sizes: who goes on sending such a body still gets the answer, and nothing in it is a request', async () => {
  const inside = 'GET /v1/countries/SE HTTP/1.1\r\nHost: x\r\n\r\n';
  for (let i = 0; i < 20; i++) {
    const response = await client.raw(
      `GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 500000\r\n\r\n${inside.repeat(12_000)}`,
    );
    assertProblem(response, 413, `round ${i}`);
    assert.ok(response.closed);
    assert.doesNotMatch(response.body, /Sweden/);
  }
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
    const response = await client.raw(
      `GET /healthz HTTP/1.1\r\nHost: x\r\n${fields}\r\n0\r\n\r\nGET /v1 HTTP/1.1\r\nHost: x\r\n\r\n`,
    );
    assert.deepEqual([response.status, response.closed], [400, true], fields);
  }
});
