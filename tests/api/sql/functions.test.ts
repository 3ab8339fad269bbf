// The functions that the read queries share.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { Facts } from './facts.js';

const facts = await Facts.create();
after(() => facts.drop());

test('localised returns the wanted language, else the other one, and which it is', async () => {
  const cases = [
    ['en', 'fr', 'en', 'en', 'en'],
    ['en', 'fr', 'fr', 'fr', 'fr'],
    ['en', null, 'fr', 'en', 'en'],
    [null, 'fr', 'en', 'fr', 'fr'],
    [null, null, 'en', null, null],
    [null, null, 'fr', null, null],
  ];
  for (const [en, fr, lang, text, of] of cases) {
    const [row] = await facts.run(
      'SELECT localised($1, $2, $3) AS text, localised_lang($1, $2, $3) AS lang',
      [en, fr, lang],
    );
    assert.deepEqual(row, { text, lang: of });
  }
});

test('fold removes case, accents and ligatures', async () => {
  const cases = {
    Türkiye: 'turkiye',
    'ÉTATS-UNIS': 'etats-unis',
    Åland: 'aland',
    Curaçao: 'curacao',
    Øresund: 'oresund',
    Łódź: 'lodz',
    Cœur: 'coeur',
    Æsir: 'aesir',
    Straße: 'strasse',
    İstanbul: 'istanbul',
    'Côte d’Ivoire': "cote d'ivoire",
    'e\u0301te\u0301': 'ete',
    ﬁn: 'fin',
    'Đà Nẵng': 'da nang',
    Москва: 'москва',
    '': '',
  };
  for (const [text, folded] of Object.entries(cases))
    assert.equal(await facts.value('SELECT fold($1)', [text]), folded);
});

test('article_fits matches an equal article or one continued after a dot', async () => {
  const cases: [string, string[], boolean][] = [
    ['6', ['6'], true],
    ['6.3', ['6'], true],
    ['6.1.a.i', ['6'], true],
    ['64', ['6'], false],
    ['16', ['6'], false],
    ['29', ['29.4'], false],
    ['29.4', ['29.4'], true],
    ['29.4.a', ['29.4'], true],
    ['29.41', ['29.4'], false],
    ['2934', ['29.4'], false],
    ['9.4', ['6', '9'], true],
    ['7', ['6', '9'], false],
    ['7', [], false],
  ];
  for (const [article, wanted, fits] of cases)
    assert.equal(
      await facts.value('SELECT article_fits($1, $2)', [article, wanted]),
      fits,
      `${article} in ${wanted.join()}`,
    );
});

