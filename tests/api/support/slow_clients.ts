// Measures a reader while many clients send slowly or never read their responses.
import { fork } from 'node:child_process';
import http from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { SlowClientCounts } from './slow_clients_process.js';
import { pause, until } from './processes.js';
import { processStatus, type Service } from './service.js';

export interface ReadTimes {
  /** Response times of the reader in milliseconds. */
  p50: number;
  p99: number;
  slowest: number;
  responses: number;
  slow: SlowClientCounts;
  /** Memory in KiB and threads of the service meanwhile. */
  memory: number;
  threads: number;
}

function read(agent: http.Agent, port: number): Promise<number> {
  const began = process.hrtime.bigint();
  return new Promise((resolve, reject) => {
    const request = http.get(
      { host: '127.0.0.1', port, agent, path: '/v1/countries/NO' },
      (response) => {
        response.resume().on('end', () => {
          if (response.statusCode === 200) resolve(Number(process.hrtime.bigint() - began) / 1e6);
          else reject(new Error(`The reader received ${response.statusCode}.`));
        });
      },
    );
    request.on('error', reject);
  });
}

/** Reads for `seconds` once all `clients` are connected. */
export async function readDuringSlowClients(
  service: Service,
  clients: number,
  seconds: number,
): Promise<ReadTimes> {
  const script = join(fileURLToPath(new URL('.', import.meta.url)), 'slow_clients_process.js');
  const process = fork(script, [String(service.port), String(clients)]);
  let slow: SlowClientCounts | undefined;
  process.on('message', (message) => (slow = message as SlowClientCounts));
  const agent = new http.Agent({ keepAlive: true });

  try {
    await until('all clients to connect', 30 + clients / 50, () => {
      return (slow?.open ?? 0) >= clients * 0.95;
    });
    const times: number[] = [];
    const end = Date.now() + seconds * 1000;
    let memory = 0;
    let threads = 0;
    while (Date.now() < end) {
      times.push(await read(agent, service.port));
      if (times.length % 100 === 1) {
        memory = Math.max(memory, processStatus(service, 'VmRSS'));
        threads = Math.max(threads, processStatus(service, 'Threads'));
      }
      await pause(5);
    }
    times.sort((a, b) => a - b);
    const at = (share: number): number => times[Math.floor((times.length - 1) * share)] ?? 0;
    if (!slow) throw new Error('The client process sent no counts.');
    return {
      p50: at(0.5),
      p99: at(0.99),
      slowest: at(1),
      responses: times.length,
      slow,
      memory,
      threads,
    };
  } finally {
    agent.destroy();
    process.disconnect();
    await new Promise((resolve) => process.once('exit', resolve));
  }
}
