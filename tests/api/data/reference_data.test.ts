// The service returns the records of the files in data/, without missing or additional ones.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { Client } from '../support/client.js';
import { allowedBy, enabling, enablingOf, roleOf, treatyOf } from '../support/enabling_articles.js';
import {
  type Row,
  type StrategyFile,
  actions,
  articleSummaries,
  articles,
  authorities,
  countries,
  known,
  list,
  memberships,
  profiles,
  source,
  sources,
  statements,
  tools,
  treaties,
} from '../support/reference_data.js';
import { data } from '../support/paths.js';

const client = Client.shared();
const today = new Date().toISOString().slice(0, 10);
/** Whether a cell says true; null if it is empty. */
const boolean = (cell: string | undefined): boolean | null => (cell ? cell === 'true' : null);

/** The organisations of which a country is a member today; of two periods the later one counts. */
const memberOf = (code: string | undefined): string[] =>
  [...new Set(memberships.map((row) => row['organisation'] ?? ''))]
    .sort()
    .filter((organisation) => {
      const last = memberships
        .filter((row) => row['organisation'] === organisation && row['country'] === code)
        .sort((a, b) => ((a['from'] ?? '') < (b['from'] ?? '') ? -1 : 1))
        .at(-1);
      return last && (last['from'] ?? '') <= today && (!last['to'] || today < last['to']);
    });

const nameOf = new Map(countries.map((row) => [row['code'], row['name_en']]));

/** Removes the members that the database adds or derives; next_change has tests. */
type Facts<T> = Omit<T, 'revision' | 'updated_at' | 'links' | 'next_change_on'>;

function facts<T extends object>(record: T): Facts<T> {
  const { revision, updated_at, links, next_change_on, ...rest } = record as Record<
    string,
    unknown
  >;
  assert.ok(typeof revision === 'number' || !('revision' in record));
  assert.ok(typeof updated_at === 'string' || !('updated_at' in record));
  assert.ok(typeof links === 'object');
  assert.ok(
    next_change_on === undefined || next_change_on === null || typeof next_change_on === 'string',
  );
  return rest as Facts<T>;
}

const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);

test('returns every country', async () => {
  const { data, meta } = await client.call('listCountries', {});
  const expected = countries.map((row) => ({
    code: row['code'],
    alpha3: row['alpha3'],
    numeric: row['numeric'],
    name: row['name_en'],
    name_lang: 'en',
    official_name: known(row['official_name_en']),
    official_name_lang: known(row['official_name_en']) && 'en',
    region: known(row['region_code']),
    region_name: known(row['region_en']),
    subregion: known(row['subregion_code']),
    subregion_name: known(row['subregion_en']),
    intermediate_region: known(row['intermediate_region_code']),
    intermediate_region_name: known(row['intermediate_region_en']),
    type: row['type'],
    responsible_state: known(row['responsible_state']),
    un_member: boolean(row['un_member']),
    coe_member: memberOf(row['code']).includes('CoE'),
    member_of: memberOf(row['code']),
    source: source(row['source']),
  }));

  assert.equal(meta.total, countries.length);
  assert.deepEqual(
    data.map((country) => {
      const { names, states, bound, in_force_on, ...rest } = facts(country);
      return rest;
    }),
    expected,
  );
});

test('returns every country in French', async () => {
  const { data } = await client.call('listCountries', { query: { lang: 'fr' } });

  for (const [i, country] of data.entries()) {
    const row = countries[i] ?? {};
    assert.deepEqual(
      [
        country.code,
        country.name,
        country.name_lang,
        country.region_name,
        country.subregion_name,
        country.intermediate_region_name,
      ],
      [
        row['code'],
        row['name_fr'],
        'fr',
        known(row['region_fr']),
        known(row['subregion_fr']),
        known(row['intermediate_region_fr']),
      ],
    );
    // Without an official French name the English one is returned, marked as English.
    const official = known(row['official_name_fr']);
    assert.equal(country.official_name, official ?? known(row['official_name_en']));
    assert.equal(country.official_name_lang, country.official_name && (official ? 'fr' : 'en'));
  }
});