test('statement_enabling_article returns the provision that allows a statement', async () => {
  const cases: [string, string, string[], string | null][] = [
    ['185', 'reservation', ['6.3', '6.1.a', '6.1.b'], '185 6.3'],
    ['185', 'declaration', ['6.1.b', '6.3'], '185 6.1.b'],
    ['185', 'reservation', ['14.3.a', '20'], '185 14.3'],
    ['185', 'declaration', ['40', '2'], '185 2'],
    ['185', 'declaration', ['3.1'], '185 3'],
    ['185', 'reservation', ['9.2.b', '9.2.c'], '185 9.4'],
    ['185', 'declaration', ['9.3'], '185 9.3'],
    ['185', 'reservation', ['20'], '185 14.3'],
    ['185', 'reservation', ['21', '20'], '185 14.3'],
    ['185', 'reservation', ['22.1.d'], '185 22.2'],
    ['185', 'reservation', ['6.1.a'], '185 6.3'],
    ['185', 'reservation', ['10'], '185 10.3'],
    ['185', 'reservation', ['5.2.b', '11.2'], '185 11.3'],
    ['185', 'reservation', ['9.2.b', '29.4'], '185 29.4'],
    ['185', 'reservation', ['64'], null],
    ['185', 'authority', ['24.7'], null],
    ['185', 'declaration', ['27.9.e'], '185 27.9.e'],
    ['185', 'declaration', ['27.9'], '185 27.9.e'],
    ['185', 'reservation', ['27.9'], null],
    ['185', 'reservation', [], null],
    // An article above enabling ones stands for the first that permits the kind.
    ['185', 'reservation', ['6'], '185 6.3'],
    ['185', 'declaration', ['6'], '185 6.1.b'],
    ['185', 'reservation', ['9'], '185 9.4'],
    ['185', 'declaration', ['9'], '185 9.3'],
    ['185', 'reservation', ['6', '29.4'], '185 6.3'],
    ['189', 'reservation', ['6.2', '6.1'], '189 6.2.b'],
    ['189', 'declaration', ['6.2'], '189 6.2.a'],
    ['189', 'reservation', ['3'], '189 3.2'],
    ['189', 'reservation', ['3.3', '3.1'], '189 3.3'],
    ['189', 'declaration', ['12.1'], '189 12.1'],
    ['189', 'declaration', ['5.2.a', '12.3', '5.1'], '189 5.2.a'],
    ['189', 'territorial', ['14'], null],
    ['189', 'declaration', ['6.1'], null],
    // Articles of the Convention with respect to the First Protocol.
    ['189', 'reservation', ['22.2'], '185 22.2'],
    ['189', 'reservation', ['22'], '185 22.2'],
    ['189', 'reservation', ['41.1.a'], '185 41.1'],
    ['189', 'reservation', ['29.4'], null],
    ['224', 'reservation', ['7.9.a', '7'], '224 7.9.a'],
    ['224', 'declaration', ['8.11', '8', '19.2'], '224 8.11'],
    // An authority counts as a communication.
    ['224', 'authority', ['8.10'], '224 8.10.a'],
    ['224', 'communication', ['14.10'], '224 14.10.b'],
    ['224', 'authority', ['6.6', '6.5'], '224 6.6'],
    ['224', 'authority', ['14.7.c', '14.7.b'], '224 14.7.c'],
    ['224', 'reservation', ['8'], null],
  ];
  for (const [treaty, kind, articles, enabling] of cases)
    assert.equal(
      await facts.value(
        `SELECT (SELECT e.enabling_treaty || ' ' || e.enabling_article
           FROM statement_enabling_article($1, $2, $3) AS e)`,
        [treaty, kind, articles],
      ),
      enabling,
      `${treaty} ${kind} ${articles.join()}`,
    );
});

test('named_article_treaty assigns Articles 22 and 41 in statements under 189 to the Convention', async () => {
  const cases: [string, string, string][] = [
    ['189', '22', '185'],
    ['189', '22.2', '185'],
    ['189', '41.1.a', '185'],
    ['189', '2', '189'],
    ['189', '4', '189'],
    ['185', '22.2', '185'],
    ['224', '22.2', '224'],
  ];
  for (const [statement, article, treaty] of cases)
    assert.equal(
      await facts.value('SELECT named_article_treaty($1, $2)', [statement, article]),
      treaty,
      `${statement} ${article}`,
    );
});

test('memberships_on follows half-open periods, and is unknown while an end is not on record', () =>
  facts.undone(async () => {
    await facts.run(`INSERT INTO membership (organisation, country, member_from, member_to, source_id) VALUES
      ('CoE', 'NO', '1949-05-05', NULL, 'stated'), ('CoE', 'FO', '1996-02-28', '2022-03-16', 'stated'),
      ('CoE', 'RO', '1949-08-09', NULL, 'stated'), ('CoE', 'RO', '1974-11-28', NULL, 'stated'),
      ('EU', 'RO', '2007-01-01', NULL, 'stated')`);
    const cases: [string, string, string, boolean | null][] = [
      ['NO', 'CoE', '1949-05-04', false],
      ['NO', 'CoE', '1949-05-05', true],
      ['FO', 'CoE', '1996-02-27', false],
      ['FO', 'CoE', '1996-02-28', true],
      ['FO', 'CoE', '2022-03-15', true],
      ['FO', 'CoE', '2022-03-16', false],
      ['RO', 'CoE', '1949-08-08', false],
      ['RO', 'CoE', '1960-01-01', null],
      ['RO', 'CoE', '1974-11-27', null],
      ['RO', 'CoE', '1974-11-28', true],
      ['RO', 'EU', '2006-12-31', false],
      ['RO', 'EU', '2007-01-01', true],
    ];
    for (const [country, organisation, day, member] of cases)
      assert.equal(
        await facts.value(
          'SELECT m.member FROM memberships_on($3) AS m WHERE m.country = $1 AND m.organisation = $2',
          [country, organisation, day],
        ),
        member,
        `${country} ${organisation} ${day}`,
      );
  }));

