// An import stores every row of every file, with derived rows.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { enabling, enablingOf, roleOf, treatyOf } from '../support/enabling_articles.js';
import { type Row, known, list, parseCsv } from '../support/reference_data.js';
import { Cluster } from '../support/database.js';
import { data } from '../support/paths.js';

const cluster = Cluster.shared();
const database = await cluster.database('imported');
after(() => cluster.drop(database));

type Cell = string | number | boolean | null | string[];
type Fact = Record<string, Cell>;

const csv = (name: string): Row[] => parseCsv(readFileSync(join(data, name), 'utf8'));

/** A record of a profile or tool, as in the files. */
type Found = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

const profiles = readdirSync(join(data, 'profiles'))
  .sort()
  .map((name) => JSON.parse(readFileSync(join(data, 'profiles', name), 'utf8')) as Found);
const tools = JSON.parse(readFileSync(join(data, 'tools.json'), 'utf8')) as Found[];

/** The records of one section of all profiles, each with its country. */
const section = (name: string): Found[] =>
  profiles.flatMap((profile) =>
    (profile[name] as Found[]).map((record) => ({ country: profile['country'], ...record })),
  );

async function rows(columns: string, from: string, order: string): Promise<Fact[]> {
  return (await cluster.query(database, `SELECT ${columns} FROM ${from} ORDER BY ${order}`))
    .rows as Fact[];
}

/** Compares bytes, as the collation of the column does. */
function sorted<T extends object>(facts: T[], ...keys: (keyof T)[]): T[] {
  const compare = (a: unknown, b: unknown): number =>
    (a as string) < (b as string) ? -1 : (a as string) > (b as string) ? 1 : 0;
  return [...facts].sort((a, b) =>
    keys.reduce((found, key) => found || compare(a[key], b[key]), 0),
  );
}

/** A CSV row with null for empty cells and the column names of the table. */
function stored(row: Row, names: Record<string, string> = {}): Fact {
  return Object.fromEntries(
    Object.entries(row).map(([name, cell]) => [
      names[name] ?? (name === 'source' ? 'source_id' : name),
      known(cell),
    ]),
  );
}

const CSV: [
  file: string,
  table: string,
  key: string,
  columns: string,
  names?: Record<string, string>,
][] = [
  [
    'sources.csv',
    'source',
    'id',
    'id, url, title, publisher, kind, as_of::text, retrieved_on::text',
  ],
  [
    'countries.csv',
    'country',
    'code',
    'code, alpha3, numeric, name_en, name_fr, official_name_en, official_name_fr, region_code, ' +
      'region_en, region_fr, subregion_code, subregion_en, subregion_fr, intermediate_region_code, ' +
      'intermediate_region_en, intermediate_region_fr, type, responsible_state, un_member::text, source_id',
  ],
  [
    'treaties.csv',
    'treaty',
    'number',
    'number, ets_ref, title_en, title_fr, place_opened, opened_on::text, ' +
      'entered_into_force_on::text, url, consents_complete::text, signatures_complete::text, ' +
      'invitations_complete::text, known_until::text, source_id',
  ],
  [
    'actions.csv',
    'action',
    'id',
    'id, country, treaty, action, date::text, note_en, note_fr, source_id',
    { note: 'note_en' },
  ],
  [
    'authorities.csv',
    'authority',
    'id',
    'id, country, treaty, article, role, name, place, url, statement_id, source_id',
    { statement: 'statement_id' },
  ],
  [
    'country_names.csv',
    'country_name',
    'country, lang, kind, name',
    'country, name, lang, kind, name_from::text, name_to::text, source_id',
    { from: 'name_from', to: 'name_to' },
  ],
  [
    'memberships.csv',
    'membership',
    'organisation, country, member_from',
    'organisation, country, member_from::text, member_to::text, note, source_id',
    { from: 'member_from', to: 'member_to' },
  ],
  [
    'article_summaries.csv',
    'article WHERE summary_en IS NOT NULL OR summary_fr IS NOT NULL',
    'treaty, article',
    'treaty, article, summary_en, summary_fr',
  ],
  [
    'statement_registers.csv',
    'statement_register',
    'id',
    'id, country, treaty, complete::text, as_of::text, note, source_id',
  ],
  [
    'territory_effects.csv',
    'territory_effect',
    'id',
    'id, territory, treaty, effect, effect_from::text, statement, note_en, note_fr, source_id',
    { from: 'effect_from', note: 'note_en' },
  ],
];

