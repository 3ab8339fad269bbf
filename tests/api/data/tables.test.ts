// CSV, NDJSON, fields and updated_since.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Client } from '../support/client.js';
import { operations } from '../support/contract.js';
import { parseCsv } from '../support/reference_data.js';
import { sampleTarget } from '../support/sample_targets.js';

const client = Client.shared();
const lists = operations.filter(({ parameters }) =>
  parameters.some(({ name }) => name === 'cursor'),
);
type Record_ = Record<string, unknown>;

const isByTreaty = (value: unknown): value is Record_ =>
  typeof value === 'object' && value !== null && '185' in value;

/** Returns the CSV cells of a record. */
function asCells(record: Record_): Record<string, string> {
  const cells: Record<string, string> = {};
  const guarded = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);

  for (const [name, value] of Object.entries(record)) {
    if (/^(\w+_)?source$/.test(name)) {
      const { id, url, as_of } = (value ?? {}) as { [member: string]: string | null };
      Object.assign(cells, {
        [`${name}_id`]: id ?? '',
        [`${name}_url`]: url ?? '',
        [`${name}_as_of`]: as_of ?? '',
      });
    } else if (['states', 'bound', 'in_force_on'].includes(name) && isByTreaty(value)) {
      for (const [treaty, member] of Object.entries(value))
        cells[`${name === 'states' ? 'state' : name}_${treaty}`] = String(member ?? '');
    } else if (Array.isArray(value) && value.every((member) => typeof member === 'string')) {
      cells[name] = guarded(value.join(';'));
    } else if (typeof value !== 'object' || value === null) {
      cells[name] = guarded(value === null ? '' : String(value));
    }
  }
  return cells;
}

for (const operation of lists)
  test(`returns CSV of ${operation.id} with the rows and order of JSON`, async () => {
    const target = await sampleTarget(client, operation);
    const rows = await client.walk<Record_>(`${target}?limit=500`);
    const response = await client.send(`${target}?format=csv`);
    const lines = response.text.split('\r\n');
    const table = parseCsv(response.text);

    assert.equal(response.headers['content-type'], 'text/csv');
    assert.match(
      response.headers['content-disposition'] ?? '',
      /^attachment; filename="[a-z-]+\.csv"$/,
    );
    assert.equal(lines.pop(), '', 'the last line ends');
    assert.equal(table.length, rows.length);
    const columns = lines[0]?.split(',') ?? [];
    for (const [i, row] of rows.entries()) {
      const cells = asCells(row);
      assert.deepEqual(
        table[i],
        Object.fromEntries(columns.map((name) => [name, cells[name]])),
        `row ${i}`,
      );
    }
  });

test('returns CSV of countries with a column for each treaty', async () => {
  const { text } = await client.send('/v1/countries?format=csv&fields=states,bound,in_force_on');
  const rows = parseCsv(text);

  assert.equal(
    text.split('\r\n')[0],
    'code,state_185,state_189,state_224,bound_185,bound_189,bound_224,' +
      'in_force_on_185,in_force_on_189,in_force_on_224',
  );
  assert.deepEqual(
    rows.filter(({ code }) => ['CW', 'NO', 'RE'].includes(code ?? '')),
    [
      ['CW', 'party', 'party', 'none', 'true', 'true', 'false', '2024-10-01', '2025-05-01', ''],
      [
        'NO',
        'party',
        'party',
        'signatory',
        'true',
        'true',
        'false',
        '2006-10-01',
        '2008-08-01',
        '',
      ],
      ['RE', 'unknown', 'unknown', 'none', '', '', 'false', '', '', ''],
    ].map((cells) =>
      Object.fromEntries(
        (text.split('\r\n')[0] ?? '').split(',').map((name, i) => [name, cells[i]]),
      ),
    ),
  );
});

test('returns the header of an empty CSV list', async () => {
  const full = await client.send('/v1/statements?format=csv&limit=1');
  const empty = await client.send('/v1/statements?format=csv&q=there-is-no-such-text');

  assert.equal(empty.text, `${full.text.split('\r\n')[0]}\r\n`);
  assert.match(
    empty.text,
    /^id,country,country_name,treaty,kind,enabling_treaty,enabling_article,/,
  );
});

for (const operation of lists)
  test(`returns NDJSON of ${operation.id} with one record a line`, async () => {
    const target = await sampleTarget(client, operation);
    const response = await client.send(`${target}?format=ndjson`);
    const lines = response.text.split('\n');

    assert.equal(response.headers['content-type'], 'application/x-ndjson');
    assert.equal(lines.pop(), '');
    assert.deepEqual(
      lines.map((line) => JSON.parse(line) as unknown),
      await client.walk(`${target}?limit=500`),
    );
  });

test('links NDJSON pages with Link', async () => {
  const seen: string[] = [];

  for (let next: string | undefined = '/v1/statements?format=ndjson&limit=100'; next;) {
    const response = await client.send(next);
    seen.push(
      ...response.text
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { id: string }).id),
    );
    next = /<([^>]+)>; rel="next"/.exec(response.headers['link'] ?? '')?.[1];
  }
  assert.deepEqual(
    seen,
    (await client.walk<{ id: string }>('/v1/statements?limit=500')).map(({ id }) => id),
  );
});

