// The form of answers.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';

import { Client } from '../support/client.js';
import { schemaError, operations } from '../support/contract.js';
import { sampleTarget } from '../support/sample_targets.js';

const client = Client.shared();

test('json: with no Accept, */* and all that allows it', async () => {
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
    const reply = await client.send('/v1/countries/NO', { headers: { Accept } });
    assert.equal(reply.status, 200, Accept);
    assert.equal(reply.headers['content-type'], 'application/json', Accept);
  }
  assert.equal((await client.send('/v1/countries/NO')).headers['content-type'], 'application/json');
});

test('accept: nothing acceptable is 406 that lists what exists', async () => {
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

test('json: the bytes are UTF-8 and the length is told', async () => {
  const reply = await client.send('/v1/countries/AX?lang=fr');
  assert.match(reply.text, /Åland/);
  assert.ok(!reply.text.includes('\uFFFD'));
  assert.equal(reply.headers['content-length'], String(reply.body.length));
});

test('json: keys stand in the documented order', async () => {
  for (const [target, first] of [
    ['/v1/countries/NO', 'code'],
    ['/v1/status/NO-185', 'country'],
    ['/v1/statements/NO-185-R-06', 'id'],
  ] as const) {
    const reply = await client.send(target);
    assert.equal(Object.keys(reply.json()['data'])[0], first);
    assert.deepEqual(Object.keys(reply.json()), ['data', 'meta', 'links']);
    assert.deepEqual(Object.keys(reply.json()['data']).slice(-1), ['links']);
  }
});

test('dates: days are YYYY-MM-DD, moments are UTC with Z', async () => {
  const { data } = await client.get('/v1/countries/NO');
  assert.match(data.updated_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
  const status = await client.get('/v1/status/NO-185');
  assert.equal(status['data'].in_force_on, '2006-10-01');
});

test('etag: of a record it begins with the revision of the record, of a list it is a hash of the bytes', async () => {
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

test('json: the contract refuses an answer that says more or less than it documents', async () => {
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
