// Conditional requests, entity tags and Cache-Control. (RFC 9110, section 13; RFC 9111)
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Client, type ClientResponse } from '../support/client.js';
import { startPrivateService } from '../support/private_service.js';

const client = Client.shared();
const { client: privateClient, cluster, database } = await startPrivateService();

const PUBLIC = 'public, max-age=60, stale-while-revalidate=60, stale-if-error=86400';
const DOCUMENTS = [
  '/v1',
  '/v1/countries',
  '/v1/countries?format=csv',
  '/v1/statements?format=ndjson&limit=5',
  '/v1/countries/NO',
  '/v1/countries/NO/profile',
  '/v1/countries/NO/profile?lang=fr',
  '/v1/statements/NO-185-R-06',
  '/v1/sources?limit=3',
];
const CONTRACT = ['/openapi.json', '/openapi.yaml'];

function assertNotModified(response: ClientResponse, of: ClientResponse, what: string): void {
  assert.equal(response.status, 304, what);
  assert.equal(response.body.length, 0, what);
  // Some clients wait for a body of that length. (RFC 9110, section 8.6)
  assert.equal(response.headers['content-length'], undefined, what);
  for (const name of ['etag', 'cache-control', 'vary'])
    assert.equal(response.headers[name], of.headers[name], `${what}: ${name}`);
  assert.match(response.headers['date'] ?? '', / GMT$/, what);
  assert.equal(response.headers['content-type'], undefined, what);
}

test('returns 304 for the tag, a list, a weak tag or *, also for HEAD and no-cache', async () => {
  for (const target of [...DOCUMENTS, ...CONTRACT]) {
    const full = await client.send(target);
    const tag = full.headers['etag'] ?? '';
    assert.equal(full.status, 200, target);

    for (const value of [tag, `W/${tag}`, `"other", ${tag}`, `"a,b" , W/${tag}, "c"`, '*'])
      for (const method of ['GET', 'HEAD'])
        assertNotModified(
          await client.send(target, {
            method,
            headers: {
              'If-None-Match': value,
              'Cache-Control': 'no-cache',
              Pragma: 'no-cache',
              // Ignored together with If-None-Match. (RFC 9110, section 13.1.3)
              'If-Modified-Since': 'Thu, 01 Jan 1970 00:00:00 GMT',
            },
          }),
          full,
          `${method} ${target} ${value}`,
        );
    for (const value of ['"other"', tag.slice(0, -1), tag.replaceAll('"', ''), 'nonsense', ''])
      assert.equal(
        (
          await client.send(target, {
            headers: { 'If-None-Match': value, 'If-Modified-Since': new Date().toUTCString() },
          })
        ).status,
        200,
        `${target} ${value}`,
      );
  }
});

test('combines repeated If-None-Match lines', async () => {
  const { headers } = await client.send('/v1/countries/NO');
  const response = await client.send('/v1/countries/NO', {
    headers: { 'If-None-Match': ['"a"', headers['etag'] ?? ''] },
  });
  assert.equal(response.status, 304);
});

test('sends CORS fields with 304', async () => {
  const { headers } = await client.send('/v1/countries/NO');
  const response = await client.send('/v1/countries/NO', {
    headers: { 'If-None-Match': headers['etag'] ?? '', Origin: 'https://a.example' },
  });
  assert.equal(response.status, 304);
  assert.equal(response.headers['access-control-allow-origin'], '*');
  assert.match(response.headers['access-control-expose-headers'] ?? '', /ETag/);
});

test('does not return 304 for an erroneous request', async () => {
  const headers = { 'If-None-Match': '*' };
  await client.problem(404, '/v1/countries/XX', { headers });
  await client.problem(400, '/v1/countries?colour=red', { headers });
  await client.problem(404, '/nowhere', { headers });
  assert.equal((await client.send('/v1/countries/nor', { headers })).status, 308);
});