test('returns every treaty', async () => {
  const { data } = await client.call('listTreaties', {});
  const { data: status } = await client.call('listStatus', {});
  const expected = treaties.map((row) => ({
    number: row['number'],
    reference: row['ets_ref'],
    title: row['title_en'],
    title_lang: 'en',
    place_opened: row['place_opened'],
    opened_on: row['opened_on'],
    entered_into_force_on: known(row['entered_into_force_on']),
    url: known(row['url']),
    consents_complete: row['consents_complete'] === 'true',
    signatures_complete: row['signatures_complete'] === 'true',
    invitations_complete: row['invitations_complete'] === 'true',
    known_until: known(row['known_until']),
    parties: status.filter(
      ({ treaty, state, type }) =>
        treaty === row['number'] && state === 'party' && type === 'state',
    ).length,
    note_lang: row['number'] === '189' ? 'en' : null,
    source: source(row['source']),
  }));

  assert.deepEqual(
    data.map((treaty) => {
      const { note, ...rest } = facts(treaty);
      assert.equal(note === null, treaty.number !== '189');
      return rest;
    }),
    expected,
  );
});

/** Every paragraph that the data or an enabling article name, with its parent. */
function paragraphs(treaty: string): Set<string> {
  const named = [
    ...statements.flatMap((row) =>
      list(row['articles']).filter((article) => treatyOf(row['treaty'], article) === treaty),
    ),
    ...authorities.filter((row) => row['treaty'] === treaty).map((row) => row['article'] ?? ''),
    ...articleSummaries
      .filter((row) => row['treaty'] === treaty)
      .map((row) => row['article'] ?? ''),
    ...Object.keys(enabling)
      .filter((key) => key.split(' ')[1] === treaty)
      .map((key) => key.split(' ')[2] ?? ''),
    ...(treaty === '185'
      ? profiles.flatMap(({ case_law }) => case_law.flatMap((entry) => entry.articles))
      : []),
    ...(treaty === '185'
      ? profiles.flatMap(({ legal_provisions }) =>
          legal_provisions.map((entry) => entry.convention_article),
        )
      : []),
  ];
  return new Set(
    named.flatMap((article) => {
      const parts = article.split('.');
      return parts.map((_, i) => parts.slice(0, i + 1).join('.')).slice(1);
    }),
  );
}

/** What an article provides and permits; the data contain no texts. */
function content(treaty: string, article: string | undefined): Record<string, string | null> {
  const summary = articleSummaries.find(
    (row) => row['treaty'] === treaty && row['article'] === article,
  );
  return {
    summary: known(summary?.['summary_en']),
    summary_lang: known(summary?.['summary_en']) && 'en',
    text: null,
    text_lang: null,
    text_kind: null,
    text_source: null,
    permits: enabling[`${treaty} ${treaty} ${article}`] ?? null,
    allowed_by: allowedBy(treaty, article),
  };
}

test('returns every article and paragraph', async () => {
  for (const { number = '' } of treaties) {
    const whole = articles.filter((row) => row['treaty'] === number);
    const expected = [
      ...whole.map((row) => ({
        treaty: number,
        article: row['article'],
        parent: null,
        title: known(row['title_en']) ?? known(row['title_fr']),
        title_lang: row['title_en'] ? 'en' : known(row['title_fr']) && 'fr',
        chapter: known(row['chapter']),
        section: known(row['section']),
        ...content(number, row['article']),
        source: source(row['source']),
      })),
      ...[...paragraphs(number)].map((article) => {
        const parent = whole.find((row) => row['article'] === article.split('.')[0]) ?? {};
        return {
          treaty: number,
          article,
          parent: article.replace(/\.[^.]+$/, ''),
          title: null,
          title_lang: null,
          chapter: known(parent['chapter']),
          section: known(parent['section']),
          ...content(number, article),
          source: source(parent['source']),
        };
      }),
    ];
    const served = (await client.walk(`/v1/treaties/${number}/articles`)) as { article: string }[];
    const byArticle = (
      a: { article?: string | undefined },
      b: { article?: string | undefined },
    ): number => ((a.article ?? '') < (b.article ?? '') ? -1 : 1);

    assert.deepEqual(served.map(facts).sort(byArticle), expected.sort(byArticle), number);
  }
});

