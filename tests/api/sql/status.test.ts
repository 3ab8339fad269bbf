// The ten rules of status_on on invented acts, on the days around every boundary.
//
// 185 opened on 2001-11-23 and is in force since 2004-07-01; 189 opened on 2003-01-28, in force
// since 2006-03-01, its acts incomplete; 224 opened on 2022-05-12, not in force. An act without a
// date comes from a source that states 2010-03-15, or from one that was read on 2020-05-05.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { Facts } from './facts.js';

/** Action, date, source; the treaty is that of the case. */
type Act = [action: string, date: string | null, source?: 'stated' | 'read'];

interface Case {
  rule: string;
  treaty?: string;
  acts: Act[];
  /** Acts under the Convention, for cases of a protocol. */
  convention?: Act[];
  /** State, and basis where it is not `recorded`. */
  on: Record<string, string>;
}

const cases: Case[] = [
  {
    rule: '1: none before the treaty was opened, whatever is on record',
    acts: [
      ['signature', '2001-11-01'],
      ['ratification', null, 'stated'],
    ],
    on: { '2001-11-22': 'none', '2001-11-23': 'unknown' },
  },
  {
    rule: '1: none before a protocol with an incomplete record was opened',
    treaty: '189',
    acts: [],
    convention: [
      ['accession', '2002-01-15'],
      ['entry_into_force', '2002-06-01'],
    ],
    on: { '2003-01-27': 'none', '2003-01-28': 'unknown' },
  },
  {
    rule: '2: a denunciation takes effect on the first day of the month after three full months',
    acts: [
      ['signature', '2001-11-23'],
      ['ratification', '2006-06-30'],
      ['entry_into_force', '2006-10-01'],
      ['denunciation', '2015-01-31'],
    ],
    on: {
      '2015-01-30': 'party',
      '2015-01-31': 'party',
      '2015-04-30': 'party',
      '2015-05-01': 'former_party computed',
      '2026-01-01': 'former_party computed',
    },
  },
  {
    rule: '2: an undated denunciation has certainly taken effect three full months after it was known',
    acts: [
      ['accession', '2006-06-30'],
      ['entry_into_force', '2006-10-01'],
      ['denunciation', null, 'stated'],
    ],
    on: { '2010-03-15': 'party', '2010-06-30': 'party', '2010-07-01': 'former_party computed' },
  },
  {
    rule: '2: who joins again after a denunciation is a party again',
    acts: [
      ['accession', '2006-06-30'],
      ['entry_into_force', '2006-10-01'],
      ['denunciation', '2010-01-15'],
      ['accession', '2014-02-10'],
      ['entry_into_force', '2014-06-01'],
    ],
    on: {
      '2010-04-30': 'party',
      '2010-05-01': 'former_party computed',
      '2014-05-31': 'former_party computed',
      '2014-06-01': 'party',
    },
  },
  {
    rule: '2: who joins again without a recorded entry into force is a party again by computation',
    acts: [
      ['accession', '2006-06-30'],
      ['entry_into_force', '2006-10-01'],
      ['denunciation', '2010-01-15'],
      ['accession', '2014-02-10'],
    ],
    on: { '2014-05-31': 'former_party computed', '2014-06-01': 'party computed' },
  },
  {
    rule: '3: a recorded entry into force counts, also where another day would be computed',
    acts: [
      ['signature', '2001-11-23'],
      ['ratification', '2006-06-30'],
      ['entry_into_force', '2006-11-01'],
    ],
    on: {
      '2006-06-29': 'signatory',
      '2006-06-30': 'ratified',
      '2006-10-31': 'ratified',
      '2006-11-01': 'party',
    },
  },
  {
    rule: '3: without one, the first day of the month after three full months',
    acts: [
      ['signature', '2001-11-23'],
      ['ratification', '2006-06-30'],
    ],
    on: { '2006-06-30': 'ratified', '2006-09-30': 'ratified', '2006-10-01': 'party computed' },
  },
  {
    rule: '3: three months end with the month when that is shorter',
    acts: [['accession', '2008-11-30']],
    on: { '2009-02-28': 'ratified', '2009-03-01': 'party computed' },
  },
  {
    rule: '3: a deposit on the first day of a month waits for the fourth month after it',
    acts: [['accession', '2008-11-01']],
    on: {
      '2008-10-31': 'none',
      '2008-11-01': 'ratified',
      '2009-02-28': 'ratified',
      '2009-03-01': 'party computed',
    },
  },
  {
    rule: '3: not before the entry into force of the treaty itself',
    acts: [
      ['signature', '2001-11-23'],
      ['ratification', '2002-06-20'],
    ],
    on: { '2002-10-01': 'ratified', '2004-06-30': 'ratified', '2004-07-01': 'party computed' },
  },
  {
    rule: '3: never while the treaty is not in force',
    treaty: '224',
    acts: [
      ['signature', '2022-05-12'],
      ['acceptance', '2023-02-09'],
    ],
    on: { '2023-02-08': 'signatory', '2023-02-09': 'ratified', '2026-11-23': 'ratified' },
  },
  {
    rule: '3: an undated entry into force counts from the date of its source',
    acts: [
      ['signature', '2001-11-23'],
      ['ratification', null, 'read'],
      ['entry_into_force', null, 'stated'],
    ],
    on: { '2010-03-14': 'unknown', '2010-03-15': 'party' },
  },
  {
    rule: '3: an undated entry into force counts from the day on which a source without date was read',
    acts: [
      ['accession', null, 'read'],
      ['entry_into_force', null, 'read'],
    ],
    on: { '2020-05-04': 'unknown', '2020-05-05': 'party' },
  },
  ...['ratification', 'acceptance', 'approval', 'accession', 'definitive_signature'].map(
    (action) => ({
      rule: `4: a dated ${action} binds from its day`,
      acts: [
        ['signature', '2001-11-23'],
        [action, '2012-08-14'],
      ] as Act[],
      on: {
        '2012-08-13': 'signatory',
        '2012-08-14': 'ratified',
        '2012-11-30': 'ratified',
        '2012-12-01': 'party computed',
      },
    }),
  ),
  {
    rule: '5: an undated consent lies in the fourth month before a recorded entry into force',
    acts: [
      ['signature', '2001-11-23'],
      ['ratification', null],
      ['entry_into_force', '2016-05-01'],
    ],
    on: {
      '2015-12-31': 'signatory',
      '2016-01-01': 'unknown',
      '2016-01-31': 'unknown',
      '2016-02-01': 'ratified computed',
      '2016-04-30': 'ratified computed',
      '2016-05-01': 'party',
    },
  },
  {
    rule: '5: before that month, rule 7: an accession leaves no trace of a signature',
    acts: [
      ['accession', null],
      ['entry_into_force', '2016-05-01'],
    ],
    on: { '2015-12-31': 'none', '2016-01-01': 'unknown', '2016-02-01': 'ratified computed' },
  },
  {
    rule: '5: before that month, rule 7: who ratified had signed, and no signature is on record',
    acts: [
      ['ratification', null],
      ['entry_into_force', '2016-05-01'],
    ],
    on: {
      '2001-11-23': 'unknown',
      '2015-12-31': 'unknown',
      '2016-01-31': 'unknown',
      '2016-02-01': 'ratified computed',
    },
  },
  {
    rule: '5: nothing can be counted back from the entry into force of the treaty itself',
    acts: [
      ['signature', '2001-11-23'],
      ['ratification', null],
      ['entry_into_force', '2004-07-01'],
    ],
    on: {
      '2001-11-23': 'unknown',
      '2004-03-01': 'unknown',
      '2004-06-30': 'unknown',
      '2004-07-01': 'party',
    },
  },
  {
    rule: '6: an undated consent alone has taken effect three full months after it was known',
    acts: [
      ['signature', '2001-11-23'],
      ['ratification', null, 'stated'],
    ],
    on: {
      '2001-11-23': 'unknown',
      '2010-03-15': 'unknown',
      '2010-06-30': 'unknown',
      '2010-07-01': 'party computed',
    },
  },
  {
    rule: '6: the same of a source without date, from the day on which it was read',
    acts: [['accession', null, 'read']],
    on: { '2020-08-31': 'unknown', '2020-09-01': 'party computed' },
  },
  {
    rule: '6: missing is party to a treaty that is not in force',
    treaty: '224',
    acts: [
      ['signature', '2022-05-12'],
      ['ratification', null, 'read'],
    ],
    on: { '2022-05-12': 'unknown', '2026-11-23': 'unknown' },
  },
  {
    rule: '7: a dated signature counts from its day',
    acts: [['signature', '2003-05-08']],
    on: { '2003-05-07': 'none', '2003-05-08': 'signatory', '2026-11-23': 'signatory' },
  },
  {
    rule: '7: an undated signature counts from the day by which it was known, and is unknown before',
    acts: [['signature', null, 'stated']],
    on: {
      '2001-11-22': 'none',
      '2001-11-23': 'unknown',
      '2010-03-14': 'unknown',
      '2010-03-15': 'signatory',
    },
  },
  {
    rule: '7: a later ratification shows that there was a signature',
    acts: [['ratification', '2012-08-14']],
    on: {
      '2001-11-22': 'none',
      '2001-11-23': 'unknown',
      '2012-08-13': 'unknown',
      '2012-08-14': 'ratified',
    },
  },
  {
    rule: '7: a later accession does not',
    acts: [['accession', '2012-08-14']],
    on: { '2001-11-23': 'none', '2012-08-13': 'none', '2012-08-14': 'ratified' },
  },
  {
    rule: '7: before a dated signature a State had not signed, even if it ratified later',
    acts: [
      ['signature', '2003-05-08'],
      ['ratification', '2012-08-14'],
    ],
    on: { '2003-05-07': 'none', '2003-05-08': 'signatory', '2012-08-13': 'signatory' },
  },
  {
    rule: '8: an invitation holds for five years less a day',
    acts: [['invitation', '2012-02-29']],
    on: {
      '2012-02-28': 'none',
      '2012-02-29': 'invited',
      '2017-02-27': 'invited',
      '2017-02-28': 'none',
    },
  },
  {
    rule: '8: an undated invitation counts from the day by which it was known',
    acts: [['invitation', null, 'stated']],
    on: {
      '2010-03-14': 'none',
      '2010-03-15': 'invited',
      '2015-03-14': 'invited',
      '2015-03-15': 'none',
    },
  },
  {
    rule: '8: a second invitation counts for itself',
    acts: [
      ['invitation', '2010-01-01'],
      ['invitation', '2016-01-01'],
    ],
    on: {
      '2014-12-31': 'invited',
      '2015-01-01': 'none',
      '2015-12-31': 'none',
      '2016-01-01': 'invited',
      '2021-01-01': 'none',
    },
  },
  {
    rule: '8: the stronger step goes first',
    acts: [
      ['invitation', '2012-01-15'],
      ['signature', '2013-01-15'],
      ['accession', '2014-01-15'],
    ],
    on: { '2013-01-14': 'invited', '2013-01-15': 'signatory', '2014-01-15': 'ratified' },
  },
  {
    rule: '8: only the Convention invites',
    treaty: '224',
    acts: [['invitation', '2023-01-01']],
    on: { '2023-01-02': 'none' },
  },
  {
    rule: '9: no act on a complete record is none',
    acts: [],
    on: { '2001-11-23': 'none', '2026-11-23': 'none' },
  },
  {
    rule: '9: who is none under the Convention is none under its protocol',
    treaty: '189',
    acts: [],
    on: { '2010-01-01': 'none' },
  },
  {
    rule: '9: also while invited, and unknown from the day of the consent',
    treaty: '189',
    acts: [],
    convention: [
      ['invitation', '2008-01-01'],
      ['accession', '2012-08-14'],
    ],
    on: {
      '2007-12-31': 'none',
      '2008-01-01': 'none',
      '2012-08-13': 'none',
      '2012-08-14': 'unknown',
      '2026-11-23': 'unknown',
    },
  },
  {
    rule: '9: a signatory of the Convention may have signed the protocol',
    treaty: '189',
    acts: [],
    convention: [['signature', '2005-05-05']],
    on: { '2005-05-04': 'none', '2005-05-05': 'unknown' },
  },
  {
    rule: '9: unknown under the Convention is unknown under the protocol',
    treaty: '189',
    acts: [],
    convention: [['ratification', '2012-08-14']],
    on: { '2003-01-28': 'unknown' },
  },
  {
    rule: '9: a protocol with a complete record has no unknown ones',
    treaty: '224',
    acts: [],
    convention: [['accession', '2012-08-14']],
    on: { '2026-11-23': 'none' },
  },
  {
    rule: '9: with an act on record the others are known to be missing',
    treaty: '189',
    acts: [['signature', '2009-09-09']],
    convention: [['accession', '2005-01-15']],
    on: { '2009-09-08': 'none', '2009-09-09': 'signatory' },
  },
];

