// The queries that a connection has prepared, from PostgreSQL's log.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { Client } from '../support/client.js';
import { Cluster } from '../support/database.js';
import { until } from '../support/processes.js';
import { Service } from '../support/service.js';

/** As STATEMENT_CACHE_SIZE in src/db/statement_cache.h. */
const STATEMENTS = 128;

let cluster: Cluster;
let service: Service;
let client: Client;

before(async () => {
  cluster = await Cluster.start({
    logging_collector: 'on',
    log_directory: 'log',
    log_file_mode: '0644',
    log_min_duration_statement: '0',
    log_line_prefix: '%p|',
  });
  const database = await cluster.database('imported');
  service = await Service.start(cluster.url(database), {
    env: { CYBERTREATY_CACHE_BYTES: '0', CYBERTREATY_POOL: '1', CYBERTREATY_POOL_AGE: '0' },
  });
  client = new Client(service.url);
});
after(async () => {
  await service?.stop();
  await cluster.stop();
});

interface Prepared {
  parsed: number;
  deallocated: number;
  most: number;
}

function readLog(): string {
  const folder = join(cluster.directory, 'data', 'log');
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('');
}

let markers = 0;

/** The log, with all queries of responses received so far: one collector writes it in order. */
async function completeLog(): Promise<string> {
  const marker = `marker ${++markers} of the log`;
  await cluster.query('postgres', `SELECT '${marker}'`);
  return until(`the ${marker}`, 20, () => {
    const log = readLog();
    return log.includes(marker) && log;
  });
}

/** What each connection has prepared so far. */
async function prepared(): Promise<Map<string, Prepared>> {
  const log = await completeLog();
  const connections = new Map<string, Prepared>();
  const line =
    /^(\d+)\|LOG: +duration: [\d.]+ ms +(?:parse ([^<:][^:]*):|execute <unnamed>: DEALLOCATE)/gm;

  for (const [, pid = '', name] of log.matchAll(line)) {
    const counts = connections.get(pid) ?? { parsed: 0, deallocated: 0, most: 0 };
    if (name) counts.parsed++;
    else counts.deallocated++;
    counts.most = Math.max(counts.most, counts.parsed - counts.deallocated);
    connections.set(pid, counts);
  }
  return connections;
}

async function busiest(): Promise<Prepared> {
  const all = [...(await prepared()).values()].sort((a, b) => b.parsed - a.parsed);
  assert.ok(all[0], 'No connection has prepared a query.');
  return all[0];
}

const FILTERS = {
  '/v1/statements': [
    'kind=reservation',
    'treaty=185',
    'country=NO',
    'in_force=true',
    'q=law',
    'as_of=2020-01-01',
    'updated_since=2020-01-01',
    'sort=-updated_at',
  ],
  '/v1/countries': [
    'status=party',
    'region=150',
    'member_of=CoE',
    'q=law',
    'as_of=2020-01-01',
    'updated_since=2020-01-01',
  ],
};

/** Every combination of filters, most of which come once only. */
function oddTargets(): string[] {
  return Object.entries(FILTERS).flatMap(([path, filters]) =>
    Array.from({ length: 2 ** filters.length }, (_, set) => {
      const chosen = filters.filter((_filter, i) => set & (1 << i));
      return `${path}?${chosen.join('&')}`;
    }),
  );
}

test('prepares a query once, when a connection first runs it', async () => {
  for (let i = 0; i < 10; i++)
    assert.equal((await client.send(`/v1/tools?limit=${i + 1}`)).status, 200);
  const { parsed, deallocated } = await busiest();
  assert.ok(parsed >= 1 && parsed < 20, `${parsed} queries are prepared`);
  assert.equal(deallocated, 0);
});

test('evicts the least recently used statement, so that ordinary queries stay prepared', async () => {
  const ordinary = async () =>
    assert.equal((await client.send('/v1/countries/NO/profile')).status, 200);
  const targets = oddTargets();

  assert.ok(targets.length > STATEMENTS);
  for (const target of targets) {
    await ordinary();
    assert.equal((await client.send(target)).status, 200, target);
  }
  const { most, parsed, deallocated } = await busiest();
  assert.ok(deallocated > 0);
  assert.equal(most, STATEMENTS);
  assert.equal(parsed - deallocated, STATEMENTS);
  for (let i = 0; i < 3; i++) await ordinary();
  assert.equal((await busiest()).parsed, parsed);
});
