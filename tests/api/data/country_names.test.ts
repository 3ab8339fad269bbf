// Names and codes of countries, and the search for them.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Client } from '../support/client.js';
import { table } from '../support/reference_data.js';

const client = Client.shared();

interface Name {
  name: string;
  lang: string;
  kind: string;
  from: string | null;
  to: string | null;
}

const codes = async (query: string): Promise<string[]> => {
  const { data } = await client.get<{ data: { code: string }[] }>(`/v1/countries?${query}`);
  return data.map(({ code }) => code);
};
const search = (text: string, more = ''): Promise<string[]> =>
  codes(`q=${encodeURIComponent(text)}${more}`);

/** What a text finds first, worked by hand. */
const first: [string, string][] = [
  ['Republic of Korea', 'KR'],
  ['UK', 'GB'],
  ['EL', 'GR'],
  ['Turkey', 'TR'],
  ['Ivory Coast', 'CI'],
  ['Pays Bas', 'NL'],
  ['pays-bas', 'NL'],
  ['Saint Lucia', 'LC'],
  ['St. Lucia', 'LC'],
  ['st lucia', 'LC'],
  ['Ste-Lucie', 'LC'],
  ['578', 'NO'],
  ['nor', 'NO'],
  ['no', 'NO'],
  ['U.K.', 'GB'],
  ['cote d ivoire', 'CI'],
  ['COTE D’IVOIRE', 'CI'],
  ["Côte d'Ivoire", 'CI'],
  ['Ｆｒａｎｃｅ', 'FR'],
  ['Bosnia & Herzegovina', 'BA'],
  ['bosnia and herzegovina', 'BA'],
  ['Antigua & Barbuda', 'AG'],
  ['  north   korea ', 'KP'],
  ['Guinea Bissau', 'GW'],
];

for (const [text, code] of first)
  test(`finds ${code} first for '${text}'`, async () => {
    assert.equal((await search(text))[0], code);
  });

test('finds a country by its former names, abbreviations and a tenth of the others', async () => {
  const { data } = await client.get<{ data: { code: string; names: Name[] }[] }>('/v1/countries');
  const all = data.flatMap(({ code, names }) => names.map((name) => ({ code, ...name })));

  for (const [i, { code, name, kind }] of all.entries())
    if (i % 10 === 0 || ['former', 'abbreviation'].includes(kind))
      assert.ok((await search(name, '&fields=code')).includes(code), `${name} of ${code}`);
});

test('orders by code, whole name, beginning and part of a name, then by the sort key', async () => {
  // GN is named Guinea; GW and GQ begin with it or contain it; PG contains it.
  const found = await search('guinea');
  assert.equal(found[0], 'GN');
  assert.ok(found.indexOf('GW') < found.indexOf('PG'));

  // The code of Oman is OM; names that begin with "om" and that contain it follow.
  const { data } = await client.get<{ data: { code: string; name: string }[] }>(
    '/v1/countries?q=om',
  );
  assert.equal(data[0]?.code, 'OM');
  const parts = data.slice(1).map(({ code }) => code);
  assert.deepEqual(parts, [...parts].sort());
});

test('keeps that order for every sort key and in both directions', async () => {
  for (const sort of ['code', '-code', 'name', '-name', 'updated_at', '-updated_at']) {
    const found = await search('guinea', `&sort=${sort}`);
    assert.equal(found[0], 'GN', sort);
    assert.equal(new Set(found).size, (await search('guinea')).length, sort);
  }
  const ascending = await search('island', '&sort=code');
  const descending = await search('island', '&sort=-code');
  assert.notDeepEqual(descending, ascending);
  assert.deepEqual([...descending].sort(), [...ascending].sort());
});

test('pages through a search without losing the order', async () => {
  for (const sort of ['code', '-code', 'name', '-name', '-updated_at'])
    for (const text of ['an', 'republic', 'guinea']) {
      const target = `/v1/countries?q=${text}&sort=${sort}`;
      const whole = (await client.walk(target)).map(({ code }) => code as string);
      const pages = (await client.walk(`${target}&limit=3`)).map(({ code }) => code as string);
      assert.deepEqual(pages, whole, target);
    }
});

test('finds nothing for punctuation alone', async () => {
  assert.deepEqual(await search('--'), []);
  assert.deepEqual(await search('(.)'), []);
});

test('returns the names of a country in order', async () => {
  const { data } = await client.get<{ data: { names: Name[] } }>('/v1/countries/TR');
  const order = ['official', 'short', 'alternative', 'abbreviation', 'former'];
  const places = data.names.map(({ kind }) => order.indexOf(kind));

  assert.deepEqual(
    places,
    [...places].sort((a, b) => a - b),
  );
  assert.deepEqual(
    data.names.find(({ name }) => name === 'Turkey'),
    { name: 'Turkey', lang: 'en', kind: 'former', from: null, to: '2022-06-01' },
  );
});

test('returns every name of the reference data', async () => {
  const rows = table('country_names.csv');
  const { data } = await client.get<{ data: { code: string; names: Name[] }[] }>('/v1/countries');
  const key = (...parts: (string | null | undefined)[]): string =>
    parts.map((p) => p ?? '').join('|');

  assert.deepEqual(
    data
      .flatMap(({ code, names }) =>
        names.map(({ name, lang, kind, from, to }) => key(code, name, lang, kind, from, to)),
      )
      .sort(),
    rows
      .map((row) =>
        key(row['country'], row['name'], row['lang'], row['kind'], row['from'], row['to']),
      )
      .sort(),
  );
});

test('redirects the codes that the European Union writes', async () => {
  for (const [alias, code] of [
    ['UK', 'GB'],
    ['uk', 'GB'],
    ['EL', 'GR'],
  ]) {
    const { status, headers } = await client.send(`/v1/countries/${alias}/status?treaty=185`);
    assert.equal(status, 308);
    assert.equal(headers['location'], `/v1/countries/${code}/status?treaty=185`);
  }
});

test('counts these codes in country=', async () => {
  const { data, links } = await client.get('/v1/status?treaty=185&country=UK,el,NO');

  assert.deepEqual(
    data.map(({ country }: { country: string }) => country),
    ['GB', 'GR', 'NO'],
  );
  assert.equal(links.self, '/v1/status?country=GB,GR,NO&treaty=185');
});

test('explains why XK is not found', async () => {
  const { detail } = await client.problem(404, '/v1/countries/XK');
  assert.match(detail, /ISO 3166-1 assigns no country to the code 'XK'/);

  const { errors } = await client.problem(400, '/v1/status?country=XK');
  assert.equal(errors?.[0]?.parameter, 'country');
  assert.match(errors?.[0]?.detail ?? '', /ISO 3166-1 assigns no country/);
});
