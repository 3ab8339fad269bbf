// Pages, totals, filters, sorting and as_of.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Client } from '../support/client.js';
import { operations } from '../support/contract.js';
import {
  actions,
  authorities,
  countries,
  known,
  profiles,
  sources,
  statements,
  tools,
} from '../support/reference_data.js';
import { sampleTarget } from '../support/sample_targets.js';

const client = Client.shared();
const lists = operations.filter(({ parameters }) =>
  parameters.some(({ name }) => name === 'cursor'),
);
const today = new Date().toISOString().slice(0, 10);

const get = (target: string): Promise<Record<string, any>> => client.get(target);
const total = async (target: string): Promise<number> => (await get(target))['meta'].total;

/** The key of a row. */
const keyOf = (row: Record<string, string>): string =>
  row['id'] ??
  row['code'] ??
  row['number'] ??
  `${row['country'] ?? ''}-${row['treaty']}-${row['article'] ?? ''}`;

for (const operation of lists)
  test(`returns the same rows of ${operation.id} on pages of any size`, async () => {
    const target = await sampleTarget(client, operation);
    const keys = async (limit: number): Promise<string[]> =>
      (await client.walk(`${target}?limit=${limit}`)).map(keyOf);
    const whole = await keys(500);

    assert.equal(new Set(whole).size, whole.length, 'each row once');
    assert.equal(await total(target), whole.length);
    assert.deepEqual(await keys(37), whole);
    if (whole.length < 50) assert.deepEqual(await keys(1), whole);
  });

for (const operation of lists)
  test(`sorts ${operation.id} by every key in both directions`, async () => {
    const target = await sampleTarget(client, operation);
    const sort = operation.parameters.find(({ name }) => name === 'sort');
    const everything = (await client.walk(`${target}?limit=500`)).map(keyOf).sort();

    for (const value of sort?.schema['enum'] as string[]) {
      const rows = await client.walk(`${target}?limit=60&sort=${value}`);
      assert.deepEqual(rows.map(keyOf).sort(), everything, value);

      const column = value.replace('-', '');
      const found = rows.map((row) => row[column] as string | number | null);
      const some = found.filter((field): field is string | number => field !== null);
      assert.deepEqual(found.slice(0, some.length), some, `${value}: unknown values come last`);
      if (/name$|^title$|^article$/.test(column)) continue;
      const ordered = [...some].sort((a, b) => (a < b ? -1 : Number(a > b)));
      assert.deepEqual(some, value.startsWith('-') ? ordered.reverse() : ordered, value);
    }
  });

test('sorts by the first documented key by default', async () => {
  for (const operation of lists) {
    const target = await sampleTarget(client, operation);
    const sort = operation.parameters.find(({ name }) => name === 'sort');
    const rows = async (query: string): Promise<string[]> =>
      (await get(`${target}?${query}`))['data'].map(keyOf);
    assert.deepEqual(
      await rows(`sort=${String(sort?.schema['default'])}`),
      await rows('lang=en'),
      operation.id,
    );
  }
});

test('sorts names by the alphabet of the language', async () => {
  for (const lang of ['en', 'fr']) {
    const names = (await get(`/v1/countries?sort=name&lang=${lang}`))['data'].map(
      ({ name }: { name: string }) => name,
    );
    assert.deepEqual(names, [...names].sort(new Intl.Collator('und').compare), lang);
  }
});

test('sorts articles in the order of the treaty', async () => {
  const articles = (await client.walk('/v1/treaties/185/articles')).map(
    ({ article }) => article as string,
  );
  const whole = articles.filter((article) => !article.includes('.'));

  assert.deepEqual(
    whole,
    Array.from({ length: 48 }, (_, i) => String(i + 1)),
  );
  for (const article of articles.filter((each) => each.includes('.')))
    assert.ok(
      articles.indexOf(article) > articles.indexOf(article.replace(/\.[^.]+$/, '')),
      article,
    );
});

