// The export of the whole dataset.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Client, type ClientResponse } from '../support/client.js';
import { schemaError } from '../support/contract.js';
import { treaties } from '../support/reference_data.js';
import { Cluster } from '../support/database.js';
import { until } from '../support/processes.js';
import { Service } from '../support/service.js';

type Line = { type: string; data: Record<string, any> };

const client = Client.shared();
const cluster = Cluster.shared();

/** The list and the schema of each type of record. */
const collections: Record<string, [string[], string]> = {
  countries: [['/v1/countries'], 'Country'],
  status: [['/v1/status'], 'Status'],
  treaties: [['/v1/treaties'], 'Treaty'],
  articles: [treaties.map(({ number }) => `/v1/treaties/${number}/articles`), 'Article'],
  actions: [['/v1/actions'], 'Action'],
  statements: [['/v1/statements'], 'Statement'],
  authorities: [['/v1/authorities'], 'Authority'],
  strategies: [['/v1/strategies'], 'Strategy'],
  institutions: [['/v1/institutions'], 'Institution'],
  case_law: [['/v1/case-law'], 'CourtCase'],
  legal_provisions: [['/v1/legal-provisions'], 'LegalProvision'],
  references: [['/v1/references'], 'Reference'],
  tools: [['/v1/tools'], 'Tool'],
  sources: [['/v1/sources'], 'Source'],
};

function read(response: ClientResponse): { head: Record<string, any>; lines: Line[] } {
  const texts = response.text.split('\n');
  assert.equal(texts.pop(), '', 'the last line ends');
  const [first, ...lines] = texts.map((line) => JSON.parse(line) as Line);
  assert.equal(first?.type, 'export');
  return { head: first?.data ?? {}, lines };
}

test('describes the export in its first line and in fields', async () => {
  const response = await client.send('/v1/export.ndjson');
  const { head, lines } = read(response);
  const entry = await client.call('getEntry', {});

  assert.equal(response.headers['content-type'], 'application/x-ndjson');
  assert.equal(response.headers['content-disposition'], 'attachment; filename="export.ndjson"');
  assert.equal(response.headers['dataset-revision'], String(head['dataset'].revision));
  assert.deepEqual(Object.keys(head), [
    'dataset',
    'as_of',
    'language',
    'records',
    'licence',
    'disclaimer',
    'links',
  ]);
  assert.deepEqual(head['dataset'], entry.data.dataset);
  assert.deepEqual(head['disclaimer'], entry.data.disclaimer);
  assert.equal(head['licence'], entry.meta.licence);
  assert.equal(head['as_of'], new Date().toISOString().slice(0, 10));
  assert.equal(head['records'], lines.length);
  assert.deepEqual(head['links'], {
    self: '/v1/export.ndjson',
    changes: `/v1/changes?after_revision=${head['dataset'].revision}`,
  });
  assert.deepEqual((await client.get(head['links'].changes))['data'], []);
  assert.equal(entry.data.links['export'], '/v1/export.ndjson');
});

for (const lang of ['en', 'fr'])
  test(`exports every record as its list does (${lang})`, async () => {
    const { head, lines } = read(await client.send(`/v1/export.ndjson?lang=${lang}`));
    assert.equal(head['language'], lang);
    assert.deepEqual([...new Set(lines.map(({ type }) => type))], Object.keys(collections));

    for (const [type, [addresses, schema]] of Object.entries(collections)) {
      const exported = lines.filter((line) => line.type === type).map(({ data }) => data);
      const listed: Record<string, any>[] = [];
      for (const address of addresses)
        listed.push(...(await client.walk(`${address}?limit=500&lang=${lang}`)));
      const byAddress = (a: Record<string, any>, b: Record<string, any>): number =>
        a['links'].self < b['links'].self ? -1 : 1;
      assert.deepEqual([...exported].sort(byAddress), listed.sort(byAddress), type);
      for (const record of exported)
        assert.equal(schemaError({ $ref: `#/components/schemas/${schema}` }, record), '', type);
      for (const record of [exported[0], exported.at(-1)])
        assert.deepEqual(
          (await client.get(`${record?.['links'].self}?lang=${lang}`))['data'],
          record,
        );
    }
  });

test('returns the same export to concurrent clients, one after the other', async () => {
  const database = await cluster.database('imported');
  const service = await Service.start(cluster.url(database), {
    env: { CYBERTREATY_BULK_TIMEOUT: '60000' },
  });
  const patient = new Client(service.url);
  const responses = await Promise.all(
    Array.from({ length: 4 }, () => patient.send('/v1/export.ndjson')),
  );

  assert.deepEqual(
    responses.map(({ status }) => status),
    [200, 200, 200, 200],
  );
  assert.equal(new Set(responses.map(({ headers }) => headers['etag'])).size, 1);
  await service.stop();
  await cluster.drop(database);
});

test('supports conditions and refuses parameters', async () => {
  const { etag = '' } = (await client.send('/v1/export.ndjson')).headers;
  const again = await client.send('/v1/export.ndjson', { headers: { 'If-None-Match': etag } });
  assert.equal(again.status, 304);
  const french = await client.send('/v1/export.ndjson?lang=fr');
  assert.notEqual(french.headers['etag'], etag);
  await client.problem(406, '/v1/export.ndjson', { headers: { Accept: 'text/csv' } });
  await client.problem(400, '/v1/export.ndjson?country=NO');
});

test('runs one export at a time, returns 503 after the timeout and recovers', async () => {
  const database = await cluster.database('imported');
  const service = await Service.start(cluster.url(database), {
    env: { CYBERTREATY_BULK_TIMEOUT: '2000', CYBERTREATY_POOL: '4' },
  });
  const limited = new Client(service.url);
  const holder = await cluster.connect(database);

  try {
    await holder.query('BEGIN; LOCK TABLE tool IN ACCESS EXCLUSIVE MODE');
    const waiting = Promise.all(Array.from({ length: 3 }, () => limited.send('/v1/export.ndjson')));
    await until('the first export to wait for the table', 10, async () => {
      const { rows } = await cluster.query(
        database,
        `SELECT count(*)::integer AS waiting FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      assert.ok(rows[0].waiting <= 1, 'another export uses a connection');
      return rows[0].waiting === 1;
    });
    const responses = await waiting;
    assert.deepEqual(new Set(responses.map(({ status }) => status)), new Set([503]));
    assert.ok(responses.every(({ headers }) => headers['retry-after'] !== undefined));
  } finally {
    await holder.end();
  }
  await until(
    'the export to succeed again',
    15,
    async () => (await limited.send('/v1/export.ndjson')).status === 200,
  );
  await service.stop();
  await cluster.drop(database);
});
