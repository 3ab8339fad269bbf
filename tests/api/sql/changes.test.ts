// The triggers that record changes of public content.
import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';

import { Facts, refused } from './facts.js';

const TOOL = `INSERT INTO tool (id, title, kind, url, source_id) VALUES ('%', 'Guide', 'guide', 'https://example.org/', 'stated')`;
const tool = (id: string): string => TOOL.replace('%', id);
const STATEMENT = `INSERT INTO statement (id, country, treaty, kind, enabling_treaty, enabling_article, summary_en, source_id)
  VALUES ('NO-185-R-06', 'NO', '185', 'reservation', '185', '6.3', 'Norway reserves.', 'stated')`;
const PARTS = `INSERT INTO statement_article (statement_id, position, article, treaty, role)
  VALUES ('NO-185-R-06', 1, '6.3', '185', 'enabling'), ('NO-185-R-06', 2, '6', '185', 'affected')`;

const facts = await Facts.create();
let start: number;

after(() => facts.drop());

beforeEach(async () => {
  start = await facts.revision();
});

test('starts at revision 1 with the first facts', async () => {
  assert.equal(start, 1);
  assert.equal(await facts.value('SELECT count(*)::int FROM change WHERE revision = 1'), 12);
});

test('records a create, an update and a retraction as one revision each, with whole rows', async () => {
  await facts.run(tool('a'));
  await facts.run(`UPDATE tool SET title = 'Better guide' WHERE id = 'a'`);
  await facts.run(`DELETE FROM tool WHERE id = 'a'`);

  assert.deepEqual(await facts.changesAfter(start), [
    '1 1 create tool a',
    '2 1 update tool a',
    '3 1 retract tool a',
  ]);
  const rows = await facts.run(
    'SELECT before, after FROM change WHERE revision > $1 ORDER BY revision',
    [start],
  );
  const [create, update, retract] = rows;
  assert.equal(create?.['before'], null);
  assert.equal(create?.['after'].title, 'Guide');
  assert.equal(create?.['after'].revision, start + 1);
  assert.deepEqual(update?.['before'], create?.['after']);
  assert.equal(update?.['after'].title, 'Better guide');
  assert.equal(update?.['after'].revision, start + 2);
  assert.deepEqual(retract?.['before'], update?.['after']);
  assert.equal(retract?.['after'], null);
});

test('assigns one revision and one time to a transaction', async () => {
  await facts.run('BEGIN');
  await facts.run(tool('one'));
  await facts.run(tool('two'));
  await facts.run(`UPDATE tool SET title = 'x' WHERE id IN ('one', 'two')`);
  await facts.run('COMMIT');

  assert.equal(await facts.revision(), start + 1);
  assert.equal((await facts.changesAfter(start)).length, 4);
  const ordinals = await facts.run('SELECT ordinal FROM change WHERE revision = $1 ORDER BY 1', [
    start + 1,
  ]);
  assert.deepEqual(
    ordinals.map((row) => row['ordinal']),
    [1, 2, 3, 4],
  );
  const moments = await facts.value(
    `SELECT count(DISTINCT m)::int FROM (
       SELECT updated_at AS m FROM tool WHERE revision = $1
       UNION ALL SELECT recorded_at FROM change WHERE revision = $1
       UNION ALL SELECT changed_at FROM dataset_revision) AS moments`,
    [start + 1],
  );
  assert.equal(moments, 1);
});

test('records nothing for a write without effect', async () => {
  await facts.run(tool('same'));
  const made = await facts.run(`SELECT revision, updated_at FROM tool WHERE id = 'same'`);

  await facts.run(`UPDATE tool SET title = title, url = url WHERE id = 'same'`);
  await facts.run(`UPDATE tool SET revision = 99, updated_at = '2000-01-01' WHERE id = 'same'`);
  await facts.run(
    `${tool('same')} ON CONFLICT (id) DO UPDATE SET title = excluded.title, url = excluded.url`,
  );
  await facts.run(
    `${tool('same')} ON CONFLICT (id) DO UPDATE SET title = excluded.title, revision = excluded.revision, updated_at = excluded.updated_at`,
  );
  await facts.run(`${tool('same')} ON CONFLICT DO NOTHING`);
  await facts.run(`DELETE FROM tool WHERE id = 'missing'`);

  assert.equal(await facts.revision(), start + 1);
  assert.deepEqual(await facts.changesAfter(start), ['1 1 create tool same']);
  assert.deepEqual(
    await facts.run(`SELECT revision, updated_at FROM tool WHERE id = 'same'`),
    made,
  );
});