test('sends links.next in Link, with filters and language', async () => {
  const first = await client.send('/v1/statements?limit=5&kind=reservation', {
    headers: { 'Accept-Language': 'fr' },
  });
  const { links } = first.json();
  const next = /<([^>]+)>; rel="next"/.exec(first.headers['link'] ?? '')?.[1];

  assert.equal(next, links['next']);
  const second = await client.send(links['next'] as string);
  assert.equal(second.headers['content-language'], 'fr');
  assert.ok(second.json()['data'].every(({ kind }: { kind: string }) => kind === 'reservation'));

  const last = await client.send('/v1/treaties');
  assert.doesNotMatch(last.headers['link'] ?? '', /next/);
  assert.ok(!('next' in last.json()['links']));
});

test('returns the canonical address in links.self', async () => {
  assert.equal(
    (await get('/v1/statements?treaty=189,185&limit=7&country=nor'))['links'].self,
    '/v1/statements?country=NO&limit=7&treaty=185,189',
  );
  assert.equal((await get('/v1/countries/NO'))['links'].self, '/v1/countries/NO');
});

test('joins the values of a repeated list parameter', async () => {
  const joined = await client.send('/v1/status?treaty=185,224&country=NO,SE');
  const repeated = await client.send('/v1/status?country=swe&treaty=224&country=NO&treaty=185');

  assert.equal(repeated.text, joined.text);
  assert.equal(repeated.headers['etag'], joined.headers['etag']);
  assert.equal(repeated.json()['links'].self, '/v1/status?country=NO,SE&treaty=185,224');
});

test('returns 400 for a single value given twice and for brackets', async () => {
  const cases: [string, string, RegExp][] = [
    ['limit=5&limit=5', 'limit', /takes one value/],
    ['as_of=2020-01-01&as_of=2021-01-01', 'as_of', /takes one value/],
    ['treaty[]=185&treaty[]=224', 'treaty[]', /treaty=A,B.*treaty=A&treaty=B/],
    ['treaty%5B%5D=185', 'treaty[]', /treaty=A,B/],
    ['limit[]=5', 'limit[]', /no brackets/],
    ['treaty=185&treaty=', 'treaty', /empty/],
    ['treaty=185&treaty=186', 'treaty', /185, 189, 224/],
  ];
  for (const [query, parameter, detail] of cases) {
    const { errors } = await client.problem(400, `/v1/status?${query}`);
    assert.deepEqual(
      errors?.map((error) => error.parameter),
      [parameter],
      query,
    );
    assert.match(errors?.[0]?.detail ?? '', detail, query);
  }
});

test('returns 400 for a forged cursor and for one of another query', async () => {
  const { links } = await get('/v1/statements?limit=5');
  const cursor = new URL(links.next as string, 'http://x').searchParams.get('cursor') ?? '';
  const swapped = (cursor.startsWith('W') ? 'X' : 'W') + cursor.slice(1);
  const own = Buffer.from(JSON.stringify(['AD', 'AD', '0000000000000000'])).toString('base64url');
  const deep = Buffer.from('['.repeat(2047)).toString('base64url');

  for (const target of [
    `/v1/statements?limit=5&cursor=${swapped}`,
    `/v1/statements?limit=5&cursor=${cursor.slice(0, -4)}`,
    `/v1/statements?limit=5&cursor=${own}`,
    `/v1/statements?limit=5&cursor=${deep}`,
    '/v1/statements?cursor=abc',
    '/v1/statements?cursor=!!',
    `/v1/statements?limit=5&kind=reservation&cursor=${cursor}`,
    `/v1/reservations?limit=5&cursor=${cursor}`,
    `/v1/statements?limit=5&sort=-id&cursor=${cursor}`,
    `/v1/statements?limit=5&lang=fr&cursor=${cursor}`,
    `/v1/statements?limit=5&as_of=2020-01-01&cursor=${cursor}`,
  ]) {
    const { errors } = await client.problem(400, target);
    assert.deepEqual(
      errors?.map(({ parameter }) => parameter),
      ['cursor'],
      target,
    );
  }
  assert.equal(
    (await client.send(`/v1/statements?limit=9&cursor=${cursor}`)).status,
    200,
    'a page may change its size',
  );
});

