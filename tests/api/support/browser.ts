// A headless Chromium without a network: a request to another host fails the test.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
  chromium,
} from 'playwright-core';

const PROGRAM = '/usr/bin/chromium';
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  // No host name resolves, so no other host is reachable.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

export class Browser {
  /** Console errors, failed requests and breaches of the content security policy. */
  readonly violations: string[] = [];
  readonly requested: string[] = [];

  private constructor(
    readonly context: BrowserContext,
    private readonly folder: string,
  ) {}

  static async start(options: BrowserContextOptions = {}): Promise<Browser> {
    assert.ok(existsSync(PROGRAM), `${PROGRAM} is missing: ./dev test api installs it.`);
    const folder = mkdtempSync(join(tmpdir(), 'ct-browser-'));
    const context = await chromium.launchPersistentContext(folder, {
      executablePath: PROGRAM,
      args: QUIET,
      headless: true,
      ...options,
    });
    const browser = new Browser(context, folder);

    context.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) browser.#report(message.text());
    });
    context.on('weberror', (error) => browser.#report(error.error().message));
    context.on('requestfailed', (request) =>
      browser.#report(`${request.url()} failed: ${request.failure()?.errorText}`),
    );
    context.on('request', (request) => browser.requested.push(request.url()));
    await context.exposeFunction('reportViolation', (text: string) => browser.#report(text));
    await context.addInitScript(
      `addEventListener('securitypolicyviolation', (event) =>
         reportViolation(event.violatedDirective + ' forbids ' + event.blockedURI));`,
    );
    return browser;
  }

  #report(text: string): void {
    this.violations.push(text);
  }

  async open(url: string): Promise<Page> {
    const page = await this.context.newPage();
    await page.goto(url);
    return page;
  }

  /** Asserts that there were no violations and no requests to other hosts. */
  assertClean(host: string): void {
    assert.deepEqual(this.violations, []);
    for (const url of this.requested.filter((each) => !each.startsWith('data:')))
      assert.equal(new URL(url).host, host, url);
  }

  async stop(): Promise<void> {
    await this.context.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
