// The same queries with the same parameters, sent by pgbench instead of the service.
//
// The queries of the service are read from PostgreSQL's log, so they cannot differ.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { postgresBin } from '../api/support/paths.js';
import { ended, until } from '../api/support/processes.js';
import { type Sample, cpuSeconds } from './measure.js';
import type { Bench } from './rows.js';
import { getOnce, startService } from './servers.js';
import { UNCACHED } from './wrk.js';

/** Required settings of the cluster. */
export const LOG_SETTINGS = {
  logging_collector: 'on',
  log_destination: 'jsonlog',
  log_directory: 'log',
  log_filename: 'statements',
};

/** A query as the service sends it; null is NULL. */
export interface Sent {
  name: string;
  text: string;
  parameters: (string | null)[];
}

interface LogEntry {
  dbname?: string;
  message?: string;
  detail?: string;
}

function readLog(bench: Bench): LogEntry[] {
  const folder = join(bench.cluster.directory, 'data/log');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1))
    .map((line) => JSON.parse(line) as LogEntry);
}

/** $1 = 'text', $2 = NULL, ... with quotes in a text doubled. */
function readParameters(detail: string): (string | null)[] {
  return [...detail.matchAll(/\$\d+ = (?:NULL|'((?:[^']|'')*)')/g)].map(([, text]) =>
    text === undefined ? null : text.replaceAll("''", "'"),
  );
}

/** Sends a request to the service and returns the query that it runs. */
async function capture(bench: Bench, target: string): Promise<Sent> {
  const database = bench.database;
  await bench.cluster.query('postgres', `ALTER DATABASE ${database} SET log_statement = 'all'`);
  const service = await startService(bench.cluster.url(database), { env: UNCACHED });

  try {
    const earlier = readLog(bench).length;
    const { status } = await getOnce(service.port, target);
    if (status !== 200) throw new Error(`${target} returns ${status}.`);
    return await until('the query in the log of PostgreSQL', 10, () =>
      readLog(bench)
        .slice(earlier)
        .filter((entry) => entry.dbname === database)
        .map(({ message = '', detail = '' }) => {
          const [, name, text] = /^execute ([^:]+): ([^]*)$/.exec(message) ?? [];
          return name && text?.includes('row_to_json')
            ? { name, text, parameters: readParameters(detail) }
            : undefined;
        })
        .find((sent) => sent !== undefined),
    );
  } finally {
    await service.stop();
    await bench.cluster.query('postgres', `ALTER DATABASE ${database} RESET log_statement`);
  }
}

/** A day that pgbench can compute with arithmetic: PostgreSQL reads 20200131 as a date. */
const ANY_DAY = '(2018 + random(0, 6)) * 10000 + random(1, 12) * 100 + random(1, 28)';

/** The script for one target. The first $1 becomes a variable of pgbench, which turns it into $1 again;
 *  so it sends the same bytes as the service. A variable that is not set is NULL. */
function script(sent: Sent, name: (place: number) => string, day: string): string {
  const seen = new Set<number>();
  const text = sent.text.replaceAll(/\$(\d+)/g, (parameter, digits: string) => {
    const place = Number(digits) - 1;
    if (seen.has(place)) return parameter;
    if (place !== seen.size)
      throw new Error(`The parameters of ${sent.name} are not numbered in order.`);
    seen.add(place);
    return `:${name(place)}`;
  });
  return `\\set ${name(sent.parameters.indexOf(day))} ${ANY_DAY}\n${text};\n`;
}

const scratch = mkdtempSync(join(tmpdir(), 'ct-pgbench-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

/** The command line that sends the service's queries for these targets, which are all as of `day`,
 *  in random order and as of any day. */
export async function pgbenchFor(bench: Bench, targets: string[], day: string): Promise<string[]> {
  const command: string[] = [];

  for (const [i, target] of targets.entries()) {
    const sent = await capture(bench, target);
    const file = join(scratch, `${sent.name}-${i}.sql`);
    const name = (place: number): string => `p${place}_${i}`;
    if (!sent.parameters.includes(day)) throw new Error(`${sent.name} has no parameter ${day}.`);
    writeFileSync(file, script(sent, name, day));
    command.push('--file', file);
    for (const [place, value] of sent.parameters.entries())
      if (value !== null && value !== day) command.push('--define', `${name(place)}=${value}`);
  }
  return command;
}

/** The session parameters of the service's connections. */
const OPTIONS =
  '-c timezone=UTC -c default_transaction_read_only=on -c jit=off -c statement_timeout=1800 -c plan_cache_mode=force_generic_plan -c max_parallel_workers_per_gather=0';

/** Runs pgbench, at `rate` queries per second or as fast as it can. The first seconds, in which it connects and PostgreSQL plans the queries, do not count,
 *  nor the last one, in which the server's processes end. */
export async function pgbench(
  bench: Bench,
  command: string[],
  warming: number,
  rate?: number,
): Promise<Sample> {
  const args = [
    '--no-vacuum',
    '--protocol=prepared',
    `--client=${bench.connections}`,
    '--jobs=1',
    '--progress=1',
    `--time=${warming + bench.seconds + 1}`,
    ...(rate ? [`--rate=${Math.round(rate)}`] : []),
    ...command,
    bench.database,
  ];
  const child = spawn(join(postgresBin(), 'pgbench'), args, {
    env: {
      PATH: process.env['PATH'],
      PGHOST: bench.cluster.directory,
      PGUSER: 'postgres',
      PGOPTIONS: OPTIONS,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let lines = 0;
  let before = 0;
  let spent = 0;
  let requests = 0;
  let seconds = 0;
  let last = 0;

  child.stdout.resume();
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    for (const [, at, tps, failed] of text.matchAll(
      /^progress: ([\d.]+) s, ([\d.]+) tps, .*?(\d+) failed/gm,
    )) {
      const interval = Number(at) - last;
      last = Number(at);
      if (failed !== '0') output += 'Some queries failed.';
      if (++lines < warming || lines > warming + bench.seconds) continue;
      const now = cpuSeconds([bench.cluster.pid]);
      if (lines === warming) {
        before = now;
      } else {
        spent = now - before;
        requests += Number(tps) * interval;
        seconds += interval;
      }
    }
  });
  const { code } = await ended(child);
  if (code !== 0 || seconds === 0 || output.includes('Some queries failed.'))
    throw new Error(`pgbench failed (${code}):\n${output.slice(-4000)}`);
  return { cpu: (spent * 1e6) / requests, rate: requests / seconds };
}
