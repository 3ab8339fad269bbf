// The HTML pages: problem types and the policy.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Client, type Problem, type ClientResponse } from '../support/client.js';
import { Cluster } from '../support/database.js';
import { Service } from '../support/service.js';

const client = Client.shared();
const French = { 'Accept-Language': 'fr' };

/** The text content of markup. */
const plain = (html: string): string =>
  html
    .replaceAll(/<[^>]+>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');

const addresses = (html: string, base: string): string[] =>
  [...html.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, address]) => {
    const url = new URL(address ?? '', `http://service${base}`);
    assert.equal(url.host, 'service', `${base} links to another host: ${address}`);
    return url.pathname + url.search;
  });

async function problemNames(): Promise<string[]> {
  const { text } = await client.send('/problems');
  return [...text.matchAll(/href="problems\/([a-z-]+)"/g)].map(([, name]) => name ?? '');
}

const pages = async (): Promise<string[]> => [
  '/problems',
  '/docs/policy',
  ...(await problemNames()).map((name) => `/problems/${name}`),
];

test('has one page for every problem status in the contract', async () => {
  const names = await problemNames();
  const { text } = await client.send('/problems');
  const statuses = [...text.matchAll(/class="status">(\d+)</g)].map(([, status]) => status);

  assert.equal(new Set(names).size, names.length);
  assert.equal(new Set(statuses).size, statuses.length);
  for (const status of [
    '400',
    '404',
    '405',
    '406',
    '410',
    '411',
    '413',
    '414',
    '431',
    '500',
    '501',
    '503',
    '505',
  ])
    assert.ok(statuses.includes(status), status);
});

test('describes a problem, what to do, and an example on its page', async () => {
  for (const name of await problemNames()) {
    const { text, headers } = await client.send(`/problems/${name}`);
    const document = JSON.parse(
      plain(/<pre><code>(\{.*?)<\/code>/s.exec(text)?.[1] ?? ''),
    ) as Problem;

    assert.equal(headers['content-type'], 'text/html; charset=utf-8');
    assert.equal(document.type, `/problems/${name}`);
    assert.match(text, new RegExp(`class="status">${document.status}<`));
    assert.match(text, /<h2>What happened<\/h2>\n<p>.{30}/);
    assert.match(text, /<h2>What to do<\/h2>\n<p>.{20}/);
  }
});

for (const lang of ['en', 'fr'])
  test(`returns the problem document that the page shows in ${lang}`, async () => {
    for (const name of [
      'bad-request',
      'not-found',
      'method-not-allowed',
      'not-acceptable',
      'unknown-method',
    ]) {
      const { text } = await client.send(`/problems/${name}?lang=${lang}`);
      const [request = '', document = ''] = [...text.matchAll(/<pre><code>(.*?)<\/code>/gs)].map(
        ([, code]) => plain(code ?? ''),
      );
      const [first = '', ...fields] = request.split('\n');
      const [method = '', target = ''] = first.split(' ');
      const headers = Object.fromEntries(
        fields.map((line) => line.split(': ') as [string, string]),
      );
      const { request_id: sent, ...received } = (
        await client.send(target, { method, headers: { 'Accept-Language': lang, ...headers } })
      ).json();
      const { request_id: shown, ...example } = JSON.parse(document) as Problem;

      assert.deepEqual(received, example, name);
      assert.ok(sent && shown);
    }
  });

test('returns 404 for an unknown problem type and redirects other letter case', async () => {
  assert.equal((await client.problem(404, '/problems/no-such')).type, '/problems/not-found');
  assert.equal((await client.problem(404, '/docs/no-such.css')).type, '/problems/not-found');
  assert.equal(
    (await client.send('/Problems/Not-Found')).headers['location'],
    '/problems/not-found',
  );
});

test('serves pages in English and French with the same example', async () => {
  // Title and detail of a problem follow the language.
  const shown = ({ text }: ClientResponse): unknown[] => {
    const example = plain(/<pre><code>(\{.*?)<\/code>/s.exec(text)?.[1] ?? '{}');
    const { type, status, instance, request_id: id } = JSON.parse(example) as Problem;
    return [type, status, instance, id];
  };

  for (const page of await pages()) {
    const english = await client.send(page);
    const french = await client.send(page, { headers: French });

    assert.equal(english.headers['content-language'], 'en', page);
    assert.equal(french.headers['content-language'], 'fr', page);
    assert.match(french.headers['vary'] ?? '', /Accept-Language/);
    assert.match(english.text, /<html lang="en">/);
    assert.match(french.text, /<html lang="fr">/);
    assert.notEqual(english.headers['etag'], french.headers['etag']);
    assert.deepEqual(shown(english), shown(french), page);
    assert.equal((await client.send(`${page}?lang=fr`)).text, french.text, page);
    // Each page links to the other language.
    assert.match(english.text, /href="\?lang=fr" hreflang="fr"/);
    assert.match(french.text, /href="\?lang=en" hreflang="en"/);
  }
});

test('restricts pages to own resources and no scripts', async () => {
  for (const page of await pages()) {
    const { headers, text } = await client.send(page);

    assert.equal(
      headers['content-security-policy'],
      "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      page,
    );
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.doesNotMatch(text, /<script|<style|style=|\son[a-z]+=/i, page);
  }
});

test('links only to existing addresses', async () => {
  const seen = new Set<string>();

  for (const page of await pages())
    for (const address of addresses((await client.send(page)).text, page)) seen.add(address);
  assert.ok(seen.has('/docs/page.css') && seen.has('/favicon.ico'));
  for (const address of seen) assert.equal((await client.send(address)).status, 200, address);
});

test('explains deprecation and removal of addresses in the policy', async () => {
  for (const lang of ['en', 'fr']) {
    const { text } = await client.send(`/docs/policy?lang=${lang}`);
    for (const word of ['RFC 9745', 'RFC 8594', 'Deprecation: @', 'Sunset: ', '410', '/v2'])
      assert.ok(text.includes(word), `${lang} ${word}`);
  }
  assert.match((await client.problem(404, '/v2/countries')).detail, /\/v1/);
});

let service: Service;
let other: Client;
before(async () => {
  const cluster = Cluster.shared();
  service = await Service.start(cluster.url('postgres'), {
    wait: 'alive',
    env: { CYBERTREATY_PUBLIC_URL: 'https://treaty.example/api' },
  });
  other = new Client(service.url);
});
after(() => service.stop());

test('serves pages without a database and below a prefix', async () => {
  const { text } = await other.send('/problems/not-found');

  assert.match(text, /href="\.\.\/docs\/page\.css"/);
  assert.match(text, /&quot;type&quot;: &quot;\/problems\/not-found&quot;/);
});

test('names the public address in the catalogue', async () => {
  const catalog = (await other.send('/.well-known/api-catalog')).json<{
    linkset: { anchor: string; 'service-doc'?: { href: string }[] }[];
  }>();

  assert.deepEqual(
    catalog.linkset.map(({ anchor }) => anchor),
    ['https://treaty.example/api/.well-known/api-catalog', 'https://treaty.example/api/v1'],
  );
});

test('returns 404 for security.txt without a contact', async () => {
  assert.match((await other.problem(404, '/.well-known/security.txt')).detail, /operator/);
});
