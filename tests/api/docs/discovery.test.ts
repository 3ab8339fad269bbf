// The entry, the licence, health and the well-known addresses.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Client } from '../support/client.js';

const client = Client.shared();

test('links from the entry to every collection', async () => {
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

test('names the contract and the licence in Link of the entry', async () => {
  const { headers } = await client.send('/v1');
  const links = [...(headers['link'] ?? '').matchAll(/<([^>]+)>; rel="([^"]+)"/g)].map(
    ([, address = '', relation = '']) => ({ address, relation }),
  );

  for (const relation of ['service-desc', 'service-doc', 'license', 'status', 'api-catalog'])
    assert.ok(
      links.some((link) => link.relation === relation),
      relation,
    );
  for (const { address, relation } of links.filter((link) => link.relation !== 'license'))
    assert.equal((await client.send(address)).status, 200, relation);
});

test('names the licence in meta and Link of every response with facts', async () => {
  for (const target of [
    '/v1',
    '/v1/countries',
    '/v1/countries/NO',
    '/v1/countries/NO/profile',
    '/v1/status',
    '/v1/strategies?limit=1',
  ]) {
    const response = await client.send(target);
    assert.match(response.json()['meta'].licence, /CC BY 4\.0/, target);
    assert.match(response.headers['link'] ?? '', /<[^>]+>; rel="license"/, target);
  }
});

test('reports that it is alive and ready', async () => {
  assert.deepEqual(await client.call('getLiveness', {}), { status: 'alive' });
  assert.deepEqual(await client.call('getReadiness', {}), { status: 'ready' });
});

test('sends the revision of the dataset in a field', async () => {
  const response = await client.send('/v1/countries/NO');
  const entry = await client.call('getEntry', {});
  assert.equal(Number(response.headers['dataset-revision']), entry.data.dataset.revision);
});

interface Target {
  href: string;
  type?: string;
}
interface Catalog {
  linkset: ({ anchor: string } & Record<string, Target[]>)[];
}

test('lists the API, its contract and its pages in /.well-known/api-catalog', async () => {
  const response = await client.send('/.well-known/api-catalog');
  const head = await client.send('/.well-known/api-catalog', { method: 'HEAD' });
  const [catalog, api] = response.json<Catalog>().linkset;

  assert.equal(
    response.headers['content-type'],
    'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"',
  );
  assert.equal(head.headers['link'], '</.well-known/api-catalog>; rel="api-catalog"');
  assert.deepEqual(catalog?.['item'], [{ href: '/v1' }]);
  assert.equal(api?.anchor, '/v1');
  for (const relation of ['service-desc', 'service-doc', 'status'])
    for (const { href, type } of api?.[relation] ?? assert.fail(relation)) {
      const { status, headers } = await client.send(href);
      assert.equal(status, 200, href);
      assert.equal(headers['content-type']?.split(';')[0], type, href);
    }
  assert.match(api?.['license']?.[0]?.href ?? '', /^https:/);
});

test('names the contact in /.well-known/security.txt, which expires within a year', async () => {
  const { text, headers } = await client.send('/.well-known/security.txt');
  const fields = new Map(
    text
      .trimEnd()
      .split('\n')
      .map((line) => line.split(': ') as [string, string]),
  );
  const days = (Date.parse(fields.get('Expires') ?? '') - Date.now()) / 86_400_000;

  assert.equal(headers['content-type'], 'text/plain; charset=utf-8');
  assert.deepEqual([...fields.keys()], ['Contact', 'Expires', 'Preferred-Languages']);
  assert.equal(fields.get('Contact'), 'https://example.org/security');
  assert.match(fields.get('Expires') ?? '', /^\d{4}-\d{2}-01T00:00:00Z$/);
  assert.ok(days > 180 && days < 220, fields.get('Expires'));
});
