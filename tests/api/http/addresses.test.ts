// Resolution of paths, queries and versions.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Client } from '../support/client.js';
import { countries } from '../support/reference_data.js';

const client = Client.shared();

async function assertRedirect(from: string, to: string): Promise<void> {
  const response = await client.send(from);
  assert.deepEqual(
    [response.status, response.headers['location']],
    [308, to],
    `${from}: ${response.text.slice(0, 300)}`,
  );
  assert.equal((await client.send(to)).status, 200, to);
}

test('returns 404 for an unknown path', async () => {
  for (const path of [
    '/v1x',
    '/v1/countrie',
    '/v1/countries/NO/notes',
    '/v1/countries/NO/profile/more',
    '/robots.txt',
    '/v1/.',
    '/v1/..',
    '/v1/countries/../countries',
  ]) {
    const problem = await client.problem(404, path);
    assert.equal(problem.instance, path);
  }
});

test('redirects every spelling of a country to its canonical address', async () => {
  for (const { code = '', alpha3 = '', numeric = '' } of countries.filter((_, i) => i % 20 === 0)) {
    for (const spelling of [alpha3, numeric, code.toLowerCase(), alpha3.toLowerCase()])
      await assertRedirect(`/v1/countries/${spelling}`, `/v1/countries/${code}`);
  }
  await assertRedirect('/v1/countries/nor', '/v1/countries/NO');
  await assertRedirect('/v1/countries/578', '/v1/countries/NO');
  await assertRedirect('/v1/countries/nO/profile', '/v1/countries/NO/profile');
  await assertRedirect('/v1/countries/NOR/reservations', '/v1/countries/NO/reservations');
});

test('redirects other letter case and trailing slashes to the canonical address', async () => {
  await assertRedirect('/v1/statements/no-185-r-06', '/v1/statements/NO-185-R-06');
  await assertRedirect('/v1/reservations/no-185-R-06', '/v1/reservations/NO-185-R-06');
  await assertRedirect('/v1/status/no-185', '/v1/status/NO-185');
  await assertRedirect('/v1/status/Nor-185', '/v1/status/NO-185');
  await assertRedirect('/v1/status/578-185', '/v1/status/NO-185');
  await assertRedirect('/v1/status/UK-189', '/v1/status/GB-189');
  await assertRedirect('/v1/status/el-189', '/v1/status/GR-189');
  await assertRedirect('/v1/strategies/NO-NCSS-2019', '/v1/strategies/no-ncss-2019');
  await assertRedirect('/v1/treaties/185/articles/6.1.A', '/v1/treaties/185/articles/6.1.a');
  await assertRedirect('/V1/Countries/NO', '/v1/countries/NO');
  await assertRedirect('/v1/countries/%4EO', '/v1/countries/NO');
  await assertRedirect('/v1/countries/', '/v1/countries');
  await assertRedirect('/v1/countries/NO/', '/v1/countries/NO');
  await assertRedirect('/v1/countries/nor/profile/', '/v1/countries/NO/profile');
});

test('preserves the query in a redirect', async () => {
  await assertRedirect(
    '/v1/countries/nor?lang=fr&as_of=2006-10-01',
    '/v1/countries/NO?lang=fr&as_of=2006-10-01',
  );
  await assertRedirect('/v1/countries/?q=%C3%A5land', '/v1/countries?q=%C3%A5land');
});

test('returns 404 for empty segments, encoded slashes and characters that need encoding', async () => {
  for (const path of [
    '//v1/countries',
    '/v1//countries',
    '/v1/countries//NO',
    '/v1/countries/N%2FO',
    '/v1/countries/NO//',
    '/v1/countries/N%00',
    '/v1/countries/%C3%85',
    '/v1%2Fcountries',
  ])
    await client.problem(404, path);
});

test('returns 404 for a reservation below /declarations', async () => {
  await client.problem(404, '/v1/declarations/NO-185-R-06');
  await client.problem(404, '/v1/reservations/NO-185-A-35');
  assert.equal((await client.get('/v1/statements/NO-185-R-06'))['data'].kind, 'reservation');
});

test('returns an empty list for a section without records', async () => {
  for (const section of ['actions', 'statements', 'reservations', 'declarations', 'strategies']) {
    const { data, meta } = await client.get(`/v1/countries/AQ/${section}`);
    assert.deepEqual([data, meta.total], [[], 0], section);
  }
});