test('returns every action', async () => {
  const served = (await client.walk('/v1/actions')) as { id: string }[];
  const titleOf = new Map(treaties.map((row) => [row['number'], row['title_en']]));
  const expected = actions.map((row) => ({
    id: row['id'] ?? '',
    country: row['country'],
    country_name: nameOf.get(row['country']),
    treaty: row['treaty'],
    treaty_title: titleOf.get(row['treaty']),
    action: row['action'],
    date: known(row['date']),
    note: known(row['note']),
    note_lang: known(row['note']) && 'en',
    verified_on: source(row['source'])['retrieved_on'],
    source: source(row['source']),
  }));

  assert.deepEqual(served.map(facts).sort(byId), expected.sort(byId));
});

/** Whether a statement is in force today; null when its dates are unknown. */
function inForce(row: Row): boolean | null {
  const [made, from, until] = [
    known(row['made_on']),
    known(row['effective_from']),
    known(row['withdrawn_on']),
  ];
  const replaced = list(row['superseded_by'])
    .map((id) => known(statements.find((other) => other['id'] === id)?.['effective_from']))
    .filter((day) => day !== null && day <= today);

  if ((until !== null && until <= today) || replaced.length > 0) return false;
  if (from !== null && from <= today) return true;
  return (from ?? '') > today || (made ?? '') > today ? false : null;
}

function expectedStatement(row: Row): Record<string, unknown> & { id: string } {
  const allowing = enablingOf(row);
  const embedded = (cell: string | undefined): unknown => (known(cell) ? source(cell) : null);

  return {
    id: row['id'] ?? '',
    country: row['country'],
    country_name: nameOf.get(row['country']),
    treaty: row['treaty'],
    kind: row['kind'],
    articles: list(row['articles']).map((article) => ({ article, role: roleOf(row, article) })),
    enabling_treaty: allowing?.treaty ?? null,
    enabling_article: allowing?.article ?? null,
    made_on: known(row['made_on']),
    effective_from: known(row['effective_from']),
    withdrawn_on: known(row['withdrawn_on']),
    superseded_by: list(row['superseded_by']),
    in_force: inForce(row),
    territories: list(row['territories']),
    summary: row['summary_en'],
    summary_lang: 'en',
    text: null,
    text_lang: null,
    text_kind: null,
    text_source: null,
    wording_source: embedded(row['wording_source']),
    wording_lang: known(row['wording_lang']),
    dates_source: embedded(row['dates_source']),
    verified_on: source(row['source'])['retrieved_on'],
    source: source(row['source']),
  };
}

const expectedStatements = statements.map(expectedStatement);

test('returns every statement, reservation and declaration', async () => {
  for (const [path, kinds] of [
    ['statements', null],
    ['reservations', ['reservation']],
    ['declarations', ['declaration', 'authority', 'territorial', 'communication']],
  ] as const) {
    const served = (await client.walk(`/v1/${path}?limit=500`)) as { id: string }[];
    const expected = expectedStatements.filter(
      (row) => kinds === null || kinds.some((kind) => kind === row['kind']),
    );
    assert.deepEqual(served.map(facts).sort(byId), expected.sort(byId), path);
  }
});

function expectedStrategy(
  country: string,
  file: StrategyFile,
): Record<string, unknown> & { id: string } {
  return {
    id: file.id,
    country,
    country_name: nameOf.get(country),
    title: file.title_en,
    title_lang: 'en',
    title_original: file.title_original,
    kind: file.kind,
    issued_by: file.issued_by,
    adopted_on: file.adopted_on,
    period: file.period,
    status: file.status,
    supersedes: file.supersedes,
    summary: file.summary_en,
    summary_lang: 'en',
    priorities: file.priorities.map(({ position, title_en, goals }) => ({
      position,
      title: title_en,
      title_lang: 'en',
      goals: goals.map((goal) => ({
        position: goal.position,
        text: goal.text_en,
        text_lang: 'en',
      })),
    })),
    documents: file.documents,
    verified_on: source(file.source)['retrieved_on'],
    source: source(file.source),
  };
}

const expectedStrategies = profiles.flatMap(({ country, strategies }) =>
  strategies.map((strategy) => expectedStrategy(country, strategy)),
);

/** Compares a whole collection with the data. */
async function assertCollection(path: string, expected: { id: string }[]): Promise<void> {
  const served = (await client.walk(`/v1/${path}?limit=500`)) as { id: string }[];
  assert.deepEqual(served.map(facts).sort(byId), [...expected].sort(byId), path);
}

