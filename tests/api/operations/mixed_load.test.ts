// Clients of every kind at once, while the database changes, dies and returns. Under
// ThreadSanitizer this is the test that finds races: any report fails it.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';

import { rows } from '../http/hostile_table.js';
import { Cluster } from '../support/database.js';
import { metricsText } from '../support/metrics.js';
import { pause, until } from '../support/processes.js';
import { exchange } from '../support/raw_exchange.js';
import { Service } from '../support/service.js';
import { changeSource } from '../support/tcp_proxy.js';

const SECONDS = 9;
const CLIENTS = 12;
const COUNTRIES = ['NO', 'SE', 'DK', 'FI', 'IS', 'FR', 'DE', 'RO', 'CH', 'US', 'JP', 'PT'];

let cluster: Cluster;
let database: string;

before(async () => {
  cluster = await Cluster.start();
  database = await cluster.database('imported');
});
after(() => cluster.stop());

/** The same numbers in each run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

interface Got {
  status: number;
  body: string;
  etag: string | undefined;
}

function get(
  agent: http.Agent,
  port: number,
  path: string,
  headers: http.OutgoingHttpHeaders = {},
): Promise<Got> {
  return new Promise((resolve, reject) => {
    http
      .get({ host: '127.0.0.1', port, agent, path, headers }, (response) => {
        const parts: Buffer[] = [];
        response.on('error', reject);
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            body: Buffer.concat(parts).toString('utf8'),
            etag: response.headers.etag,
          }),
        );
      })
      .on('error', reject);
  });
}

/** When facts may be missing: from the death of the database until the service has it again. */
class Outage {
  #began = Infinity;
  #ended = Infinity;

  begin(): void {
    this.#began = performance.now();
  }

  end(): void {
    this.#ended = performance.now();
  }

  /** Whether some of the time since `sent` lies in it. */
  overlaps(sent: number): boolean {
    return performance.now() >= this.#began && sent <= this.#ended;
  }
}

/** A client that does one thing after the other. Each checks that its responses are its own. */
class MixedClient {
  readonly counts = new Map<string, number>();
  readonly #agent = new http.Agent({ keepAlive: true, maxSockets: 2 });
  readonly #number: (below: number) => number;

  constructor(
    private readonly service: Service,
    private readonly outage: Outage,
    seed: number,
  ) {
    this.#number = numbers(seed);
  }

  async run(over: () => boolean): Promise<void> {
    const kinds = [
      () => this.#read('hit', (code) => `/v1/countries/${code}`),
      () => this.#read('hit', (code) => `/v1/countries/${code}`),
      () => this.#read('miss', (code) => `/v1/countries/${code}?as_of=${this.#day()}`),
      () => this.#readUnchanged(),
      () => this.#sendHostile(),
      () => this.#readMetrics(),
      () => this.#reset(),
    ];
    try {
      while (!over()) await kinds[this.#number(kinds.length)]?.();
    } finally {
      this.#agent.destroy();
    }
  }

  #count(kind: string): void {
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
  }

  #day(): string {
    const day = Date.UTC(2016, 0, 1 + this.#number(3000));
    return new Date(day).toISOString().slice(0, 10);
  }

  #country(): string {
    return COUNTRIES[this.#number(COUNTRIES.length)] ?? 'NO';
  }

  /** Sends a GET; during the outage there is 503 for what is not cached. */
  async #get(path: string, headers: http.OutgoingHttpHeaders = {}): Promise<Got> {
    const sent = performance.now();
    const got = await get(this.#agent, this.service.port, path, headers);
    if (got.status === 503) assert.ok(this.outage.overlaps(sent), got.body.slice(0, 300));
    return got;
  }

  async #read(kind: string, target: (code: string) => string): Promise<void> {
    const code = this.#country();
    const coding = this.#number(2) ? {} : { 'Accept-Language': 'fr' };
    const { status, body } = await this.#get(target(code), coding);
    if (status !== 503) {
      assert.equal(status, 200, body.slice(0, 300));
      assert.equal((JSON.parse(body) as { data: { code: string } }).data.code, code);
    }
    this.#count(`${kind} ${status}`);
  }

  async #readUnchanged(): Promise<void> {
    const path = `/v1/countries/${this.#country()}`;
    const { status, etag } = await this.#get(path);
    if (status === 503) return;
    assert.equal(status, 200);
    const again = await this.#get(path, { 'If-None-Match': etag });
    // With 200 the dataset changed between the two.
    if (again.status === 200) assert.notEqual(again.etag, etag);
    else if (again.status !== 503) assert.equal(again.status, 304);
    this.#count(`condition ${again.status}`);
  }

  /** A row of the table whose outcome does not depend on the database. */
  async #sendHostile(): Promise<void> {
    const row = refused[this.#number(refused.length)];
    assert.ok(row);
    const { outcome } = await exchange(this.service.port, row, row.outcome);
    assert.equal(outcome, row.outcome, row.does);
    this.#count('hostile');
  }

  async #readMetrics(): Promise<void> {
    await metricsText(this.service);
    this.#count('metrics');
  }

  /** Resets a connection at which responses wait. */
  async #reset(): Promise<void> {
    const one = `GET /v1/countries/${this.#country()}/profile HTTP/1.1\r\nHost: x\r\n\r\n`;
    await exchange(this.service.port, { send: [one.repeat(20)], then: 'reset' }, 'reset');
    this.#count('reset');
  }
}

const refused = rows.filter(
  ({ outcome, then }) => /^4\d\d closed$/.test(outcome) && then === 'wait',
);

test('serves every client its own responses while the database changes, dies and returns', async (t) => {
  const service = await Service.start(cluster.url(database), {
    env: {
      CYBERTREATY_METRICS_PORT: '0',
      CYBERTREATY_POOL: '4',
      // Long, so that only the outage causes 503.
      CYBERTREATY_POOL_WAIT: '30000',
      // Small, so that responses are evicted.
      CYBERTREATY_CACHE_BYTES: '1000000',
      CYBERTREATY_CONNECTIONS_PER_CLIENT: '500',
    },
  });
  const outage = new Outage();
  const clients = Array.from(
    { length: CLIENTS },
    (_, i) => new MixedClient(service, outage, i + 1),
  );
  let over = false;
  try {
    const running = Promise.all(clients.map((client) => client.run(() => over)));
    const changing = async (seconds: number): Promise<void> => {
      for (let i = 0; i < seconds * 4; i++) {
        await changeSource(cluster, database);
        await pause(250);
      }
    };
    const events = async (): Promise<void> => {
      await changing(SECONDS / 3);
      outage.begin();
      await cluster.kill();
      await pause(1000);
      await cluster.resume();
      await until('database_up in the log', 30, () =>
        service.lines().some(({ event }) => event === 'database_up'),
      );
      outage.end();
      await changing(SECONDS / 3);
    };
    await Promise.race([running, events()]).finally(() => (over = true));
    await running;
  } finally {
    over = true;
    // Fails when the service printed anything, such as a report of a sanitizer.
    await service.stop();
  }
  const counts = new Map<string, number>();
  for (const client of clients)
    for (const [kind, count] of client.counts) counts.set(kind, (counts.get(kind) ?? 0) + count);
  t.diagnostic([...counts].map(([kind, count]) => `${kind}: ${count}`).join(', '));
  for (const kind of ['hit 200', 'miss 200', 'miss 503', 'condition 304', 'hostile', 'reset'])
    assert.ok((counts.get(kind) ?? 0) > 0, kind);
});
