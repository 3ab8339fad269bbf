// Properties of the whole schema: documentation, comments, indexes and constraints.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { join } from 'node:path';

import { postgresBin, root } from '../support/paths.js';
import { run } from '../support/processes.js';
import { Facts, cluster } from './facts.js';

const facts = await Facts.create();
after(() => facts.drop());

test('matches docs/schema.sql after all migrations', async () => {
  const { code, stdout, stderr } = await run(
    join(root, 'tests/schema_dump'),
    ['--check', cluster.url(facts.name)],
    { env: { PATH: process.env['PATH'], PG_DUMP: join(postgresBin(), 'pg_dump') } },
  );
  assert.equal(code, 0, stdout + stderr);
});

test('matches docs/data-model.md after all migrations', async () => {
  const { code, stdout, stderr } = await run(
    join(root, 'tests/data_model'),
    ['--check', cluster.url(facts.name)],
    { env: { PATH: process.env['PATH'], PSQL: join(postgresBin(), 'psql') } },
  );
  assert.equal(code, 0, stdout + stderr);
});

test('has a comment on every table, column, function and procedure', async () => {
  const missing = await facts.run(`
    SELECT c.relname || coalesce('.' || a.attname, '') AS name
    FROM pg_class AS c
    LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
      AND (obj_description(c.oid, 'pg_class') IS NULL OR col_description(c.oid, a.attnum) IS NULL)
    UNION ALL
    SELECT p.proname FROM pg_proc AS p
    WHERE p.pronamespace = 'public'::regnamespace AND obj_description(p.oid, 'pg_proc') IS NULL`);
  assert.deepEqual(missing, []);
});

test('has an index for every foreign key of a record', async () => {
  // The columns of the key, in any order, are the first of an index.
  const missing = await facts.run(`
    SELECT k.conrelid::regclass::text AS relation, k.conname
    FROM pg_constraint AS k
    WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT FROM pg_index AS i WHERE i.indrelid = k.conrelid
        AND (i.indkey::int2[])[0:0] <@ k.conkey)`);
  assert.deepEqual(missing, []);
});

test('fixes the search_path of SECURITY DEFINER functions', async () => {
  const loose = await facts.run(`
    SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef
      AND NOT 'search_path=pg_catalog, public, pg_temp' = ANY (coalesce(proconfig, '{}'))`);
  assert.deepEqual(loose, []);
});

