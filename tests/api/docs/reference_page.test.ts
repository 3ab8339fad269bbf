// The interactive reference in a browser without a network.
/// <reference lib="dom" />
import assert from 'node:assert/strict';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

import type { Locator, Page } from 'playwright-core';

import { Browser } from '../support/browser.js';
import { Client } from '../support/client.js';
import { operations } from '../support/contract.js';

const client = Client.shared();
const host = new URL(client.url).host;
const COUNTRY = '#operations-Countries-getCountry';
/** Long enough for a browser on a busy machine. */
const TIMEOUT = 60_000;

let browser: Browser;
before(async () => {
  browser = await Browser.start();
  browser.context.setDefaultTimeout(TIMEOUT);
});
after(() => browser.stop());

async function openReference(address = '/docs'): Promise<Page> {
  const page = await browser.open(`${client.url}${address}`);
  await page.locator('.opblock').first().waitFor();
  return page;
}

/** Presses Tab until the element has the focus. */
async function tabTo(page: Page, element: Locator): Promise<void> {
  for (let presses = 0; presses < 300; presses++) {
    if (await element.evaluate((node) => node === node.ownerDocument.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  assert.fail('Tab does not reach the element.');
}

test('shows every operation of the contract without requests to other hosts', async () => {
  const page = await openReference();
  const shown = await page
    .locator('.opblock-summary-path')
    .evaluateAll((nodes) => nodes.map((node) => node.getAttribute('data-path') ?? ''));

  assert.deepEqual(shown.sort(), operations.map(({ template }) => template).sort());
  assert.equal(await page.locator('h1:visible').count(), 1);
  assert.ok((await page.locator('a[href="v1"]').count()) > 0);
  browser.assertClean(host);
  await page.close();
});

test('sends a request with the keyboard alone', async () => {
  const page = await openReference();
  const country = page.locator(COUNTRY);

  await tabTo(page, country.locator('button.opblock-summary-control'));
  await page.keyboard.press('Enter');
  const code = country.locator('tr[data-param-name="code"] input');
  await code.waitFor();
  await tabTo(page, code);
  await page.keyboard.type('NO');
  await tabTo(page, country.locator('button.execute'));
  const [received] = await Promise.all([
    page.waitForResponse((response) => response.url().includes('/v1/countries/NO')),
    page.keyboard.press('Enter'),
  ]);
  const live = country.locator('.live-responses-table');

  assert.equal(received.status(), 200);
  assert.equal(new URL(received.url()).host, host);
  await live.waitFor();
  assert.match(await live.locator('.response .response-col_status').first().innerText(), /200/);
  assert.match(await live.innerText(), /"Norway"/);
  browser.assertClean(host);
  await page.close();
});

test('outlines the focused element', async () => {
  const page = await openReference();
  const button = page.locator(`${COUNTRY} button.opblock-summary-control`);

  await tabTo(page, button);
  assert.notEqual(await button.evaluate((node) => getComputedStyle(node).outlineStyle), 'none');
  await page.close();
});

test('shows French pages in a dark colour scheme on a narrow screen', async () => {
  const phone = await Browser.start({
    locale: 'fr-FR',
    colorScheme: 'dark',
    viewport: { width: 390, height: 800 },
  });
  try {
    phone.context.setDefaultTimeout(TIMEOUT);
    for (const address of ['/docs', '/docs/policy', '/problems', '/problems/bad-request']) {
      const page = await phone.open(`${client.url}${address}`);
      if (address === '/docs') await page.locator('.opblock').first().waitFor();
      const seen = await page.evaluate(() => ({
        language: document.documentElement.lang,
        width: document.documentElement.scrollWidth,
        background: getComputedStyle(document.body).backgroundColor,
      }));

      assert.equal(seen.language, 'fr', address);
      assert.ok(seen.width <= 390, `${address} is ${seen.width} pixels wide`);
      assert.match(seen.background, /^rgb\((\d|[1-5]\d), /, `${address} is not dark`);
      await page.close();
    }
    phone.assertClean(host);
  } finally {
    await phone.stop();
  }
});

test('sends requests below the prefix that a proxy adds', async () => {
  const proxy = http.createServer((incoming, outgoing) => {
    const path = (incoming.url ?? '').replace(/^\/api/, '');
    assert.notEqual(path, incoming.url, `${incoming.url} is not below the prefix`);
    incoming.pipe(
      http.request(
        {
          host: '127.0.0.1',
          port: client.port,
          path,
          method: incoming.method,
          headers: incoming.headers,
        },
        (upstream) => {
          outgoing.writeHead(upstream.statusCode ?? 502, upstream.headers);
          upstream.pipe(outgoing);
        },
      ),
    );
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = proxy.address() as AddressInfo;
    const page = await browser.open(`http://127.0.0.1:${port}/api/docs#/Countries/getCountry`);
    const country = page.locator(COUNTRY);

    await country.locator('tr[data-param-name="code"] input').fill('FR');
    const [received] = await Promise.all([
      page.waitForResponse((response) => response.url().includes('/countries/FR')),
      country.locator('button.execute').click(),
    ]);
    assert.equal(new URL(received.url()).pathname, '/api/v1/countries/FR');
    assert.equal(received.status(), 200);
    assert.deepEqual(browser.violations, []);
    await page.close();
  } finally {
    proxy.close();
    proxy.closeAllConnections();
  }
});

test('allows only own scripts on the reference page', async () => {
  const { headers, text } = await client.send('/docs');
  const policy = headers['content-security-policy'] ?? '';

  assert.equal(
    policy,
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  );
  assert.doesNotMatch(text, /<script(?! defer src="docs\/)|<style|style=|\son[a-z]+=|https?:/i);
});

test('serves packed files with the same content in every coding', async () => {
  const fields = async (name: string, coding?: string) =>
    client.send(
      `/docs/${name}`,
      coding === undefined ? {} : { headers: { 'Accept-Encoding': coding } },
    );

  for (const [name, least] of [
    ['swagger-ui-bundle.js', 1_000_000],
    ['swagger-ui.css', 100_000],
    ['swagger-ui-licence.txt', 10_000],
  ] as const) {
    const plain = await fields(name);
    const gzip = await fields(name, 'gzip');
    const brotli = await fields(name, 'gzip, deflate, br');

    assert.ok(plain.body.length > least);
    assert.deepEqual(gunzipSync(gzip.body), plain.body);
    assert.deepEqual(brotliDecompressSync(brotli.body), plain.body);
    assert.ok(brotli.body.length < gzip.body.length && gzip.body.length < plain.body.length / 2);
    assert.deepEqual(
      [plain, gzip, brotli].map(({ headers }) => headers['content-encoding']),
      [undefined, 'gzip', 'br'],
    );
    assert.equal(new Set([plain, gzip, brotli].map(({ headers }) => headers['etag'])).size, 3);
    for (const { headers } of [plain, gzip, brotli])
      assert.match(headers['vary'] ?? '', /Accept-Encoding/);
    assert.equal((await fields(name, 'gzip;q=0, br;q=0')).headers['content-encoding'], undefined);
  }
});

test('redirects browsers from the root to the reference and returns links to programs', async () => {
  const Accept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
  const redirect = await client.send('/', { headers: { Accept } });

  assert.deepEqual([redirect.status, redirect.headers['location']], [307, '/docs']);
  assert.match(redirect.headers['vary'] ?? '', /Accept/);
  const { links } = await client.get<{ links: Record<string, string> }>('/');
  for (const address of Object.values(links))
    assert.equal((await client.send(address)).status, 200, address);
  const page = await browser.open(client.url);
  assert.equal(new URL(page.url()).pathname, '/docs');
  await page.close();
});
