// Random filters, sort keys, days and page sizes. The pages together equal the result of one plain
// query.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import { startPrivateService } from '../support/private_service.js';

const CASES = 60;
const PAGES = 12;

const { cluster, database, client } = await startPrivateService();

/** A generator with a fixed seed, so that a failure is reproducible. */
let state = 1;
function draw(below: number): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return (state >>> 8) % below;
}

const pick = <T>(values: T[]): T => values[draw(values.length)] as T;

/** Returns none, one or several of them. */
function some(values: string[]): string[] | null {
  const count = draw(5) < 3 ? 0 : 1 + draw(3);
  return count === 0 ? null : [...new Set(Array.from({ length: count }, () => pick(values)))];
}

interface List {
  path: string;
  /** Every row with its filter and sort columns; $1 is the day. It does not use the read functions of
   *  the service. */
  rows: string;
  filters: string[];
  sorts: { name: string; kind: 'date' | 'name' | 'text' }[];
  days: boolean;
}

const FIRST_ACT = `coalesce((SELECT min(f.date) FROM action AS f
  WHERE f.country = x.country AND f.treaty = x.treaty), t.opened_on)`;
const IN_FORCE = `CASE
  WHEN s.withdrawn_on <= $1::date THEN 'false'
  WHEN (SELECT min(n.effective_from) FROM statement AS n WHERE n.id = ANY (s.superseded_by)) <= $1::date
    THEN 'false'
  WHEN s.effective_from <= $1::date THEN 'true'
  WHEN s.effective_from > $1::date OR s.made_on > $1::date THEN 'false'
  ELSE 'unknown' END`;
const UPDATED = `to_char(x.updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') AS updated_at`;

const lists: List[] = [
  {
    path: '/v1/statements',
    rows: `SELECT x.id, x.country, x.treaty, x.kind, x.made_on, x.effective_from, ${UPDATED},
        ${IN_FORCE} AS in_force,
        ARRAY(SELECT n.article FROM statement_article AS n WHERE n.statement_id = x.id) AS article
      FROM statement AS x JOIN treaty AS t ON t.number = x.treaty JOIN statement AS s ON s.id = x.id
      WHERE t.opened_on <= $1::date
        AND coalesce(x.made_on, x.effective_from, ${FIRST_ACT}) <= $1::date`,
    filters: ['country', 'treaty', 'kind', 'article', 'in_force'],
    sorts: [
      { name: 'id', kind: 'text' },
      { name: 'made_on', kind: 'date' },
      { name: 'effective_from', kind: 'date' },
      { name: 'country', kind: 'text' },
      { name: 'updated_at', kind: 'text' },
    ],
    days: true,
  },
  {
    path: '/v1/authorities',
    rows: `SELECT x.id, x.country, x.treaty, x.role, left(x.name, 200) AS name, ${UPDATED},
        ${IN_FORCE} AS in_force, ARRAY[x.article] AS article
      FROM authority AS x JOIN treaty AS t ON t.number = x.treaty
      LEFT JOIN statement AS s ON s.id = x.statement_id
      WHERE t.opened_on <= $1::date
        AND coalesce(s.made_on, s.effective_from, ${FIRST_ACT}) <= $1::date`,
    filters: ['country', 'treaty', 'role', 'article', 'in_force'],
    sorts: [
      { name: 'id', kind: 'text' },
      { name: 'name', kind: 'name' },
      { name: 'country', kind: 'text' },
      { name: 'updated_at', kind: 'text' },
    ],
    days: true,
  },
  {
    path: '/v1/actions',
    rows: `SELECT x.id, x.country, x.treaty, x.action, x.date, ${UPDATED}
      FROM action AS x WHERE $1::date IS NOT NULL`,
    filters: ['country', 'treaty', 'action'],
    sorts: [
      { name: 'date', kind: 'date' },
      { name: 'id', kind: 'text' },
      { name: 'country', kind: 'text' },
      { name: 'updated_at', kind: 'text' },
    ],
    days: false,
  },
];