test('limits CSV and NDJSON to 10,000 rows and JSON to 500', async () => {
  for (const target of [
    '/v1/statements?limit=10000&format=csv',
    '/v1/statements?format=ndjson&limit=10000',
  ])
    assert.equal((await client.send(target)).status, 200, target);
  assert.equal(
    (await client.send('/v1/statements?limit=10000', { headers: { Accept: 'text/csv' } })).status,
    200,
  );
  for (const target of [
    '/v1/statements?limit=501',
    '/v1/statements?limit=10001&format=csv',
    '/v1/statements?limit=501&format=json',
  ])
    assert.match(
      (await client.problem(400, target)).errors?.[0]?.detail ?? '',
      /from 1 to (500|10000)/,
      target,
    );
});

test('selects the format by quality, then by the order of the route; format takes precedence', async () => {
  const cases: [string, string, string][] = [
    ['', '*/*', 'application/json'],
    ['', 'text/csv', 'text/csv'],
    ['', 'text/csv;q=0.5, application/json;q=0.4', 'text/csv'],
    ['', 'text/csv, application/x-ndjson', 'application/x-ndjson'],
    ['', 'application/json;q=0, */*', 'application/x-ndjson'],
    ['', 'text/*', 'text/csv'],
    ['?format=json', 'text/csv', 'application/json'],
    ['?format=csv', 'application/json', 'text/csv'],
  ];
  for (const [query, accept, expected] of cases) {
    const response = await client.send(`/v1/treaties${query}`, { headers: { Accept: accept } });
    assert.equal(response.headers['content-type'], expected, `${query} ${accept}`);
    assert.deepEqual((response.headers['vary'] ?? '').split(', ').sort(), [
      'Accept',
      'Accept-Encoding',
      'Accept-Language',
    ]);
  }
  const refused = await client.problem(406, '/v1/treaties', { headers: { Accept: 'image/png' } });
  assert.match(refused.detail, /application\/json, application\/x-ndjson, text\/csv/);
  await client.problem(406, '/v1/treaties/185', { headers: { Accept: 'text/csv' } });
  assert.match((await client.problem(400, '/v1/treaties/185?format=csv')).detail, /json/);
});

test('sends a different tag for each format', async () => {
  const tags = await Promise.all(
    [
      '',
      '?format=csv',
      '?format=ndjson',
      '?lang=fr',
      '?lang=fr&format=csv',
      '?lang=fr&format=ndjson',
    ].map(async (query) => (await client.send(`/v1/countries${query}`)).headers['etag']),
  );
  assert.equal(new Set(tags).size, tags.length);
});

test('returns the selected fields with identifier and links in order', async () => {
  const cases: [string, string[]][] = [
    ['/v1/countries?fields=name,alpha3', ['code', 'alpha3', 'name', 'links']],
    ['/v1/countries/NO?fields=states', ['code', 'states', 'links']],
    ['/v1/status?country=NO&fields=state', ['country', 'treaty', 'state', 'links']],
    ['/v1/treaties/185/articles?fields=title', ['treaty', 'article', 'title', 'links']],
    ['/v1/statements?fields=summary,kind', ['id', 'kind', 'summary', 'links']],
  ];
  for (const [target, names] of cases) {
    const { data } = await client.get<{ data: Record_ | Record_[] }>(target);
    for (const record of Array.isArray(data) ? data : [data])
      assert.deepEqual(Object.keys(record), names, target);
  }
  assert.match(
    (await client.send('/v1/countries?fields=name&format=csv')).text,
    /^code,name\r\nAD,Andorra\r\n/,
  );
});

test('returns 400 that lists the available fields for an unknown one', async () => {
  const { errors } = await client.problem(400, '/v1/countries?fields=name,colour');
  assert.match(errors?.[0]?.detail ?? '', /'colour'.*code, alpha3/);
  await client.problem(400, '/v1/countries?fields=name,');
  await client.problem(400, '/v1/countries?fields=');
});

test('filters every list by updated_since, inclusive, as a day or a time', async () => {
  for (const operation of lists) {
    const target = await sampleTarget(client, operation);
    const total = async (since: string): Promise<number> =>
      (
        await client.get<{ meta: { total: number } }>(
          `${target}?updated_since=${encodeURIComponent(since)}`,
        )
      ).meta.total;

    const all = (await client.get<{ meta: { total: number } }>(target)).meta.total;
    assert.equal(await total('2100-01-01'), 0, operation.id);
    // A status row without acts has no time of change.
    if (!/Status$/.test(operation.id)) assert.equal(await total('2020-01-01'), all, operation.id);
    else assert.ok((await total('2020-01-01')) > 0, operation.id);
  }
  const { data } = await client.get<{ data: { updated_at: string } }>('/v1/statements/NO-185-R-06');
  const since = async (moment: string): Promise<number> =>
    (
      await client.get<{ meta: { total: number } }>(
        `/v1/statements?country=NO&updated_since=${encodeURIComponent(moment)}`,
      )
    ).meta.total;

  assert.ok((await since(data.updated_at)) > 0, 'its own moment counts');
  assert.ok((await since(data.updated_at.replace('Z', '+00:00'))) > 0);
  for (const wrong of ['yesterday', '2026-02-30', '2026-11-23T10:00', '2026-11-23T25:00:00Z'])
    assert.match(
      (await client.problem(400, `/v1/statements?updated_since=${wrong}`)).detail,
      /RFC 3339/,
      wrong,
    );
});
