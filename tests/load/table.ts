// The table of results, for the terminal and as Markdown.
import { execFileSync } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';

import { postgresBin } from '../api/support/paths.js';
import type { Result } from './rows.js';

const HEAD = ['row', 'ours', 'against', 'ratio', 'goal', 'reached'];

function cells({ row, ours, against, ratio, goal, reached }: Result): string[] {
  return [row, ours, against, ratio, goal, reached === undefined ? '' : reached ? 'yes' : 'no'];
}

export function terminal(results: Result[]): string {
  const lines = [HEAD, ...results.map(cells)];
  const widths = HEAD.map((_, i) => Math.max(...lines.map((line) => [...(line[i] ?? '')].length)));
  return lines
    .map((line) =>
      line
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The version of a program: the first line of its output. */
function version(program: string, ...args: string[]): string {
  return execFileSync('sh', ['-c', '"$0" "$@" 2>&1 || :', program, ...args], {
    encoding: 'utf8',
  }).split('\n')[0] as string;
}

export function machine(): string[] {
  const [first] = cpus();
  return [
    `Processor: ${first?.model.trim() ?? 'unknown'}, ${cpus().length} cores`,
    `Memory: ${Math.round(totalmem() / 2 ** 30)} GiB`,
    `Kernel: Linux ${release()}`,
    `PostgreSQL: ${version(`${postgresBin()}/postgres`, '--version')}`,
    `nginx: ${version('nginx', '-v')}`,
    `wrk: ${version('wrk', '-v').replace(/ Copyright.*/, '')}`,
  ];
}

export function markdown(results: Result[], how: string): string {
  const line = (all: string[]): string => `| ${all.join(' | ')} |`;
  return [
    ...machine().map((each) => `- ${each}`),
    `- ${how}`,
    '',
    line(HEAD),
    line(HEAD.map(() => '---')),
    ...results.map((result) => line(cells(result))),
    '',
  ].join('\n');
}
