// Size limits of requests, exact to the byte.
import assert from 'node:assert/strict';
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

test('returns 400 for a body on GET, HEAD and OPTIONS, and closes the connection', async () => {
  for (const method of ['GET', 'HEAD', 'OPTIONS'])
    for (const length of ['1', '65536', '0065537', '4000000000']) {
      const response = await client.raw(
        `${method} /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n`,
        { seconds: 5 },
      );
      assert.equal(response.status, 400, `${method} ${length}`);
      assert.equal(response.headers['connection'], 'close', `${method} ${length}`);
      assert.ok(response.closed, `${method} ${length}`);
    }
});

test('sends the final status to a client that expects 100-continue for a refused body', async () => {
  const response = await client.raw(
    head('/healthz', 'Expect: 100-continue\r\nContent-Length: 5\r\n'),
  );
  assertProblem(response, 400, 'Expect');
});

test('delivers the refusal to a client that goes on sending, and reads no request in the body', async () => {
  const inside = 'GET /v1/countries/SE HTTP/1.1\r\nHost: x\r\n\r\n';
  for (let i = 0; i < 20; i++) {
    const response = await client.raw(
      `GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 500000\r\n\r\n${inside.repeat(12_000)}`,
    );
    assertProblem(response, 400, `round ${i}`);
    assert.ok(response.closed);
    assert.doesNotMatch(response.body, /Sweden/);
  }
});

test('returns 411 for a chunked body', async () => {
  const response = await client.raw(
    `${head('/healthz', 'Transfer-Encoding: chunked\r\n')}5\r\nhello\r\n0\r\n\r\n`,
  );
  assertProblem(response, 411, 'chunked');
});

test('returns 400 for HTTP/1.1 without Host', async () => {
  assert.equal(
    (await client.raw('GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n')).status,
    400,
  );
  assert.equal((await client.raw('GET /healthz HTTP/1.0\r\n\r\n')).status, 200);
});

test('returns 400 for Transfer-Encoding with Content-Length or of an unknown coding, and closes', async () => {
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