const values = new Map<string, string[]>();
const days = ['2001-11-22', '2001-11-23', '2004-07-01', '2012-03-05', '2022-05-12', '2023-02-01'];

function condition(filter: string, number: number): string {
  return filter === 'article'
    ? `EXISTS (SELECT FROM unnest(l.article) AS h, unnest($${number}::text[]) AS w
         WHERE h = w OR starts_with(h, w || '.'))`
    : `l.${filter} = ANY ($${number}::text[])`;
}

function order({ name, kind }: List['sorts'][number], down: boolean): string {
  const collation = { date: '', name: 'COLLATE "und-x-icu"', text: 'COLLATE "C"' }[kind];
  const direction = down ? 'DESC' : 'ASC';
  return `l.${name} ${collation} ${direction} NULLS LAST, l.id COLLATE "C" ${direction}`;
}

before(async () => {
  // Adds nulls and ties to the sort columns.
  for (const change of [
    `UPDATE statement SET made_on = NULL WHERE hashtext(id) % 3 = 0`,
    `UPDATE statement SET effective_from = NULL WHERE hashtext(id || 'e') % 4 = 0`,
    `UPDATE action SET date = NULL WHERE hashtext(id) % 4 = 0`,
    `UPDATE action SET date = date_trunc('year', date) WHERE hashtext(id) % 4 = 1`,
    `UPDATE authority SET statement_id = NULL WHERE hashtext(id) % 4 = 0`,
    `UPDATE authority SET name = repeat('Ministry of Justice, ', 11) || id WHERE hashtext(id) % 5 = 0`,
  ])
    await cluster.query(database, change);
  for (const [filter, table] of [
    ['country', 'statement'],
    ['treaty', 'treaty'],
    ['kind', 'statement'],
    ['role', 'authority'],
    ['action', 'action'],
    ['article', 'article'],
  ] as const) {
    const column = filter === 'treaty' ? 'number' : filter;
    const { rows } = await cluster.query(
      database,
      `SELECT DISTINCT ${column} AS value FROM ${table} ORDER BY 1`,
    );
    values.set(
      filter,
      rows.map(({ value }) => String(value)),
    );
  }
  values.get('article')?.push('6', '99');
  values.set('in_force', ['true', 'false', 'unknown']);
});

for (const list of lists)
  test(`returns the rows of a plain query on the pages of ${list.path}`, async () => {
    for (let number = 0; number < CASES; number++) {
      const day = list.days && draw(2) ? pick(days) : null;
      const sort = pick(list.sorts);
      const down = draw(2) === 1;
      const query = new URLSearchParams({ sort: `${down ? '-' : ''}${sort.name}` });
      const given: unknown[] = [day ?? new Date().toISOString().slice(0, 10)];
      const conditions = ['true'];

      if (day !== null) query.set('as_of', day);
      for (const filter of list.filters) {
        const wanted = some(values.get(filter) ?? []);
        if (!wanted) continue;
        query.set(filter, wanted.join(','));
        conditions.push(condition(filter, given.push(wanted)));
      }
      const expected = await cluster.query(
        database,
        `SELECT l.id FROM (${list.rows}) AS l WHERE ${conditions.join(' AND ')}
         ORDER BY ${order(sort, down)}`,
        given,
      );
      const ids = expected.rows.map(({ id }) => String(id));
      const least = Math.max(1, Math.ceil(ids.length / PAGES));
      const limit = pick([least, least + 1, Math.max(ids.length, 1), ids.length + 1, 499, 500]);

      query.set('limit', String(Math.min(limit, 500)));
      const target = `${list.path}?${query}`;
      const served = await client.walk<{ id: string }>(target);
      assert.deepEqual(
        served.map(({ id }) => id),
        ids,
        target,
      );
      const first: { meta: { total: number } } = await client.get(target);
      assert.equal(first.meta.total, ids.length, target);
    }
  });
