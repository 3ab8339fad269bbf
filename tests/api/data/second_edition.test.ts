// What the second edition of the data adds: memberships, regions, kinds of sources, texts of operators.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { Client } from '../support/client.js';
import { Cluster } from '../support/database.js';
import { Folder, loaded } from '../support/dataset_folder.js';
import {
  articleSummaries,
  countries,
  parseCsv,
  source,
  sources,
} from '../support/reference_data.js';
import { Service } from '../support/service.js';

const client = Client.shared();
const total = async (target: string): Promise<number> => (await client.get(target))['meta'].total;

test('follows memberships as of a day', async () => {
  for (const [day, member, members] of [
    ['2015-01-01', true, 47],
    ['2022-03-15', true, 47],
    ['2022-03-16', false, 46],
    ['1996-02-27', false, 38],
    ['1996-02-28', true, 39],
  ] as const) {
    const { data } = await client.call('getCountry', {
      path: { code: 'RU' },
      query: { as_of: day },
    });
    assert.deepEqual([data.coe_member, data.member_of], [member, member ? ['CoE'] : []], day);
    assert.equal(await total(`/v1/countries?member_of=CoE&as_of=${day}`), members, day);
    assert.equal(await total(`/v1/status?treaty=185&member_of=CoE&as_of=${day}`), members, day);
  }
  const { data } = await client.call('getCountry', { path: { code: 'DE' } });
  assert.deepEqual(data.member_of, ['CoE', 'EU']);
});

test('counts a member with two periods once, and does not guess the end of the first', async () => {
  for (const [day, member] of [
    ['1949-08-08', false],
    ['1960-01-01', null],
    ['1974-11-28', true],
  ] as const)
    assert.equal(
      (await client.call('getCountry', { path: { code: 'GR' }, query: { as_of: day } })).data
        .coe_member,
      member,
      day,
    );
});

/** Every list that has a country, and the rows that it selects there. */
const LISTS = [
  'countries',
  'status',
  'actions',
  'statements',
  'reservations',
  'declarations',
  'authorities',
  'strategies',
  'institutions',
  'case-law',
  'legal-provisions',
  'references',
  'treaties/185/statements',
  'treaties/185/reservations',
  'treaties/185/declarations',
];

for (const list of LISTS)
  test(`filters /v1/${list} by region, membership and kind of source`, async () => {
    const rows = (await client.walk(`/v1/${list}?limit=500`)) as {
      code?: string;
      country?: string;
      source: { id: string };
    }[];
    const members = new Set(
      (await client.walk('/v1/countries?member_of=EU')).map(({ code }) => code as string),
    );
    const lies = (code: string, region: string): boolean =>
      countries.some(
        (row) =>
          row['code'] === code &&
          ['region_code', 'subregion_code', 'intermediate_region_code'].some(
            (column) => row[column] === region,
          ),
      );
    const count = (keep: (code: string, from: string) => boolean): number =>
      rows.filter((row) => keep(row.country ?? row.code ?? '', row.source.id)).length;

    assert.equal(members.size, 27);
    for (const region of ['150', '154', '029'])
      assert.equal(
        await total(`/v1/${list}?region=${region}&limit=1`),
        count((code) => lies(code, region)),
        region,
      );
    assert.equal(
      await total(`/v1/${list}?region=029,150&limit=1`),
      count((code) => lies(code, '029') || lies(code, '150')),
    );
    assert.equal(
      await total(`/v1/${list}?member_of=EU&limit=1`),
      count((code) => members.has(code)),
    );
    for (const kind of ['depositary', 'official', 'secondary'])
      assert.equal(
        await total(`/v1/${list}?source_kind=${kind}&limit=1`),
        count((_code, from) => sources.get(from)?.['kind'] === kind),
        kind,
      );
  });

test('filters the other lists by the kind of their source', async () => {
  for (const list of [
    'sources',
    'tools',
    'treaties',
    'treaties/185/articles',
    'countries/NO/statements',
  ]) {
    const all = (await client.walk(`/v1/${list}?limit=500`)) as {
      id?: string;
      source?: { id: string };
    }[];
    const kind = (row: { id?: string; source?: { id: string } }): string | undefined =>
      sources.get(row.source?.id ?? row.id ?? '')?.['kind'];
    for (const wanted of ['copy', 'international_organisation'])
      assert.equal(
        await total(`/v1/${list}?source_kind=${wanted}`),
        all.filter((row) => kind(row) === wanted).length,
        `${list} ${wanted}`,
      );
  }
});

test('refuses an unknown region, organisation, type and kind of source', async () => {
  for (const query of [
    'region=QO',
    'member_of=coe',
    'type=country',
    'source_kind=blog',
    'coe_member=true',
  ])
    assert.ok((await client.problem(400, `/v1/countries?${query}`)).errors, query);
});

test('has no region for Antarctica, and three levels for Curaçao', async () => {
  const { data: antarctica } = await client.call('getCountry', { path: { code: 'AQ' } });
  assert.deepEqual(
    [antarctica.region, antarctica.subregion, antarctica.intermediate_region, antarctica.type],
    [null, null, null, 'other'],
  );
  const { data } = await client.call('getCountry', { path: { code: 'CW' }, query: { lang: 'fr' } });
  assert.deepEqual(
    [data.region, data.subregion, data.intermediate_region, data.intermediate_region_name],
    ['019', '419', '029', 'Caraïbes'],
  );
  assert.deepEqual([data.type, data.responsible_state], ['territory', 'NL']);
});

