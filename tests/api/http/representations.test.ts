// The form of responses.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';

import { Client } from '../support/client.js';
import { schemaError, operations } from '../support/contract.js';
import { sampleTarget } from '../support/sample_targets.js';

const client = Client.shared();

test('returns JSON without Accept and for every Accept that allows it', async () => {
  for (const Accept of [
    '*/*',
    'application/*',
    'application/json',
    'text/html, */*;q=0.1',
    'application/json;q=0.001',
    'image/png, application/json',
    'APPLICATION/JSON',
    'application/json; charset=utf-8',
  ]) {
    const result = await client.send('/v1/countries/NO', { headers: { Accept } });
    assert.equal(result.status, 200, Accept);
    assert.equal(result.headers['content-type'], 'application/json', Accept);
  }
  assert.equal((await client.send('/v1/countries/NO')).headers['content-type'], 'application/json');
});

test('returns 406 that lists the available types', async () => {
  for (const Accept of [
    'image/png',
    'text/html',
    'application/json;q=0',
    '*/*;q=0',
    'text/*',
    'application/json;q=0, */*',
  ]) {
    const problem = await client.problem(406, '/v1/countries/NO', { headers: { Accept } });
    assert.match(problem.detail, /application\/json/, Accept);
  }
});

test('sends UTF-8 with Content-Length', async () => {
  const result = await client.send('/v1/countries/AX?lang=fr');
  assert.match(result.text, /Åland/);
  assert.ok(!result.text.includes('\uFFFD'));
  assert.equal(result.headers['content-length'], String(result.body.length));
});

test('sends members in the documented order', async () => {
  for (const [target, first] of [
    ['/v1/countries/NO', 'code'],
    ['/v1/status/NO-185', 'country'],
    ['/v1/statements/NO-185-R-06', 'id'],
  ] as const) {
    const result = await client.send(target);
    assert.equal(Object.keys(result.json()['data'])[0], first);
    assert.deepEqual(Object.keys(result.json()), ['data', 'meta', 'links']);
    assert.deepEqual(Object.keys(result.json()['data']).slice(-1), ['links']);
  }
});

test('writes days as YYYY-MM-DD and times in UTC with Z', async () => {
  const { data } = await client.get('/v1/countries/NO');
  assert.match(data.updated_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
  const status = await client.get('/v1/status/NO-185');
  assert.equal(status['data'].in_force_on, '2006-10-01');
});

test('builds the tag of a record from its revision and a hash, of a list from a hash', async () => {
  const record = await client.send('/v1/countries/NO');
  assert.equal(record.headers['etag'], `"${record.json()['data'].revision}-${hash(record.body)}"`);
  const list = await client.send('/v1/reservations');
  assert.equal(list.headers['etag'], `"${hash(list.body)}"`);
  assert.equal((await client.send('/v1/reservations')).headers['etag'], list.headers['etag']);
  assert.notEqual(
    (await client.send('/v1/reservations?lang=fr')).headers['etag'],
    list.headers['etag'],
  );
});

const hash = (body: Buffer): string => createHash('sha256').update(body).digest('hex').slice(0, 16);

test('validates responses without missing or additional members', async () => {
  const operation = operations.find(({ id }) => id === 'getCountry');
  const schema = operation?.responses['200']?.content?.['application/json']?.schema ?? {};
  const response = await client.get(await sampleTarget(client, operation ?? operations[0]!));
  const { alpha3, ...less } = response['data'];

  assert.equal(schemaError(schema, response), '');
  assert.notEqual(schemaError(schema, { ...response, data: { ...response['data'], more: 1 } }), '');
  assert.notEqual(schemaError(schema, { ...response, data: less }), '');
  assert.notEqual(
    schemaError(schema, { ...response, data: { ...response['data'], alpha3: null } }),
    '',
  );
});
