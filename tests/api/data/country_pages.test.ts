// Facts of the Council of Europe's country pages.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Client } from '../support/client.js';

const client = Client.shared();

test('lists 249 countries', async () => {
  const { data, meta } = await client.call('listCountries', {});
  assert.deepEqual([data.length, meta.total], [249, 249]);
});

test('lists Norway among the States with a reservation on 29.4', async () => {
  const { data } = await client.call('listReservations', {
    query: { treaty: ['185'], article: ['29.4'] },
  });
  const listed = data.map(({ country }) => country);

  assert.ok(listed.includes('NO'));
  assert.ok(
    data.every(
      ({ kind, articles }) =>
        kind === 'reservation' && articles.some(({ article }) => article === '29.4'),
    ),
  );
  assert.deepEqual(listed.sort(), [
    'AR',
    'AT',
    'AZ',
    'CH',
    'CL',
    'CZ',
    'DE',
    'GB',
    'GR',
    'IL',
    'JP',
    'LI',
    'LT',
    'LV',
    'NG',
    'NO',
    'PE',
    'PL',
    'SE',
    'SK',
    'TR',
  ]);
});

test('reports Norway under 185 as none, signatory, ratified and party over time', async () => {
  for (const [day, state] of [
    ['2001-11-22', 'none'],
    ['2004-01-01', 'signatory'],
    ['2006-09-30', 'ratified'],
    ['2006-10-01', 'party'],
  ] as const) {
    const { data } = await client.call('getStatus', {
      path: { id: 'NO-185' },
      query: { as_of: day },
    });
    assert.equal(data.state, state, day);
    const country = await client.call('getCountry', {
      path: { code: 'NO' },
      query: { as_of: day },
    });
    assert.equal(country.data.states['185'], state, day);
  }
});

test('lists 82 Parties to 185', async () => {
  const { data, meta } = await client.call('listStatus', {
    query: { treaty: ['185'], state: ['party'], type: ['state'] },
  });
  assert.deepEqual([data.length, meta.total], [82, 82]);
  assert.equal((await client.call('getTreaty', { path: { number: '185' } })).data.parties, 82);
});

test('returns 308 for nor, 404 for ZZ and 400 for colour=red', async () => {
  assert.equal((await client.send('/v1/countries/nor')).headers['location'], '/v1/countries/NO');
  assert.equal((await client.problem(404, '/v1/countries/ZZ')).status, 404);
  assert.match(JSON.stringify(await client.problem(400, '/v1/countries?colour=red')), /colour/);
});

test('returns the facts of the page of Norway with their sources', async () => {
  const { data } = await client.call('getCountryProfile', { path: { code: 'NO' } });
  const strategy = data.strategies.find(({ id }) => id === 'no-ncss-2019');

  assert.equal(data.country.states['185'], 'party');
  assert.deepEqual(
    data.statements
      .filter(({ kind, treaty }) => kind === 'reservation' && treaty === '185')
      .map(({ enabling_article }) => enabling_article),
    ['6.3', '14.3', '29.4'],
  );
  assert.equal(strategy?.title, 'National Cyber Security Strategy for Norway');
  assert.deepEqual(
    strategy.priorities.map(({ goals }) => goals.length),
    [1, 1, 1, 1, 2],
  );
  assert.equal(strategy.priorities[4]?.title, 'Prevent and combat cyber crime');
  const international = data.strategies.find(({ kind }) => kind === 'international_cyber_strategy');
  assert.equal(international?.adopted_on?.slice(0, 4), '2017');
  assert.ok(data.disclaimer.text && data.contribute.text);
  for (const fact of [data.country, ...data.status, ...data.statements, ...data.strategies])
    assert.match(fact.source?.url ?? '', /^https?:/);
});