const facts = await Facts.create();
after(() => facts.drop());

async function record(treaty: string, acts: Act[]): Promise<void> {
  for (const [i, [action, date, source = 'stated']] of acts.entries())
    await facts.run(
      `INSERT INTO action (id, country, treaty, action, date, source_id) VALUES ($1, 'NO', $2, $3, $4, $5)`,
      [`NO-${treaty}-${i}`, treaty, action, date, source],
    );
}

/** The row of Norway; days as text. */
async function status(treaty: string, day: string): Promise<Record<string, unknown>> {
  const rows = await facts.run(
    `SELECT to_jsonb(s) AS row FROM status_on($1, $2) AS s WHERE s.country = 'NO'`,
    [treaty, day],
  );
  assert.equal(rows.length, 1, `one row for each country on ${day}`);
  return rows[0]?.['row'];
}

for (const { rule, treaty = '185', acts, convention = [], on } of cases)
  test(`applies rule ${rule}`, () =>
    facts.undone(async () => {
      await record(treaty, acts);
      await record('185', convention);
      for (const [day, wanted] of Object.entries(on)) {
        const row = await status(treaty, day);
        const [state, basis = 'recorded'] = wanted.split(' ');
        assert.deepEqual([row['state'], row['basis']], [state, basis], day);

        // A reason in each language when the state is unknown or computed, else none.
        const why = state === 'unknown' || basis === 'computed';
        for (const reason of [row['reason_en'], row['reason_fr']])
          if (why) assert.match(String(reason), /^[A-Z][^.]+\.$/, day);
          else assert.equal(reason, null, day);

        // The rows of all treaties agree.
        const [same] = await facts.run(
          `SELECT to_jsonb(s) AS row FROM statuses_on($1) AS s WHERE s.country = 'NO' AND s.treaty = $2`,
          [day, treaty],
        );
        assert.deepEqual(same?.['row'], row, day);
      }
    }));

