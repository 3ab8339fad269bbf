// Content codings: gzip, and brotli for the files that the build packs. (RFC 9110, section 12.5.3)
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Client, type ClientResponse } from '../support/client.js';
import { decoded } from '../support/contract.js';

const client = Client.shared();
// Responses that are compressed at run time.
const RESPONSES = [
  '/v1/countries',
  '/v1/countries/NO/profile?lang=fr',
  '/v1/statements?format=csv',
  '/v1/statements?format=ndjson&limit=20',
  '/v1/countries?as_of=2019-05-06',
];
// Files that are compressed at build time.
const FILES = [
  '/openapi.json',
  '/openapi.yaml',
  '/docs/page.css',
  '/docs/swagger-ui.css',
  '/docs',
  '/problems/gone',
];
const CODINGS = [
  ...RESPONSES.map((target) => [target, 'gzip'] as const),
  ...FILES.flatMap((target) => [[target, 'gzip'] as const, [target, 'br'] as const]),
];

const ask = (target: string, coding: string, method = 'GET'): Promise<ClientResponse> =>
  client.send(target, { method, headers: { 'Accept-Encoding': coding } });

test('sends smaller bodies that decode to the identity bytes', async () => {
  for (const [target, coding] of CODINGS) {
    const plain = await ask(target, 'identity');
    assert.equal(plain.headers['content-encoding'], undefined, target);
    // Twice: the second response comes from the cache.
    for (let i = 0; i < 2; i += 1) {
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

test('sends brotli for packed files only', async () => {
  for (const target of RESPONSES) {
    const plain = await ask(target, 'br');
    assert.equal(plain.headers['content-encoding'], undefined, target);
    assert.equal(plain.status, 200);
    assert.equal((await ask(target, 'br, gzip;q=0.1')).headers['content-encoding'], 'gzip');
  }
  for (const target of FILES)
    assert.equal((await ask(target, 'gzip, br')).headers['content-encoding'], 'br', target);
});

test('sends a different tag for each coding and compares it', async () => {
  for (const [target, coding] of CODINGS) {
    const plain = (await ask(target, 'identity')).headers['etag'] ?? '';
    const tag = (await ask(target, coding)).headers['etag'] ?? '';
    assert.equal(tag, plain.replace(/"$/, `-${coding}"`), target);
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
});

test('selects the coding by quality, and q=0 excludes', async () => {
  // The coding of an API response, and that of a packed file.
  const cases: [string, string | undefined, string | undefined][] = [
    ['', undefined, undefined],
    ['gzip, br', 'gzip', 'br'],
    ['br, gzip, deflate, zstd', 'gzip', 'br'],
    ['br', undefined, 'br'],
    ['gzip;q=1, br;q=0.5', 'gzip', 'gzip'],
    ['gzip;q=0.5, identity;q=0.8', undefined, undefined],
    ['GZip', 'gzip', 'gzip'],
    ['x-gzip', 'gzip', 'gzip'],
    ['deflate', undefined, undefined],
    ['*', 'gzip', 'br'],
    ['*, br;q=0', 'gzip', 'gzip'],
    ['*;q=0.5, gzip;q=0.6', 'gzip', 'gzip'],
    ['gzip;q=0, br;q=0', undefined, undefined],
    ['gzip;q=0', undefined, undefined],
    ['identity;q=0, gzip;q=0.001', 'gzip', 'gzip'],
    ['*;q=0, br', undefined, 'br'],
    ['nonsense;;;, gzip', 'gzip', 'gzip'],
  ];
  for (const [field, sent, file] of cases)
    for (const [target, expected] of [
      ['/v1/countries', sent],
      ['/openapi.json', file],
    ] as const) {
      const response = await ask(target, field);
      assert.equal(response.status, 200, field);
      assert.equal(response.headers['content-encoding'], expected, `${target} ${field}`);
      assert.match(response.headers['vary'] ?? '', /Accept-Encoding/, field);
    }
  for (const field of ['identity;q=0', '*;q=0'])
    for (const target of ['/v1/countries', '/openapi.json'])
      await client.problem(406, target, { headers: { 'Accept-Encoding': field } });
});

test('sends small bodies and problems without coding', async () => {
  const small = await ask('/v1/countries?limit=1&fields=code', 'gzip, br');
  assert.ok(small.body.length <= 1024);
  assert.equal(small.headers['content-encoding'], undefined);
  const problem = await ask('/v1/countries?colour=red', 'gzip, br');
  assert.equal(problem.headers['content-encoding'], undefined);
  assert.equal(problem.status, 400);
});

test('lists the negotiated fields in Vary', async () => {
  assert.equal(
    (await client.send('/v1/countries')).headers['vary'],
    'Accept, Accept-Language, Accept-Encoding',
  );
});