test('returns what an article provides, in both languages and where it is embedded', async () => {
  const row = articleSummaries.find(
    (each) => each['treaty'] === '185' && each['article'] === '6.3',
  );
  for (const lang of ['en', 'fr'] as const) {
    const { data } = await client.call('getTreatyArticle', {
      path: { number: '185', article: '6.3' },
      query: { lang },
    });
    assert.deepEqual(
      [data.summary, data.summary_lang, data.permits, data.allowed_by],
      [row?.[`summary_${lang}`], lang, 'reservation', '42'],
    );
  }
  const { data } = await client.call('getStatement', {
    path: { id: 'NO-185-R-06' },
    query: { include: ['articles'] },
  });
  assert.equal(
    data.included?.articles?.find(({ article }) => article === '6.3')?.summary,
    row?.['summary_en'],
  );
  // Article 19 of 224 has no title; it exists for what names its paragraphs.
  const unnamed = await client.call('getTreatyArticle', { path: { number: '224', article: '19' } });
  assert.deepEqual([unnamed.data.title, unnamed.data.title_lang], [null, null]);
});

test('says under 189 that statements to the Convention carry over', async () => {
  const { data } = await client.call('getTreaty', {
    path: { number: '189' },
    query: { lang: 'fr' },
  });
  assert.match(data.note ?? '', /s’appliquent aussi à ce Protocole.*article 12, paragraphe 1/);
  assert.equal(data.note_lang, 'fr');
  assert.equal((await client.call('getTreaty', { path: { number: '224' } })).data.note, null);
});

test('shows the sources of a statement in CSV by identifier, address and date', async () => {
  const [row] = parseCsv(
    (await client.send('/v1/statements?country=NO&article=29.4&format=csv')).text,
  );
  assert.equal(row?.['id'], 'NO-185-R-29');
  assert.equal(row['enabling_treaty'], '185');
  assert.equal(row['enabling_article'], '29.4');
  for (const name of ['source', 'wording_source']) {
    const from = source(row[`${name}_id`]);
    assert.deepEqual(
      [row[`${name}_url`], row[`${name}_as_of`]],
      [from['url'], from['as_of'] ?? ''],
    );
  }
  assert.equal(row['text_source_id'], '');
});

const cluster = Cluster.shared();
const database = await cluster.database('migrated');
const folder = new Folder()
  .write(
    'statement_texts.csv',
    'id,text,text_lang,text_kind,source\n' +
      'NO-185-R-29,"Norway, an invented text.",en,,coe-int-827aa5\n' +
      'NO-185-R-06,"La Norvège, un texte inventé.",fr,unofficial_translation,coe-int-827aa5\n',
  )
  .write(
    'article_texts.csv',
    'treaty,article,lang,kind,text,source\n' +
      '185,2,en,authentic,Each Party (invented).,coe-int-827aa5\n' +
      '185,2,fr,authentic,Chaque Partie (inventé).,coe-int-827aa5\n' +
      '185,29.4,fr,,Une Partie (inventé).,coe-int-827aa5\n',
  );
await loaded(cluster, database, folder.path);
const own = await Service.start(cluster.url(database));
const reader = new Client(own.url);

after(async () => {
  await own.stop();
  await cluster.drop(database);
});

test('shows the texts that an operator adds, with language, kind and source', async () => {
  for (const [id, expected] of [
    ['NO-185-R-29', ['Norway, an invented text.', 'en', null]],
    ['NO-185-R-06', ['La Norvège, un texte inventé.', 'fr', 'unofficial_translation']],
    ['NO-185-R-14', [null, null, null]],
  ] as const) {
    const { data } = await reader.call('getStatement', { path: { id } });
    assert.deepEqual([data.text, data.text_lang, data.text_kind], expected, id);
    assert.deepEqual(data.text_source, expected[0] === null ? null : source('coe-int-827aa5'), id);
  }
  for (const [article, lang, expected] of [
    ['2', 'en', ['Each Party (invented).', 'en', 'authentic']],
    ['2', 'fr', ['Chaque Partie (inventé).', 'fr', 'authentic']],
    ['29.4', 'en', ['Une Partie (inventé).', 'fr', null]],
    ['3', 'en', [null, null, null]],
  ] as const) {
    const { data } = await reader.call('getTreatyArticle', {
      path: { number: '185', article },
      query: { lang },
    });
    assert.deepEqual([data.text, data.text_lang, data.text_kind], expected, article);
    assert.deepEqual(
      data.text_source,
      expected[0] === null ? null : source('coe-int-827aa5'),
      article,
    );
  }
});

test('records names, memberships, texts, registers and effects as parts of public records', async () => {
  const { data } = await reader.call('listChanges', { query: { limit: 500, record: '185-2' } });
  assert.deepEqual(
    data
      .filter(({ part }) => part === 'texts')
      .map(({ operation, resource, links, after: row }) => [
        operation,
        resource,
        links.record,
        row?.['lang'],
      ]),
    [
      ['update', 'articles', '/v1/treaties/185/articles/2', 'en'],
      ['update', 'articles', '/v1/treaties/185/articles/2', 'fr'],
    ],
  );
  const parts = async (record: string): Promise<unknown[]> => [
    ...new Set(
      (await reader.call('listChanges', { query: { record, limit: 500 } })).data.map(
        ({ resource, part, links }) => `${resource} ${part} ${links.record}`,
      ),
    ),
  ];
  assert.deepEqual(await parts('CW-185'), ['status territory_effect /v1/status/CW-185']);
  assert.deepEqual(await parts('AD-185'), ['status statement_register /v1/status/AD-185']);
  assert.deepEqual(await parts('NO'), [
    'countries null /v1/countries/NO',
    'countries names /v1/countries/NO',
    'countries memberships /v1/countries/NO',
  ]);
});
