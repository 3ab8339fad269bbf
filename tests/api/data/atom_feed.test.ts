// The Atom feed of changes.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { validateXML } from 'xmllint-wasm';

import { Client, type Data } from '../support/client.js';
import { startPrivateService } from '../support/private_service.js';
import { root } from '../support/paths.js';
import { Service } from '../support/service.js';

const { client, cluster, database } = await startPrivateService();

type Change = Data<'getChange'>;

const schema = readFileSync(join(root, 'tests/api/data/atom.rng'), 'utf8');
const UUID = /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Resolves the character references of text and attributes. */
const plain = (xml: string): string =>
  xml
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');

/** Returns the text of the first element of this name. */
const text = (xml: string, name: string): string =>
  plain(new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? '');

const link = (xml: string, relation: string): string | undefined => {
  const href = new RegExp(`<link rel="${relation}"[^>]* href="([^"]*)"/>`).exec(xml)?.[1];
  return href === undefined ? undefined : plain(href);
};

interface Feed {
  head: string;
  entries: string[];
}

/** Gets a feed, which must be valid by the schema of RFC 4287. */
async function feed(target: string, headers: Record<string, string> = {}): Promise<Feed> {
  const response = await client.send(target, { headers });
  assert.equal(response.status, 200, response.text.slice(0, 300));
  assert.equal(response.headers['content-type'], 'application/atom+xml');

  const { valid, errors } = await validateXML({
    xml: { fileName: 'feed.xml', contents: response.text },
    schema: { fileName: 'atom.rng', contents: schema },
    extension: 'relaxng',
  });
  assert.ok(valid, JSON.stringify(errors.slice(0, 3)));
  const [head = '', ...entries] = response.text.split('<entry>');
  return { head, entries };
}

test('rejects an invalid feed by the schema', async () => {
  const { head } = await feed('/v1/changes?format=atom&limit=1');
  for (const broken of [
    head.replace(/<id>.*<\/id>/, ''),
    head.replace(/<updated>.*<\/updated>/, '<updated>yesterday</updated>'),
    head.replace('<title>', '<title type="none">'),
  ]) {
    const { valid } = await validateXML({
      xml: { fileName: 'feed.xml', contents: `${broken.replace('</feed>', '')}</feed>` },
      schema: { fileName: 'atom.rng', contents: schema },
      extension: 'relaxng',
    });
    assert.ok(!valid, broken);
  }
});

test('lists changes newest first, each with a link to its record', async () => {
  const changes = (await client.walk<Change>('/v1/changes?limit=500&country=NO')).reverse();
  const entries: string[] = [];
  const ids = new Set<string>();

  for (let next: string | undefined = '/v1/changes?format=atom&country=NO&limit=70'; next;) {
    const page = await feed(next);
    ids.add(text(page.head, 'id'));
    assert.match(text(page.head, 'id'), UUID);
    assert.notEqual(text(page.head, 'title'), '');
    assert.match(page.head, /<author><name>[^<]+<\/name><\/author>/);
    assert.match(page.head, /<feed [^>]*xml:lang="en">/);
    assert.equal(link(page.head, 'self')?.includes('format=atom'), true);
    entries.push(...page.entries);
    next = link(page.head, 'next');
  }
  assert.equal(ids.size, 1, 'the pages are of one feed');
  assert.deepEqual(
    entries.map((entry) => ({
      title: text(entry, 'title'),
      updated: text(entry, 'updated'),
      self: link(entry, 'alternate'),
      record: link(entry, 'related'),
    })),
    changes.map(({ title, recorded_at, links }) => ({
      title,
      updated: recorded_at,
      self: links.self,
      record: links.record,
    })),
  );
  assert.equal(new Set(entries.map((entry) => text(entry, 'id'))).size, entries.length);
  for (const entry of entries) assert.match(text(entry, 'id'), UUID);
});

test('serves a valid feed of all initial changes', async () => {
  const { entries } = await feed(
    '/v1/changes?format=atom&limit=500&resource=statements,strategies',
  );
  assert.equal(entries.length, 500);
});