test('shows the acts up to the day, and a scheduled entry into force', () =>
  facts.undone(async () => {
    await record('185', [
      ['invitation', '2002-02-02'],
      ['signature', '2003-03-03'],
      ['approval', '2006-06-30'],
      ['entry_into_force', '2006-10-01'],
      ['denunciation', '2015-01-31'],
    ]);
    const none = {
      invited_on: null,
      signed_on: null,
      consented_on: null,
      consent: null,
      in_force_on: null,
      denounced_on: null,
    };
    const invited = { ...none, invited_on: '2002-02-02' };
    const signed = { ...invited, signed_on: '2003-03-03' };
    const bound = {
      ...signed,
      consented_on: '2006-06-30',
      consent: 'approval',
      in_force_on: '2006-10-01',
    };
    const steps: [string, Record<string, unknown>][] = [
      ['2002-02-01', none],
      ['2002-02-02', invited],
      ['2003-03-02', invited],
      ['2003-03-03', signed],
      ['2006-06-29', signed],
      ['2006-06-30', bound],
      ['2006-10-01', bound],
      ['2015-01-30', bound],
      ['2015-01-31', { ...bound, denounced_on: '2015-01-31' }],
      ['2015-05-01', { ...bound, denounced_on: '2015-01-31' }],
    ];

    for (const [day, dates] of steps) {
      const row = await status('185', day);
      const shown = Object.fromEntries(Object.keys(none).map((key) => [key, row[key]]));
      assert.deepEqual(shown, dates, day);
    }
  }));

