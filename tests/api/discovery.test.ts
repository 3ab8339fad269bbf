// The entry, the terms of use, and whether the service is well.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Client } from './support/client.js';

const client = Client.shared();

test('discovery: the entry leads to every collection', async () => {
  const { data } = await client.call('getEntry', {});
  const links = Object.values(data.links as Record<string, string>);

  for (const address of [
    '/v1/countries',
    '/v1/status',
    '/v1/treaties',
    '/v1/actions',
    '/v1/statements',
    '/v1/reservations',
    '/v1/declarations',
    '/v1/strategies',
    '/v1/sources',
  ])
    assert.ok(links.includes(address), address);
  for (const link of links.filter((each) => !each.includes('{')))
    assert.equal((await client.send(link)).status, 200, link);
});

test('discovery: Link on the entry names the contract and the terms', async () => {
  const { headers } = await client.send('/v1');
  assert.match(headers['link'] ?? '', /<\/openapi\.json>; rel="service-desc"/);
  assert.match(headers['link'] ?? '', /rel="license"/);
});

test('licence: in meta and in Link of every answer with facts', async () => {
  for (const target of [
    '/v1',
    '/v1/countries',
    '/v1/countries/NO',
    '/v1/countries/NO/profile',
    '/v1/status',
    '/v1/strategies?limit=1',
  ]) {
    const reply = await client.send(target);
    assert.match(reply.json()['meta'].licence, /CC BY 4\.0/, target);
    assert.match(reply.headers['link'] ?? '', /<[^>]+>; rel="license"/, target);
  }
});

test('health: alive and ready', async () => {
  assert.deepEqual(await client.call('getLiveness', {}), { status: 'alive' });
  assert.deepEqual(await client.call('getReadiness', {}), { status: 'ready' });
});

test('openapi: the revision of the dataset stands in a field, not in bodies', async () => {
  const reply = await client.send('/v1/countries/NO');
  const entry = await client.call('getEntry', {});
  assert.equal(Number(reply.headers['dataset-revision']), entry.data.dataset.revision);
});