test('returns 400 that names the range for an invalid limit', async () => {
  for (const limit of [
    '0',
    '-1',
    '501',
    '1000000',
    '99999999999999999999',
    'ten',
    '1.5',
    '1e2',
    '%2B5',
    '0x10',
    ' 5'.trim() + '%20',
  ]) {
    const { errors } = await client.problem(400, `/v1/statements?limit=${limit}`);
    assert.match(errors?.[0]?.detail ?? '', /1 to 500/, limit);
  }
  assert.equal((await get('/v1/sources'))['data'].length, 100);
  assert.equal((await get('/v1/sources?limit=500'))['data'].length, 500);
  assert.equal((await get('/v1/countries'))['data'].length, 249);
  assert.equal((await get('/v1/countries?limit=10'))['data'].length, 10);
  assert.equal((await get('/v1/status'))['data'].length, 747);
  assert.ok(!('next' in (await get('/v1/status'))['links']));
});

test('filters by every value of every closed set, which together match all rows', async () => {
  const count = (rows: unknown[]): number => rows.length;
  const by = (rows: Record<string, string>[], key: string, value: string): number =>
    rows.filter((row) => row[key] === value).length;

  for (const kind of [
    'reservation',
    'declaration',
    'communication',
    'authority',
    'territorial',
    'objection',
  ])
    assert.equal(await total(`/v1/statements?kind=${kind}`), by(statements, 'kind', kind), kind);
  for (const treaty of ['185', '189', '224']) {
    assert.equal(await total(`/v1/statements?treaty=${treaty}`), by(statements, 'treaty', treaty));
    assert.equal(await total(`/v1/actions?treaty=${treaty}`), by(actions, 'treaty', treaty));
    assert.equal(await total(`/v1/status?treaty=${treaty}`), countries.length);
  }
  for (const action of [
    'signature',
    'ratification',
    'accession',
    'acceptance',
    'approval',
    'definitive_signature',
    'invitation',
    'entry_into_force',
    'denunciation',
  ])
    assert.equal(
      await total(`/v1/actions?action=${action}`),
      by(actions, 'action', action),
      action,
    );
  for (const region of ['002', '009', '019', '142', '150']) {
    assert.equal(
      await total(`/v1/countries?region=${region}`),
      by(countries, 'region_code', region),
    );
    assert.equal(
      await total(`/v1/status?region=${region}`),
      3 * by(countries, 'region_code', region),
    );
  }
  for (const column of ['subregion_code', 'intermediate_region_code'])
    for (const region of new Set(countries.map((row) => row[column] ?? '').filter(Boolean)))
      assert.equal(
        await total(`/v1/countries?region=${region}`),
        by(countries, column, region),
        region,
      );
  for (const type of ['state', 'territory', 'other']) {
    assert.equal(await total(`/v1/countries?type=${type}`), by(countries, 'type', type), type);
    assert.equal(await total(`/v1/status?type=${type}`), 3 * by(countries, 'type', type), type);
  }
  for (const state of ['FR', 'gbr', '578'])
    assert.equal(
      await total(`/v1/countries?responsible_state=${state}`),
      by(countries, 'responsible_state', { gbr: 'GB', 578: 'NO' }[state] ?? state),
      state,
    );

  const strategies = profiles.flatMap(
    (profile) => profile.strategies as unknown as Record<string, string>[],
  );
  for (const kind of [
    'cybersecurity_strategy',
    'cybercrime_strategy',
    'international_cyber_strategy',
    'digital_strategy',
    'action_plan',
  ])
    assert.equal(await total(`/v1/strategies?kind=${kind}`), by(strategies, 'kind', kind), kind);
  for (const status of ['in_force', 'superseded', 'unknown'])
    assert.equal(
      await total(`/v1/strategies?status=${status}`),
      by(strategies, 'status', status),
      status,
    );
  assert.equal(await total('/v1/sources'), count([...sources.keys()]));
});