test('records only the rows that an upsert changes', async () => {
  await facts.run(tool('unchanged'));
  await facts.run(tool('modified'));
  await facts.run(
    `INSERT INTO tool (id, title, kind, url, source_id) VALUES
       ('unchanged', 'Guide', 'guide', 'https://example.org/', 'stated'),
       ('modified', 'Other', 'guide', 'https://example.org/', 'stated'),
       ('fresh', 'Guide', 'guide', 'https://example.org/', 'stated')
     ON CONFLICT (id) DO UPDATE SET title = excluded.title`,
  );

  assert.deepEqual(
    (await facts.changesAfter(start + 2)).sort(),
    ['1 1 update tool modified', '1 2 create tool fresh'].sort(),
  );
  const rows = await facts.run(
    `SELECT id, revision::int FROM tool WHERE id IN ('unchanged', 'modified', 'fresh') ORDER BY id`,
  );
  assert.deepEqual(rows, [
    { id: 'fresh', revision: start + 3 },
    { id: 'modified', revision: start + 3 },
    { id: 'unchanged', revision: start + 1 },
  ]);
});

test('ignores the revision that a writer sets in a row', async () => {
  await facts.run(
    `INSERT INTO tool (id, title, kind, url, source_id, revision, updated_at)
     VALUES ('forged', 'Guide', 'guide', 'https://example.org/', 'stated', 4711, '2000-01-01')`,
  );
  await facts.run(
    `UPDATE tool SET title = 'x', revision = 4712, updated_at = '2000-01-01' WHERE id = 'forged'`,
  );

  const [row] = await facts.run(
    `SELECT revision::int, updated_at > '2020-01-01' AS recent FROM tool WHERE id = 'forged'`,
  );
  assert.deepEqual(row, { revision: start + 2, recent: true });
});

test('records a change of a part as an update of its whole', async () => {
  await facts.run(
    `INSERT INTO strategy (id, country, title_en, kind, status, source_id)
     VALUES ('no-ncss', 'NO', 'Strategy', 'cybersecurity_strategy', 'unknown', 'stated')`,
  );
  await facts.run(
    `INSERT INTO court_case (id, country, title, source_id) VALUES ('no-case', 'NO', 'A v. B', 'stated')`,
  );
  await facts.run(STATEMENT);
  const parts = [
    [
      'statement',
      'NO-185-R-06',
      '185',
      `INSERT INTO statement_article VALUES ('NO-185-R-06', 1, '6.3', '185', 'enabling')`,
    ],
    ['statement', 'NO-185-R-06', '185', `UPDATE statement_article SET role = 'affected'`],
    ['statement', 'NO-185-R-06', '185', `DELETE FROM statement_article`],
    [
      'strategy',
      'no-ncss',
      null,
      `INSERT INTO strategy_priority VALUES ('no-ncss', 1, 'Competence')`,
    ],
    ['strategy', 'no-ncss', null, `INSERT INTO strategy_goal VALUES ('no-ncss', 1, 1, 'Learn')`],
    [
      'strategy',
      'no-ncss',
      null,
      `INSERT INTO strategy_document VALUES ('no-ncss', 1, 'Text', 'https://example.org/', 'en')`,
    ],
    ['strategy', 'no-ncss', null, `UPDATE strategy_goal SET text_fr = 'Apprendre'`],
    ['strategy', 'no-ncss', null, `DELETE FROM strategy_priority`],
    [
      'court_case',
      'no-case',
      null,
      `INSERT INTO court_case_article VALUES ('no-case', 1, '185', '6')`,
    ],
    ['court_case', 'no-case', null, `DELETE FROM court_case_article`],
  ] as const;

  for (const [whole, id, treaty, text] of parts) {
    const earlier = await facts.revision();
    await facts.run(text);
    const [row] = await facts.run(
      `SELECT w.revision::int, w.updated_at = d.changed_at AS same FROM ${whole} AS w, dataset_revision AS d WHERE w.id = $1`,
      [id],
    );
    assert.deepEqual(row, { revision: earlier + 1, same: true }, text);
    const changes = await facts.run(
      'SELECT relation, record, country, treaty FROM change WHERE revision = $1',
      [earlier + 1],
    );
    for (const change of changes) {
      assert.match(String(change['relation']), new RegExp(`^${whole}_`), text);
      assert.deepEqual(
        [change['record'], change['country'], change['treaty']],
        [id, 'NO', treaty],
        text,
      );
    }
    // Deleting the priority deletes its goal: two changes, one revision.
    assert.equal(changes.length, text === 'DELETE FROM strategy_priority' ? 2 : 1, text);
  }
  await facts.run('DELETE FROM strategy; DELETE FROM court_case; DELETE FROM statement');
});

