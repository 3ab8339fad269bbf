// The list of changes.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Data } from '../support/client.js';
import { operations } from '../support/contract.js';
import { startPrivateService } from '../support/private_service.js';

const { client, cluster, database } = await startPrivateService();

type Change = Data<'getChange'>;
type Page = {
  data: Change[];
  meta: { total: number };
  links: { next?: string; resume?: string };
};

const page = (target: string): Promise<Page> => client.get<Page>(target);
const query = async <T>(text: string): Promise<T[]> =>
  (await cluster.query(database, text)).rows as T[];
const revision = async (): Promise<number> =>
  Number((await query<{ revision: string }>('SELECT revision FROM dataset_revision'))[0]?.revision);

/** Executes statements in one transaction with a note; returns its changes. */
async function edit(settings: Record<string, string>, ...statements: string[]): Promise<Change[]> {
  const start = await revision();
  const editor = await cluster.connect(database);

  try {
    await editor.query('BEGIN');
    for (const [name, value] of Object.entries(settings))
      await editor.query('SELECT set_config($1, $2, true)', [`cybertreaty.${name}`, value]);
    for (const statement of statements) await editor.query(statement);
    await editor.query('COMMIT');
  } finally {
    await editor.end();
  }
  return (await page(`/v1/changes?after_revision=${start}`)).data;
}

test('lists every recorded change in order', async () => {
  const rows = await query<{ id: string; record: string }>(
    // Registers and effects are parts of a row of status.
    `SELECT revision || '-' || ordinal AS id,
       CASE WHEN relation IN ('statement_register', 'territory_effect')
         THEN country || '-' || treaty ELSE record END AS record
     FROM change ORDER BY revision, ordinal`,
  );
  const changes = await client.walk<Change>('/v1/changes?limit=500');

  assert.deepEqual(
    changes.map(({ id, record }) => ({ id, record })),
    rows,
  );
  assert.ok(changes.every(({ operation, part }) => (operation === 'update') === (part !== null)));
  // The text of a bilingual record is in both languages, without internal members.
  for (const { after: row } of changes)
    for (const name of Object.keys(row ?? {}))
      assert.doesNotMatch(name, /_(en|fr|id)$|^(revision|updated_at|ets_ref)$/);
});

test('lists the creation, update and retraction of a record', async () => {
  const [created] = await edit(
    { kind: 'legal_event', by: 'contribution' },
    `INSERT INTO statement (id, country, treaty, kind, summary_en, source_id)
     VALUES ('NO-185-C-90', 'NO', '185', 'communication', 'First words.', (SELECT min(id) FROM source))`,
  );
  assert.deepEqual(
    [created?.operation, created?.kind, created?.by, created?.before, created?.changed],
    ['create', 'legal_event', 'contribution', null, []],
  );
  assert.deepEqual(created?.after?.['summary'], { en: 'First words.', fr: null });
  assert.equal(created?.title, 'Added: statement NO-185-C-90 (Norway)');
  assert.equal(created?.links.record, '/v1/statements/NO-185-C-90');

  const [updated] = await edit(
    { kind: 'translation' },
    `UPDATE statement SET summary_fr = 'Premiers mots.', made_on = '2026-01-02' WHERE id = 'NO-185-C-90'`,
  );
  assert.deepEqual(
    [updated?.operation, updated?.by, updated?.changed],
    ['update', 'editor', ['made_on', 'summary']],
  );
  assert.deepEqual(
    [updated?.before?.['summary'], updated?.after?.['summary']],
    [
      { en: 'First words.', fr: null },
      { en: 'First words.', fr: 'Premiers mots.' },
    ],
  );
  assert.deepEqual({ ...updated?.before }, { ...created?.after });

  const parts = await edit(
    {},
    `INSERT INTO statement_article (statement_id, position, article, treaty, role)
     VALUES ('NO-185-C-90', 1, '29', '185', 'affected')`,
  );
  assert.deepEqual(
    parts.map(({ operation, resource, record, part }) => [operation, resource, record, part]),
    [['update', 'statements', 'NO-185-C-90', 'articles']],
  );
  assert.deepEqual(
    [parts[0]?.before, parts[0]?.after],
    [null, { article: '29', position: 1, role: 'affected', treaty: '185' }],
  );

  const gone = await edit(
    { replaced_by: 'NO-185-R-06' },
    `DELETE FROM statement WHERE id = 'NO-185-C-90'`,
  );
  const retracted = gone.filter(({ part }) => part === null);
  assert.deepEqual(
    gone.filter(({ part }) => part !== null).map(({ operation, after: row }) => [operation, row]),
    [['update', null]],
  );
  assert.deepEqual(
    retracted.map(({ operation, after: row, replaced_by, links, title }) => [
      operation,
      row,
      replaced_by,
      links.replaced_by,
      title,
    ]),
    [
      [
        'retract',
        null,
        'NO-185-R-06',
        '/v1/statements/NO-185-R-06',
        'Retracted: statement NO-185-C-90 (Norway)',
      ],
    ],
  );
  await client.problem(410, retracted[0]?.links.record ?? '');

  const history = await client.walk<Change>('/v1/changes?resource=statements&record=NO-185-C-90');
  assert.deepEqual(
    history.map(({ id }) => id),
    [created, updated, ...parts, ...gone].map((change) => change?.id),
  );
});

