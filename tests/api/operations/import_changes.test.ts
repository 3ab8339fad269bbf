// Imports into a database with data change only the differences, in one revision.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { actions, profiles, sources } from '../support/reference_data.js';
import { Cluster, environment } from '../support/database.js';
import {
  Folder,
  TABLES,
  content,
  load,
  loaded,
  newPath,
  readLoaded,
  refused,
} from '../support/dataset_folder.js';
import { binary, data } from '../support/paths.js';
import { ended, start, until } from '../support/processes.js';

const cluster = Cluster.shared();

/** Runs a test on a private database. */
async function on(
  kind: 'migrated' | 'imported',
  run: (database: string) => Promise<void>,
): Promise<void> {
  const database = await cluster.database(kind);
  await run(database);
  await cluster.drop(database);
}

async function query<T = Record<string, unknown>>(database: string, text: string): Promise<T[]> {
  return (await cluster.query(database, text)).rows as T[];
}

/** Rows added, changed and retracted, for tables with any. */
function differences(tables: Record<string, number[]>): Record<string, (number | undefined)[]> {
  return Object.fromEntries(
    Object.entries(tables)
      .filter(
        ([table, [added, changed, , retracted]]) =>
          table !== 'all' && (added || changed || retracted),
      )
      .map(([table, [added, changed, , retracted]]) => [table, [added, changed, retracted]]),
  );
}

const exported = (database: string, ...args: string[]): ReturnType<Cluster['command']> =>
  cluster.command(database, ['export', ...args]);

test('imports the first folder as the baseline in one revision', () =>
  on('migrated', async (database) => {
    const { tables, revision } = await loaded(cluster, database, data);
    const [[added, ...others] = []] = [tables['all']];

    assert.equal(revision, 'revision 0 -> 1');
    assert.deepEqual(others, [0, 0, 0]);
    assert.deepEqual(
      await query(database, 'SELECT DISTINCT revision, operation, kind, by FROM change'),
      [{ revision: '1', operation: 'create', kind: 'baseline', by: 'import' }],
    );
    assert.deepEqual(await query(database, 'SELECT count(*)::int FROM change'), [{ count: added }]);
  }));

test('changes only rows that differ', () =>
  on('imported', async (database) => {
    // A new retrieval day of a source changes the rows that cite it.
    const [source = ''] = sources.keys();
    const updated = actions.filter((row) => row['source'] === source).length + 1;
    const f = new Folder()
      .edit('actions.csv', 'AD-185-signature', '2013-04-23', '2013-04-24')
      .append(
        'actions.csv',
        'AD-185-denunciation,AD,185,denunciation,2026-01-01,,,coe-int-248947\n',
      )
      .drop('actions.csv', 'AD-185-entry-into-force')
      .edit('profiles/NO.json', '"Preventive', 'Preventive', 'Precautionary')
      .edit('sources.csv', source, '2026-11-23', '2026-11-22');
    const { tables, revision } = await loaded(cluster, database, f.path);

    assert.equal(revision, 'revision 1 -> 2');
    assert.deepEqual(differences(tables), {
      source: [0, 1, 0],
      action: [1, updated, 1],
      strategy_priority: [0, 1, 0],
    });
    assert.deepEqual(
      await query(
        database,
        `SELECT operation, kind, by, relation, count(*)::int FROM change WHERE revision = 2
        GROUP BY 1, 2, 3, 4 ORDER BY relation, operation`,
      ),
      [
        { operation: 'create', kind: 'correction', by: 'import', relation: 'action', count: 1 },
        { operation: 'retract', kind: 'correction', by: 'import', relation: 'action', count: 1 },
        {
          operation: 'update',
          kind: 'correction',
          by: 'import',
          relation: 'action',
          count: updated,
        },
        { operation: 'update', kind: 'correction', by: 'import', relation: 'source', count: 1 },
        {
          operation: 'update',
          kind: 'correction',
          by: 'import',
          relation: 'strategy_priority',
          count: 1,
        },
      ],
    );
    assert.deepEqual(
      await query(
        database,
        `SELECT id, revision::int FROM strategy WHERE country = 'NO' AND revision > 1`,
      ),
      [{ id: 'no-ncss-2019', revision: 2 }],
    );
    assert.equal((await loaded(cluster, database, f.path)).revision, 'revision 2, unchanged');
  }));