test('records a change of a name, a membership and a text as an update of country and article', async () => {
  const parts: [string, string, (string | null)[]][] = [
    [
      'country',
      `INSERT INTO country_name (country, name, lang, kind, source_id) VALUES ('NO', 'Norge', 'en', 'alternative', 'stated')`,
      ['NO', 'NO', null],
    ],
    [
      'country',
      `INSERT INTO membership (organisation, country, member_from, source_id) VALUES ('CoE', 'NO', '1949-05-05', 'stated')`,
      ['NO', 'NO', null],
    ],
    [
      'article',
      `INSERT INTO article_text (treaty, article, lang, text, source_id) VALUES ('185', '6', 'en', 'Each Party', 'stated')`,
      ['185-6', null, '185'],
    ],
    ['country', `UPDATE country_name SET name_from = '1814-05-17'`, ['NO', 'NO', null]],
    ['country', `DELETE FROM membership`, ['NO', 'NO', null]],
    ['article', `DELETE FROM article_text`, ['185-6', null, '185']],
    ['country', `DELETE FROM country_name`, ['NO', 'NO', null]],
  ];
  for (const [whole, text, expected] of parts) {
    const earlier = await facts.revision();
    await facts.run(text);
    const rows = await facts.run('SELECT record, country, treaty FROM change WHERE revision > $1', [
      earlier,
    ]);
    assert.deepEqual(
      rows.map((row) => Object.values(row)),
      [expected],
      text,
    );
    assert.equal(
      await facts.value(
        `SELECT revision::int FROM ${whole} AS w WHERE coalesce(to_jsonb(w) ->> 'code', to_jsonb(w) ->> 'id') = $1`,
        [expected[0]],
      ),
      earlier + 1,
      text,
    );
  }
});

test('records the country of a register, and the territory of an effect', async () => {
  await facts.run(
    STATEMENT.replaceAll('NO-185-R-06', 'NO-185-T').replace(
      "'reservation', '185', '6.3'",
      "'territorial', NULL, NULL",
    ),
  );
  await facts.run(
    `INSERT INTO statement_register (id, country, treaty, complete, source_id) VALUES ('NO-185', 'NO', '185', true, 'stated')`,
  );
  await facts.run(
    `INSERT INTO territory_effect (id, territory, treaty, effect, effect_from, statement, source_id)
     VALUES ('FO-185', 'FO', '185', 'applies', '2006-10-01', 'NO-185-T', 'stated')`,
  );
  const rows = await facts.run(
    `SELECT record, country, treaty FROM change WHERE revision > $1 AND relation <> 'statement' ORDER BY revision`,
    [start],
  );
  assert.deepEqual(
    rows.map((row) => Object.values(row)),
    [
      ['NO-185', 'NO', '185'],
      ['FO-185', 'FO', '185'],
    ],
  );
  await facts.run(
    'DELETE FROM statement_register; DELETE FROM territory_effect; DELETE FROM statement',
  );
});