test('filters by state, under 185 unless a treaty is given', async () => {
  const states = ['party', 'signatory', 'ratified', 'invited', 'former_party', 'none', 'unknown'];

  for (const treaty of ['185', '189', '224']) {
    let sum = 0;
    for (const state of states) {
      const rows = await total(`/v1/status?treaty=${treaty}&state=${state}`);
      assert.equal(
        await total(`/v1/countries?treaty=${treaty}&status=${state}`),
        rows,
        `${treaty} ${state}`,
      );
      if (treaty === '185') assert.equal(await total(`/v1/countries?status=${state}`), rows, state);
      sum += rows;
    }
    assert.equal(sum, countries.length, treaty);
  }
  assert.equal(await total(`/v1/countries?status=${states.join(',')}`), countries.length);
});

test('filters countries by treaty alone to those with acts', async () => {
  for (const treaty of ['185', '189', '224']) {
    const acting = new Set(
      actions.filter((row) => row['treaty'] === treaty).map((row) => row['country']),
    );
    assert.equal(await total(`/v1/countries?treaty=${treaty}`), acting.size, treaty);
  }
});

test('filters countries by has', async () => {
  const having = (...kinds: string[]): Set<string | undefined> =>
    new Set(
      statements
        .filter((row) => kinds.length === 0 || kinds.includes(row['kind'] ?? ''))
        .map((row) => row['country']),
    );
  const strategic = new Set(
    profiles.filter(({ strategies }) => strategies.length > 0).map(({ country }) => country),
  );

  assert.equal(await total('/v1/countries?has=statements'), having().size);
  assert.equal(await total('/v1/countries?has=reservations'), having('reservation').size);
  assert.equal(
    await total('/v1/countries?has=declarations'),
    having('declaration', 'authority', 'territorial', 'communication').size,
  );
  assert.equal(await total('/v1/countries?has=strategies'), strategic.size);
  assert.equal(
    await total('/v1/countries?has=reservations,strategies'),
    [...having('reservation')].filter((country) => strategic.has(country ?? '')).length,
  );
});

test('accepts every spelling and at most 50 values of country', async () => {
  const all = await get('/v1/status?country=no,SWE,208,nor');
  assert.deepEqual(
    [...new Set(all['data'].map(({ country }: { country: string }) => country))],
    ['DK', 'NO', 'SE'],
  );

  const codes = countries.map((row) => row['code']);
  assert.equal(await total(`/v1/status?country=${codes.slice(0, 50).join(',')}`), 150);
  const { errors } = await client.problem(
    400,
    `/v1/status?country=${codes.slice(0, 51).join(',')}`,
  );
  assert.match(errors?.[0]?.detail ?? '', /50/);
  await client.problem(400, '/v1/status?country=NO,ZZ');
});

test('filters by article and its paragraphs', async () => {
  const naming = (wanted: string): string[] =>
    statements
      .filter((row) =>
        row['articles']
          ?.split(';')
          .some((article) => article === wanted || article.startsWith(`${wanted}.`)),
      )
      .map((row) => row['id'] ?? '')
      .sort();

  for (const article of [
    '6',
    '6.1',
    '6.1.a',
    '6.3',
    '29',
    '29.4',
    '2',
    '27',
    '9.2.b',
    '64',
    '40',
    '1',
  ]) {
    const rows = await client.walk(`/v1/statements?article=${article}&limit=500`);
    assert.deepEqual(rows.map(({ id }) => id as string).sort(), naming(article), article);
  }
  assert.ok(naming('6').length > naming('6.3').length);
  assert.deepEqual(naming('64'), []);
  for (const malformed of ['29(4)', '29.', '.4', '29..4', 'x', '123', '29.4%20', '6.1.A'])
    await client.problem(400, `/v1/statements?article=${malformed}`);
});