test('swaps the positions of parts and the references of records', () =>
  on('imported', async (database) => {
    const f = new Folder()
      .edit('statements.csv', 'AD-185-R-06', '6.3;6.1.a;6.1.b', '6.1.b;6.3;6.1.a')
      .json(
        'profiles/NO.json',
        (profile: { strategies: { priorities: object[]; documents: object[] }[] }) => {
          const [first] = profile.strategies;
          assert.ok(first && first.priorities.length > 2);
          const last = first.priorities.pop() as { position: number };
          first.priorities.unshift(last);
          first.priorities.forEach((priority, i) => Object.assign(priority, { position: i + 1 }));
          first.documents.reverse();
        },
      );

    await loaded(cluster, database, f.path);
    assert.equal((await loaded(cluster, database, f.path)).revision, 'revision 2, unchanged');
    assert.deepEqual(
      await query(
        database,
        `SELECT string_agg(article, ' ' ORDER BY position) FROM statement_article WHERE statement_id = 'AD-185-R-06'`,
      ),
      [{ string_agg: '6.1.b 6.3 6.1.a' }],
    );
    await loaded(cluster, database, data);
    assert.equal((await loaded(cluster, database, data)).revision, 'revision 3, unchanged');
  }));

test('removes records with their parts', () =>
  on('imported', async (database) => {
    const strategies = profiles.find((profile) => profile.country === 'NO')?.strategies.length;
    assert.ok(strategies);
    const f = new Folder()
      .remove('profiles/NO.json')
      .drop('statements.csv', 'NO-185-R-29')
      .drop('countries.csv', 'AQ,ATA')
      .drop('country_names.csv', 'AQ,')
      .drop('country_names.csv', 'AQ,');
    const { tables } = await loaded(cluster, database, f.path);

    assert.deepEqual(differences(tables)['country'], [0, 0, 1]);
    assert.deepEqual(differences(tables)['statement'], [0, 0, 1]);
    assert.deepEqual(differences(tables)['statement_article'], [0, 0, 1]);
    assert.deepEqual(differences(tables)['strategy'], [0, 0, strategies]);
    assert.ok((tables['strategy_priority']?.[3] ?? 0) >= strategies);
    assert.deepEqual(await query(database, `SELECT FROM strategy WHERE country = 'NO'`), []);
    assert.deepEqual(
      await query(
        database,
        `SELECT operation FROM change WHERE relation = 'statement' AND record = 'NO-185-R-29' ORDER BY revision`,
      ),
      [{ operation: 'create' }, { operation: 'retract' }],
    );
  }));

test('rejects a retracted identifier unless its record returns', () =>
  on('imported', async (database) => {
    const f = new Folder()
      .drop('actions.csv', 'AD-185-signature')
      .drop('countries.csv', 'AQ,ATA')
      .drop('country_names.csv', 'AQ,')
      .drop('country_names.csv', 'AQ,')
      .json('tools.json', (tools: object[]) => tools.shift());
    await loaded(cluster, database, f.path);

    const whole = new Folder();
    assert.deepEqual(await refused(cluster, database, whole), [
      `${whole.at('actions.csv', 'AD-185-signature')}: id: 'AD-185-signature' was retracted and cannot be reused; ` +
        '--reinstate brings the same record back.',
      `${whole.at('countries.csv', 'AQ,ATA')}: code: 'AQ' was retracted and cannot be reused; --reinstate brings the same record back.`,
      `${whole.at('tools.json', '"octopus-platform"')}: /0/id: 'octopus-platform' was retracted and cannot be reused; ` +
        '--reinstate brings the same record back.',
    ]);

    const { tables, revision } = await loaded(cluster, database, whole.path, '--reinstate');
    assert.equal(revision, 'revision 2 -> 3');
    assert.deepEqual(differences(tables), {
      country: [1, 0, 0],
      country_name: [2, 0, 0],
      action: [1, 0, 0],
      tool: [1, 0, 0],
    });
    assert.equal((await loaded(cluster, database, whole.path)).revision, 'revision 3, unchanged');
  }));