test('shows a computed force day and leaves unknown days unknown', () =>
  facts.undone(async () => {
    await record('185', [
      ['signature', null, 'stated'],
      ['ratification', '2012-08-14'],
    ]);
    const dated = await status('185', '2012-09-01');
    assert.deepEqual(
      [dated['signed_on'], dated['consented_on'], dated['in_force_on']],
      [null, '2012-08-14', '2012-12-01'],
    );

    await facts.run(`UPDATE action SET date = NULL WHERE action = 'ratification'`);
    const undated = await status('185', '2012-09-01');
    assert.deepEqual(
      [undated['state'], undated['consented_on'], undated['consent'], undated['in_force_on']],
      ['party', null, 'ratification', null],
    );
  }));

test('schedules no entry into force before that of the treaty', () =>
  facts.undone(async () => {
    await record('185', [
      ['signature', '2001-11-23'],
      ['ratification', '2002-06-20'],
      ['entry_into_force', '2004-07-01'],
    ]);
    for (const [day, shown] of [
      ['2002-06-20', null],
      ['2004-06-30', null],
      ['2004-07-01', '2004-07-01'],
    ] as const)
      assert.equal((await status('185', day))['in_force_on'], shown, day);
    await facts.run(
      `UPDATE action SET date = NULL WHERE action = 'ratification'; UPDATE action SET date = '2016-05-01' WHERE action = 'entry_into_force'`,
    );
    for (const [day, shown] of [
      ['2016-01-31', null],
      ['2016-02-01', '2016-05-01'],
    ] as const)
      assert.equal((await status('185', day))['in_force_on'], shown, day);
  }));