test('source_json returns seven fields in order, unknown ones as null', async () => {
  const text = `SELECT source_json($1)::text`;
  assert.equal(
    await facts.value<string>(text, ['read']),
    '{"id" : "read", "url" : "https://example.org/read", "title" : null, "publisher" : null, "kind" : null, "as_of" : null, "retrieved_on" : "2020-05-05"}',
  );
  assert.equal(await facts.value(text, ['missing']), null);
});

test('articles_under returns the recorded articles that match or continue the wanted ones', () =>
  facts.undone(async () => {
    const text = `SELECT array_agg(u.treaty || ' ' || u.article ORDER BY u.article) FROM articles_under($1) AS u`;
    await facts.run(`INSERT INTO article (treaty, article, parent, source_id)
      VALUES ('185', '91', NULL, 'stated'), ('185', '91.1', '91', 'stated'), ('185', '91.1.a', '91.1', 'stated'),
        ('185', '91.11', '91', 'stated'), ('189', '91', NULL, 'stated')`);
    assert.deepEqual(await facts.value(text, [['91.1']]), ['185 91.1', '185 91.1.a']);
    assert.deepEqual(await facts.value(text, [['91.11', '91.1.a']]), ['185 91.1.a', '185 91.11']);
    assert.equal(await facts.value(text, [['92', '91.2']]), null);
  }));

test('treaties_open_on includes a treaty from its opening day', async () => {
  const text = `SELECT treaties_open_on(t.opened_on + $1::integer) @> ARRAY['185'] FROM treaty AS t WHERE t.number = '185'`;
  assert.equal(await facts.value(text, [-1]), false);
  assert.equal(await facts.value(text, [0]), true);
});

test('change_operation returns update for a part that is added or removed', async () => {
  const cases: [string, string, string][] = [
    ['statement', 'create', 'create'],
    ['statement', 'retract', 'retract'],
    ['statement_article', 'create', 'update'],
    ['statement_article', 'retract', 'update'],
    ['strategy_goal', 'update', 'update'],
    ['country_name', 'create', 'update'],
    ['territory_effect', 'retract', 'update'],
  ];
  for (const [relation, operation, shown] of cases)
    assert.equal(
      await facts.value('SELECT change_operation($1, $2)', [relation, operation]),
      shown,
      `${operation} ${relation}`,
    );
});

/** One statement of Norway with these dates; the superseding one takes effect on `superseded`. */
interface Dates {
  made?: string;
  effective?: string;
  withdrawn?: string;
  superseded?: string | null;
}

async function statement({ made, effective, withdrawn, superseded }: Dates): Promise<void> {
  const insert = `INSERT INTO statement (id, country, treaty, kind, summary_en, source_id, made_on, effective_from, withdrawn_on, superseded_by)
    VALUES ($1, 'NO', '185', 'declaration', 'x', 'stated', $2, $3, $4, $5)`;
  if (superseded !== undefined) await facts.run(insert, ['new', null, superseded, null, []]);
  await facts.run(insert, [
    'old',
    made,
    effective,
    withdrawn,
    superseded === undefined ? [] : ['new'],
  ]);
}