test('returns every strategy', () => assertCollection('strategies', expectedStrategies));

const expectedAuthorities = authorities.map((row) => {
  const statement = statements.find((each) => each['id'] === row['statement']) ?? {};
  return {
    id: row['id'] ?? '',
    country: row['country'],
    country_name: nameOf.get(row['country']),
    treaty: row['treaty'],
    article: row['article'],
    role: row['role'],
    name: row['name'],
    place: known(row['place']),
    url: known(row['url']),
    statement: known(row['statement']),
    made_on: known(statement['made_on']),
    effective_from: known(statement['effective_from']),
    withdrawn_on: known(statement['withdrawn_on']),
    in_force: inForce(statement),
    verified_on: source(row['source'])['retrieved_on'],
    source: source(row['source']),
  };
});

test('returns every authority', () => assertCollection('authorities', expectedAuthorities));

const expectedInstitutions = profiles.flatMap(({ country, institutions }) =>
  institutions.map((file) => ({
    id: file.id,
    country,
    country_name: nameOf.get(country),
    name: file.name_en,
    name_lang: 'en',
    name_original: file.name_original,
    kind: file.kind,
    role: file.role_en,
    role_lang: file.role_en && 'en',
    url: file.url,
    verified_on: source(file.source)['retrieved_on'],
    source: source(file.source),
  })),
);

test('returns every institution', () => assertCollection('institutions', expectedInstitutions));

const expectedCaseLaw = profiles.flatMap(({ country, case_law }) =>
  case_law.map((file) => ({
    id: file.id,
    country,
    country_name: nameOf.get(country),
    title: file.title,
    court: file.court,
    decided_on: file.decided_on,
    citation: file.citation,
    summary: file.summary_en,
    summary_lang: file.summary_en && 'en',
    articles: file.articles,
    url: file.url,
    verified_on: source(file.source)['retrieved_on'],
    source: source(file.source),
  })),
);

test('returns every court case', () => assertCollection('case-law', expectedCaseLaw));

const expectedProvisions = profiles.flatMap(({ country, legal_provisions }) =>
  legal_provisions.map((file) => {
    const whole = file.convention_article.split('.')[0];
    const article =
      articles.find((row) => row['treaty'] === '185' && row['article'] === whole) ?? {};
    return {
      id: file.id,
      country,
      country_name: nameOf.get(country),
      treaty: '185',
      article: file.convention_article,
      article_title: article['title_en'],
      article_title_lang: 'en',
      law_title: file.law_title,
      provision: file.provision,
      note: file.note_en,
      note_lang: file.note_en && 'en',
      url: file.url,
      verified_on: source(file.source)['retrieved_on'],
      source: source(file.source),
    };
  }),
);

test('returns every legal provision', () =>
  assertCollection('legal-provisions', expectedProvisions));

test('returns French article titles in legal provisions where a source has them', async () => {
  for (const { article, article_title, article_title_lang } of await client.walk(
    '/v1/legal-provisions?lang=fr&limit=500',
  )) {
    const row =
      articles.find((each) => each['treaty'] === '185' && each['article'] === article) ?? {};
    assert.deepEqual(
      [article_title, article_title_lang],
      row['title_fr'] ? [row['title_fr'], 'fr'] : [row['title_en'], 'en'],
      article as string,
    );
  }
});

const expectedReferences = profiles.flatMap(({ country, references }) =>
  references.map(({ id, title, url, source: from }) => ({
    id,
    country,
    country_name: nameOf.get(country),
    title,
    url,
    verified_on: source(from)['retrieved_on'],
    source: source(from),
  })),
);

test('returns every reference', () => assertCollection('references', expectedReferences));

const expectedTools = tools.map((file) => ({
  id: file.id,
  title: file.title,
  kind: file.kind,
  summary: file.summary_en,
  summary_lang: file.summary_en && 'en',
  url: file.url,
  verified_on: source(file.source)['retrieved_on'],
  source: source(file.source),
}));

test('returns every tool', () => assertCollection('tools', expectedTools));

test('returns every source', async () => {
  const served = (await client.walk('/v1/sources?limit=500')) as { id: string }[];
  const expected = [...sources.keys()].map(
    (id) => source(id) as { id: string } & Record<string, string | null>,
  );

  assert.deepEqual(served.map(facts).sort(byId), expected.sort(byId));
});

