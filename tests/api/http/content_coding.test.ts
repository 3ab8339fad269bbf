// Content codings: gzip and brotli. (RFC 9110, section 12.5.3)
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Client, type ClientResponse } from '../support/client.js';
import { decoded } from '../support/contract.js';

const client = Client.shared();
const LARGE = [
  '/v1/countries',
  '/v1/countries/NO/profile?lang=fr',
  '/v1/statements?format=csv',
  '/v1/statements?format=ndjson&limit=20',
  '/v1/countries?as_of=2019-05-06',
  '/openapi.json',
  '/docs',
  '/docs/page.css',
  '/docs/swagger-ui.css',
];

const ask = (target: string, coding: string, method = 'GET'): Promise<ClientResponse> =>
  client.send(target, { method, headers: { 'Accept-Encoding': coding } });

test('coding: gzip and brotli are smaller, and decode to the plain bytes', async () => {
  for (const target of LARGE) {
    const plain = await ask(target, 'identity');
    assert.equal(plain.headers['content-encoding'], undefined, target);
    // Twice: as it is made, and as it is kept.
    for (const coding of ['gzip', 'br', 'gzip', 'br']) {
      const response = await ask(target, coding);
      assert.equal(response.headers['content-encoding'], coding, target);
      assert.ok(response.body.length < plain.body.length / 2, `${target} ${coding}`);
      assert.deepEqual(decoded(coding, response.body), plain.body, `${target} ${coding}`);
      assert.equal(response.headers['content-length'], String(response.body.length));
      assert.equal(response.headers['content-type'], plain.headers['content-type']);

      const head = await ask(target, coding, 'HEAD');
      for (const name of ['etag', 'content-length', 'content-encoding', 'vary'])
        assert.equal(head.headers[name], response.headers[name], `HEAD ${target} ${name}`);
    }
  }
});

test('etag-forms: each coding has a tag of its own, and is asked for by it', async () => {
  for (const target of LARGE) {
    const plain = (await ask(target, 'identity')).headers['etag'] ?? '';
    for (const [coding, suffix] of [
      ['gzip', '-gzip"'],
      ['br', '-br"'],
    ] as const) {
      const tag = (await ask(target, coding)).headers['etag'] ?? '';
      assert.equal(tag, plain.replace(/"$/, suffix), target);
      const same = await client.send(target, {
        headers: { 'Accept-Encoding': coding, 'If-None-Match': tag },
      });
      assert.equal(same.status, 304);
      assert.equal(same.headers['etag'], tag);
      const other = await client.send(target, {
        headers: { 'Accept-Encoding': coding, 'If-None-Match': plain },
      });
      assert.equal(other.status, 200, 'the client has another form');
    }
  }
});

test('coding: q-values count, q=0 excludes', async () => {
  const cases: [string, string | undefined][] = [
    ['', undefined],
    ['gzip, br', 'br'],
    ['br, gzip, deflate, zstd', 'br'],
    ['gzip;q=1, br;q=0.5', 'gzip'],
    ['gzip;q=0.5, identity;q=0.8', undefined],
    ['GZip', 'gzip'],
    ['x-gzip', 'gzip'],
    ['deflate', undefined],
    ['*', 'br'],
    ['*, br;q=0', 'gzip'],
    ['*;q=0.5, gzip;q=0.6', 'gzip'],
    ['gzip;q=0, br;q=0', undefined],
    ['gzip;q=0', undefined],
    ['identity;q=0', undefined],
    ['identity;q=0, gzip;q=0.001', 'gzip'],
    ['*;q=0, br', 'br'],
    ['nonsense;;;, gzip', 'gzip'],
  ];
  for (const [field, expected] of cases) {
    const response = await ask('/v1/countries', field);
    if (field === 'identity;q=0') {
      assert.equal(response.status, 406);
      continue;
    }
    assert.equal(response.status, 200, field);
    assert.equal(response.headers['content-encoding'], expected, field);
    assert.match(response.headers['vary'] ?? '', /Accept-Encoding/, field);
  }
  await client.problem(406, '/v1/countries', { headers: { 'Accept-Encoding': '*;q=0' } });
});

test('coding: small bodies and problems stay plain', async () => {
  const small = await ask('/v1/countries?limit=1&fields=code', 'gzip, br');
  assert.ok(small.body.length <= 1024);
  assert.equal(small.headers['content-encoding'], undefined);
  const problem = await ask('/v1/countries?colour=red', 'gzip, br');
  assert.equal(problem.headers['content-encoding'], undefined);
  assert.equal(problem.status, 400);
});

test('vary: exactly what was negotiated', async () => {
  assert.equal(
    (await client.send('/v1/countries')).headers['vary'],
    'Accept, Accept-Language, Accept-Encoding',
  );
});
