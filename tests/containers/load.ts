// Readers that send requests continuously and record every result.
import http from 'node:http';

import { pause } from '../api/support/processes.js';

export interface ReadResult {
  target: string;
  /** 0: no response; `detail` is the reason. */
  status: number;
  milliseconds: number;
  detail: string;
  revision: string | undefined;
}

const LATE = 15_000;
/** Milliseconds between requests. Engine, database and tests share the host; do not overload it. */
const PAUSE = 20;

/** Sends one GET. Never rejects: failures are results too. */
export function get(port: number, target: string, agent: http.Agent): Promise<ReadResult> {
  const began = Date.now();

  return new Promise((resolve) => {
    const done = (status: number, detail: string, revision?: string): void =>
      resolve({ target, status, milliseconds: Date.now() - began, detail, revision });
    const request = http.get({ host: '127.0.0.1', port, path: target, agent }, (response) => {
      response.on('error', (error) => done(0, error.message));
      response.on('aborted', () => done(0, 'aborted'));
      response.resume().on('end', () => {
        const revision = response.headers['dataset-revision'];
        const retry = response.headers['retry-after'];
        done(response.statusCode ?? 0, retry ? 'Retry-After' : '', revision as string | undefined);
      });
    });
    request.setTimeout(LATE, () => request.destroy(new Error(`no response in ${LATE} ms`)));
    request.on('error', (error) => done(0, error.message));
  });
}

/** Requests the targets in turn until `work` is done; returns all results. */
export async function readDuring(
  port: number,
  targets: string[],
  work: () => Promise<void>,
  readers = 3,
): Promise<ReadResult[]> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: readers });
  const responses: ReadResult[] = [];
  let over = false;
  let next = 0;

  const read = async (): Promise<void> => {
    while (!over) {
      const number = next++;
      // A different request each time, so that the cache cannot answer all of them.
      const target = (targets[number % targets.length] as string).replace(
        '{n}',
        String((number % 400) + 1),
      );
      responses.push(await get(port, target, agent));
      await pause(PAUSE);
    }
  };
  const all = Promise.all(Array.from({ length: readers }, read));
  try {
    await work();
  } finally {
    over = true;
    await all;
    agent.destroy();
  }
  return responses;
}

/** The first results as text, for messages. */
export const describeResults = (responses: ReadResult[]): string =>
  responses
    .slice(0, 10)
    .map(
      ({ target, status, milliseconds, detail }) =>
        `${target} ${status} ${detail} ${milliseconds} ms`,
    )
    .join('\n');
