// next_change_on against the records themselves, asked for every day of a period.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { cluster, Facts } from './facts.js';

const facts = await Facts.create();
await facts.run('SET jit = off');

after(() => facts.drop());

/** The rows of statuses_on as text. In PL/pgSQL each day is a query for itself, as in the service. */
const CONTENT = `
  CREATE FUNCTION pg_temp.content_on(day date) RETURNS TABLE (country text, treaty text, content text)
  LANGUAGE plpgsql AS $$
  BEGIN
    RETURN QUERY SELECT s.country, s.treaty, s::text FROM statuses_on(day) AS s;
  END
  $$`;

/**
 * Compares status_next_change on some days with the days on which a row of statuses_on really differs
 * from that of the day before; returns the differences.
 */
const COMPARE = `
  WITH changed AS MATERIALIZED (
    SELECT k.country, k.treaty, k.day
    FROM (SELECT d::date AS day, s.*,
            lag(s.content) OVER (PARTITION BY s.country, s.treaty ORDER BY d) AS before
          FROM generate_series($1::date, $2::date, '1 day') AS d, pg_temp.content_on(d::date) AS s) AS k
    WHERE k.before <> k.content
  )
  SELECT concat_ws(' ', r.country, r.treaty, r.day, 'says', r.said, 'is', r.real) AS difference
  FROM (
    SELECT a.day, s.country, s.treaty,
      status_next_change(s.country, s.treaty, s.content, n.turns) AS said,
      (SELECT min(c.day) FROM changed AS c
       WHERE c.country = s.country AND c.treaty = s.treaty AND c.day > a.day) AS real
    FROM (SELECT d::date AS day FROM generate_series($1::date, $2::date, $3::interval) AS d) AS a
    CROSS JOIN pg_temp.content_on(a.day) AS s
    LEFT JOIN status_turns(a.day) AS n ON n.country = s.country AND n.treaty = s.treaty
  ) AS r
  WHERE r.real IS DISTINCT FROM CASE WHEN r.said <= $2::date THEN r.said END`;

await facts.run(CONTENT);

/** Acts under a treaty: action and date; without a date they were known by 2010-03-15 or 2020-05-05. */
const histories: Record<string, [string, string | null, ('stated' | 'read')?][]> = {
  'a dated consent': [
    ['signature', '2008-02-01'],
    ['ratification', '2010-01-31'],
  ],
  'a recorded entry into force of an undated consent': [
    ['signature', null, 'stated'],
    ['ratification', null, 'read'],
    ['entry_into_force', '2012-06-01'],
  ],
  'an undated consent alone': [['accession', null, 'stated']],
  'a denunciation and a second consent': [
    ['accession', '2008-01-15'],
    ['denunciation', '2011-11-30'],
    ['accession', '2014-03-01'],
  ],
  'an undated denunciation': [
    ['accession', '2008-01-15'],
    ['denunciation', null, 'read'],
  ],
  'an invitation that ends': [['invitation', '2014-02-28']],
  'an invitation from before the terms': [['invitation', '2012-02-29']],
  'an undated invitation': [['invitation', null, 'stated']],
  'an accession after an invitation': [
    ['invitation', '2013-05-01'],
    ['accession', '2017-08-31'],
  ],
  'a withdrawn signature': [
    ['signature', '2010-05-05'],
    ['withdrawal_of_signature', '2013-07-07'],
  ],
  'an undated withdrawal of a signature': [
    ['signature', '2010-05-05'],
    ['withdrawal_of_signature', null, 'read'],
  ],
  'a succession': [['succession', '2011-06-03']],
  'an undated succession': [
    ['succession', null, 'stated'],
    ['entry_into_force', '2013-01-01'],
  ],
  'an undated entry into force': [
    ['accession', null, 'stated'],
    ['entry_into_force', null, 'read'],
  ],
};

async function record(treaty: string, acts: (typeof histories)[string]): Promise<void> {
  for (const [i, [action, date, source = 'stated']] of acts.entries())
    await facts.run(
      `INSERT INTO action (id, country, treaty, action, date, source_id) VALUES ($1, 'NO', $2, $3, $4, $5)`,
      [`${treaty}-${i}`, treaty, action, date, source],
    );
}

for (const [history, acts] of Object.entries(histories))
  test(`finds the next change after ${history}`, async () => {
    const differences = await facts.undone(async () => {
      await record('185', acts);
      await facts.run(
        `INSERT INTO membership (organisation, country, member_from, member_to, source_id)
         VALUES ('CoE', 'RO', '2010-10-07', '2016-03-16', 'stated')`,
      );
      await facts.run('UPDATE treaty SET invitations_complete = false');
      return facts.run(COMPARE, ['2009-12-01', '2020-12-31', '61 days']);
    });

    assert.deepEqual(differences, []);
  });

test('finds the next change under a protocol, also by what holds under the Convention', async () => {
  const differences = await facts.undone(async () => {
    await record('185', histories['an accession after an invitation'] ?? []);
    await record('189', [
      ['accession', '2018-01-10'],
      ['denunciation', '2019-06-30'],
    ]);
    return facts.run(COMPARE, ['2012-12-01', '2020-12-31', '31 days']);
  });

  assert.deepEqual(differences, []);
});