for (const [file, table, key, columns, names] of CSV)
  test(`imports every row of ${file}`, async () => {
    const expected = sorted(
      csv(file).map((row) => stored(row, names)),
      ...key.split(', '),
    );

    assert.ok(expected.length > 0);
    const found = await rows(columns, table, key);
    assert.deepEqual(sorted(found, ...key.split(', ')), expected);
  });

test('imports every row of articles.csv and the paragraphs that other files name', async () => {
  const given = csv('articles.csv');
  const named = new Set([
    ...csv('statements.csv').flatMap((row) =>
      list(row['articles']).map((article) => `${treatyOf(row['treaty'], article)}-${article}`),
    ),
    ...csv('authorities.csv').map((row) => `${row['treaty']}-${row['article']}`),
    ...csv('article_summaries.csv').map((row) => `${row['treaty']}-${row['article']}`),
    ...section('case_law').flatMap((record) =>
      (record['articles'] as string[]).map((article) => `185-${article}`),
    ),
    ...section('legal_provisions').map((record) => `185-${record['convention_article'] as string}`),
    ...Object.keys(enabling).map((key) => key.split(' ').slice(1).join('-')),
  ]);
  const ids = new Set(given.map((row) => `${row['treaty']}-${row['article']}`));
  for (const id of named)
    for (let at = id; at.includes('.'); at = at.replace(/\.[^.]+$/, '')) ids.add(at);

  const expected = [...ids].map((id) => {
    const [treaty = '', article = ''] = id.split('-');
    const own = given.find((row) => row['treaty'] === treaty && row['article'] === article);
    const whole = given.find(
      (row) => row['treaty'] === treaty && row['article'] === article.split('.')[0],
    );

    assert.ok(whole, id);
    return {
      id,
      parent: article.includes('.') ? article.replace(/\.[^.]+$/, '') : null,
      title_en: known(own?.['title_en']),
      title_fr: known(own?.['title_fr']),
      chapter: known(whole['chapter']),
      section: known(whole['section']),
      source_id: whole['source'] as Cell,
    };
  });
  assert.ok(expected.length > given.length);
  assert.deepEqual(
    await rows('id, parent, title_en, title_fr, chapter, section, source_id', 'article', 'id'),
    sorted(expected, 'id'),
  );
});

test('imports every row of statements.csv with its enabling article and the role of each article', async () => {
  const statements = sorted(csv('statements.csv'), 'id');
  const expected = statements.map((row) => {
    const { articles, ...rest } = stored(row, {
      wording_source: 'wording_source_id',
      dates_source: 'dates_source_id',
    });
    const allowing = enablingOf(row);
    return {
      ...rest,
      superseded_by: list(row['superseded_by']),
      territories: list(row['territories']),
      enabling_treaty: allowing?.treaty ?? null,
      enabling_article: allowing?.article ?? null,
      text: null,
      text_lang: null,
      text_kind: null,
      text_source_id: null,
    };
  });
  assert.deepEqual(
    await rows(
      'id, country, treaty, kind, made_on::text, effective_from::text, withdrawn_on::text, superseded_by, territories, ' +
        'summary_en, summary_fr, wording_source_id, wording_lang, dates_source_id, source_id, ' +
        'enabling_treaty, enabling_article, text, text_lang, text_kind, text_source_id',
      'statement',
      'id',
    ),
    expected,
  );

  const parts = statements.flatMap((row) =>
    list(row['articles']).map((article, i) => ({
      statement_id: row['id'],
      position: i + 1,
      treaty: treatyOf(row['treaty'], article),
      article,
      role: roleOf(row, article),
    })),
  );
  assert.ok(
    parts.some((part) => part.role === 'enabling') &&
      parts.some((part) => part.role === 'affected'),
  );
  assert.deepEqual(
    await rows(
      'statement_id, position, treaty, article, role',
      'statement_article',
      'statement_id, position',
    ),
    parts,
  );
});

