// Cache misses: the service and PostgreSQL against pgbench and PostgreSQL.
import { interleave } from './measure.js';
import { pgbench, pgbenchFor } from './pgbench.js';
import { type Bench, type Result, type Row, costs, rates } from './rows.js';
import { startService } from './servers.js';
import { UNCACHED, sample } from './wrk.js';

const DAY = '2020-01-31';
/** Seconds until every connection has planned its queries. */
const WARMING = 2;

interface Miss {
  name: string;
  what: string;
  /** Each is requested as of many days. */
  targets: string[];
  /** The least rate, as a share of pgbench's. */
  goal: number;
}

const statement = (id: string): string => `/v1/statements/${id}`;
const profile = (code: string): string => `/v1/countries/${code}/profile`;

const misses: Miss[] = [
  {
    name: 'miss-record',
    what: 'one statement',
    targets: ['NO-185-R-29', 'CH-185-D-07', 'FR-185-R-09'].map(statement),
    goal: 0.7,
  },
  {
    name: 'miss-list',
    what: 'a page of statements, total included',
    targets: ['/v1/statements?treaty=185&limit=20', '/v1/statements?treaty=189&limit=20'],
    goal: 0.75,
  },
  {
    name: 'miss-profile',
    what: 'a profile',
    targets: ['NO', 'RO', 'CH', 'FR'].map(profile),
    goal: 0.8,
  },
];

/** Days on which all requested records existed. Each day recurs as late as possible. */
function* days(): Generator<string> {
  for (let number = 0; ; number++) {
    const [year, month, day] = [
      number % 7,
      Math.floor(number / 7) % 12,
      Math.floor(number / 84) % 28,
    ];
    const two = (value: number): string => String(value).padStart(2, '0');
    yield `${2018 + year}-${two(month + 1)}-${two(day + 1)}`;
  }
}

function asOf(target: string, day: string): string {
  return `${target}${target.includes('?') ? '&' : '?'}as_of=${day}`;
}

async function run(bench: Bench, { name, targets, goal }: Miss): Promise<Result[]> {
  const asked = days();
  const some = (): string[] =>
    Array.from({ length: 4000 }, (_, i) =>
      asOf(targets[i % targets.length] ?? '', asked.next().value as string),
    );
  const command = await pgbenchFor(
    bench,
    targets.map((target) => asOf(target, DAY)),
    DAY,
  );
  const service = await startService(bench.cluster.url(bench.database), {
    env: { ...UNCACHED, CYBERTREATY_POOL: String(bench.connections) },
  });
  try {
    const { connections, seconds } = bench;
    const ours = (seconds: number): ReturnType<typeof sample> =>
      sample({ url: service.url, targets: some(), connections, seconds }, [
        service.pid,
        bench.cluster.pid,
      ]);
    const { rate } = await ours(WARMING);
    const found = await interleave(bench.rounds, {
      ours: () => ours(seconds),
      pgbench: () => pgbench(bench, command, WARMING),
      paced: () => pgbench(bench, command, WARMING, rate),
    });
    return [
      rates(name, found.ours, 'pgbench', found.pgbench, goal),
      costs(`${name}, same rate`, found.ours, 'pgbench', found.paced),
    ];
  } finally {
    await service.stop();
  }
}

export const missRows: Row[] = misses.map((miss) => ({
  name: miss.name,
  what: `${miss.what}, uncached, against pgbench -M prepared with the same query and connections`,
  run: (bench) => run(bench, miss),
}));
