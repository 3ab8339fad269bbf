// Repeated requests for cached responses: against nginx, and 304 against 200.
import { type Sample, interleave } from './measure.js';
import { samplePlainly } from './plain.js';
import { type Bench, type Result, type Row, costs, times } from './rows.js';
import { type Server, getOnce, expectSame, startNginx, startService } from './servers.js';
import { LOADED_FROM, SERVED_ON, sample } from './wrk.js';

const PROFILE = '/v1/countries/NO/profile';
const LIST = '/v1/statements?treaty=185';
const RECORD = '/v1/statements/NO-185-R-29';

/** Both sides are measured at the same rate: this share of what the slower one can serve. */
const SHARE = 0.35;
/** Connections of such a measurement; each pauses between two requests. */
const PACED_CONNECTIONS = 64;
/** Rows with gzip, which is what browsers and libraries ask for. */
const GZIP_GOAL = 0.9;
const NOT_MODIFIED_GOAL = 0.4;

interface Hot {
  name: string;
  what: string;
  target: string;
  headers: Record<string, string>;
  logged: boolean;
}

const hot: Hot[] = [
  { name: 'profile', what: 'a profile', target: PROFILE, headers: {}, logged: true },
  {
    name: 'profile-gzip',
    what: 'a profile, gzip',
    target: PROFILE,
    headers: { 'Accept-Encoding': 'gzip' },
    logged: true,
  },
  {
    name: 'profile-unlogged',
    what: 'a profile, no log',
    target: PROFILE,
    headers: {},
    logged: false,
  },
  { name: 'list', what: 'a page of a list', target: LIST, headers: {}, logged: true },
  {
    name: 'list-gzip',
    what: 'a page of a list, gzip',
    target: LIST,
    headers: { 'Accept-Encoding': 'gzip' },
    logged: true,
  },
  { name: 'record', what: 'one record', target: RECORD, headers: {}, logged: true },
  {
    name: 'record-gzip',
    what: 'one record, gzip',
    target: RECORD,
    headers: { 'Accept-Encoding': 'gzip' },
    logged: true,
  },
];

const quiet = (logged: boolean): NodeJS.ProcessEnv | undefined =>
  logged ? undefined : { CYBERTREATY_LOG_LEVEL: 'warning' };

interface Asked {
  target: string;
  headers: Record<string, string>;
  /** Milliseconds between two requests of a connection, on average; 0: as fast as it can. */
  pause: number;
}

async function measure(
  { connections, seconds }: Bench,
  server: Server,
  { target, headers, pause }: Asked,
): Promise<Sample> {
  return sample(
    {
      url: server.url,
      targets: [target],
      headers,
      connections: pause > 0 ? PACED_CONNECTIONS : connections,
      seconds,
      pause,
      processor: LOADED_FROM,
    },
    [server.pid],
  );
}

/** Measures both at the same rate, after what each can serve at most. */
async function compare(bench: Bench, row: Hot, ours: Server, nginx: Server): Promise<Result[]> {
  const { name, target, headers } = row;
  const asked = { target, headers, pause: 0 };
  const most = {
    ours: (await measure(bench, ours, asked)).rate,
    nginx: (await measure(bench, nginx, asked)).rate,
  };
  const rate = SHARE * Math.min(most.ours, most.nginx);
  const paced = { ...asked, pause: Math.ceil((PACED_CONNECTIONS * 1000) / rate) };
  const found = await interleave(bench.rounds, {
    ours: () => measure(bench, ours, paced),
    nginx: () => measure(bench, nginx, paced),
  });
  const goal = headers['Accept-Encoding'] ? GZIP_GOAL : undefined;
  const result = costs(name, found.ours, 'nginx', found.nginx, goal);
  return [{ ...result, ratio: `${result.ratio}; at most ${times(most.ours / most.nginx)} rate` }];
}

function againstNginx(row: Hot): Row {
  const { name, what, target, headers, logged } = row;
  return {
    name,
    what: `${what}, from the cache, against nginx with the same bytes and fields from a file`,
    async run(bench) {
      const ours = await startService(bench.cluster.url(bench.database), {
        processor: SERVED_ON,
        env: quiet(logged),
      });
      try {
        const response = await getOnce(ours.port, target, headers);
        if (headers['Accept-Encoding'] && !response.fields['content-encoding'])
          throw new Error(`${target} has no content coding.`);
        const nginx = await startNginx([{ target, response }], { logged, processor: SERVED_ON });
        try {
          expectSame(response, await getOnce(nginx.port, target, headers));
          return await compare(bench, row, ours, nginx);
        } finally {
          await nginx.stop();
        }
      } finally {
        await ours.stop();
      }
    },
  };
}

async function runNotModified(bench: Bench): Promise<Result[]> {
  const ours = await startService(bench.cluster.url(bench.database), { processor: SERVED_ON });
  try {
    const { fields } = await getOnce(ours.port, PROFILE);
    const condition = { 'If-None-Match': fields['etag'] ?? '' };
    const { status } = await getOnce(ours.port, PROFILE, condition);
    if (status !== 304) throw new Error(`${PROFILE} returns ${status} for its ETag, not 304.`);
    const found = await interleave(bench.rounds, {
      unchanged: () => samplePlainly(ours, PROFILE, condition, { ...bench, status: 304 }),
      whole: () => samplePlainly(ours, PROFILE, {}, { ...bench, status: 200 }),
    });
    return [costs('not-modified', found.unchanged, 'our 200', found.whole, NOT_MODIFIED_GOAL)];
  } finally {
    await ours.stop();
  }
}

export const hotRows: Row[] = [
  ...hot.map(againstNginx),
  { name: 'not-modified', what: '304 for a profile against its 200', run: runNotModified },
];