test('searches parts of words in both languages without case and accents', async () => {
  const names = async (q: string): Promise<string[]> =>
    (await get(`/v1/countries?q=${encodeURIComponent(q)}`))['data'].map(
      ({ code }: { code: string }) => code,
    );

  for (const q of ['norw', 'NORWAY', 'norvège', 'norvege', 'Kingdom of Norway'])
    assert.ok((await names(q)).includes('NO'), q);
  for (const q of ['aland', 'Åland', 'ÅLAND']) assert.ok((await names(q)).includes('AX'), q);
  assert.deepEqual(await names('nothing like it'), []);
  for (const q of ['%', '%25%25', '__', '\\\\', "' OR 1=1 --"])
    assert.ok(Array.isArray(await names(q.length < 2 ? `${q}${q}` : q)), q);
  assert.deepEqual(await names('%%'), [], 'no wildcard');
  assert.deepEqual(await names('__'), [], 'no wildcard');
  await client.problem(400, '/v1/countries?q=a');
  await client.problem(400, `/v1/countries?q=${'a'.repeat(101)}`);
});

for (const [collection, count] of [
  ['statements', statements.length],
  ['authorities', authorities.length],
] as const)
  test(`filters ${collection} by the three values of in_force`, async () => {
    let sum = 0;
    for (const [value, expected] of [
      ['true', true],
      ['false', false],
      ['unknown', null],
    ] as const) {
      const rows = await client.walk(`/v1/${collection}?in_force=${value}&limit=500`);
      assert.ok(
        rows.every(({ in_force }) => in_force === expected),
        value,
      );
      sum += rows.length;
    }
    assert.equal(sum, count);
    assert.equal(await total(`/v1/${collection}?in_force=true,false,unknown`), count);
  });

test('filters authorities by role, treaty, article and name', async () => {
  const fitting = (fits: (row: Record<string, string>) => boolean): number =>
    authorities.filter(fits).length;

  for (const role of ['extradition', 'mutual_assistance', 'network_24_7'])
    assert.equal(
      await total(`/v1/authorities?role=${role}`),
      fitting((row) => row['role'] === role),
      role,
    );
  for (const treaty of ['185', '189', '224'])
    assert.equal(
      await total(`/v1/authorities?treaty=${treaty}`),
      fitting((row) => row['treaty'] === treaty),
      treaty,
    );
  for (const article of ['24', '24.7', '27', '27.2', '27.2.c', '35', '3'])
    assert.equal(
      await total(`/v1/authorities?article=${article}`),
      fitting((row) => `${row['article']}.`.startsWith(`${article}.`)),
      article,
    );
  assert.equal(
    await total('/v1/authorities?q=ministry'),
    fitting((row) => /ministry/i.test(`${row['name']} ${row['place']}`)),
  );
  assert.equal(
    await total('/v1/countries?has=authorities'),
    new Set(authorities.map((row) => row['country'])).size,
  );
});

test('shows an authority from the day of its statement', async () => {
  const ids = async (path: string): Promise<string[]> =>
    (await client.walk(path)).map(({ id }) => id as string).sort();

  for (const day of ['2001-11-22', '2004-07-01', '2006-06-30', '2012-01-01', today]) {
    const shown = new Set(await ids(`/v1/statements?limit=500&as_of=${day}`));
    const expected = authorities
      .filter((row) => shown.has(row['statement'] ?? ''))
      .map((row) => row['id'])
      .sort();
    assert.deepEqual(await ids(`/v1/authorities?limit=500&as_of=${day}`), expected, day);
  }
});

