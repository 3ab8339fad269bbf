// What the Treaty Office calls declarations: all kinds of statements but reservations and objections.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Client } from '../support/client.js';
import { startPrivateService } from '../support/private_service.js';

const client = Client.shared();
const { client: own, cluster, database } = await startPrivateService();
const kinds = ['authority', 'communication', 'declaration', 'territorial'];

interface Row {
  id: string;
  kind: string;
  country: string;
  treaty: string;
}
const walk = (target: string): Promise<Row[]> => client.walk<Row>(target);
const ids = (rows: Row[]): string[] => rows.map(({ id }) => id);

for (const [place, own] of [
  ['', () => true],
  ['/countries/NO', ({ country }: Row) => country === 'NO'],
  ['/treaties/185', ({ treaty }: Row) => treaty === '185'],
] as const)
  test(`lists four kinds of statements at /v1${place}/declarations`, async () => {
    const all = (await walk('/v1/statements?limit=500')).filter(own);
    const expected = all.filter(({ kind }) => kinds.includes(kind));
    const address = `/v1${place}/declarations`;

    assert.ok(expected.length > 0);
    assert.deepEqual(ids(await walk(`${address}?limit=500`)), ids(expected));
    for (const kind of kinds)
      assert.deepEqual(
        ids(await walk(`${address}?kind=${kind}&limit=500`)),
        ids(all.filter((row) => row.kind === kind)),
        kind,
      );
    assert.deepEqual(
      ids(await walk(`${address}?kind=authority,territorial&limit=500`)),
      ids(all.filter(({ kind }) => ['authority', 'territorial'].includes(kind))),
    );
  });

test('narrows declarations to none but the four kinds', async () => {
  for (const kind of ['reservation', 'objection', 'declaration,objection']) {
    const { errors } = await client.problem(400, `/v1/declarations?kind=${kind}`);
    assert.match(
      errors?.[0]?.detail ?? '',
      /not one of: declaration, communication, authority, territorial\./,
    );
  }
});

test('leaves out of the canonical address a filter by all four kinds', async () => {
  const all = await client.send(`/v1/declarations?kind=${kinds.join(',')}&limit=3`);
  const plain = await client.send('/v1/declarations?limit=3');

  assert.equal(all.json()['links'].self, '/v1/declarations?limit=3');
  assert.equal(all.headers['etag'], plain.headers['etag']);
});

test('returns a declaration of each kind by its identifier, and neither reservation nor objection', async () => {
  const all = [...kinds, 'reservation', 'objection'];

  for (const kind of all)
    await cluster.query(
      database,
      `INSERT INTO statement (id, country, treaty, kind, made_on, summary_en, source_id)
       VALUES ('NO-185-${kind}', 'NO', '185', '${kind}', '2006-06-30', 'Invented.', (SELECT min(id) FROM source))`,
    );
  for (const kind of kinds)
    assert.equal((await own.get(`/v1/declarations/NO-185-${kind}`))['data'].kind, kind);
  for (const kind of ['reservation', 'objection'])
    await own.problem(404, `/v1/declarations/NO-185-${kind}`);
  assert.equal((await own.get('/v1/reservations/NO-185-reservation'))['data'].kind, 'reservation');
  await own.problem(404, '/v1/reservations/NO-185-objection');
  const listed = await own.walk<Row>('/v1/countries/NO/declarations?made_on=2006-06-30&q=invented');
  assert.deepEqual(listed.map(({ kind }) => kind).sort(), kinds);
});

test('finds the designations of a State among its declarations', async () => {
  const rows = await walk('/v1/countries/NO/declarations?article=27');

  assert.deepEqual(ids(rows), ['NO-185-A-27a', 'NO-185-A-27b']);
});

test('links the declarations of a treaty', async () => {
  const { data } = await client.get('/v1/treaties/189');
  assert.equal(data.links.declarations, '/v1/treaties/189/declarations');
});

test('takes several values of in_force', async () => {
  const all = await client.walk('/v1/statements?limit=500');
  const some = await client.walk('/v1/statements?in_force=true,unknown&limit=500');

  assert.deepEqual(
    some.map(({ id }) => id as string),
    all.filter((row) => row['in_force'] !== false).map(({ id }) => id as string),
  );
});