test('records the parts of a deleted record with its country', async () => {
  await facts.run('BEGIN');
  await facts.run(`SELECT set_config('cybertreaty.reinstate', 'on', true)`);
  await facts.run(STATEMENT);
  await facts.run(PARTS);
  await facts.run('COMMIT');
  await facts.run('DELETE FROM statement');

  const rows = await facts.run(
    'SELECT operation, relation, record, country, treaty FROM change WHERE revision = $1 ORDER BY relation, ordinal',
    [start + 2],
  );
  const same = { operation: 'retract', record: 'NO-185-R-06', country: 'NO', treaty: '185' };
  assert.deepEqual(rows, [
    { ...same, relation: 'statement' },
    { ...same, relation: 'statement_article' },
    { ...same, relation: 'statement_article' },
  ]);
});

test('records the country and the treaty of a record', async () => {
  await facts.run(`UPDATE country SET official_name_en = 'Kingdom of Norway' WHERE code = 'NO'`);
  await facts.run(`UPDATE treaty SET place_opened = 'Budapest' WHERE number = '185'`);
  await facts.run(`UPDATE article SET title_fr = 'Abus de dispositifs' WHERE article = '6'`);
  await facts.run(`UPDATE source SET title = 'Told' WHERE id = 'stated'`);
  await facts.run(
    `INSERT INTO action (id, country, treaty, action, source_id) VALUES ('NO-185-s', 'NO', '185', 'signature', 'stated')`,
  );

  const rows = await facts.run(
    'SELECT relation, record, country, treaty FROM change WHERE revision > $1 ORDER BY revision',
    [start],
  );
  assert.deepEqual(
    rows.map((row) => Object.values(row)),
    [
      ['country', 'NO', 'NO', null],
      ['treaty', '185', null, '185'],
      ['article', '185-6', null, '185'],
      ['source', 'stated', null, null],
      ['action', 'NO-185-s', 'NO', '185'],
    ],
  );
});

test('records nothing after a rollback', async () => {
  await facts.undone(() => facts.run(tool('gone')));
  assert.equal(await facts.revision(), start);
  assert.deepEqual(await facts.changesAfter(start), []);
});

test('leaves no gap in the numbering after a rollback to a savepoint', async () => {
  await facts.run('BEGIN');
  await facts.run('SAVEPOINT a');
  await facts.run(tool('undone'));
  await facts.run('ROLLBACK TO a');
  await facts.run(tool('first'));
  await facts.run('SAVEPOINT b');
  await facts.run(tool('undone'));
  await facts.run('ROLLBACK TO b');
  await facts.run(tool('second'));
  await facts.run('COMMIT');

  assert.deepEqual(await facts.changesAfter(start), [
    '1 1 create tool first',
    '1 2 create tool second',
  ]);
  assert.equal(await facts.revision(), start + 1);
  const rows = await facts.run(
    `SELECT DISTINCT revision::int FROM tool WHERE id IN ('first', 'second')`,
  );
  assert.deepEqual(rows, [{ revision: start + 1 }]);

  await facts.run('BEGIN');
  await facts.run('SAVEPOINT a');
  await facts.run(tool('undone'));
  await facts.run('ROLLBACK TO a');
  await facts.run('COMMIT');
  assert.equal(await facts.revision(), start + 1);
});

test('takes kind and author from the settings of the transaction', async () => {
  const noted = async (): Promise<string> =>
    facts.value(
      `SELECT kind || ' ' || by FROM change ORDER BY revision DESC, ordinal DESC LIMIT 1`,
    );

  await facts.run(tool('plain'));
  assert.equal(await noted(), 'correction editor');

  await facts.run('BEGIN');
  await facts.run(
    `SELECT set_config('cybertreaty.kind', 'translation', true), set_config('cybertreaty.by', 'contribution', true)`,
  );
  await facts.run(tool('translated'));
  await facts.run('COMMIT');
  assert.equal(await noted(), 'translation contribution');

  // After a transaction with them, the settings exist and are empty.
  await facts.run(tool('plain again'.replace(' ', '-')));
  assert.equal(await noted(), 'correction editor');

  await facts.run('BEGIN');
  await facts.run(`SELECT set_config('cybertreaty.kind', 'whim', true)`);
  const { code, message } = await refused(facts.client, tool('whim'));
  await facts.run('ROLLBACK');
  assert.equal(code, '23514');
  assert.match(message, /change_kind_check/);
});