test('adds and removes a paragraph with the rows that name it', () =>
  on('imported', async (database) => {
    const named = `SELECT id FROM article WHERE treaty = '185' AND article IN ('6.3.x', '6.3.x.y') ORDER BY id`;
    const f = new Folder().edit('statements.csv', 'AD-185-R-06', '6.3;', '6.3.x.y;');

    await loaded(cluster, database, f.path);
    assert.deepEqual(await query(database, named), [{ id: '185-6.3.x' }, { id: '185-6.3.x.y' }]);
    await loaded(cluster, database, data);
    assert.deepEqual(await query(database, named), []);
    await loaded(cluster, database, f.path);
    assert.deepEqual(await query(database, named), [{ id: '185-6.3.x' }, { id: '185-6.3.x.y' }]);
  }));

test('runs two imports one after the other', () =>
  on('migrated', async (database) => {
    const outcomes = await Promise.all([
      load(cluster, database, data),
      load(cluster, database, data),
    ]);

    for (const { code, stderr } of outcomes) assert.deepEqual([code, stderr], [0, '']);
    assert.deepEqual(outcomes.map(({ stdout }) => readLoaded(stdout).revision).sort(), [
      'revision 0 -> 1',
      'revision 1, unchanged',
    ]);
  }));

test('leaves nothing behind when it is killed', () =>
  on('migrated', async (database) => {
    const before = await content(cluster, database);
    const blocker = await cluster.connect(database);

    // Databases copied from one template have the same OIDs for their tables.
    const here = `database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
    // Tools are last: when the import waits for this table, it has written all others.
    await blocker.query('BEGIN; LOCK TABLE tool IN SHARE MODE');
    const killed = start(binary, ['import', data], {
      env: environment(cluster.url(database), {}),
      stdio: 'ignore',
    });
    await until('the import to wait for the last table', 60, async () => {
      const waiting = await query(
        database,
        `SELECT FROM pg_locks WHERE NOT granted AND relation = 'tool'::regclass AND ${here}`,
      );
      return waiting.length > 0;
    });
    assert.deepEqual(
      await query(
        database,
        `SELECT FROM pg_locks
         WHERE relation = 'action'::regclass AND mode = 'RowExclusiveLock' AND ${here}`,
      ),
      [{}],
    );
    killed.kill('SIGKILL');
    assert.equal((await ended(killed)).signal, 'SIGKILL');
    await blocker.query('ROLLBACK');
    await blocker.end();
    await until(
      'the server to notice',
      60,
      async () =>
        (
          await query(
            database,
            `SELECT FROM pg_stat_activity
             WHERE application_name = 'cybertreaty import' AND datname = current_database()`,
          )
        ).length === 0,
    );

    assert.equal(await content(cluster, database), before);
    assert.equal((await loaded(cluster, database, data)).revision, 'revision 0 -> 1');
  }));

test('exports the reference data byte for byte', () =>
  on('imported', async (database) => {
    const folder = newPath();
    const { code, stdout, stderr } = await exported(database, folder);
    const files = (path: string): string[] =>
      readdirSync(path, { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.(csv|json)$/.test(name))
        .sort();

    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /\nrevision 1\n$/);
    assert.deepEqual(files(folder), files(data));
    for (const name of files(data))
      assert.equal(
        readFileSync(join(folder, name), 'utf8'),
        readFileSync(join(data, name), 'utf8'),
        name,
      );

    const before = await content(cluster, database);
    assert.equal((await loaded(cluster, database, folder)).revision, 'revision 1, unchanged');
    assert.equal(await content(cluster, database), before);
  }));

test('exports French texts, texts of statements and special characters', () =>
  on('imported', async (database) => {
    const odd = `Une "citation", une virgule; et l'œil\nsur deux lignes`;

    await cluster.query(
      database,
      `UPDATE statement SET summary_fr = $1, text = $1, text_lang = 'fr', text_source_id = source_id
      WHERE id = 'NO-185-R-29'`,
      [odd],
    );
    for (const change of [
      `UPDATE country SET official_name_fr = 'Royaume de Norvège' WHERE code = 'NO'`,
      `UPDATE action SET note_fr = 'à vérifier' WHERE id = 'NO-185-signature'`,
      `UPDATE strategy SET title_fr = 'Stratégie', issued_by = '{"a \\"b\\"","c,d","e\\\\f"}' WHERE id = 'no-ncss-2019'`,
      `UPDATE strategy_priority SET title_fr = 'Prévention' WHERE strategy_id = 'no-ncss-2019' AND position = 1`,
      `UPDATE strategy_goal SET text_fr = E'Tab\\tet \\\\barre' WHERE strategy_id = 'no-ncss-2019' AND priority = 1`,
      `UPDATE tool SET summary_fr = 'Boîte à outils' WHERE id = 'octopus-platform'`,
      `INSERT INTO article_text (treaty, article, lang, kind, text, source_id)
       VALUES ('185', '6.1', 'fr', 'authentic', E'Chaque Partie\n"adopte"', 'coe-int-827aa5')`,
    ])
      assert.equal((await cluster.query(database, change)).rowCount, 1, change);

    const folder = newPath();
    assert.equal((await exported(database, folder)).code, 0);
    const { tables } = await loaded(cluster, database, folder);
    assert.deepEqual(differences(tables), {});

    const other = await cluster.database('migrated');
    await loaded(cluster, other, folder);
    const facts = async (name: string, table: string): Promise<unknown> =>
      await query(
        name,
        `SELECT to_jsonb(t) - '{revision,updated_at}'::text[] AS row FROM ${table} AS t ORDER BY 1`,
      );
    for (const table of TABLES)
      assert.deepEqual(await facts(other, table), await facts(database, table), table);
    await cluster.drop(other);
  }));