test('filters institutions by kind and text', async () => {
  const all = profiles.flatMap(({ institutions }) => institutions);

  for (const kind of [
    'ministry',
    'agency',
    'police',
    'prosecution',
    'judiciary',
    'csirt',
    'regulator',
    'contact_point',
  ])
    assert.equal(
      await total(`/v1/institutions?kind=${kind}`),
      all.filter((each) => each.kind === kind).length,
      kind,
    );
  assert.equal(
    await total('/v1/institutions?q=forensic'),
    all.filter((each) =>
      /forensic/i.test([each.name_en, each.name_original, each.role_en].join(' ')),
    ).length,
  );
  assert.equal(
    await total('/v1/countries?has=institutions'),
    profiles.filter(({ institutions }) => institutions.length > 0).length,
  );
});

test('filters case law by article and text', async () => {
  const all = profiles.flatMap(({ case_law }) => case_law);

  for (const article of ['2', '19', '15', '1', '64'])
    assert.equal(
      await total(`/v1/case-law?article=${article}`),
      all.filter((each) => each.articles.some((named) => `${named}.`.startsWith(`${article}.`)))
        .length,
      article,
    );
  assert.equal(
    await total('/v1/case-law?q=supreme+court'),
    all.filter((each) =>
      /supreme court/i.test([each.title, each.court, each.citation, each.summary_en].join(' ')),
    ).length,
  );
  assert.equal(
    await total('/v1/countries?has=case_law'),
    profiles.filter(({ case_law }) => case_law.length > 0).length,
  );
});

test('filters legal provisions by article and text', async () => {
  const all = profiles.flatMap(({ legal_provisions }) => legal_provisions);

  for (const article of ['2', '6', '19', '1', '64'])
    assert.equal(
      await total(`/v1/legal-provisions?article=${article}`),
      all.filter((each) => `${each.convention_article}.`.startsWith(`${article}.`)).length,
      article,
    );
  assert.equal(
    await total('/v1/legal-provisions?q=penal+code'),
    all.filter((each) =>
      /penal code/i.test([each.law_title, each.provision, each.note_en].join(' ')),
    ).length,
  );
  assert.equal(
    await total('/v1/countries?has=legal_provisions'),
    profiles.filter(({ legal_provisions }) => legal_provisions.length > 0).length,
  );
});

test('sorts a legal profile in the order of the Convention', async () => {
  for (const { country, legal_provisions } of profiles) {
    const rows = (await get(`/v1/countries/${country}/legal-profile`))['data'] as {
      id: string;
      article: string;
    }[];
    const expected = legal_provisions
      .map(({ id, convention_article }) => ({
        id,
        whole: Number(convention_article.split('.')[0]),
      }))
      .sort((a, b) => a.whole - b.whole || (a.id < b.id ? -1 : 1));
    assert.ok(
      legal_provisions.every(({ convention_article }) => !convention_article.includes('.')),
    );
    assert.deepEqual(
      rows.map(({ id }) => id),
      expected.map(({ id }) => id),
      country,
    );
  }
});

test('filters references by title and address', async () => {
  const all = profiles.flatMap(({ references }) => references);

  for (const q of ['strategy', 'www.coe.int'])
    assert.equal(
      await total(`/v1/references?q=${q}`),
      all.filter(({ title, url }) => `${title} ${url}`.toLowerCase().includes(q)).length,
      q,
    );
  assert.equal(
    await total('/v1/countries?has=references'),
    profiles.filter(({ references }) => references.length > 0).length,
  );
});

test('filters tools by kind and text', async () => {
  for (const kind of [
    'platform',
    'database',
    'template',
    'committee',
    'guidance_note',
    'course',
    'guide',
    'training_material',
    'report',
    'project',
  ])
    assert.equal(
      await total(`/v1/tools?kind=${kind}`),
      tools.filter((each) => each.kind === kind).length,
      kind,
    );
  assert.equal(
    await total('/v1/tools?q=training'),
    tools.filter(({ title, summary_en }) => /training/i.test(`${title} ${summary_en}`)).length,
  );
});

