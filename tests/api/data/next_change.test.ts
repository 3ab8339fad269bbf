// next_change_on of each kind of record, against the records of the following days.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Client } from '../support/client.js';

const client = Client.shared();

type Row = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

const lists = ['countries', 'treaties', 'status', 'statements', 'authorities'];
const keyOf = (row: Row): string =>
  row['id'] ?? row['code'] ?? row['number'] ?? `${row['country']}-${row['treaty']}`;

/** The record without the member, and without addresses, as text. */
function contentOf({ next_change_on: _, ...others }: Row): string {
  return JSON.stringify(others);
}

/** First day and number of days, around days on which records are known to change. */
const periods: [string, number][] = [
  ['2004-06-27', 8], // the Convention enters into force
  ['2024-09-28', 6], // it is extended to Curaçao
  ['2025-12-29', 6], // designations of Norway take effect
];

for (const list of lists)
  test(`names the next day on which records of /v1/${list} differ`, async () => {
    let found = 0;

    for (const [first, count] of periods) {
      const days = Array.from({ length: count }, (_, i) =>
        new Date(Date.parse(first) + i * 86_400_000).toISOString().slice(0, 10),
      );
      const known: Map<string, Row>[] = [];
      for (const day of days) {
        const rows = await client.walk(`/v1/${list}?limit=500&as_of=${day}`);
        known.push(new Map(rows.map((row) => [keyOf(row), row])));
      }

      for (const [key, row] of known[0] ?? []) {
        const at = known.findIndex((rows) => {
          const later = rows.get(key);
          return later === undefined || contentOf(later) !== contentOf(row);
        });
        const said = row['next_change_on'] as string | null;
        const last = days.at(-1) ?? '';
        assert.equal(
          said !== null && said <= last ? said : null,
          days[at] ?? null,
          `${key} ${first}`,
        );
        found += Number(at > 0);
      }
    }
    if (list !== 'treaties') assert.ok(found > 0, 'no record changed in these periods');
  });

test('filters by the next change', async () => {
  const rows = await client.walk('/v1/status?limit=500');
  const year = String(new Date().getUTCFullYear() + 1);
  const soon = await client.walk(`/v1/status?limit=500&next_change_on=..${year}`);

  assert.deepEqual(
    soon.map(keyOf),
    rows
      .filter((row) => row['next_change_on'] !== null && row['next_change_on'] <= `${year}-12-31`)
      .map(keyOf),
  );
});
