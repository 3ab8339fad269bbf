// The status of every country on every day on which a status may change.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Client } from '../support/client.js';
import {
  type Row,
  actions,
  countries,
  known,
  statementRegisters,
  treaties,
} from '../support/reference_data.js';
import { mayBeInvited, significantDays, standingOn } from '../support/status_rules.js';

const client = Client.shared();
const today = new Date().toISOString().slice(0, 10);
const countryOf = new Map(countries.map((row) => [row['code'] ?? '', row]));
const treatyOf = new Map(treaties.map((row) => [row['number'] ?? '', row]));
const line = (of: { state: string; bound: boolean | null; statement: string | null }): string =>
  `${of.state} ${of.bound} ${of.statement}`;

test('returns the status of every country under every treaty on significant days', async () => {
  // All countries on a few days; the next test takes each acting country around its acts.
  const days = significantDays(today);
  const few = days.filter((_, i) => i % 24 === 0);

  for (const day of new Set([...few, '2001-11-22', '2001-11-23', today])) {
    const { data } = await client.call('listStatus', { query: { as_of: day } });
    const served = data.map((row) => `${row.country}-${row.treaty} ${line(row)}`).sort();
    const expected = countries
      .flatMap((country) =>
        treaties.map(
          (treaty) =>
            `${country['code']}-${treaty['number']} ${line(standingOn(day, country, treaty))}`,
        ),
      )
      .sort();
    assert.deepEqual(served, expected, day);
  }
});

test('returns the state of each acting country around its acts', async () => {
  const acting = new Set(actions.map((row) => row['country'] ?? ''));
  const days = significantDays(today);
  // The rules have boundaries at the beginning of months.
  const chosen = days.filter((day) => /-(01|30|31)$/.test(day)).filter((_, i) => i % 5 === 0);

  for (const day of chosen) {
    const { data } = await client.call('listStatus', { query: { as_of: day, treaty: ['185'] } });
    for (const row of data)
      if (acting.has(row.country))
        assert.equal(
          line(row),
          line(standingOn(day, countryOf.get(row.country) ?? {}, treatyOf.get('185') ?? {})),
          `${row.country} on ${day}`,
        );
  }
});

test('shows the days of acts up to the requested day', async () => {
  const { data } = await client.call('listStatus', {});

  for (const row of data) {
    const of = (...kinds: string[]): string | null =>
      actions.find(
        (act) =>
          act['country'] === row.country &&
          act['treaty'] === row.treaty &&
          kinds.includes(act['action'] ?? ''),
      )?.['date'] || null;
    const name = `${row.country}-${row.treaty}`;
    const [country = {}, treaty = {}] = [countryOf.get(row.country), treatyOf.get(row.treaty)];

    assert.equal(row.type, country['type'], name);
    assert.equal(row.responsible_state, known(country['responsible_state']), name);
    assert.equal(row.known_until, treaty['known_until'], name);
    assert.equal(row.signed_on, of('signature'), name);
    assert.equal(
      row.consented_on,
      of('ratification', 'acceptance', 'approval', 'accession', 'definitive_signature'),
      name,
    );
    const why = row.state === 'unknown' || row.basis === 'computed';
    assert.equal(row.reason !== null, why || mayBeInvited(today, country, treaty), name);
    assert.equal(row.reason_lang, row.reason && 'en', name);
  }
  const early = await client.call('listStatus', { query: { as_of: '2003-06-30' } });
  for (const row of early.data)
    // The entry into force of a State that has ratified may lie in the future.
    for (const day of [
      row.invited_on,
      row.signed_on,
      row.consented_on,
      row.state === 'ratified' ? null : row.in_force_on,
      row.denounced_on,
    ])
      assert.ok(day === null || day <= '2003-06-30', `${row.country}-${row.treaty}: ${day}`);
});

test('says whether the statements of a State under a treaty are complete', async () => {
  const { data } = await client.call('listStatus', {});
  const registers = new Map(
    statementRegisters.map((row) => [`${row['country']}-${row['treaty']}`, row]),
  );

  for (const row of data) {
    const register: Row = registers.get(`${row.country}-${row.treaty}`) ?? {};
    const complete = known(register['complete']);
    assert.deepEqual(
      [row.statements_complete, row.statements_complete_as_of],
      [complete && complete === 'true', known(register['as_of'])],
      `${row.country}-${row.treaty}`,
    );
  }
});

test('counts States as Parties, not territories', async () => {
  const { data } = await client.call('listTreaties', {});
  const parties = Object.fromEntries(data.map((row) => [row.number, row.parties]));

  assert.deepEqual(parties, { '185': 82, '189': 38, '224': 0 });
});

