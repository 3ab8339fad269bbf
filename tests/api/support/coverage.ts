// Records which documented responses the tests have received.
import { appendFileSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { operationFor, operations } from './contract.js';

/** These statuses must be received from each operation; any other documented status from one. */
const OWN = /^(2..|404|409|410|412|422|428)$/;

const seen = new Set<string>();

/** Records a response; the process writes the records when it exits. */
export function record(method: string, target: string, status: number): void {
  if (method !== 'HEAD') seen.add(`${operationFor(method, target)?.id ?? '-'} ${status}`);
}

process.on('exit', () => {
  const folder = process.env['CYBERTREATY_TEST_RECORDS'];
  if (folder && seen.size > 0)
    appendFileSync(join(folder, `${process.pid}`), [...seen, ''].join('\n'));
});

/** Returns the documented responses that no test process has received. */
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
      .map((status) => `any operation with ${status}`),
  ];
}
