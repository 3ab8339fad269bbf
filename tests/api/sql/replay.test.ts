// The rows that `change` rebuilds equal the tables, before and after each migration.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import type pg from 'pg';

import { root } from '../support/paths.js';
import { cluster } from './facts.js';

/** The last migration before those that rename and drop. */
const START = '0023_page_filters.sql';

const migrations = readdirSync(join(root, 'migrations'))
  .filter((file) => file.endsWith('.sql'))
  .sort();

/** Rows of every table that migrations rewrite: created, updated and retracted. */
const FACTS = `
  BEGIN;
  INSERT INTO source (id, url, retrieved_on) VALUES
    ('s', 'https://example.org/s', '2026-11-23'), ('gone', 'https://example.org/gone', '2026-11-23');
  INSERT INTO country (code, alpha3, numeric, name_en, coe_member, source_id) VALUES
    ('NO', 'NOR', '578', 'Norway', true, 's'), ('RO', 'ROU', '642', 'Romania', NULL, 's');
  INSERT INTO treaty (number, ets_ref, title_en, opened_on, acts_complete, source_id) VALUES
    ('185', 'ETS No. 185', 'Convention', '2001-11-23', true, 's'), ('189', 'ETS No. 189', 'Protocol', '2003-01-28', false, 's');
  INSERT INTO article (treaty, article, parent, title_en, source_id) VALUES
    ('185', '6', NULL, 'Misuse', 's'), ('185', '6.3', '6', NULL, 's'), ('185', '30', NULL, 'Other', 's');
  INSERT INTO action (id, country, treaty, action, source_id) VALUES ('a', 'NO', '185', 'ratification', 's');
  INSERT INTO statement (id, country, treaty, kind, hook, summary_en, text, text_lang, text_kind, source_id) VALUES
    ('with', 'NO', '185', 'reservation', '6.3', 'x', 'The text.', 'en', 'authentic', 's'),
    ('without', 'NO', '189', 'objection', NULL, 'x', NULL, NULL, NULL, 's'),
    ('retracted', 'NO', '185', 'reservation', '6.3', 'x', NULL, NULL, NULL, 's');
  INSERT INTO statement_article (statement_id, position, article, treaty, role) VALUES
    ('with', 1, '6.3', '185', 'hook'), ('with', 2, '6', '185', 'touches'), ('with', 3, '30', '185', 'touches'),
    ('retracted', 1, '6.3', '185', 'hook');
  INSERT INTO authority (id, country, treaty, article, role, name, source_id) VALUES
    ('x', 'NO', '185', '30', 'extradition', 'Ministry', 's');
  INSERT INTO strategy (id, country, title_en, kind, status, source_id) VALUES
    ('n', 'NO', 'Strategy', 'action_plan', 'unknown', 's');
  INSERT INTO strategy_priority (strategy_id, position, title_en) VALUES ('n', 1, 'First'), ('n', 2, 'Second');
  INSERT INTO tool (id, title, kind, url, source_id) VALUES ('t', 'Guide', 'guide', 'https://example.org/', 's');
  COMMIT;
  UPDATE country SET name_fr = 'Norvège', coe_member = NULL WHERE code = 'NO';
  UPDATE treaty SET acts_complete = false WHERE number = '185';
  UPDATE statement SET hook = NULL WHERE id = 'retracted';
  UPDATE statement_article SET role = 'touches' WHERE statement_id = 'retracted';
  DELETE FROM statement_article WHERE statement_id = 'with' AND position = 3;
  DELETE FROM statement WHERE id = 'retracted';
  DELETE FROM strategy_priority WHERE position = 2;
  DELETE FROM source WHERE id = 'gone'`;

/** The tables whose changes are recorded, with the columns of their keys. */
const TABLES = `
  SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS key
  FROM pg_class AS c
  JOIN pg_trigger AS t ON t.tgrelid = c.oid AND t.tgname = 'record_change'
  JOIN pg_index AS i ON i.indrelid = c.oid AND i.indisprimary
  JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
  GROUP BY c.relname ORDER BY c.relname`;

/** Rows without the columns that follow from the revision of the whole record. */
const rebuilt = (key: string[]): string => `
  SELECT r.row - '{revision,updated_at}'::text[] AS row
  FROM (SELECT DISTINCT ON (${key.map((_, i) => `coalesce(c.after, c.before) ->> $${i + 2}`).join()}) c.after AS row
    FROM change AS c WHERE c.relation = $1
    ORDER BY ${key.map((_, i) => `coalesce(c.after, c.before) ->> $${i + 2}`).join()}, c.revision DESC, c.ordinal DESC) AS r
  WHERE r.row IS NOT NULL ORDER BY r.row::text`;

async function assertReplays(client: pg.Client, after: string): Promise<void> {
  const { rows: tables } = await client.query<{ name: string; key: string[] }>(TABLES);
  assert.ok(tables.length >= 18, after);
  for (const { name, key } of tables) {
    const { rows: stored } = await client.query(
      `SELECT to_jsonb(t) - '{revision,updated_at}'::text[] AS row FROM ${name} AS t ORDER BY 1`,
    );
    const { rows: replayed } = await client.query(rebuilt(key), [name, ...key]);
    const sorted = (rows: { row: object }[]): string[] =>
      rows.map(({ row }) => JSON.stringify(row, Object.keys(row).sort())).sort();
    assert.deepEqual(sorted(replayed), sorted(stored), `${name} after ${after}`);
  }
}

test('rebuilds every table from the changes after each migration', async () => {
  const database = await cluster.database('empty');
  const client = await cluster.connect(database);
  try {
    for (const file of migrations) {
      const text = readFileSync(join(root, 'migrations', file), 'utf8');
      await client.query(`BEGIN;\n${text}\n;COMMIT`);
      if (file === START) await client.query(FACTS);
      if (file >= START) await assertReplays(client, file);
    }
    const { rows } = await client.query(
      `SELECT c.after ->> 'hook' AS hook, c.after ->> 'enabling_article' AS enabling FROM change AS c
       WHERE c.relation = 'statement' AND c.record = 'with' AND c.operation = 'create'`,
    );
    assert.deepEqual(rows, [{ hook: null, enabling: '6.3' }]);
  } finally {
    await client.end();
    await cluster.drop(database);
  }
});
