// Problem documents. (RFC 9457)
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Client, type Problem } from '../support/client.js';

const client = Client.shared();

/** A request for each client error, and 501. */
const erroneous: [
  number,
  string,
  { method?: string; headers?: Record<string, string>; body?: Buffer },
][] = [
  [400, '/v1/countries?colour=red', {}],
  [400, '/v1/statements?as_of=2999-01-01', {}],
  [404, '/v1/countries/ZZ', {}],
  [404, '/nowhere', {}],
  [405, '/v1/countries', { method: 'DELETE' }],
  [406, '/v1/countries/NO', { headers: { Accept: 'image/png' } }],
  [400, '/v1/countries', { body: Buffer.alloc(70_000) }],
  [414, `/v1/countries?q=${'x'.repeat(9000)}`, {}],
  [431, '/v1/countries', { headers: { F: 'x'.repeat(17_000) } }],
  [501, '/v1/countries', { method: 'PROPFIND' }],
];

for (const [status, target, options] of erroneous)
  test(`returns a problem document with ${status} for ${options.method ?? 'GET'} ${target.slice(0, 40)}`, async () => {
    const response = await client.send(target, {
      ...options,
      headers: { ...options.headers, 'X-Request-Id': 'mine-1' },
    });
    const problem = response.json<Problem>();

    assert.equal(response.status, status);
    assert.equal(response.headers['content-type'], 'application/problem+json');
    assert.equal(problem.status, status);
    assert.equal(problem.instance, target.split('?')[0]);
    // The fields behind the one that is too large are not read.
    if (status === 431) assert.match(problem.request_id, /^[0-9a-f]{32}$/);
    else if (status !== 414) assert.equal(problem.request_id, 'mine-1');
    assert.match(problem.type, /^\/problems\/[a-z-]+$/);
    assert.ok(problem.title.length > 0 && problem.detail.length > 0);
    assert.equal(response.headers['cache-control'], 'no-store');
  });

test('has an instance whenever the request line has a path', async () => {
  const instance = async (line: string): Promise<unknown> =>
    (JSON.parse((await client.raw(`${line}\r\nHost: x\r\n\r\n`)).body) as Problem).instance;
  const long = `/${'x'.repeat(9000)}`;

  assert.equal(await instance(`GET ${long} HTTP/1.1`), long.slice(0, 8192));
  assert.equal(await instance(`GET /v1?${'x'.repeat(70_000)} HTTP/1.1`), '/v1');
  assert.equal(await instance(`${'A'.repeat(9000)} /v1 HTTP/1.1`), undefined);
  assert.equal(await instance('GET /v1 HTTP/2.0'), '/v1');
  assert.equal(await instance('GET /v1'), undefined);
});

test('names the parameter of each validation error', async () => {
  const { errors = [] } = await client.problem(
    400,
    '/v1/status?treaty=1&state=x&country=ZZ&region=1&as_of=1&limit=a&sort=x',
  );
  assert.deepEqual(errors.map(({ parameter }) => parameter).sort(), [
    'as_of',
    'country',
    'limit',
    'region',
    'sort',
    'state',
    'treaty',
  ]);
  for (const error of errors) assert.ok(error.detail.length > 10 && error.pointer === undefined);
});

test('lists the allowed values of a closed set', async () => {
  const cases: [string, RegExp][] = [
    ['/v1/countries?region=999', /002.*009.*019.*142.*150/],
    [
      '/v1/countries?status=maybe',
      /party.*signatory.*ratified.*invited.*former_party.*none.*unknown/,
    ],
    ['/v1/countries?treaty=1', /185.*189.*224/],
    ['/v1/countries?lang=xx', /en.*fr/],
    ['/v1/countries?sort=size', /code.*name/],
    ['/v1/statements?kind=x', /reservation.*declaration/],
    ['/v1/statements?limit=501', /1.*500/],
    ['/v1/statements?article=29(4)', /29\.4/],
    ['/v1/statements?country=ZZ', /alpha|code/i],
  ];
  for (const [target, allowed] of cases)
    assert.match((await client.problem(400, target)).errors?.[0]?.detail ?? '', allowed, target);
});

// The fields behind a target that is too long are not read.
for (const [status, target, options] of erroneous.filter(([status]) => status !== 414))
  test(`sends ${status} of ${options.method ?? 'GET'} ${target.slice(0, 40)} in both languages with the same type`, async () => {
    const [english, french] = await Promise.all(
      ['en', 'fr'].map((language) =>
        client.send(target, {
          ...options,
          headers: { 'Accept-Language': language, ...options.headers },
        }),
      ),
    );
    const [first, second] = [english, french].map((each) => each!.json<Problem>());

    assert.equal(english?.headers['content-language'], 'en');
    assert.equal(french?.headers['content-language'], 'fr');
    assert.equal(first?.type, second?.type);
    assert.notEqual(first?.title, second?.title);
    assert.notEqual(first?.detail, second?.detail);
    for (const [i, { parameter, detail }] of (first?.errors ?? []).entries()) {
      assert.equal(second?.errors?.[i]?.parameter, parameter);
      assert.notEqual(second?.errors?.[i]?.detail, detail);
    }
  });

test('takes the language of a problem from lang first', async () => {
  const { headers, json } = await client.send('/v1/countries?lang=fr&colour=red', {
    headers: { 'Accept-Language': 'en' },
  });

  assert.equal(headers['content-language'], 'fr');
  assert.match(json<Problem>().errors?.[0]?.detail ?? '', /^Paramètre inconnu/);
});

test('quotes input as JSON text and reveals no internals', async () => {
  const { errors } = await client.problem(400, '/v1/countries?status=%22%3Cscript%3E%0A%1B%5B31m');
  assert.match(errors?.[0]?.detail ?? '', /"<script>/);
  for (const [, target, options] of erroneous) {
    const { text } = await client.send(target, options);
    assert.doesNotMatch(
      text,
      /SELECT|pg_|libpq|postgres|ulfius|microhttpd|\/(src|usr|tmp|var)\/|\.c\b|0x[0-9a-f]{6}/i,
      target.slice(0, 80),
    );
  }
});

test('forbids caching of every problem', async () => {
  for (const [, target, options] of erroneous)
    assert.equal(
      (await client.send(target, options)).headers['cache-control'],
      'no-store',
      target.slice(0, 80),
    );
});
