// Replicas that are replaced one after the other while clients go on asking.
import http from 'node:http';

import { Balancer } from './load_balancer.js';
import { Service } from './service.js';

/** What is measured is stopping, not how much the database bears: nobody is refused for waiting. */
const PATIENT = { CYBERTREATY_POOL_WAIT: '30000', CYBERTREATY_QUERY_TIMEOUT: '30000' };

export interface Rolled {
  answers: number;
  passedOn: number;
  /** What went wrong, in words; nothing, if all is well. */
  wrong: string[];
}

function ask(agent: http.Agent, port: number, path: string): Promise<string> {
  return new Promise((resolve) => {
    const request = http.get({ host: '127.0.0.1', port, agent, path }, (answer) => {
      let length = 0;
      answer.on('data', (part: Buffer) => (length += part.length));
      answer.on('error', (error) => resolve(`${path}: ${error.message}`));
      answer.on('end', () =>
        resolve(answer.statusCode === 200 && length > 0 ? '' : `${path}: ${answer.statusCode}`),
      );
    });
    request.on('error', (error) => resolve(`${path}: ${error.message}`));
  });
}

/** Restarts two replicas `rounds` times, each waiting for the one before to be ready, while
 *  `clients` ask for `paths` without a pause. */
export async function roll(
  databaseUrl: string,
  rounds: number,
  clients: number,
  paths: string[],
): Promise<Rolled> {
  const begin = (port: number): Promise<Service> =>
    Service.start(databaseUrl, { env: { ...PATIENT, CYBERTREATY_PORT: String(port) } });
  const replicas = [await begin(0), await begin(0)];
  const balancer = await Balancer.start(replicas.map(({ port }) => port));
  const agent = new http.Agent({ keepAlive: true });
  const wrong: string[] = [];
  let answers = 0;
  let running = true;

  const work = Array.from({ length: clients }, async (_, i) => {
    for (let n = i; running; n++) {
      const mistake = await ask(agent, balancer.port, paths[n % paths.length] ?? '/');
      if (mistake) wrong.push(mistake);
      answers++;
    }
  });
  try {
    for (let round = 0; round < rounds; round++)
      for (const [i, port] of balancer.ports.entries()) {
        await replicas[i]?.stop();
        replicas[i] = await begin(port);
      }
  } finally {
    running = false;
    await Promise.all(work);
    agent.destroy();
    await balancer.stop();
    for (const replica of replicas) await replica.stop();
  }
  return { answers, passedOn: balancer.passedOn, wrong: [...wrong, ...balancer.lost] };
}