test('rejects malformed values and values outside closed sets', async () => {
  const cases: [string, RegExp][] = [
    [
      `INSERT INTO source (id, url, retrieved_on) VALUES ('has space', 'https://example.org/', '2020-01-01')`,
      /source_id_check/,
    ],
    [
      `INSERT INTO source (id, url, retrieved_on) VALUES ('x', 'example.org', '2020-01-01')`,
      /source_url_check/,
    ],
    [`UPDATE country SET alpha3 = 'NO' WHERE code = 'NO'`, /country_alpha3_check/],
    [`UPDATE country SET name_fr = '' WHERE code = 'NO'`, /country_name_fr_check/],
    [`UPDATE country SET source_id = 'missing' WHERE code = 'NO'`, /country_source_id_fkey/],
    [
      `INSERT INTO action (id, country, treaty, action, source_id) VALUES ('x', 'NO', '185', 'wish', 'stated')`,
      /action_action_check/,
    ],
    [
      `INSERT INTO action (id, country, treaty, action, source_id) VALUES ('x', 'ZZ', '185', 'signature', 'stated')`,
      /action_country_fkey/,
    ],
    [
      `INSERT INTO action (id, country, treaty, action, source_id) VALUES ('x', 'NO', '108', 'signature', 'stated')`,
      /action_treaty_fkey/,
    ],
    [
      `INSERT INTO article (treaty, article, source_id) VALUES ('185', '29(4)', 'stated')`,
      /article_article_check/,
    ],
    [
      `INSERT INTO article (treaty, article, source_id) VALUES ('185', '29.5', 'stated')`,
      /article_lies_under_parent/,
    ],
    [
      `INSERT INTO article (treaty, article, parent, source_id) VALUES ('185', '30.1', '30', 'stated')`,
      /article_treaty_parent_fkey/,
    ],
    [
      `INSERT INTO enabling_article VALUES ('185', '185', '1', 'wish', '42')`,
      /enabling_article_permits_check/,
    ],
    [
      `INSERT INTO membership VALUES ('UN', 'NO', '2001-01-01', NULL, NULL, 'stated')`,
      /membership_organisation_check/,
    ],
    [
      `INSERT INTO membership VALUES ('EU', 'NO', '2001-01-01', '2001-01-01', NULL, 'stated')`,
      /membership_check/,
    ],
    [
      `UPDATE country SET type = 'territory' WHERE code = 'NO'`,
      /country_territory_has_responsible_state/,
    ],
    [
      `UPDATE country SET type = 'state', responsible_state = 'RO' WHERE code = 'FO'`,
      /country_territory_has_responsible_state/,
    ],
    [
      `UPDATE country SET type = 'territory', responsible_state = 'FO' WHERE code = 'FO'`,
      /country_is_not_responsible_for_itself/,
    ],
    [
      `INSERT INTO statement (id, country, treaty, kind, enabling_treaty, enabling_article, summary_en, source_id) VALUES ('x', 'NO', '185', 'reservation', '185', '6', 'x', 'stated')`,
      /statement_treaty_enabling_treaty_enabling_article_fkey/,
    ],
    [
      `INSERT INTO statement (id, country, treaty, kind, text, summary_en, source_id) VALUES ('x', 'NO', '185', 'reservation', 'x', 'x', 'stated')`,
      /statement_text_has_language_and_source/,
    ],
    [
      `INSERT INTO statement (id, country, treaty, kind, text_kind, summary_en, source_id) VALUES ('x', 'NO', '185', 'reservation', 'authentic', 'x', 'stated')`,
      /statement_text_has_language_and_source/,
    ],
    [
      `INSERT INTO statement (id, country, treaty, kind, wording_lang, summary_en, source_id) VALUES ('x', 'NO', '185', 'reservation', 'en', 'x', 'stated')`,
      /statement_wording_language_has_source/,
    ],
    [
      `INSERT INTO statement (id, country, treaty, kind, enabling_article, summary_en, source_id) VALUES ('x', 'NO', '185', 'reservation', '6.3', 'x', 'stated')`,
      /statement_enabling_article_has_treaty/,
    ],
    [
      `INSERT INTO authority (id, country, treaty, article, role, name, source_id) VALUES ('x', 'NO', '185', '30', 'extradition', 'x', 'stated')`,
      /authority_treaty_article_fkey/,
    ],
    [
      `INSERT INTO strategy (id, country, title_en, kind, status, period_from, period_to, source_id) VALUES ('x', 'NO', 'x', 'action_plan', 'unknown', '2020', '2019', 'stated')`,
      /strategy_period_is_in_order/,
    ],
    [
      `INSERT INTO court_case (id, country, source_id) VALUES ('x', 'NO', 'stated')`,
      /court_case_has_title_or_citation/,
    ],
    [`INSERT INTO dataset_revision VALUES (5, '5', now())`, /dataset_revision_one_row/],
  ];
  for (const [text, reason] of cases) await assert.rejects(facts.run(text), reason, text);
  assert.equal(await facts.revision(), 1);
});

test('rejects references of strategies and authorities to other countries', async () =>
  facts.undone(async () => {
    await facts.run(
      `INSERT INTO strategy (id, country, title_en, kind, status, source_id) VALUES ('ro-1', 'RO', 'x', 'action_plan', 'unknown', 'stated')`,
    );
    await facts.run(
      `INSERT INTO statement (id, country, treaty, kind, summary_en, source_id) VALUES ('RO-1', 'RO', '185', 'authority', 'x', 'stated')`,
    );
    for (const [text, reason] of [
      [
        `INSERT INTO strategy (id, country, title_en, kind, status, supersedes, source_id) VALUES ('no-1', 'NO', 'x', 'action_plan', 'unknown', 'ro-1', 'stated')`,
        /strategy_supersedes_country_fkey/,
      ],
      [
        `INSERT INTO authority (id, country, treaty, article, role, name, statement_id, source_id) VALUES ('x', 'NO', '185', '29', 'extradition', 'x', 'RO-1', 'stated')`,
        /authority_statement_id_country_treaty_fkey/,
      ],
    ] as const) {
      await facts.run('SAVEPOINT s');
      await assert.rejects(facts.run(text), reason);
      await facts.run('ROLLBACK TO s');
    }
  }));