/** Identifier, day, state, bound, and members of the row. */
const rows: [string, string | null, string, boolean | null, Record<string, unknown>, RegExp?][] = [
  [
    'CW-185',
    null,
    'party',
    true,
    { responsible_state: 'NL', statement: 'NL-185-T-38b', in_force_on: '2024-10-01' },
    /Article 38\(2\)/,
  ],
  [
    'CW-185',
    '2024-09-30',
    'none',
    false,
    { responsible_state: 'NL', statement: 'NL-185-T-38a', in_force_on: null },
    /for the Kingdom in Europe only/,
  ],
  ['CW-185', '2024-10-01', 'party', true, { statement: 'NL-185-T-38b' }],
  ['CW-189', '2025-04-30', 'none', false, { statement: 'NL-189-T-14' }],
  ['CW-189', '2025-05-01', 'party', true, { statement: 'NL-189-T-14b', in_force_on: '2025-05-01' }],
  ['FO-185', null, 'none', false, { responsible_state: 'DK', statement: 'DK-185-T-38' }],
  ['GL-185', null, 'none', false, { responsible_state: 'DK', statement: 'DK-185-T-38' }],
  [
    'TK-185',
    '2025-11-30',
    'none',
    false,
    { responsible_state: 'NZ', statement: null },
    /New Zealand.*not bound/,
  ],
  ['TK-185', '2025-12-01', 'none', false, { statement: 'NZ-185-T-38' }],
  ['RE-185', null, 'unknown', null, { responsible_state: 'FR', statement: null }, /Article 38/],
  [
    'HK-185',
    null,
    'none',
    false,
    { responsible_state: 'CN', statement: null },
    /\(China\) is not bound/,
  ],
  [
    'GG-189',
    null,
    'none',
    false,
    { responsible_state: 'GB', statement: null },
    /\(United Kingdom\) is not bound/,
  ],
  [
    'FK-185',
    null,
    'unknown',
    null,
    { type: 'other', responsible_state: null, statement: null },
    /No State/,
  ],
  [
    'EH-185',
    null,
    'unknown',
    null,
    { type: 'other', responsible_state: null, statement: null },
    /No State/,
  ],
  ['IL-185', '2014-06-01', 'unknown', false, { type: 'state' }, /Article 37\(1\)/],
  ['IL-185', '2004-06-30', 'none', false, {}],
  ['BF-185', null, 'unknown', false, { invited_on: null }, /Article 37\(1\)/],
  ['KE-185', null, 'invited', false, { invited_on: '2024-10-09' }],
  ['NO-185', null, 'party', true, { in_force_on: '2006-10-01', responsible_state: null }],
];

for (const [id, day, state, bound, members, reason] of rows)
  test(`returns ${state} for ${id} ${day ? `on ${day}` : 'today'}`, async () => {
    const { data } = await client.call('getStatus', {
      path: { id },
      query: day ? { as_of: day } : {},
    });
    const shown = Object.fromEntries(
      Object.keys(members).map((name) => [name, (data as Record<string, unknown>)[name]]),
    );

    assert.deepEqual([data.state, data.bound, shown], [state, bound, members]);
    if (reason) assert.match(String(data.reason), reason);
    const french = await client.call('getStatus', {
      path: { id },
      query: { lang: 'fr', ...(day && { as_of: day }) },
    });
    assert.equal(french.data.reason_lang, data.reason && 'fr');
  });

test('shows the state, bound and the day of entry into force of a country under each treaty', async () => {
  const { data } = await client.call('listCountries', {});
  const status = await client.call('listStatus', {});
  const by = <T>(of: (row: (typeof status.data)[number]) => T): Record<string, T> =>
    Object.fromEntries(status.data.map((row) => [`${row.country}-${row.treaty}`, of(row)]));
  const [state, bound, force] = [
    by((row) => row.state),
    by((row) => row.bound),
    by((row) => row.in_force_on),
  ];

  for (const country of data)
    for (const treaty of ['185', '189', '224'] as const) {
      const name = `${country.code}-${treaty}`;
      assert.deepEqual(
        [country.states[treaty], country.bound[treaty], country.in_force_on[treaty]],
        [state[name], bound[name], force[name]],
        name,
      );
    }
});

test('finds the statements that name a territory, whichever State made them', async () => {
  const ids = async (path: string): Promise<string> =>
    (await client.walk(path)).map(({ id }) => id).join();

  assert.equal(
    await ids('/v1/countries/CW/statements'),
    'NL-185-T-38a,NL-185-T-38b,NL-189-R-06b,NL-189-T-14,NL-189-T-14b',
  );
  assert.equal(await ids('/v1/countries/CW/reservations'), 'NL-189-R-06b');
  assert.equal(await ids('/v1/countries/GI/statements'), 'ES-185-T-38,ES-189-T-14');
  assert.equal(
    await ids('/v1/statements?territory=CW,GI&treaty=185'),
    'ES-185-T-38,NL-185-T-38a,NL-185-T-38b',
  );
  assert.equal(
    await ids('/v1/statements?territory=cuw&country=NL&treaty=189'),
    'NL-189-R-06b,NL-189-T-14,NL-189-T-14b',
  );
  assert.equal(await ids('/v1/statements?territory=CW&country=ES'), '');
  assert.equal(await ids('/v1/statements?country=CW'), '');
  assert.equal(await ids('/v1/authorities?territory=CW'), '');
  const { data } = await client.call('getCountryProfile', { path: { code: 'CW' } });
  assert.equal(
    data.statements.map(({ id }) => id).join(),
    'NL-185-T-38a,NL-185-T-38b,NL-189-R-06b,NL-189-T-14,NL-189-T-14b',
  );
});