test('statement_in_force returns true, false and null at every boundary', async () => {
  const cases: [string, Dates, Record<string, boolean | null>][] = [
    ['nothing known', {}, { '2010-01-01': null }],
    ['effective', { effective: '2010-01-01' }, { '2009-12-31': false, '2010-01-01': true }],
    ['made only', { made: '2010-01-01' }, { '2009-12-31': false, '2010-01-01': null }],
    [
      'withdrawn',
      { effective: '2010-01-01', withdrawn: '2012-01-01' },
      { '2011-12-31': true, '2012-01-01': false },
    ],
    [
      'withdrawn, start unknown',
      { withdrawn: '2012-01-01' },
      { '2011-12-31': null, '2012-01-01': false },
    ],
    [
      'superseded',
      { effective: '2010-01-01', superseded: '2013-01-01' },
      { '2012-12-31': true, '2013-01-01': false },
    ],
    [
      'superseded, start unknown',
      { superseded: '2013-01-01' },
      { '2012-12-31': null, '2013-01-01': false },
    ],
    [
      'superseded, no day known',
      { effective: '2010-01-01', superseded: null },
      { '2009-12-31': false, '2010-01-01': true },
    ],
  ];
  for (const [what, dates, on] of cases)
    await facts.undone(async () => {
      await statement(dates);
      for (const [day, wanted] of Object.entries(on))
        assert.equal(
          await facts.value(
            `SELECT statement_in_force(s, $1) FROM statement AS s WHERE s.id = 'old'`,
            [day],
          ),
          wanted,
          `${what}, ${day}`,
        );
    });
});

test("statement_shown begins at the first known date, the State's first act or the opening", async () => {
  const act = `INSERT INTO action (id, country, treaty, action, date, source_id) VALUES ('1', 'NO', '185', 'signature', '2003-05-05', 'stated')`;
  const cases: [string, Dates, string | null, Record<string, boolean>][] = [
    [
      'made',
      { made: '2010-01-01', effective: '2011-01-01' },
      act,
      { '2009-12-31': false, '2010-01-01': true },
    ],
    [
      'effective only',
      { effective: '2011-01-01' },
      act,
      { '2010-12-31': false, '2011-01-01': true },
    ],
    ['undated, after the first act', {}, act, { '2003-05-04': false, '2003-05-05': true }],
    ['undated, no act', {}, null, { '2001-11-22': false, '2001-11-23': true }],
    [
      'withdrawn ones stay',
      { made: '2010-01-01', withdrawn: '2012-01-01' },
      act,
      { '2020-01-01': true },
    ],
    [
      'superseded ones stay',
      { made: '2010-01-01', superseded: '2012-01-01' },
      act,
      { '2020-01-01': true },
    ],
    [
      'before the opening',
      { made: '2001-01-01' },
      null,
      { '2001-11-22': false, '2001-11-23': true },
    ],
  ];
  for (const [what, dates, before, on] of cases)
    await facts.undone(async () => {
      if (before) await facts.run(before);
      await statement(dates);
      for (const [day, wanted] of Object.entries(on))
        assert.equal(
          await facts.value(
            `SELECT statement_shown(s, $1, treaties_open_on($1), (SELECT min(a.date) FROM action AS a
               WHERE a.country = s.country AND a.treaty = s.treaty)) FROM statement AS s WHERE s.id = 'old'`,
            [day],
          ),
          wanted,
          `${what}, ${day}`,
        );
    });
});

test('read functions use another schema that comes first in search_path', () =>
  facts.undone(async () => {
    await facts.run(`CREATE SCHEMA history; CREATE VIEW history.action AS SELECT * FROM public.action WHERE false;
      INSERT INTO action (id, country, treaty, action, date, source_id) VALUES ('1', 'NO', '185', 'accession', '2010-01-01', 'stated')`);
    const text = `SELECT state FROM status_on('185', '2026-11-23') WHERE country = 'NO'`;
    assert.equal(await facts.value(text), 'party');
    await facts.run('SET LOCAL search_path = history, public');
    assert.equal(await facts.value(text), 'none');
  }));
