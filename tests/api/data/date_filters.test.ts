// Filters by the dates of a record: in_force_on=2024, made_on=2020..2023.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Client } from '../support/client.js';
import { type Operation, operations, resolve } from '../support/contract.js';
import { sampleTarget } from '../support/sample_targets.js';

const client = Client.shared();
const lists = operations.filter(({ parameters }) =>
  parameters.some(({ name }) => name === 'cursor'),
);

type Schema = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any
type Row = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

function isDay(member: Schema): boolean {
  const schema = resolve<Schema>(member);
  return [schema, ...((schema['anyOf'] as Schema[] | undefined) ?? [])].some(
    (each) => resolve<Schema>(each)['format'] === 'date',
  );
}

/** The members of the rows of a list that are dates. */
function datesOf(operation: Operation): string[] {
  const answer = resolve<Schema>(
    operation.responses['200']?.content?.['application/json']?.schema ?? {},
  );
  const record = resolve<Schema>(resolve<Schema>(answer['properties']['data'])['items']);

  return Object.entries(record['properties'] as Record<string, Schema>)
    .filter(([, member]) => isDay(member))
    .map(([name]) => name);
}

const filtersOf = (operation: Operation): string[] =>
  operation.parameters
    .filter(({ schema }) => schema['$ref'] === '#/components/schemas/DatePeriod')
    .map(({ name }) => name);

const keyOf = (row: Row): string =>
  row['id'] ?? row['code'] ?? row['number'] ?? `${row['country']}-${row['treaty']}`;

test('has a filter for every date of every list', () => {
  for (const operation of lists)
    assert.deepEqual(filtersOf(operation).sort(), datesOf(operation).sort(), operation.id);
});

/** Periods with their first and last day, worked by hand. */
const periods: [string, string, string][] = [
  ['2024', '2024-01-01', '2024-12-31'],
  ['2006-10', '2006-10-01', '2006-10-31'],
  ['2026-11-23', '2026-11-23', '2026-11-23'],
  ['2020..', '2020-01-01', '9999-12-31'],
  ['..2019-12-31', '0001-01-01', '2019-12-31'],
  ['2020..2023', '2020-01-01', '2023-12-31'],
];

for (const operation of lists.filter((each) => filtersOf(each).length > 0))
  test(`filters ${operation.id} by each of its dates`, async () => {
    const target = await sampleTarget(client, operation);
    const rows = await client.walk(`${target}?limit=500`);

    for (const name of filtersOf(operation))
      for (const [period, first, last] of periods) {
        const fitting = rows.filter((row) => {
          const date = row[name] as string | null;
          return date !== null && date >= first && date <= last;
        });
        const { data, meta } = await client.get(`${target}?${name}=${period}&limit=500`);
        const found = await client.walk(`${target}?${name}=${period}&limit=500`);

        assert.deepEqual(found.map(keyOf), fitting.map(keyOf), `${target}?${name}=${period}`);
        assert.equal(meta.total, fitting.length, `${target}?${name}=${period}`);
        assert.equal(
          meta.undated,
          rows.filter((row) => row[name] === null).length,
          `${target}?${name}=${period}`,
        );
        assert.ok(data.length <= meta.total);
      }
  });

test('counts rows as undated that only the lack of a date leaves out', async () => {
  const all = await client.walk('/v1/statements?limit=500&kind=reservation');
  const { meta, data } = await client.get(
    '/v1/statements?kind=reservation&made_on=2006..2015&effective_from=..2015&limit=500',
  );
  const inside = (date: string | null, first: string, last: string): boolean | null =>
    date === null ? null : date >= first && date <= last;
  const verdicts = all.map((row) => [
    inside(row['made_on'], '2006-01-01', '2015-12-31'),
    inside(row['effective_from'], '0001-01-01', '2015-12-31'),
  ]);

  assert.equal(data.length, verdicts.filter(([a, b]) => a === true && b === true).length);
  assert.equal(
    meta.undated,
    verdicts.filter((both) => !both.includes(false) && both.includes(null)).length,
  );
});

test('sends null as undated without a filter by a date', async () => {
  assert.equal((await client.get('/v1/statements?limit=1'))['meta'].undated, null);
});

test('finds those who joined in a year', async () => {
  const { data, meta } = await client.get('/v1/status?treaty=185&in_force_on=2006');
  const { data: everyone } = await client.get('/v1/status?treaty=185');

  assert.deepEqual(
    data.map(keyOf),
    everyone
      .filter((row: Row) => row['in_force_on']?.startsWith('2006-'))
      .map((row: Row) => keyOf(row)),
  );
  assert.ok(data.some((row: Row) => row['country'] === 'NO'));
  assert.equal(meta.total, data.length);
});

test('spells equal periods alike in the canonical address', async () => {
  const year = await client.send('/v1/status?treaty=185&in_force_on=2006');
  const days = await client.send('/v1/status?in_force_on=2006-01-01..2006-12-31&treaty=185');

  assert.equal(days.headers['etag'], year.headers['etag']);
  assert.equal(
    year.json()['links'].self,
    '/v1/status?in_force_on=2006-01-01..2006-12-31&treaty=185',
  );
});

test('pages through a period with cursors', async () => {
  const whole = await client.walk('/v1/actions?date=2001..2010&limit=500');
  const pages = await client.walk('/v1/actions?date=2001..2010&limit=7');

  assert.deepEqual(pages.map(keyOf), whole.map(keyOf));
});

test('filters tables and lines by a period too', async () => {
  const { data } = await client.get('/v1/actions?date=2006&limit=500');
  const csv = await client.send('/v1/actions?date=2006&format=csv');
  const lines = await client.send('/v1/actions?date=2006&format=ndjson');

  assert.equal(csv.text.trimEnd().split('\r\n').length, data.length + 1);
  assert.equal(lines.text.trimEnd().split('\n').length, data.length);
});

test('returns 400 for what is not a period', async () => {
  const cases: [string, RegExp][] = [
    ['2023..2020', /ends before it begins/],
    ['..', /2020\.\..*\.\.2019-12-31.*2020\.\.2023/],
    ['24', /a year, month or day/],
    ['2023-02-29', /a year, month or day/],
    ['2020,2021', /a year, month or day/],
  ];
  for (const [period, detail] of cases) {
    const { errors } = await client.problem(400, `/v1/status?in_force_on=${period}`);
    assert.equal(errors?.[0]?.parameter, 'in_force_on');
    assert.match(errors?.[0]?.detail ?? '', detail, period);
  }
  await client.problem(400, '/v1/status?in_force_on=2020&in_force_on=2021');
});

test('keeps the date of a source apart from the requested day', async () => {
  const { data, meta } = await client.get('/v1/sources?as_of=..2001-12-31&limit=500');

  assert.equal(meta.as_of, null);
  assert.ok(data.length > 0 && data.every((row: Row) => row['as_of'] <= '2001-12-31'));
});