test('exports into a new or empty folder only', () =>
  on('imported', async (database) => {
    const f = new Folder().write('notes.txt', 'mine');
    const listing = (): string[] =>
      readdirSync(f.path, { recursive: true, encoding: 'utf8' }).sort();
    const before = listing();
    const { code, stderr } = await exported(database, f.path);
    assert.deepEqual([code, stderr], [1, `${f.path} is not empty.\n`]);
    assert.deepEqual(listing(), before);

    const empty = newPath();
    mkdirSync(empty);
    assert.equal((await exported(database, empty)).code, 0);
    assert.equal((await loaded(cluster, database, empty)).revision, 'revision 1, unchanged');
  }));

test('removes what a failed export wrote', () =>
  on('imported', async (database) => {
    const folder = newPath();
    const empty = newPath();
    mkdirSync(empty);
    // The tools are the last file.
    await cluster.query(database, 'ALTER TABLE tool RENAME COLUMN url TO address');
    for (const path of [folder, empty]) {
      const { code, stdout, stderr } = await exported(database, path);
      assert.equal(code, 1);
      assert.match(stdout, /^profiles\/ +\d+ files$/m);
      assert.equal(stderr, 'column t.url does not exist\n');
    }
    assert.equal(existsSync(folder), false);
    assert.deepEqual(readdirSync(empty), []);
  }));

test('reports an unsuitable folder of an export', () =>
  on('imported', async (database) => {
    const f = new Folder();
    const file = join(f.path, 'sources.csv');
    const { code, stderr } = await exported(database, file);
    assert.equal(code, 1);
    assert.match(stderr, /^Cannot open .*sources\.csv: Not a directory\.\n$/);

    assert.equal((await exported(database, join(newPath(), 'no', 'parent'))).code, 1);
    for (const args of [[], ['a', 'b'], ['--what', 'a'], ['--force']])
      assert.equal((await exported(database, ...args)).code, 2);
    const help = await exported(database, '--help');
    assert.deepEqual([help.code, help.stderr], [0, '']);
    assert.match(help.stdout, /must be empty, since/);
  }));
