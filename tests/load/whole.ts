// The whole service: memory, start, and many connections.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import http from 'node:http';

import { environment } from '../api/support/database.js';
import { binary } from '../api/support/paths.js';
import { type HeldConnection, hold, release } from '../api/support/held_connections.js';
import { ended, pause } from '../api/support/processes.js';
import { median } from './measure.js';
import { type Bench, type Result, type Row, times } from './rows.js';
import { type Server, getOnce, freePort, startNginx, startService } from './servers.js';
import { LOADED_FROM, SERVED_ON, load } from './wrk.js';

const MEMORY_GOAL = 128;
const START_GOAL = 100;

/** Resident memory of the process in MiB; `peak`: its maximum. */
function resident({ pid }: Server, peak = false): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kilobytes = new RegExp(`^${peak ? 'VmHWM' : 'VmRSS'}:\\s+(\\d+) kB$`, 'm').exec(
    status,
  )?.[1];
  if (!kilobytes) throw new Error('The process has ended.');
  return Number(kilobytes) / 1024;
}

interface Document {
  data: { links?: Record<string, string | null> } | { links?: Record<string, string | null> }[];
  links: Record<string, string>;
}

/** The links of a document within the API: the next page, and the links of its records. */
function leads({ data, links }: Document): string[] {
  const all = [links, ...[data].flat().map((record) => record.links ?? {})].flatMap((each) =>
    Object.values(each),
  );
  return all.filter((link): link is string => link?.startsWith('/v1') === true);
}

/** Requests everything that is reachable from the entry in a language, a few at a time. */
async function crawl(server: Server, language: string, most: number): Promise<number> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 8 });
  const seen = new Set(['/v1']);
  const waiting = [...seen];
  let asked = 0;

  const walk = async (): Promise<void> => {
    for (let target; asked < most && (target = waiting.pop()) !== undefined;) {
      asked++;
      const response = await getOnce(server.port, target, { 'Accept-Language': language }, agent);
      if (response.status !== 200) throw new Error(`${target} returns ${response.status}.`);
      if (response.fields['content-type']?.startsWith('application/json') !== true) continue;
      for (const lead of leads(JSON.parse(response.body.toString()) as Document))
        if (!seen.has(lead)) {
          seen.add(lead);
          waiting.push(lead);
        }
    }
  };
  await walk(); // first the entry, which links to all others
  agent.destroy();
  return asked;
}

async function runMemory(bench: Bench): Promise<Result[]> {
  const service = await startService(bench.cluster.url(bench.database));
  try {
    const started = resident(service);
    let asked = 0;
    for (const language of ['en', 'fr'])
      asked += await crawl(service, language, bench.quick ? 500 : Infinity);
    const now = resident(service);
    return [
      {
        row: 'memory',
        ours: `${now.toFixed(1)} MiB after ${asked.toLocaleString('en')} responses (peak ${resident(service, true).toFixed(1)})`,
        against: `at start: ${started.toFixed(1)} MiB`,
        ratio: times(now / started),
        goal: `under ${MEMORY_GOAL} MiB`,
        reached: now < MEMORY_GOAL,
      },
    ];
  } finally {
    await service.stop();
  }
}

/** Milliseconds from program start to the first 200 from /readyz. */
async function startOnce(bench: Bench): Promise<number> {
  const port = await freePort();
  const env = environment(bench.cluster.url(bench.database), { CYBERTREATY_PORT: String(port) });
  const began = process.hrtime.bigint();
  const child = spawn(binary, ['serve'], { env, stdio: 'ignore' });

  try {
    for (;;) {
      const status = await getOnce(port, '/readyz').then(
        (response) => response.status,
        () => 0,
      );
      const milliseconds = Number(process.hrtime.bigint() - began) / 1e6;
      if (status === 200) return milliseconds;
      if (child.exitCode !== null || milliseconds > 30_000)
        throw new Error('The service did not become ready.');
      await pause(1);
    }
  } finally {
    child.kill('SIGTERM');
    await ended(child);
  }
}

async function runStart(bench: Bench): Promise<Result[]> {
  const all: number[] = [];
  for (let i = 0; i < bench.rounds * 2; i++) all.push(await startOnce(bench));
  const milliseconds = median(all);
  return [
    {
      row: 'start',
      ours: `${milliseconds.toFixed(0)} ms (slowest of ${all.length}: ${Math.max(...all).toFixed(0)} ms)`,
      against: '',
      ratio: '',
      goal: `under ${START_GOAL} ms`,
      reached: milliseconds < START_GOAL,
    },
  ];
}

const CONNECTIONS = 1000;
const EACH_MILLISECONDS = 500;