test('accepts the filters of a collection on the sections of a country', async () => {
  const { data } = await get(
    '/v1/countries/NO/statements?treaty=185&kind=reservation&article=29.4',
  );
  assert.deepEqual(
    data.map(({ id }: { id: string }) => id),
    ['NO-185-R-29'],
  );
  await client.problem(400, '/v1/countries/NO/statements?country=SE');
});

test('returns the requested day in meta, null without one', async () => {
  assert.equal((await get('/v1/countries/NO'))['meta'].as_of, null);
  assert.equal((await get('/v1/countries/NO?as_of=2006-10-01'))['meta'].as_of, '2006-10-01');
  assert.equal((await get(`/v1/countries/NO?as_of=${today}`))['meta'].as_of, today);
  assert.deepEqual((await get(`/v1/status?as_of=${today}`))['data'].length, 747);
});

/** The latest day that has begun anywhere: the day in UTC+14. */
const latestDay = (): string => new Date(Date.now() + 14 * 3_600_000).toISOString().slice(0, 10);

test('accepts the day of every time zone in as_of', async () => {
  assert.equal((await get(`/v1/countries/NO?as_of=${latestDay()}`))['meta'].as_of, latestDay());
});

test('returns 400 for an invalid day or one after today everywhere', async () => {
  const after = new Date(Date.now() + 38 * 3_600_000).toISOString().slice(0, 10);

  for (const day of [
    'yesterday',
    '2006-02-29',
    '2006-2-1',
    '20060201',
    '2006-02-01T00:00:00Z',
    '0000-01-01',
    '2006-13-01',
    '2006-00-10',
    '-001-01-01',
    after,
    '9999-12-31',
  ])
    await client.problem(400, `/v1/status?as_of=${day}`);
});

test('shows a statement from its first known date, or from the first act of its State', async () => {
  const shown = async (day: string): Promise<string[]> =>
    (await client.walk(`/v1/statements?limit=500&as_of=${day}`))
      .map(({ id }) => id as string)
      .sort();
  const opened: Record<string, string> = {
    185: '2001-11-23',
    189: '2003-01-28',
    224: '2022-05-12',
  };
  const expected = (day: string): string[] =>
    statements
      .filter((row) => {
        const open = opened[row['treaty'] ?? ''] ?? '';
        const acts = actions
          .filter(
            (act) =>
              act['country'] === row['country'] &&
              act['treaty'] === row['treaty'] &&
              known(act['date']),
          )
          .map((act) => act['date'] ?? '')
          .sort();
        const from = known(row['made_on']) ?? known(row['effective_from']) ?? acts[0] ?? open;
        return from <= day && open <= day;
      })
      .map((row) => row['id'] ?? '')
      .sort();

  for (const day of [
    '2001-11-22',
    '2001-11-23',
    '2004-07-01',
    '2006-06-29',
    '2006-06-30',
    '2012-01-01',
    '2020-02-29',
    today,
  ])
    assert.deepEqual(await shown(day), expected(day), day);
});

test('shows a withdrawn statement as no longer in force', async () => {
  const row =
    statements.find(
      (statement) => known(statement['withdrawn_on']) && known(statement['effective_from']),
    ) ?? {};
  const before = new Date(Date.parse(row['withdrawn_on'] ?? '') - 86_400_000)
    .toISOString()
    .slice(0, 10);
  const inForce = async (day: string): Promise<boolean> =>
    (await get(`/v1/statements/${row['id']}?as_of=${day}`))['data'].in_force;

  assert.equal(await inForce(before), true);
  assert.equal(await inForce(row['withdrawn_on'] ?? ''), false);
});

test('returns 404 for a record before its day', async () => {
  await client.problem(404, '/v1/statements/NO-185-R-06?as_of=2001-11-23');
  assert.equal((await client.send('/v1/statements/NO-185-R-06')).status, 200);
});