test('refuses a retracted identifier for another record, but restores its own', async () => {
  await facts.run(tool('phoenix'));
  await facts.run('BEGIN');
  await facts.run(`SELECT set_config('cybertreaty.replaced_by', 'first', true)`);
  await facts.run(`DELETE FROM tool WHERE id = 'phoenix'`);
  await facts.run('COMMIT');
  assert.equal(
    await facts.value(
      `SELECT replaced_by FROM change WHERE record = 'phoenix' AND operation = 'retract'`,
    ),
    'first',
  );
  assert.equal(await facts.value(`SELECT is_retracted('tool', 'phoenix')`), true);

  const { code, message } = await refused(facts.client, tool('phoenix'));
  assert.equal(code, '23000');
  assert.equal(message, 'The identifier phoenix of tool was retracted and must not be reused.');
  assert.equal(await facts.revision(), start + 2);

  await facts.run('BEGIN');
  await facts.run(`SELECT set_config('cybertreaty.reinstate', 'on', true)`);
  await facts.run(tool('phoenix'));
  await facts.run('COMMIT');
  assert.equal(await facts.value(`SELECT is_retracted('tool', 'phoenix')`), false);
  assert.equal(await facts.value(`SELECT is_retracted('tool', 'never seen')`), false);
  assert.equal(await facts.value(`SELECT is_retracted('reference', 'phoenix')`), false);
  assert.equal(
    await facts.value(
      `SELECT replaced_by FROM change WHERE record = 'phoenix' ORDER BY revision DESC LIMIT 1`,
    ),
    null,
  );
});

test('refuses to change an identifier', async () => {
  await facts.run(tool('fixed'));
  const { code, message } = await refused(
    facts.client,
    `UPDATE tool SET id = 'moved' WHERE id = 'fixed'`,
  );
  assert.equal(code, '23000');
  assert.equal(message, 'The identifier fixed of tool never changes.');
  assert.match(
    (await refused(facts.client, `UPDATE article SET article = '30' WHERE article = '29.4'`))
      .message,
    /article_lies_under_parent/,
  );
});

test('refuses TRUNCATE of recorded tables', async () => {
  const tables =
    await facts.run(`SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    AND relname NOT IN ('migration', 'enabling_article')`);

  assert.ok(tables.length >= 20);
  for (const { relname } of tables)
    assert.match(
      (await refused(facts.client, `TRUNCATE ${relname} CASCADE`)).message,
      /^TRUNCATE of \w+ would not be recorded/,
    );
});

test('records changes of every table of records and parts', async () => {
  const missing = await facts.run(`
    SELECT c.relname, wanted FROM pg_class AS c
    CROSS JOIN unnest('{take_dataset_lock,record_change,refuse_truncate,set_revision}'::text[]) AS wanted
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
      AND c.relname NOT IN ('migration', 'enabling_article', 'change', 'dataset_revision')
      AND (wanted <> 'set_revision' OR EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attname = 'revision'))
      AND NOT EXISTS (SELECT FROM pg_trigger AS t WHERE t.tgrelid = c.oid AND t.tgname = wanted AND t.tgenabled = 'O')`);

  assert.deepEqual(missing, []);
});