async function runConnections(bench: Bench): Promise<Result[]> {
  const target = '/v1/countries/NO/profile';
  const ours = await startService(bench.cluster.url(bench.database), {
    processor: SERVED_ON,
    env: {
      CYBERTREATY_CONNECTIONS: String(CONNECTIONS + 100),
      CYBERTREATY_CONNECTIONS_PER_CLIENT: String(CONNECTIONS + 100),
    },
  });
  try {
    const response = await getOnce(ours.port, target);
    const nginx = await startNginx([{ target, response }], { logged: true, processor: SERVED_ON });
    const found = { ours: [] as number[], nginx: [] as number[] };
    let rate = 0;
    try {
      for (let round = 0; round < bench.rounds; round++)
        for (const [name, server] of [
          ['ours', ours],
          ['nginx', nginx],
        ] as const) {
          const outcome = await load({
            url: server.url,
            targets: [target],
            connections: CONNECTIONS,
            seconds: bench.seconds + 1,
            pause: EACH_MILLISECONDS,
            processor: LOADED_FROM,
          });
          found[name].push(outcome.p99);
          rate = (outcome.requests * 1e6) / outcome.microseconds;
        }
    } finally {
      await nginx.stop();
    }
    const p99 = { ours: median(found.ours), nginx: median(found.nginx) };
    return [
      {
        row: 'connections',
        ours: `p99 ${p99.ours.toFixed(2)} ms, ${resident(ours).toFixed(0)} MiB`,
        against: `nginx: p99 ${p99.nginx.toFixed(2)} ms, both at ${Math.round(rate).toLocaleString('en')}/s`,
        ratio: times(p99.ours / p99.nginx),
        goal: '',
        reached: undefined,
      },
    ];
  } finally {
    await ours.stop();
  }
}

const ONE_BYTE_CLIENTS = 1500;
const ONE_BYTE_THREADS = 16;
const ONE_BYTE_MEMORY = 8;

const threads = ({ pid }: Server): number =>
  Number(/^Threads:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

async function runOneByte(bench: Bench): Promise<Result[]> {
  const service = await startService(bench.cluster.url(bench.database), {
    env: {
      CYBERTREATY_CONNECTIONS: String(ONE_BYTE_CLIENTS + 100),
      CYBERTREATY_CONNECTIONS_PER_CLIENT: String(ONE_BYTE_CLIENTS + 100),
    },
  });
  const held: HeldConnection[] = [];
  try {
    const before = { memory: resident(service), threads: threads(service) };
    for (let i = 0; i < ONE_BYTE_CLIENTS; i++) held.push(await hold(service.port, 'P'));
    await pause(1000);
    if (held.some(({ closed }) => closed())) throw new Error('The service closed connections.');
    const memory = resident(service) - before.memory;
    const more = threads(service) - before.threads;
    return [
      {
        row: 'one-byte',
        ours: `${more} threads, ${memory.toFixed(1)} MiB more`,
        against: `${ONE_BYTE_CLIENTS.toLocaleString('en')} connections with one byte each`,
        ratio: '',
        goal: `at most ${ONE_BYTE_THREADS} threads, ${ONE_BYTE_MEMORY} MiB`,
        reached: more <= ONE_BYTE_THREADS && memory <= ONE_BYTE_MEMORY,
      },
    ];
  } finally {
    release(held);
    await service.stop();
  }
}

const DRAIN_GOAL = 1500;

async function runDrain(bench: Bench): Promise<Result[]> {
  const { cluster, database } = bench;
  const service = await startService(cluster.url(database), {
    env: { CYBERTREATY_DRAIN: '1', CYBERTREATY_BULK_TIMEOUT: '60000' },
  });
  const locking = await cluster.connect(database);
  const held: HeldConnection[] = [];
  try {
    await locking.query('BEGIN');
    await locking.query('LOCK TABLE country IN ACCESS EXCLUSIVE MODE');
    held.push(await hold(service.port, 'GET /v1/export.ndjson HTTP/1.1\r\nHost: x\r\n\r\n'));
    await pause(300);
    const began = Date.now();
    await service.stop();
    const took = Date.now() - began;
    return [
      {
        row: 'drain',
        ours: `${took} ms`,
        against: 'CYBERTREATY_DRAIN=1, an export waits for a lock',
        ratio: '',
        goal: `under ${DRAIN_GOAL} ms`,
        reached: took < DRAIN_GOAL,
      },
    ];
  } finally {
    release(held);
    await locking.end();
    await service.stop();
  }
}

export const wholeRows: Row[] = [
  {
    name: 'memory',
    what: 'resident memory after requesting every document that the API links to, in English and French',
    run: runMemory,
  },
  {
    name: 'start',
    what: 'from program start to the first 200 from /readyz, on a migrated database',
    run: runStart,
  },
  {
    name: 'connections',
    what: 'p99 of a profile over 1,000 keep-alive connections, each with two requests a second',
    run: runConnections,
  },
  {
    name: 'one-byte',
    what: 'threads and memory for 1,500 connections that send one byte',
    run: runOneByte,
  },
  {
    name: 'drain',
    what: 'from SIGTERM to the exit, with CYBERTREATY_DRAIN=1 and an export that waits for a lock',
    run: runDrain,
  },
];