test('describes a change in French', async () => {
  const { data } = await client.call('listChanges', {
    query: { resource: ['statements'], record: 'NO-185-R-06', lang: 'fr' },
  });
  assert.equal(data[0]?.title, 'Ajout : déclaration ou réserve NO-185-R-06 (Norvège)');
  assert.equal(data[0]?.title_lang, 'fr');
  assert.equal(data[0]?.country_name, 'Norvège');
});

test('returns each change at its address and 404 for others', async () => {
  const { data } = await page('/v1/changes?limit=3&resource=articles');
  for (const change of data) {
    assert.deepEqual((await client.get(change.links.self))['data'], change);
    assert.equal((await client.send(change.links.record)).status, 200);
  }
  for (const id of ['1', '1-', '-1', '1-0', '01-1', '1-1-1', 'a-b', '1-1234567890', '9999-1'])
    await client.problem(404, `/v1/changes/${id}`);
  await client.problem(404, `/v1/changes/${'9'.repeat(19)}-1`);
});

test('filters by every value of every closed set', async () => {
  await edit(
    { kind: 'editorial' },
    `UPDATE tool SET title = title || '.' WHERE kind = 'committee'`,
  );
  const changes = await client.walk<Change>('/v1/changes?limit=500');
  const listed = operations.find(({ id }) => id === 'listChanges');

  for (const [parameter, of] of [
    ['kind', (change: Change) => change.kind],
    ['operation', (change: Change) => change.operation],
    ['resource', (change: Change) => change.resource],
    ['treaty', (change: Change) => change.treaty],
    ['country', (change: Change) => change.country],
  ] as const) {
    assert.ok(listed?.parameters.some(({ name }) => name === parameter));
    const values = new Set(changes.map(of).filter((value) => value !== null));
    assert.ok(values.size > 1, parameter);
    for (const value of [...values].slice(0, 20)) {
      const { meta, data } = await page(`/v1/changes?${parameter}=${value}&limit=500`);
      assert.equal(meta.total, changes.filter((change) => of(change) === value).length, value);
      assert.ok(
        data.every((change) => of(change) === value),
        value,
      );
    }
  }
  await client.problem(400, '/v1/changes?record=no/such');
  for (const wrong of ['-1', '1.5', 'x', '99999999999999999999'])
    assert.match(
      (await client.problem(400, `/v1/changes?after_revision=${wrong}`)).errors?.[0]?.detail ?? '',
      /Dataset-Revision/,
    );
});

