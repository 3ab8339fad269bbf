// Load by wrk, on a separate processor if there are two.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

import { root } from '../api/support/paths.js';
import { run } from '../api/support/processes.js';
import { type Sample, cpuSeconds } from './measure.js';

const scratch = mkdtempSync(join(tmpdir(), 'ct-load-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

/** The processors of the server and of the load generator; undefined if there is only one. */
const apart = availableParallelism() > 1;
export const SERVED_ON = apart ? 0 : undefined;
export const LOADED_FROM = apart ? 1 : undefined;

/** Settings of a service without a cache. */
export const UNCACHED: NodeJS.ProcessEnv = {
  CYBERTREATY_CACHE_BYTES: '0',
  // pgbench has no empty variables, and this one is a parameter of most statements.
  CYBERTREATY_PUBLIC_URL: 'http://localhost',
};

/** Pins a command line to a processor. */
export function pinned(processor: number | undefined, command: string[]): [string, string[]] {
  const [program = '', ...rest] =
    processor === undefined ? command : ['taskset', '-c', String(processor), ...command];
  return [program, rest];
}

export interface Load {
  /** http://address:port */
  url: string;
  /** Requested in turn. */
  targets: string[];
  connections: number;
  seconds: number;
  headers?: Record<string, string>;
  /** Mean milliseconds between two requests of a connection. */
  pause?: number;
  processor?: number | undefined;
}

export interface Outcome {
  requests: number;
  microseconds: number;
  bytes: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  max: number;
}

/** Loads a server; a failed request or an error status ends the measurement. */
export async function load(wanted: Load): Promise<Outcome> {
  const file = join(scratch, 'targets');
  const fields = Object.entries(wanted.headers ?? {}).flatMap(([name, value]) => [
    '-H',
    `${name}: ${value}`,
  ]);

  writeFileSync(file, wanted.targets.map((target) => `${target}\n`).join(''));
  const command = [
    'wrk',
    '--threads=1',
    `--connections=${wanted.connections}`,
    `--duration=${wanted.seconds}s`,
    '--timeout=10s',
    `--script=${join(root, 'tests/load/load.lua')}`,
    ...fields,
    wanted.url,
    '--',
    file,
    String(wanted.pause ?? 0),
  ];
  const { code, stdout, stderr } = await run(...pinned(wanted.processor, command));
  const figures = /^JSON(.*)$/m.exec(stdout)?.[1];
  if (code !== 0 || !figures) throw new Error(`wrk failed (${code}):\n${stdout}${stderr}`);

  const outcome = JSON.parse(figures) as Outcome & { failed: number; refused: number };
  if (outcome.failed || outcome.refused || !outcome.requests)
    throw new Error(
      `Of ${outcome.requests} requests to ${wanted.url}${wanted.targets[0]}, ${outcome.refused} were refused and ${outcome.failed} failed.`,
    );
  for (const percentile of ['p50', 'p99', 'max'] as const) outcome[percentile] /= 1000;
  return outcome;
}

/** Loads a server and measures its CPU cost. */
export async function sample(wanted: Load, servers: number[]): Promise<Sample> {
  const before = cpuSeconds(servers);
  const { requests, microseconds } = await load(wanted);
  const spent = cpuSeconds(servers) - before;
  return { cpu: (spent * 1e6) / requests, rate: (requests * 1e6) / microseconds };
}