test('sends the time of the newest revision as Last-Modified and evaluates If-Modified-Since', async () => {
  const { rows } = await cluster.query(
    database,
    'SELECT floor(extract(epoch FROM changed_at))::int AS changed FROM dataset_revision',
  );
  const { changed } = rows[0] as { changed: number };
  const midnight = Math.floor(Date.now() / 86_400_000) * 86_400;

  for (const [target, expected] of [
    ['/v1/sources', changed],
    ['/v1/countries/NO?as_of=2020-01-01', changed],
    ['/v1/countries/NO', Math.max(changed, midnight)],
  ] as const) {
    const response = await privateClient.send(target);
    const text = response.headers['last-modified'] ?? '';
    const modified = Date.parse(text) / 1000;

    assert.equal(new Date(modified * 1000).toUTCString(), text, 'IMF-fixdate');
    assert.equal(modified, expected, target);
    assertNotModified(
      await privateClient.send(target, { headers: { 'If-Modified-Since': text } }),
      response,
      target,
    );
    for (const [since, status] of [
      [new Date((modified - 1) * 1000).toUTCString(), 200],
      [new Date((modified + 1) * 1000).toUTCString(), 304],
      ['nonsense', 200],
    ] as const)
      assert.equal(
        (await privateClient.send(target, { headers: { 'If-Modified-Since': since } })).status,
        status,
        `${target} ${since}`,
      );
  }
});

test('returns 200 after a second change within the second of Last-Modified', async () => {
  const change = (): Promise<unknown> =>
    cluster.query(
      database,
      "UPDATE source SET title = coalesce(title, '') || '.' WHERE id = (SELECT min(id) FROM source)",
    );
  for (let i = 0; i < 3; i++) {
    await change();
    const first = await privateClient.send('/v1/sources');
    await change();
    const second = await privateClient.send('/v1/sources', {
      headers: { 'If-Modified-Since': first.headers['last-modified'] ?? '' },
    });
    assert.equal(second.status, 200);
  }
});

test('sends public Cache-Control, and private with Authorization', async () => {
  for (const target of [...DOCUMENTS, ...CONTRACT]) {
    const open = await client.send(target);
    const keyed = await client.send(target, { headers: { Authorization: 'Bearer x' } });

    assert.equal(open.headers['cache-control'], PUBLIC, target);
    assert.equal(keyed.headers['cache-control'], 'private, no-cache', target);
    assert.equal(keyed.headers['etag'], open.headers['etag'], target);
    assert.deepEqual(keyed.body, open.body, target);
  }
  for (const target of ['/healthz', '/readyz'])
    assert.equal((await client.send(target)).headers['cache-control'], 'no-store', target);
});

test('sends the same tag for every spelling of a request', async () => {
  for (const spellings of [
    ['/v1/countries', '/v1/countries?sort=code', '/v1/countries?format=json&lang=en'],
    [
      '/v1/statements?treaty=189,185&country=nor',
      '/v1/statements?country=NO&treaty=185,189&limit=100&sort=id',
      '/v1/statements?country=578&treaty=185%2C189',
    ],
  ]) {
    const tags = await Promise.all(
      spellings.map(async (target) => (await client.send(target)).headers['etag']),
    );
    assert.equal(new Set(tags).size, 1, spellings.join(' '));
  }
  const french = await Promise.all([
    client.send('/v1/countries?lang=fr'),
    client.send('/v1/countries', { headers: { 'Accept-Language': 'fr-CA, en;q=0.5' } }),
  ]);
  assert.equal(french[0].headers['etag'], french[1].headers['etag']);
  const table = await Promise.all([
    client.send('/v1/statements?format=csv&limit=10'),
    client.send('/v1/statements?limit=10', { headers: { Accept: 'text/csv' } }),
  ]);
  assert.equal(table[0].headers['etag'], table[1].headers['etag']);
  assert.equal(table[0].headers['link'], table[1].headers['link']);
});

test('preserves negotiated language and format in the link to the next page', async () => {
  const first = await client.send('/v1/statements?limit=5&lang=en');
  const next = first.json()['links'].next as string;
  const second = await client.send(next, { headers: { 'Accept-Language': 'fr' } });
  assert.equal(second.status, 200, second.text);
  assert.equal(second.headers['content-language'], 'en');
  assert.equal(second.json()['links'].self, next);

  const lines = await client.send('/v1/statements?limit=5', {
    headers: { Accept: 'application/x-ndjson' },
  });
  const link = /<([^>]+)>; rel="next"/.exec(lines.headers['link'] ?? '')?.[1] ?? '';
  assert.equal((await client.send(link)).headers['content-type'], 'application/x-ndjson');
});