test('serves the feed for Accept, in French, with a link to the JSON form', async () => {
  const { head, entries } = await feed('/v1/changes?treaty=224&limit=5', {
    Accept: 'application/atom+xml, application/json;q=0.9',
    'Accept-Language': 'fr',
  });
  assert.match(head, /xml:lang="fr"/);
  assert.match(text(entries[0] ?? '', 'title'), /^(Ajout|Modification) : /);
  const other = await client.send(link(head, 'alternate') ?? '', {
    headers: { 'Accept-Language': 'fr' },
  });
  assert.equal(other.headers['content-type'], 'application/json');
  assert.equal(
    other.json()['meta'].total,
    (await client.get('/v1/changes?treaty=224'))['meta'].total,
  );
});

test('escapes markup and control characters and describes the change', async () => {
  const id = 'a.b_c-1';
  await cluster.query(
    database,
    `INSERT INTO tool (id, title, kind, url, source_id)
     VALUES ('${id}', 'One', 'guide', 'https://example.org/', (SELECT min(id) FROM source))`,
  );
  await cluster.query(
    database,
    `INSERT INTO country (code, alpha3, numeric, name_en, source_id)
     VALUES ('XX', 'XXX', '999', E'<b>"X" & \\x01''s</b>', (SELECT min(id) FROM source))`,
  );
  await cluster.query(
    database,
    `UPDATE tool SET title = 'Two', url = 'https://example.org/2' WHERE id = '${id}'`,
  );

  const { head, entries } = await feed('/v1/changes?format=atom&limit=3');
  assert.deepEqual(
    entries.map((entry) => text(entry, 'title')),
    [`Changed: tool ${id}`, `Added: country XX (<b>"X" & \uFFFD's</b>)`, `Added: tool ${id}`],
  );
  assert.equal(text(entries[0] ?? '', 'summary'), 'Changed: title, url');
  assert.equal(text(head, 'updated'), text(entries[0] ?? '', 'updated'));
  assert.deepEqual(
    [...(entries[0] ?? '').matchAll(/<category term="([^"]*)"/g)].map(([, term]) => term),
    ['tools', 'update', 'correction'],
  );
});

test('builds entry identifiers independently of the public address', async () => {
  const target = '/v1/changes?format=atom&resource=treaties';
  const moved = await Service.start(cluster.url(database), {
    env: { CYBERTREATY_PUBLIC_URL: 'https://elsewhere.example' },
  });
  const [here, there] = [
    (await client.send(target)).text,
    (await new Client(moved.url).send(target)).text,
  ];
  const ids = (xml: string): string[] =>
    [...xml.matchAll(/<id>([^<]*)<\/id>/g)].map(([, id]) => id ?? '');

  await moved.stop();
  assert.deepEqual(ids(here), ids(there));
  assert.match(there, /href="https:\/\/elsewhere\.example\/v1\/changes\/1-/);
  assert.ok(!/href="\/v1/.test(there));
  const other = (await client.send('/v1/changes?format=atom&resource=tools')).text;
  assert.notEqual(ids(other)[0], ids(here)[0], 'another list is another feed');
});

test('serves a valid feed without entries, updated at the time of the dataset', async () => {
  const { head, entries } = await feed('/v1/changes?format=atom&after_revision=1000000');
  const { data } = await client.call('getEntry', {});
  assert.deepEqual(entries, []);
  assert.equal(text(head, 'updated').slice(0, 19), data.dataset.changed_at.slice(0, 19));
});

test('accepts sort and limit up to 500 and rejects fields', async () => {
  const { entries } = await feed('/v1/changes?format=atom&sort=revision&limit=1');
  assert.equal(link(entries[0] ?? '', 'alternate'), '/v1/changes/1-1');
  assert.equal((await feed('/v1/changes?format=atom')).entries.length, 100);
  assert.match(
    (await client.problem(400, '/v1/changes?format=atom&limit=501')).errors?.[0]?.detail ?? '',
    /1 to 500/,
  );
  assert.match(
    (await client.problem(400, '/v1/changes?format=atom&fields=title')).errors?.[0]?.detail ?? '',
    /Atom/,
  );
  assert.match((await client.problem(400, '/v1/tools?format=atom')).detail, /json, ndjson, csv\./);
});
