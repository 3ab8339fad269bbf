// The state of every country on every day on which a state may change.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Client } from '../support/client.js';
import { actions, treaties } from '../support/reference_data.js';
import { allCountries, stateOn, significantDays } from '../support/status_rules.js';

const client = Client.shared();
const today = new Date().toISOString().slice(0, 10);

test('returns the state of every country under every treaty on significant days', async () => {
  // All countries on a few days; the next test takes each acting country around its acts.
  const days = significantDays(today);
  const few = days.filter((_, i) => i % 24 === 0);

  for (const day of new Set([...few, '2001-11-22', '2001-11-23', today])) {
    const { data } = await client.call('listStatus', { query: { as_of: day } });
    const served = data.map(({ country, treaty, state }) => `${country}-${treaty} ${state}`).sort();
    const expected = allCountries
      .flatMap((country) =>
        treaties.map((treaty) => `${country}-${treaty['number']} ${stateOn(day, country, treaty)}`),
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
    for (const { country, state } of data)
      if (acting.has(country))
        assert.equal(state, stateOn(day, country, treaties[0] ?? {}), `${country} on ${day}`);
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

    assert.equal(row.signed_on, of('signature'), name);
    assert.equal(
      row.consented_on,
      of('ratification', 'acceptance', 'approval', 'accession', 'definitive_signature'),
      name,
    );
    assert.equal(row.reason !== null, row.state === 'unknown' || row.basis === 'computed', name);
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