test('imports every strategy with its priorities, goals and documents', async () => {
  const strategies = sorted(section('strategies'), 'id');
  const { length } = strategies;
  assert.ok(length > 0);

  assert.deepEqual(
    await rows(
      'id, country, title_en, title_fr, title_original, kind, issued_by, adopted_on::text, period_from, period_to, status, ' +
        'supersedes, summary_en, summary_fr, source_id',
      'strategy',
      'id',
    ),
    strategies.map((s) => ({
      id: s['id'],
      country: s['country'],
      title_en: s['title_en'],
      title_fr: s['title_fr'] ?? null,
      title_original: s['title_original'],
      kind: s['kind'],
      issued_by: s['issued_by'],
      adopted_on: s['adopted_on'],
      period_from: s['period'].from,
      period_to: s['period'].to,
      status: s['status'],
      supersedes: s['supersedes'],
      summary_en: s['summary_en'],
      summary_fr: s['summary_fr'] ?? null,
      source_id: s['source'],
    })),
  );

  const priorities = strategies.flatMap((s) =>
    (s['priorities'] as Found[]).map((p) => ({ strategy_id: s['id'] as string, ...p }) as Found),
  );
  assert.deepEqual(
    await rows(
      'strategy_id, position, title_en, title_fr',
      'strategy_priority',
      'strategy_id, position',
    ),
    sorted(priorities, 'strategy_id', 'position').map(({ goals, ...priority }) => priority),
  );
  const goals = priorities.flatMap((p) =>
    (p['goals'] as Found[]).map(
      (goal) => ({ strategy_id: p['strategy_id'], priority: p['position'], ...goal }) as Found,
    ),
  );
  assert.ok(goals.length > 0);
  assert.deepEqual(
    await rows(
      'strategy_id, priority, position, text_en, text_fr',
      'strategy_goal',
      'strategy_id, priority, position',
    ),
    sorted(goals, 'strategy_id', 'priority', 'position'),
  );
  assert.deepEqual(
    await rows(
      'strategy_id, position, title, url, lang',
      'strategy_document',
      'strategy_id, position',
    ),
    strategies.flatMap((s) =>
      (s['documents'] as Found[]).map((d, i) => ({ strategy_id: s['id'], position: i + 1, ...d })),
    ),
  );
});

const JSON_FILES: [name: string, table: string, records: Found[], columns: string][] = [
  [
    'institutions',
    'institution',
    section('institutions'),
    'id, country, name_en, name_fr, name_original, kind, role_en, role_fr, url, source_id',
  ],
  [
    'case_law',
    'court_case',
    section('case_law'),
    'id, country, title, court, decided_on::text, citation, summary_en, summary_fr, url, source_id',
  ],
  [
    'legal_provisions',
    'legal_provision',
    section('legal_provisions'),
    'id, country, convention_article, law_title, provision, note_en, note_fr, url, source_id',
  ],
  ['references', 'reference', section('references'), 'id, country, title, url, source_id'],
  ['tools', 'tool', tools, 'id, title, kind, summary_en, summary_fr, url, source_id'],
];

for (const [name, table, records, columns] of JSON_FILES)
  test(`imports every record of ${name}`, async () => {
    assert.ok(records.length > 0);
    assert.deepEqual(
      await rows(columns, table, 'id'),
      sorted(records, 'id').map(({ source, articles, ...record }) => ({
        ...(columns.includes('name_fr') ? { name_fr: null } : {}),
        ...record,
        source_id: source,
      })),
    );
  });

test('imports the articles of every case', async () => {
  const expected = sorted(section('case_law'), 'id').flatMap((record) =>
    (record['articles'] as string[]).map((article, i) => ({
      court_case_id: record['id'],
      position: i + 1,
      treaty: '185',
      article,
    })),
  );
  assert.deepEqual(
    await rows(
      'court_case_id, position, treaty, article',
      'court_case_article',
      'court_case_id, position',
    ),
    expected,
  );
});

test('sets the verification day of a row to the retrieval day of its source', async () => {
  for (const table of [
    'country',
    'treaty',
    'article',
    'action',
    'statement',
    'statement_register',
    'territory_effect',
    'authority',
    'strategy',
    'institution',
    'court_case',
    'legal_provision',
    'reference',
    'tool',
  ])
    assert.deepEqual(
      await rows(
        'count(*)::int AS wrong',
        `${table} AS t JOIN source AS s ON s.id = t.source_id
        WHERE t.verified_on IS DISTINCT FROM s.retrieved_on`,
        '1',
      ),
      [{ wrong: 0 }],
      table,
    );
});