test('returns 400 that names an unknown parameter and the allowed ones', async () => {
  const problem = await client.problem(400, '/v1/countries?colour=red');
  assert.deepEqual(
    problem.errors?.map(({ parameter }) => parameter),
    ['colour'],
  );
  assert.match(
    problem.errors?.[0]?.detail ?? '',
    /status.*treaty.*region.*member_of.*has.*q.*as_of.*limit.*cursor.*sort.*lang/s,
  );
});

test('returns 400 for a repeated parameter', async () => {
  for (const query of ['q=ab&q=cd', 'q=ab&q=ab', 'lang=en&q=ab&lang=en'])
    assert.ok((await client.problem(400, `/v1/countries?${query}`)).errors, query);
});

test('returns 400 for an empty value', async () => {
  for (const query of [
    'q=',
    'q',
    'status=',
    'as_of=',
    'limit=',
    'treaty=,',
    'treaty=185,',
    'country=',
    '=x',
    '&',
    'lang=en&',
    'lang=en&&q=ab',
  ])
    await client.problem(
      400,
      `/v1/${query.startsWith('country') ? 'status' : 'countries'}?${query}`,
    );
});

test('describes a parameter without a name', async () => {
  for (const [query, detail] of [
    ['lang=en&', 'A parameter has no name.'],
    ['&', 'The query has 2 mistakes, in: one without a name, one without a name.'],
  ] as const)
    assert.equal((await client.problem(400, `/v1/countries?${query}`)).detail, detail);
});

test('returns 400 for invalid percent-encoding, invalid UTF-8 and NUL', async () => {
  for (const value of [
    '%zz',
    '%',
    '%2',
    'a%',
    '%00',
    'ab%00cd',
    '%FF',
    '%C3',
    '%C3%28',
    '%ED%A0%80',
    '%C0%AF',
    '%F4%90%80%80',
    '%E2%82',
  ])
    await client.problem(400, `/v1/countries?q=${value}`);
  for (const value of [
    '%C3%85land',
    '%F0%9F%87%B3%F0%9F%87%B4',
    'cote+d',
    'ab%20cd',
    'ab%25cd',
    'ab%26cd',
    "d'I",
  ])
    assert.equal((await client.send(`/v1/countries?q=${value}`)).status, 200, value);
});

test('decodes parameter names and compares them case-sensitively', async () => {
  assert.equal((await client.get('/v1/countries?%71=norway'))['meta'].total, 1);
  await client.problem(400, '/v1/countries?Q=norway');
  await client.problem(400, '/v1/countries?%zz=norway');
});

test('returns 400 for more than 32 parameters', async () => {
  const names = Array.from({ length: 33 }, (_, i) => `p${i}=1`);
  const problem = await client.problem(400, `/v1/countries?${names.join('&')}`);
  assert.match(JSON.stringify(problem), /32/);
});

test('returns 400 for a path parameter in the query', async () => {
  for (const target of [
    '/v1/countries/NO?code=SE',
    '/v1/treaties/185?number=189',
    '/v1/statements/NO-185-R-06?id=NO-185-R-14',
  ])
    await client.problem(400, target);
});

test('reports all mistakes in a query at once', async () => {
  const problem = await client.problem(
    400,
    '/v1/statements?kind=x&treaty=999&article=29(4)&as_of=yesterday&limit=0&lang=xx&colour=red',
  );
  assert.deepEqual(problem.errors?.map(({ parameter }) => parameter).sort(), [
    'article',
    'as_of',
    'colour',
    'kind',
    'lang',
    'limit',
    'treaty',
  ]);
});

test('accepts a target in absolute form', async () => {
  const response = await client.raw(
    'GET http://elsewhere.example/v1/countries/NO HTTP/1.1\r\nHost: elsewhere.example\r\nConnection: close\r\n\r\n',
  );
  assert.equal(response.status, 200);
  assert.doesNotMatch(response.body, /elsewhere/);
});

test('returns 404 that names /v1 for another version', async () => {
  for (const path of ['/v2', '/v2/countries', '/v0/countries/NO'])
    assert.match((await client.problem(404, path)).detail, /\/v1/);
});
