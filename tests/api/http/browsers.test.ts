// CORS, security fields and request ids.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Client } from '../support/client.js';

const client = Client.shared();
const Origin = 'https://app.example';
const EXPOSED = [
  'ETag',
  'Link',
  'Content-Language',
  'Dataset-Revision',
  'Retry-After',
  'RateLimit',
  'RateLimit-Policy',
  'Location',
  'X-Request-Id',
  'Content-Disposition',
  'Age',
  'Cache-Status',
  'Allow',
  'WWW-Authenticate',
];
const ALLOWED = [
  'Content-Type',
  'Accept',
  'Accept-Language',
  'If-None-Match',
  'If-Modified-Since',
  'If-Match',
  'Idempotency-Key',
  'Authorization',
  'X-Request-Id',
  'traceparent',
  'Cache-Control',
];

const words = (field: string | undefined): string[] =>
  (field ?? '').toLowerCase().split(/, */).sort();
const lower = (names: string[]): string[] => names.map((name) => name.toLowerCase()).sort();

test('sends CORS fields with every status, with or without Origin', async () => {
  const cases: [string, number, string?][] = [
    ['/v1/countries/NO', 200],
    ['/v1/countries', 200],
    ['/openapi.yaml', 200],
    ['/healthz', 200],
    ['/v1/countries/nor', 308],
    ['/v1/countries?colour=red', 400],
    ['/v1/countries/ZZ', 404],
    ['/v1/countries', 405, 'DELETE'],
    [`/v1?${'x'.repeat(9000)}`, 414],
    ['/v1/countries', 501, 'PROPFIND'],
  ];
  for (const [target, status, method = 'GET'] of cases) {
    for (const sent of [{ Origin }, {}]) {
      const { headers, status: got } = await client.send(target, { method, headers: sent });
      assert.equal(got, status);
      assert.equal(headers['access-control-allow-origin'], '*', target);
      assert.deepEqual(words(headers['access-control-expose-headers']), lower(EXPOSED), target);
      assert.equal(headers['access-control-allow-credentials'], undefined);
    }
  }
});

test('returns 204 with methods, fields and max age for a preflight', async () => {
  for (const target of ['/v1/countries', '/v1/countries/NO/profile']) {
    const { status, headers } = await client.send(target, {
      method: 'OPTIONS',
      headers: {
        Origin,
        'Access-Control-Request-Method': 'GET',
        'Access-Control-Request-Headers': 'accept-language,if-none-match',
      },
    });
    assert.equal(status, 204);
    assert.equal(headers['access-control-allow-origin'], '*');
    assert.deepEqual(words(headers['access-control-allow-methods']), ['get', 'head', 'options']);
    assert.deepEqual(words(headers['access-control-allow-headers']), lower(ALLOWED));
    assert.ok(Number(headers['access-control-max-age']) > 0);
  }
});

test('returns 204 for a preflight of an unknown path, so that the page can read the 404', async () => {
  const ask = { Origin, 'Access-Control-Request-Method': 'GET' };
  const { status, headers } = await client.send('/v1/nowhere', { method: 'OPTIONS', headers: ask });
  assert.equal(status, 204);
  assert.equal(headers['access-control-allow-origin'], '*');
  assert.deepEqual(words(headers['access-control-allow-headers']), lower(ALLOWED));
  const response = await client.send('/v1/nowhere', { headers: { Origin, 'X-Request-Id': 'a' } });
  assert.equal(response.status, 404);
  assert.equal(response.headers['access-control-allow-origin'], '*');
  // OPTIONS without these fields is no preflight.
  for (const missing of [{}, { Origin }])
    assert.equal(
      (await client.send('/v1/nowhere', { method: 'OPTIONS', headers: missing })).status,
      404,
    );
});

test('sends security fields with every response and no version in Server', async () => {
  for (const [target, method] of [
    ['/v1/countries/NO', 'GET'],
    ['/openapi.json', 'GET'],
    ['/healthz', 'GET'],
    ['/nowhere', 'GET'],
    ['/v1/countries/nor', 'GET'],
    ['/v1/countries', 'DELETE'],
    ['/v1/countries', 'OPTIONS'],
  ] as const) {
    const { headers } = await client.send(target, { method });
    assert.equal(headers['x-content-type-options'], 'nosniff', target);
    assert.equal(headers['referrer-policy'], 'no-referrer', target);
    assert.equal(headers['cross-origin-resource-policy'], 'cross-origin', target);
    assert.equal(
      headers['content-security-policy'],
      "default-src 'none'; frame-ancestors 'none'",
      target,
    );
    assert.doesNotMatch(headers['server'] ?? '', /[0-9]/);
  }
});

test('accepts a valid request id and generates one otherwise', async () => {
  const idFor = async (id: string): Promise<string | undefined> =>
    (await client.send('/v1/countries/NO', { headers: { 'X-Request-Id': id } })).headers[
      'x-request-id'
    ];

  for (const id of ['a', 'A-b_c.9', 'x'.repeat(64)]) assert.equal(await idFor(id), id);
  for (const id of ['', 'x'.repeat(65), 'a b', 'a;b', 'é', '<script>']) {
    const made = await idFor(id);
    assert.notEqual(made, id);
    assert.match(made ?? '', /^[A-Za-z0-9._-]{1,64}$/);
  }
  const made = await Promise.all(
    Array.from({ length: 50 }, async () => (await client.send('/healthz')).headers['x-request-id']),
  );
  assert.equal(new Set(made).size, 50);
});

test('repeats the request id in the problem document', async () => {
  const response = await client.send('/v1/countries/ZZ');
  assert.equal(response.json()['request_id'], response.headers['x-request-id']);
});
