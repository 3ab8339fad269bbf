// Paths, queries and versions.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Client } from '../support/client.js';
import { countries } from '../support/reference_data.js';

const client = Client.shared();

async function leads(from: string, to: string): Promise<void> {
  const response = await client.send(from);
  assert.deepEqual(
    [response.status, response.headers['location']],
    [308, to],
    `${from}: ${response.text.slice(0, 300)}`,
  );
  assert.equal((await client.send(to)).status, 200, to);
}

test('path: an unknown one is 404', async () => {
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

test('path: every spelling of a country leads to its canonical address', async () => {
  for (const { code = '', alpha3 = '', numeric = '' } of countries.filter((_, i) => i % 20 === 0)) {
    for (const spelling of [alpha3, numeric, code.toLowerCase(), alpha3.toLowerCase()])
      await leads(`/v1/countries/${spelling}`, `/v1/countries/${code}`);
  }
  await leads('/v1/countries/nor', '/v1/countries/NO');
  await leads('/v1/countries/578', '/v1/countries/NO');
  await leads('/v1/countries/nO/profile', '/v1/countries/NO/profile');
  await leads('/v1/countries/NOR/reservations', '/v1/countries/NO/reservations');
});

test('path: another case of an identifier, an article or a fixed word, and a trailing slash, lead there too', async () => {
  await leads('/v1/statements/no-185-r-06', '/v1/statements/NO-185-R-06');
  await leads('/v1/reservations/no-185-R-06', '/v1/reservations/NO-185-R-06');
  await leads('/v1/status/no-185', '/v1/status/NO-185');
  await leads('/v1/strategies/NO-NCSS-2019', '/v1/strategies/no-ncss-2019');
  await leads('/v1/treaties/185/articles/6.1.A', '/v1/treaties/185/articles/6.1.a');
  await leads('/V1/Countries/NO', '/v1/countries/NO');
  await leads('/v1/countries/%4EO', '/v1/countries/NO');
  await leads('/v1/countries/', '/v1/countries');
  await leads('/v1/countries/NO/', '/v1/countries/NO');
  await leads('/v1/countries/nor/profile/', '/v1/countries/NO/profile');
});

test('path: the query is kept as it was sent', async () => {
  await leads(
    '/v1/countries/nor?lang=fr&as_of=2006-10-01',
    '/v1/countries/NO?lang=fr&as_of=2006-10-01',
  );
  await leads('/v1/countries/?q=%C3%A5land', '/v1/countries?q=%C3%A5land');
});

test('path: no slash twice, no encoded slash, nothing that has to stay encoded', async () => {
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

test('path: a reservation is no declaration', async () => {
  await client.problem(404, '/v1/declarations/NO-185-R-06');
  await client.problem(404, '/v1/reservations/NO-185-A-35');
  assert.equal((await client.get('/v1/statements/NO-185-R-06'))['data'].kind, 'reservation');
});

test('path: a known country with nothing in a section is 200 and an empty list', async () => {
  for (const section of ['actions', 'statements', 'reservations', 'declarations', 'strategies']) {
    const { data, meta } = await client.get(`/v1/countries/AQ/${section}`);
    assert.deepEqual([data, meta.total], [[], 0], section);
  }
});

test('query: an unknown parameter is 400 that names it and the allowed ones', async () => {
  const problem = await client.problem(400, '/v1/countries?colour=red');
  assert.deepEqual(
    problem.errors?.map(({ parameter }) => parameter),
    ['colour'],
  );
  assert.match(
    problem.errors?.[0]?.detail ?? '',
    /status.*treaty.*region.*coe_member.*has.*q.*as_of.*limit.*cursor.*sort.*lang/s,
  );
});

test('query: each name once', async () => {
  for (const query of ['q=ab&q=cd', 'q=ab&q=ab', 'lang=en&q=ab&lang=en'])
    assert.ok((await client.problem(400, `/v1/countries?${query}`)).errors, query);
});

test('query: present but empty is 400', async () => {
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

test('query: a parameter without a name is spoken of as one', async () => {
  for (const [query, detail] of [
    ['lang=en&', 'A parameter has no name.'],
    ['&', 'The query has 2 mistakes, in: one without a name, one without a name.'],
  ] as const)
    assert.equal((await client.problem(400, `/v1/countries?${query}`)).detail, detail);
});

test('query: valid percent-encoding and valid UTF-8, no NUL', async () => {
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

test('query: names may be percent-encoded and are compared with case', async () => {
  assert.equal((await client.get('/v1/countries?%71=norway'))['meta'].total, 1);
  await client.problem(400, '/v1/countries?Q=norway');
  await client.problem(400, '/v1/countries?%zz=norway');
});

test('query: at most 32 parameters', async () => {
  const names = Array.from({ length: 33 }, (_, i) => `p${i}=1`);
  const problem = await client.problem(400, `/v1/countries?${names.join('&')}`);
  assert.match(JSON.stringify(problem), /32/);
});

test('query: path and query share no names', async () => {
  for (const target of [
    '/v1/countries/NO?code=SE',
    '/v1/treaties/185?number=189',
    '/v1/statements/NO-185-R-06?id=NO-185-R-14',
  ])
    await client.problem(400, target);
});

test('query: all mistakes are told at once', async () => {
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

test('query: a target in absolute form is taken as its path', async () => {
  const response = await client.raw(
    'GET http://elsewhere.example/v1/countries/NO HTTP/1.1\r\nHost: elsewhere.example\r\nConnection: close\r\n\r\n',
  );
  assert.equal(response.status, 200);
  assert.doesNotMatch(response.body, /elsewhere/);
});

test('version: another one is 404 that names /v1', async () => {
  for (const path of ['/v2', '/v2/countries', '/v0/countries/NO'])
    assert.match((await client.problem(404, path)).detail, /\/v1/);
});