/** The members of a profile in order, and whether they depend on the day. */
const SECTIONS = [
  'country',
  'status',
  'statements',
  'authorities',
  'strategies',
  'institutions',
  'case_law',
  'legal_profile',
  'tools',
  'references',
  'disclaimer',
  'contribute',
];
const TIMED = ['country', 'status', 'statements', 'authorities'];

/** The records of one country in the data. */
const rowsOf = {
  statements: expectedStatements,
  authorities: expectedAuthorities,
  strategies: expectedStrategies,
  institutions: expectedInstitutions,
  case_law: expectedCaseLaw,
  legal_profile: expectedProvisions,
  references: expectedReferences,
};

/** Compares each section of a profile with its own address; returns the profile. */
async function heldProfile(code: string, lang: string, day?: string): Promise<Record<string, any>> {
  const ask = async (address: string, timed: boolean): Promise<Record<string, any>> =>
    (
      await client.get(
        `${address}?lang=${lang}${timed && day !== undefined ? `&as_of=${day}` : ''}`,
      )
    )['data'];
  const profile = await ask(`/v1/countries/${code}/profile`, true);
  const entry = await ask('/v1', false);
  const { links } = profile['country'];

  assert.deepEqual(Object.keys(profile), SECTIONS);
  for (const name of SECTIONS) {
    const address = name === 'country' ? links.self : (links[name] ?? entry['links'][name]);
    const own = name in entry ? entry[name] : await ask(address, TIMED.includes(name));
    assert.deepEqual(profile[name], own, `${code} ${name}`);
  }
  return profile;
}

/** Whether the statement in a row, or the one that an authority comes from, names a territory. */
function namesTerritory(section: string, row: Record<string, unknown>, code: string): boolean {
  const id = section === 'authorities' ? row['statement'] : row['id'];
  return (
    ['statements', 'authorities'].includes(section) &&
    statements.some((each) => each['id'] === id && list(each['territories']).includes(code))
  );
}

test('returns profiles that equal their sections', async () => {
  for (const { code = '' } of countries) {
    const profile = await heldProfile(code, 'en');

    for (const [name, rows] of Object.entries(rowsOf))
      assert.deepEqual(
        (profile[name] as { id: string }[]).map(facts).sort(byId),
        rows.filter((row) => row['country'] === code || namesTerritory(name, row, code)).sort(byId),
        `${code} ${name}`,
      );
    assert.deepEqual(
      (await client.call('listCountryActions', { path: { code } })).data.map(({ id }) => id).sort(),
      actions
        .filter((row) => row['country'] === code)
        .map((row) => row['id'])
        .sort(),
    );
  }
});

test('returns profiles in French and on an earlier day that equal their sections', async () => {
  for (const code of ['NO', 'RO', 'FR', 'JP', 'AD'])
    for (const day of ['2001-11-22', '2005-06-30']) await heldProfile(code, 'fr', day);
});

test('returns sections of a treaty that equal those of all countries', async () => {
  for (const { number = '' } of treaties) {
    const of = (kind?: string): (string | undefined)[] =>
      statements
        .filter((row) => row['treaty'] === number && (kind === undefined || row['kind'] === kind))
        .map((row) => row['id'])
        .sort();
    const ids = async (path: string): Promise<string[]> =>
      (await client.walk(path)).map(({ id }) => id as string).sort();

    assert.deepEqual(await ids(`/v1/treaties/${number}/statements`), of());
    assert.deepEqual(await ids(`/v1/treaties/${number}/reservations`), of('reservation'));
  }
});

test('covers every file of the reference data', () => {
  const held = [
    'actions.csv',
    'article_summaries.csv',
    'articles.csv',
    'authorities.csv',
    'countries.csv',
    'country_names.csv',
    'memberships.csv',
    'profiles',
    'sources.csv',
    'statement_registers.csv',
    'statements.csv',
    'territory_effects.csv',
    'tools.json',
    'treaties.csv',
  ];
  const words = readdirSync(data).filter((name) => name.endsWith('.md'));
  assert.deepEqual(readdirSync(data).sort(), [...held, ...words].sort());
  assert.deepEqual(
    readdirSync(join(data, 'profiles')).sort(),
    profiles.map(({ country }) => `${country}.json`).sort(),
  );
});
