// Readers that ask all the time, and remember every answer that was not the one they wanted.
import http from 'node:http';

import { pause } from '../api/support/processes.js';

export interface Answer {
  target: string;
  /** 0: none came, and `detail` says why. */
  status: number;
  milliseconds: number;
  detail: string;
  revision: string | undefined;
}

const LATE = 15_000;
/** The engine, the database and the tests share the machine: the load must not be the failure. */
const PAUSE = 20;

/** One GET. Whatever happens is the answer. */
export function ask(port: number, target: string, agent: http.Agent): Promise<Answer> {
  const began = Date.now();

  return new Promise((resolve) => {
    const done = (status: number, detail: string, revision?: string): void =>
      resolve({ target, status, milliseconds: Date.now() - began, detail, revision });
    const request = http.get({ host: '127.0.0.1', port, path: target, agent }, (response) => {
      response.on('error', (error) => done(0, error.message));
      response.on('aborted', () => done(0, 'cut off'));
      response.resume().on('end', () => {
        const revision = response.headers['dataset-revision'];
        const retry = response.headers['retry-after'];
        done(response.statusCode ?? 0, retry ? 'Retry-After' : '', revision as string | undefined);
      });
    });
    request.setTimeout(LATE, () => request.destroy(new Error(`no answer in ${LATE} ms`)));
    request.on('error', (error) => done(0, error.message));
  });
}

/** Readers ask for targets in turn until `work` is done; gives all answers. */
export async function under(
  port: number,
  targets: string[],
  work: () => Promise<void>,
  readers = 3,
): Promise<Answer[]> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: readers });
  const responses: Answer[] = [];
  let over = false;
  let next = 0;

  const read = async (): Promise<void> => {
    while (!over) {
      const number = next++;
      // A new question each time, so that the database is asked too and not a cache alone.
      const target = (targets[number % targets.length] as string).replace(
        '{n}',
        String((number % 400) + 1),
      );
      responses.push(await ask(port, target, agent));
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

/** In words, for a message. */
export const tell = (responses: Answer[]): string =>
  responses
    .slice(0, 10)
    .map(
      ({ target, status, milliseconds, detail }) =>
        `${target} ${status} ${detail} ${milliseconds} ms`,
    )
    .join('\n');
