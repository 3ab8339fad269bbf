// Included records.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Client } from '../support/client.js';
import { operations } from '../support/contract.js';
import { Cluster } from '../support/database.js';
import { sampleTarget } from '../support/sample_targets.js';
import { Service } from '../support/service.js';

type Row = Record<string, any>;

const client = Client.shared();
const including = operations.filter(({ parameters }) =>
  parameters.some(({ name }) => name === 'include'),
);

const choicesOf = (operation: (typeof operations)[number]): string[] => {
  const parameter = operation.parameters.find(({ name }) => name === 'include');
  return (parameter?.schema['items'] as { enum: string[] }).enum;
};
const rowsOf = (data: Row | Row[]): Row[] => (Array.isArray(data) ? data : [data]);
const embedded = (row: Row): Row[] =>
  Object.values(row['included'] as Row)
    .flat()
    .filter((each) => each !== null) as Row[];
const without = ({ included, ...row }: Row): Row => row;
const get = async (target: string): Promise<Row[]> =>
  rowsOf((await client.get<{ data: Row | Row[] }>(target)).data);

test('offers include for every resource with relations', () => {
  const named = including.map(({ id }) => id);
  assert.ok(named.length > 30);
  for (const id of ['listTools', 'getSource', 'listChanges', 'getTreatyArticle'])
    assert.ok(!named.includes(id), id);
});

for (const operation of including)
  test(`embeds records as at their addresses in ${operation.id}`, async () => {
    const target = await sampleTarget(client, operation);
    const names = choicesOf(operation);
    const limit = operation.id.startsWith('list') ? '&limit=40' : '';
    const rows = await get(`${target}?include=${names.join(',')}${limit}`);

    assert.deepEqual(
      rows.map(without),
      await get(`${target}?lang=en${limit}`),
      'nothing else changed',
    );
    for (const row of rows) assert.deepEqual(Object.keys(row['included']), [...names].sort());
    const found = new Map(
      rows.flatMap(embedded).map((record) => [record['links'].self as string, record]),
    );
    for (const [address, record] of [...found].slice(0, 12))
      assert.deepEqual((await client.get(address))['data'], record, address);
  });

test('embeds all related records in order', async () => {
  for (const country of await get('/v1/countries?include=status,actions&region=150')) {
    const of = async (name: string): Promise<unknown> => get(country['links'][name] as string);
    assert.deepEqual(country['included'].status.length, 3);
    if (['NO', 'RO', 'GB', 'AX'].includes(country['code'])) {
      assert.deepEqual(country['included'].status, await of('status'));
      assert.deepEqual(country['included'].actions, await of('actions'));
    }
  }
  const statements = await get(
    '/v1/statements?include=country,articles,authorities,superseded_by&limit=500',
  );
  const ids = (rows: Row[]): string[] => rows.map(({ id }) => id as string).sort();
  const authorities = await client.walk<Row>('/v1/authorities?limit=500&include=statement,article');
  for (const { id, country, treaty, articles, superseded_by, included } of statements) {
    assert.equal(included.country.code, country);
    assert.deepEqual(
      included.articles.map((each: Row) => `${each['treaty']} ${each['article']}`).sort(),
      articles.map((each: Row) => `${treaty} ${each['article']}`).sort(),
    );
    assert.deepEqual(ids(included.superseded_by), [...superseded_by].sort());
    assert.deepEqual(
      ids(included.authorities),
      ids(authorities.filter(({ statement }) => statement === id)),
    );
  }
  assert.ok(statements.some(({ superseded_by }) => superseded_by.length > 0));
  for (const { statement, article, included } of authorities) {
    assert.equal(included.statement?.id ?? null, statement);
    assert.equal(included.article.article, article);
  }
  const strategies = await get('/v1/strategies?include=supersedes&limit=500');
  for (const { supersedes, included } of strategies)
    assert.equal(included.supersedes?.id ?? null, supersedes);
  assert.ok(strategies.some(({ supersedes }) => supersedes === null));
  assert.ok(strategies.some(({ supersedes }) => supersedes !== null));
  for (const treaty of await get('/v1/treaties?include=articles'))
    assert.deepEqual(
      treaty['included'].articles,
      await client.walk(`${treaty['links'].articles}?limit=500`),
    );
  for (const { country, treaty, included } of await get('/v1/status?include=actions&treaty=189'))
    assert.ok(
      included.actions.every((act: Row) => act['country'] === country && act['treaty'] === treaty),
    );
});

test('applies filters to the list alone, and language and day to embedded records too', async () => {
  for (const country of await get('/v1/countries?treaty=189&status=party&include=status'))
    assert.equal(country['included'].status.length, 3);
  const day = '2005-06-30';
  const [status] = await get(
    `/v1/status?country=NO&treaty=185&include=country&as_of=${day}&lang=fr`,
  );
  assert.deepEqual(
    status?.['included'].country,
    (await client.get(`/v1/countries/NO?as_of=${day}&lang=fr`))['data'],
  );
});

test('embeds records in NDJSON, with fields and on every page', async () => {
  const lines = (await client.send('/v1/actions?include=country&country=NO&format=ndjson')).text;
  assert.deepEqual(
    lines
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Row),
    await get('/v1/actions?include=country&country=NO'),
  );
  const [chosen] = await get('/v1/actions?include=country&fields=date&limit=1');
  assert.deepEqual(Object.keys(chosen ?? {}), ['id', 'date', 'links', 'included']);
  const walked = await client.walk<Row>('/v1/actions?include=country&limit=200');
  assert.ok(
    walked.length > 300 && walked.every((row) => row['included'].country.code === row['country']),
  );
});

test('sorts the names of include in the canonical address', async () => {
  const links = async (names: string): Promise<Row> =>
    (await client.get(`/v1/statements?limit=1&include=${names}`))['links'];
  assert.deepEqual(await links('country,articles'), await links('articles,country,country'));
  assert.match((await links('country,articles'))['self'], /include=articles,country/);
});

test('returns 400 that lists the available names for an unknown one', async () => {
  assert.match(
    (await client.problem(400, '/v1/statements?include=country,colour')).errors?.[0]?.detail ?? '',
    /'colour'.*country, authorities, superseded_by, articles/,
  );
  await client.problem(400, '/v1/statements?include=');
  await client.problem(400, '/v1/statements?include=country,');
  assert.match(
    (await client.problem(400, '/v1/statements?include=country&format=csv')).errors?.[0]?.detail ??
      '',
    /json and ndjson/,
  );
  assert.match(
    (await client.problem(400, '/v1/tools?include=country')).detail,
    /Unknown parameter; the parameters here are: kind, q/,
  );
});

test('includes the day in Last-Modified when an embedded record depends on it', async () => {
  const cluster = Cluster.shared();
  const database = await cluster.database('imported');
  await cluster.query(database, `UPDATE dataset_revision SET changed_at = '2020-02-02T02:02:02Z'`);
  const service = await Service.start(cluster.url(database));
  const own = new Client(service.url);
  const modified = async (target: string): Promise<string> =>
    new Date((await own.send(target)).headers['last-modified'] ?? '').toISOString();

  assert.equal(await modified('/v1/institutions?limit=1'), '2020-02-02T02:02:02.000Z');
  // The states of the embedded country depend on today's date.
  assert.match(await modified('/v1/institutions?limit=1&include=country'), /T00:00:00\.000Z$/);
  await service.stop();
  await cluster.drop(database);
});
