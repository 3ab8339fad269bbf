// Which documented answers the tests have seen.
import { appendFileSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { operationFor, operations } from './contract.js';

/** Each operation must be seen with these itself; any other documented status once in the API. */
const OWN = /^(2..|404|409|410|412|422|428)$/;

const seen = new Set<string>();

/** Remembers an answer until the process ends. */
export function record(method: string, target: string, status: number): void {
  if (method !== 'HEAD') seen.add(`${operationFor(method, target)?.id ?? '-'} ${status}`);
}

process.on('exit', () => {
  const folder = process.env['CYBERTREATY_TEST_RECORDS'];
  if (folder && seen.size > 0)
    appendFileSync(join(folder, `${process.pid}`), [...seen, ''].join('\n'));
});

/** The documented answers that no test process has seen. */
export function uncovered(folder: string): string[] {
  const lines = readdirSync(folder).flatMap((name) =>
    readFileSync(join(folder, name), 'utf8').split('\n'),
  );
  const all = new Set(lines.filter((line) => line !== ''));
  const statuses = new Set([...all].map((line) => line.split(' ')[1]));
  const shared = new Set<string>();
  const gaps: string[] = [];

  for (const { id, responses } of operations)
    for (const status of Object.keys(responses)) {
      if (!OWN.test(status)) shared.add(status);
      else if (!all.has(`${id} ${status}`)) gaps.push(`${id} with ${status}`);
    }
  return [
    ...gaps,
    ...[...shared]
      .filter((status) => !statuses.has(status))
      .map((status) => `any answer with ${status}`),
  ];
}