test('resumes after the last change with links.resume', async () => {
  const now = await revision();
  let last = await page('/v1/changes?limit=500&resource=tools');
  assert.equal(last.links.next, undefined);
  assert.equal(last.links.resume, `/v1/changes?after_revision=${now}&limit=500&resource=tools`);

  last = await page(last.links.resume ?? '');
  assert.deepEqual([last.data, last.meta.total], [[], 0]);
  const first = await edit({}, `UPDATE tool SET title = title || '!' WHERE kind = 'committee'`);
  await edit({}, `UPDATE source SET title = 'Another' WHERE id = (SELECT min(id) FROM source)`);
  assert.ok(first.length > 0);

  last = await page(last.links.resume ?? '');
  assert.deepEqual(last.data, first, 'what came since, of the same filters');
  last = await page(last.links.resume ?? '');
  assert.deepEqual(last.data, []);
  assert.equal(last.links.resume, `/v1/changes?after_revision=${now + 2}&limit=500&resource=tools`);
});

test('preserves the language in links.resume, which never goes back', async () => {
  const french = await client.send('/v1/changes?resource=treaties', {
    headers: { 'Accept-Language': 'fr' },
  });
  const again = await client.send(french.json()['links'].resume as string);
  assert.equal(again.headers['content-language'], 'fr');
  assert.equal(again.json()['links'].resume, again.json()['links'].self);

  // The reader has seen a revision that a standby has not replayed.
  const ahead = (await revision()) + 10;
  const empty = await page(`/v1/changes?after_revision=${ahead}`);
  assert.deepEqual([empty.data, empty.links.resume], [[], `/v1/changes?after_revision=${ahead}`]);

  // In descending order, later changes come before the first page.
  const newest = await page('/v1/changes?sort=-revision&resource=treaties');
  assert.equal(newest.links.resume, undefined);
  assert.ok(!('resume' in (await page('/v1/changes?limit=1')).links), 'there is a next page');
});

test('filters by time and by revision', async () => {
  const [change] = await edit(
    {},
    `UPDATE tool SET title = title || '?' WHERE id = 'octopus-platform'`,
  );
  const moment = encodeURIComponent(change?.recorded_at ?? '');
  const since = async (value: string): Promise<string[]> =>
    (await page(`/v1/changes?updated_since=${value}`)).data.map(({ id }) => id);

  assert.deepEqual(await since(moment), [change?.id], 'its own moment counts');
  assert.deepEqual(await since('2100-01-01'), []);
  assert.equal(
    (await page('/v1/changes?updated_since=2020-01-01')).meta.total,
    (await page('/v1/changes')).meta.total,
  );
  assert.deepEqual((await page(`/v1/changes?after_revision=${(change?.revision ?? 0) - 1}`)).data, [
    change,
  ]);
});

test('filters changes by the region and the membership of their country', async () => {
  const all = await client.walk<Change>('/v1/changes?limit=500');
  const ids = (rows: Change[]): string[] => rows.map(({ id }) => id);

  for (const filter of [
    'region=029',
    'region=150,009',
    'member_of=ASEAN',
    'member_of=CoE&region=142',
  ]) {
    const countries = await client.walk<{ code: string }>(`/v1/countries?${filter}&limit=500`);
    const codes = new Set(countries.map(({ code }) => code));
    const expected = all.filter(({ country }) => country !== null && codes.has(country));

    assert.ok(expected.length > 0, filter);
    assert.deepEqual(
      ids(await client.walk<Change>(`/v1/changes?${filter}&limit=500`)),
      ids(expected),
      filter,
    );
  }
});

test('serves the same changes as CSV and NDJSON', async () => {
  const csv = await client.send('/v1/changes?resource=treaties&format=csv');
  assert.match(
    csv.text,
    /^id,revision,ordinal,recorded_at,operation,kind,by,resource,record,part,country,country_name,treaty,replaced_by,title,title_lang,changed\r\n/,
  );
  const lines = await client.send('/v1/changes?resource=treaties&format=ndjson');
  assert.deepEqual(
    lines.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Change),
    (await page('/v1/changes?resource=treaties')).data,
  );
});
