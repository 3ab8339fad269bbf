// CSV cells: formulas, and members that a table omits.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { document, operations } from '../support/contract.js';
import { parseCsv } from '../support/reference_data.js';
import { startPrivateService } from '../support/private_service.js';
import { sampleTarget } from '../support/sample_targets.js';

const { client, cluster, database } = await startPrivateService();

test('prefixes an apostrophe to cells that a spreadsheet would execute', async () => {
  const titles = [
    '=1+1',
    '+49',
    '-2',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    '\uFF1D1+1',
    '\uFF0B49',
    '\uFF0D2',
    '\uFF20SUM(A1)',
    '\uFF0E2',
    'a=1',
    "'quoted'",
    'one, "two"\nthree',
    '=HYPERLINK("https://example.org/", "x")',
  ];
  for (const [i, title] of titles.entries())
    await cluster.query(
      database,
      `INSERT INTO tool (id, title, kind, url, source_id)
       VALUES ($1, $2, 'guide', 'https://example.org/', (SELECT min(id) FROM source))`,
      [`zz-${String(i).padStart(2, '0')}`, title],
    );

  const { text } = await client.send(
    `/v1/tools?format=csv&updated_since=2020-01-01&sort=-id&limit=${titles.length}`,
  );
  const rows = parseCsv(text).reverse();
  assert.deepEqual(
    rows.map(({ title }) => title),
    titles.map((title) =>
      /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/.test(title) ? `'${title}` : title,
    ),
  );
  // JSON contains the stored text.
  assert.deepEqual(
    (await client.get(`/v1/tools?sort=-id&limit=${titles.length}`))['data']
      .map(({ title }: { title: string }) => title)
      .reverse(),
    titles,
  );
});

test('omits only nested members that the contract names', async () => {
  const described = (document['components'] as { schemas: Record<string, { description: string }> })
    .schemas['Table']?.description;
  const missing = new Set<string>();

  for (const operation of operations.filter(({ parameters }) =>
    parameters.some(({ name }) => name === 'cursor'),
  )) {
    const target = await sampleTarget(client, operation);
    const { data } = await client.get<{ data: Record<string, unknown>[] }>(`${target}?limit=20`);
    const header = (await client.send(`${target}?format=csv&limit=1`)).text.split('\r\n')[0] ?? '';
    const columns = header.split(',');

    for (const [name, value] of data.flatMap((row) => Object.entries(row))) {
      if (columns.some((column) => column === name || column.startsWith(`${name}_`))) continue;
      if (name === 'states' && columns.includes('state_224')) continue;
      assert.ok(typeof value === 'object', `${operation.id} leaves out ${name}`);
      missing.add(name);
    }
  }
  assert.ok(missing.has('links'));
  for (const name of missing) assert.ok(described?.includes(`\`${name}\``), name);
});