test('records the changes of a role without rights on the records of changes', async () => {
  const role = `writer_${facts.name}`;

  await facts.run(`CREATE ROLE ${role}; GRANT SELECT, INSERT, UPDATE ON tool TO ${role}`);
  await facts.run('BEGIN');
  try {
    await facts.run(`SET LOCAL ROLE ${role}`);
    // The triggers must ignore a table of the same name that comes first in the writer's search_path.
    await facts.run(
      'CREATE TEMPORARY TABLE dataset_revision (revision bigint, xid xid8, changed_at timestamptz)',
    );
    await facts.run(tool('by-role'));
    await facts.run(`UPDATE tool SET title = 'x' WHERE id = 'by-role'`);
    for (const text of [
      'SELECT raise_revision()',
      `UPDATE public.dataset_revision SET revision = 0`,
      'DELETE FROM change',
    ]) {
      await facts.run('SAVEPOINT s');
      assert.equal((await refused(facts.client, text)).code, '42501', text);
      await facts.run('ROLLBACK TO s');
    }
    await facts.run('COMMIT');
    assert.equal(await facts.value('SELECT revision::int FROM public.dataset_revision'), start + 1);
    assert.equal((await facts.changesAfter(start)).length, 2);
  } finally {
    await facts.run('ROLLBACK');
    await facts.run(
      `DROP TABLE IF EXISTS pg_temp.dataset_revision; DROP OWNED BY ${role}; DROP ROLE ${role}`,
    );
  }
});

test('raises the revision when a transaction number recurs after a restore', async () => {
  await facts.run('BEGIN');
  await facts.run(
    `UPDATE dataset_revision SET xid = pg_current_xact_id(), changed_at = now() - interval '1 hour'`,
  );
  await facts.run(tool('restored'));
  await facts.run(tool('restored-2'));
  await facts.run('COMMIT');
  assert.deepEqual(await facts.changesAfter(start), [
    '1 1 create tool restored',
    '1 2 create tool restored-2',
  ]);
});

test('checks references of statements at the end of the transaction', async () => {
  const statement = (id: string, lists: string, country = 'NO'): string =>
    `INSERT INTO statement (id, country, treaty, kind, summary_en, source_id, superseded_by, territories)
     VALUES ('${id}', '${country}', '185', 'declaration', 'x', 'stated', ${lists})`;

  // The referenced row may be inserted later in the transaction.
  await facts.run('BEGIN');
  await facts.run(statement('NO-old', `'{NO-new}', '{FO}'`));
  await facts.run(statement('NO-new', `'{}', '{}'`));
  await facts.run('COMMIT');

  const cases = [
    [
      statement('NO-x', `'{missing}', '{}'`),
      'Statement NO-x is superseded by missing, which is not a statement of the same country and treaty.',
    ],
    [
      statement('RO-x', `'{NO-new}', '{}'`, 'RO'),
      'Statement RO-x is superseded by NO-new, which is not a statement of the same country and treaty.',
    ],
    [
      statement('NO-x', `'{}', '{FO,XX}'`),
      'Statement NO-x names the territory XX, which is not a country or territory of ISO 3166-1.',
    ],
    [
      `UPDATE statement SET territories = '{ZZ}' WHERE id = 'NO-old'`,
      'Statement NO-old names the territory ZZ, which is not a country or territory of ISO 3166-1.',
    ],
    [
      `DELETE FROM statement WHERE id = 'NO-new'`,
      'Statement NO-new supersedes NO-old: it cannot be removed or moved while it does.',
    ],
    [
      `UPDATE statement SET country = 'RO' WHERE id = 'NO-new'`,
      'Statement NO-new supersedes NO-old: it cannot be removed or moved while it does.',
    ],
    [
      `DELETE FROM country WHERE code = 'FO'`,
      'Statement NO-old names the territory FO: it cannot be removed while it does.',
    ],
  ];
  for (const [text = '', reason] of cases) {
    const { code, message } = await refused(facts.client, text);
    assert.equal(message, reason);
    assert.equal(code, '23503', text);
  }
  assert.match(
    (await refused(facts.client, statement('NO-y', `'{NO-y}', '{}'`))).message,
    /statement_does_not_supersede_itself/,
  );
  assert.deepEqual(await facts.changesAfter(start), [
    '1 1 create statement NO-old',
    '1 2 create statement NO-new',
  ]);
  await facts.run(`DELETE FROM statement WHERE id IN ('NO-old', 'NO-new')`);
});
