// Pages, totals and changes over 1, 10, 100 and 1,000 times the data.
import { interleave } from './measure.js';
import { type Bench, type Result, type Row, costs } from './rows.js';
import { type Server, getOnce, startService } from './servers.js';
import { UNCACHED, sample } from './wrk.js';

const TIMES = [1, 10, 100, 1000];
const QUICK_TIMES = [1, 10];
const PAGES = 20;
const NEWLINE = 10;

interface Scaled {
  name: string;
  what: string;
  targets(service: Server, times: number): Promise<string[]>;
  atMost?: number;
  /** Set where the default number of connections would take more than a round for each request. */
  connections?: number;
}

const join = (target: string, more: string): string =>
  `${target}${target.includes('?') ? '&' : '?'}${more}`;

/** Full pages of a list at several depths, including the first page. As NDJSON, which has no total:
 *  the cost of counting is in another row. */
async function pages(
  list: string,
  size: number,
  service: Server,
  times: number,
): Promise<string[]> {
  const page = join(list, `format=ndjson&limit=${size}`);
  const step = Math.min(10_000, Math.max(1, size >> 2) * times);
  const found: string[] = [];
  let next: string | undefined = join(list, `format=ndjson&limit=${step}`);

  for (let target = page; found.length < PAGES;) {
    const { status, body } = await getOnce(service.port, target);
    if (status !== 200) throw new Error(`${target} returns ${status}.`);
    if (body.filter((byte) => byte === NEWLINE).length < size) break;
    found.push(target);

    const { fields } = await getOnce(service.port, next);
    next = /<([^>]+)>; rel="next"/.exec(fields['link'] ?? '')?.[1];
    const cursor = next && new URL(next, service.url).searchParams.get('cursor');
    if (!next || !cursor) break;
    target = join(page, `cursor=${cursor}`);
  }
  return found;
}

const scaled: Scaled[] = [
  {
    name: 'page',
    what: 'pages of statements at all depths, without totals',
    targets: (service, times) => pages('/v1/statements', 100, service, times),
    atMost: 1.5,
  },
  {
    name: 'page-filtered',
    what: 'pages of the reservations of one country, without totals',
    targets: (service, times) => pages('/v1/reservations?country=CH', 2, service, times),
    atMost: 1.5,
  },
  {
    name: 'page-article',
    what: 'pages of the reservations to one article, without totals',
    targets: (service, times) =>
      pages('/v1/reservations?treaty=185&article=29.4', 5, service, times),
  },
  {
    name: 'page-sorted',
    what: 'pages of statements by date, without totals',
    targets: (service, times) => pages('/v1/statements?sort=-made_on', 100, service, times),
    atMost: 1.5,
  },
  {
    name: 'total',
    what: 'an uncached total, with one record',
    targets: async () => ['/v1/statements?limit=1'],
    connections: 1,
  },
  {
    name: 'changes',
    what: 'pages of the changes at all depths',
    targets: (service, times) => pages('/v1/changes', 100, service, times),
    atMost: 1.5,
  },
];

async function run(bench: Bench, scaledRow: Scaled): Promise<Result[]> {
  const { name, targets, atMost, connections = bench.connections } = scaledRow;
  const services: Server[] = [];
  const seconds = 1; // four sides

  try {
    const sides: Record<string, () => ReturnType<typeof sample>> = {};
    for (const times of bench.quick ? QUICK_TIMES : TIMES) {
      const database = await bench.scaled(times);
      const service = await startService(bench.cluster.url(database), { env: UNCACHED });
      services.push(service);
      const asked = await targets(service, times);
      sides[times] = () =>
        sample({ url: service.url, targets: asked, connections, seconds }, [
          service.pid,
          bench.cluster.pid,
        ]);
      await sides[times]?.();
    }
    const found = await interleave(bench.rounds, sides);
    const once = found['1'];
    if (!once) throw new Error('No measurement at 1x.');
    return Object.entries(found)
      .filter(([times]) => times !== '1')
      .map(([times, at]) =>
        costs(`${name} ${Number(times).toLocaleString('en')}x`, at, '1x', once, atMost),
      );
  } finally {
    for (const service of services) await service.stop();
  }
}

export const scaledRows: Row[] = scaled.map((row) => ({
  name: row.name,
  what: `${row.what}: on 10, 100 and 1,000 times the data, against today's`,
  run: (bench) => run(bench, row),
}));