test('finds the next change of a territory by declarations and their withdrawal', async () => {
  const differences = await facts.undone(async () => {
    await record('185', histories['a denunciation and a second consent'] ?? []);
    for (const [id, effective, withdrawn] of [
      ['one', '2009-03-01', '2010-08-20'],
      ['two', '2010-05-01', null],
    ])
      await facts.run(
        `INSERT INTO statement (id, country, treaty, kind, territories, effective_from, withdrawn_on, summary_en, source_id)
         VALUES ($1, 'NO', '185', 'territorial', '{FO}', $2, $3, 'x', 'stated')`,
        [id, effective, withdrawn],
      );
    await facts.run(
      `INSERT INTO territory_effect (id, territory, treaty, effect, effect_from, statement, source_id) VALUES
         ('a', 'FO', '185', 'does_not_apply', '2009-03-01', 'one', 'stated'),
         ('b', 'FO', '185', 'applies', '2010-05-01', 'two', 'stated')`,
    );
    return facts.run(COMPARE, ['2009-01-01', '2015-12-31', '13 days']);
  });

  assert.deepEqual(differences, []);
});

/** Worked by hand: the day asked for, and the next change. */
test('returns the days of the rules', async () => {
  const next = (day: string): Promise<string | null> =>
    facts.value(
      `SELECT status_next_change('NO', '185', s.content, n.turns)::text
       FROM pg_temp.content_on($1::date) AS s
       LEFT JOIN status_turns($1::date) AS n ON n.country = 'NO' AND n.treaty = '185'
       WHERE s.country = 'NO' AND s.treaty = '185'`,
      [day],
    );

  await facts.undone(async () => {
    await record('185', histories['a dated consent'] ?? []);
    assert.equal(await next('2001-11-22'), '2008-02-01');
    assert.equal(await next('2008-01-31'), '2008-02-01');
    assert.equal(await next('2008-02-01'), '2010-01-31');
    assert.equal(await next('2010-01-30'), '2010-01-31');
    // Three full months after 31 January end in April.
    assert.equal(await next('2010-01-31'), '2010-05-01');
    assert.equal(await next('2010-04-30'), '2010-05-01');
    assert.equal(await next('2010-05-01'), null);
  });
  await facts.undone(async () => {
    await record('185', histories['an invitation that ends'] ?? []);
    assert.equal(await next('2014-02-27'), '2014-02-28');
    assert.equal(await next('2014-02-28'), '2019-02-28');
    assert.equal(await next('2019-02-28'), null);
  });
});

test('returns the next day on which a statement begins or ceases to be in force', async () => {
  const next = (id: string, day: string): Promise<string | null> =>
    facts.value(
      'SELECT statement_next_change(s, $2::date)::text FROM statement AS s WHERE s.id = $1',
      [id, day],
    );

  await facts.undone(async () => {
    for (const [id, made, from, until, by] of [
      ['old', '2006-06-30', '2006-10-01', null, '{new,late}'],
      ['new', '2010-01-01', '2010-02-01', '2012-03-04', '{}'],
      ['late', '2011-01-01', null, null, '{}'],
      ['undated', null, null, null, '{}'],
      ['never', '2015-01-01', '2016-01-01', '2016-01-01', '{}'],
    ])
      await facts.run(
        `INSERT INTO statement (id, country, treaty, kind, made_on, effective_from, withdrawn_on, superseded_by, summary_en, source_id)
         VALUES ($1, 'NO', '185', 'declaration', $2, $3, $4, $5, 'x', 'stated')`,
        [id, made, from, until, by],
      );
    assert.equal(await next('old', '2006-09-30'), '2006-10-01');
    assert.equal(await next('old', '2006-10-01'), '2010-02-01');
    assert.equal(await next('old', '2010-02-01'), null);
    assert.equal(await next('new', '2010-01-01'), '2010-02-01');
    assert.equal(await next('new', '2010-02-01'), '2012-03-04');
    assert.equal(await next('new', '2012-03-04'), null);
    assert.equal(await next('late', '2010-12-31'), '2011-01-01');
    assert.equal(await next('late', '2011-01-01'), null);
    assert.equal(await next('undated', '2010-01-01'), null);
    // Withdrawn on the day of its effect: it never is in force.
    assert.equal(await next('never', '2015-06-01'), null);
  });
});

test('finds the next change of every row of the reference data', async () => {
  const database = await cluster.database('imported');
  const client = await cluster.connect(database);

  try {
    await client.query('SET jit = off');
    await client.query(CONTENT);
    for (const [from, to] of [
      ['2004-06-01', '2004-12-31'],
      ['2022-04-01', '2022-07-31'],
      ['2024-09-01', '2024-11-30'],
      ['2026-10-01', '2027-11-30'],
    ])
      assert.deepEqual(
        (await client.query(COMPARE, [from, to, '61 days'])).rows,
        [],
        `${from} to ${to}`,
      );
  } finally {
    await client.end();
    await cluster.drop(database);
  }
});
