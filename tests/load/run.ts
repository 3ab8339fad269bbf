// ./dev bench: measures all sides in one run.
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

import { Cluster } from '../api/support/database.js';
import { root } from '../api/support/paths.js';
import { run } from '../api/support/processes.js';
import { hotRows } from './hot.js';
import { missRows } from './misses.js';
import { LOG_SETTINGS } from './pgbench.js';
import type { Bench, Result, Row } from './rows.js';
import { scaledRows } from './scaled.js';
import { machine, markdown, terminal } from './table.js';
import { wholeRows } from './whole.js';

const NOT_MEASURED = 'not measured';
const rows: Row[] = [...hotRows, ...missRows, ...scaledRows, ...wholeRows];

function usage(): string {
  return [
    'Usage: ./dev bench [--quick] [--markdown FILE] [ROW...]',
    '',
    'Measures the named rows (default: all) and prints one table.',
    '  --quick          one short round as a check; its figures are not reliable',
    '  --markdown FILE  also writes the table as Markdown',
    '',
    ...rows.map(({ name, what }) => `  ${name.padEnd(16)} ${what}`),
  ].join('\n');
}

interface Wanted {
  quick: boolean;
  markdown: string | undefined;
  rows: Row[];
}

/** Returns an error message as a string. */
function readArguments(args: string[]): Wanted | string {
  const wanted: Wanted = { quick: false, markdown: undefined, rows: [] };

  for (let i = 0; i < args.length; i++) {
    const argument = args[i] ?? '';
    const row = rows.find(({ name }) => name === argument);
    if (argument === '--quick') wanted.quick = true;
    else if (argument === '--markdown' && args[i + 1]) wanted.markdown = args[++i];
    else if (row) wanted.rows.push(row);
    else return `Unknown row '${argument}'. Rows: ${rows.map(({ name }) => name).join(', ')}.`;
  }
  if (wanted.rows.length === 0) wanted.rows = rows;
  return wanted;
}

/** Creates databases with multiples of the reference data, each once. */
function scaling(cluster: Cluster, reference: string): Bench['scaled'] {
  const made = new Map([[1, reference]]);

  return async (times) => {
    const known = made.get(times);
    if (known) return known;
    const began = Date.now();
    const name = await cluster.database('imported');
    const script = join(root, 'tests/load/scale.sql');
    const args = ['-Xq', '-v', `times=${times}`, '-f', script, cluster.url(name)];
    const { code, stderr } = await run('psql', args);
    if (code !== 0) throw new Error(`Could not create ${times} times the data:\n${stderr}`);
    console.log(
      `    ${times} times the data: created in ${Math.round((Date.now() - began) / 1000)} s`,
    );
    made.set(times, name);
    return name;
  };
}

/** Prevents checkpoints and changes of statistics during the measurement. */
const SETTINGS = {
  ...LOG_SETTINGS,
  shared_buffers: '256MB',
  max_connections: '200',
  max_wal_size: '4GB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  autovacuum: 'off',
};

async function measure(wanted: Wanted, cluster: Cluster): Promise<Result[]> {
  const database = await cluster.database('imported');
  await cluster.query(database, 'VACUUM ANALYZE');
  const bench: Bench = {
    cluster,
    database,
    scaled: scaling(cluster, database),
    rounds: wanted.quick ? 1 : 5,
    seconds: wanted.quick ? 1 : 2,
    connections: 8,
    quick: wanted.quick,
  };
  const results: Result[] = [];

  for (const row of wanted.rows) {
    console.log(`==> ${row.name}: ${row.what}`);
    const found = await row.run(bench).catch((error: unknown): Result[] => {
      console.error(error instanceof Error ? error.message : error);
      return [
        { row: row.name, ours: NOT_MEASURED, against: '', ratio: '', goal: '', reached: false },
      ];
    });
    console.log(
      terminal(found)
        .split('\n')
        .slice(1)
        .map((line) => `    ${line}`)
        .join('\n'),
    );
    results.push(...found);
  }
  return results;
}

async function main(): Promise<number> {
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    console.log(usage());
    return 0;
  }
  const wanted = readArguments(args);
  if (typeof wanted === 'string') {
    console.error(wanted);
    return 2;
  }
  const cluster = await Cluster.start(SETTINGS);
  try {
    const results = await measure(wanted, cluster);
    const where =
      availableParallelism() > 1
        ? 'Servers on one processor, wrk on another; in the rows of misses and scaled data, all processes on all.'
        : 'All processes on one processor.';
    console.log(`\n${machine().join('\n')}\n${where}\n\n${terminal(results)}`);
    if (wanted.markdown) writeFileSync(wanted.markdown, markdown(results, where));
    return results.some(({ ours }) => ours === NOT_MEASURED) ? 1 : 0;
  } finally {
    await cluster.stop();
  }
}

process.exit(await main());