test("names the source of the deciding act, else the treaty's", () =>
  facts.undone(async () => {
    await facts.run(`INSERT INTO source (id, url, retrieved_on)
      SELECT id, 'https://example.org/' || id, '2020-05-05' FROM unnest('{i,s,c,f,d}'::text[]) AS id`);
    await facts.run(`INSERT INTO action (id, country, treaty, action, date, source_id) VALUES
      ('1', 'NO', '185', 'invitation', '2002-02-02', 'i'), ('2', 'NO', '185', 'signature', '2003-03-03', 's'),
      ('3', 'NO', '185', 'approval', '2006-06-30', 'c'), ('4', 'NO', '185', 'entry_into_force', '2006-10-01', 'f'),
      ('5', 'NO', '185', 'denunciation', '2015-01-31', 'd')`);
    const deciding = {
      '2001-01-01': 'stated',
      '2002-01-01': 'stated',
      '2002-02-02': 'i',
      '2003-03-03': 's',
      '2006-06-30': 'c',
      '2006-10-01': 'f',
      '2015-01-31': 'f',
      '2015-05-01': 'd',
    };

    for (const [day, source] of Object.entries(deciding))
      assert.equal((await status('185', day))['source_id'], source, day);
    assert.equal((await status('189', '2010-01-01'))['source_id'], 'read');
    await facts.run(`DELETE FROM action WHERE id IN ('4', '5')`);
    assert.equal((await status('185', '2006-10-01'))['source_id'], 'c');
  }));

test('returns a row for every country and treaty', async () => {
  const rows = await facts.run(
    `SELECT country, treaty, state FROM statuses_on('2026-11-23') ORDER BY 1, 2`,
  );
  assert.deepEqual(
    rows.map((row) => Object.values(row).join(' ')),
    ['FO', 'NO', 'RO'].flatMap((country) =>
      ['185', '189', '224'].map((treaty) => `${country} ${treaty} none`),
    ),
  );
});

test('returns unknown for all treaties when the acts of the Convention are incomplete', () =>
  facts.undone(async () => {
    await facts.run(`UPDATE treaty SET consents_complete = false`);
    for (const treaty of ['185', '189', '224'])
      assert.equal((await status(treaty, '2026-11-23'))['state'], 'unknown', treaty);
    await record('185', [['invitation', '2025-01-01']]);
    for (const treaty of ['189', '224'])
      assert.equal((await status(treaty, '2026-11-23'))['state'], 'none', treaty);
  }));

test('does not depend on the DateStyle of the session', () =>
  facts.undone(async () => {
    await record('185', [
      ['invitation', '2010-12-01'],
      ['invitation', '2012-01-31'],
    ]);
    await facts.run(`UPDATE action SET source_id = 'read' WHERE date = '2012-01-31'`);
    await facts.run(`SET LOCAL DateStyle = 'German'`);
    assert.equal((await status('185', '2012-02-01'))['source_id'], 'read');
  }));

test('inlines the functions, so that a condition on country reaches the acts', async () => {
  const plan = async (text: string): Promise<string> =>
    (await facts.run(`EXPLAIN (VERBOSE) ${text}`)).map((row) => row['QUERY PLAN']).join('\n');

  for (const from of [`status_on('185', '2026-11-23')`, `statuses_on('2026-11-23')`]) {
    const shown = await plan(`SELECT * FROM ${from} AS s WHERE s.country = ANY ('{NO}')`);
    assert.doesNotMatch(shown, /Function Scan/);
    assert.match(shown, /\(a\.country = ANY \('\{NO\}'::text\[\]\)\)/);
  }
});
