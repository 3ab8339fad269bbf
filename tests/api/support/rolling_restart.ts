// Restarts replicas one after the other while clients send requests.
import http from 'node:http';

import { LoadBalancer } from './load_balancer.js';
import { Service } from './service.js';

/** Long timeouts: the test measures restarts, not the capacity of the database. */
const LONG_TIMEOUTS = { CYBERTREATY_POOL_WAIT: '30000', CYBERTREATY_QUERY_TIMEOUT: '30000' };

export interface RestartResult {
  responses: number;
  retried: number;
  /** The failures. */
  failures: string[];
}

function send(agent: http.Agent, port: number, path: string): Promise<string> {
  return new Promise((resolve) => {
    const request = http.get({ host: '127.0.0.1', port, agent, path }, (response) => {
      let length = 0;
      response.on('data', (part: Buffer) => (length += part.length));
      response.on('error', (error) => resolve(`${path}: ${error.message}`));
      response.on('end', () =>
        resolve(response.statusCode === 200 && length > 0 ? '' : `${path}: ${response.statusCode}`),
      );
    });
    request.on('error', (error) => resolve(`${path}: ${error.message}`));
  });
}

/** Restarts two replicas `rounds` times, each after the one before is ready, while `clients` request
 *  `paths` without a pause. */
export async function restartReplicas(
  databaseUrl: string,
  rounds: number,
  clients: number,
  paths: string[],
): Promise<RestartResult> {
  const begin = (port: number): Promise<Service> =>
    Service.start(databaseUrl, { env: { ...LONG_TIMEOUTS, CYBERTREATY_PORT: String(port) } });
  const replicas = [await begin(0), await begin(0)];
  const balancer = await LoadBalancer.start(replicas.map(({ port }) => port));
  const agent = new http.Agent({ keepAlive: true });
  const failures: string[] = [];
  let responses = 0;
  let running = true;

  const work = Array.from({ length: clients }, async (_, i) => {
    for (let n = i; running; n++) {
      const failure = await send(agent, balancer.port, paths[n % paths.length] ?? '/');
      if (failure) failures.push(failure);
      responses++;
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
  return { responses, retried: balancer.retried, failures: [...failures, ...balancer.lost] };
}
