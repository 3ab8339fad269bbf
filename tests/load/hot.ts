// Repeated requests for cached responses: against nginx, and 304 against 200.
import { type Sample, interleave } from './measure.js';
import { samplePlainly } from './plain.js';
import { type Bench, type Result, type Row, costs } from './rows.js';
import { type Server, getOnce, expectSame, startNginx, startService } from './servers.js';
import { LOADED_FROM, SERVED_ON, sample } from './wrk.js';

const PROFILE = '/v1/countries/NO/profile';
const LIST = '/v1/statements?treaty=185';

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
];

const quiet = (logged: boolean): NodeJS.ProcessEnv | undefined =>
  logged ? undefined : { CYBERTREATY_LOG_LEVEL: 'warning' };

async function measure(
  bench: Bench,
  server: Server,
  target: string,
  headers: Record<string, string>,
): Promise<Sample> {
  const { connections, seconds } = bench;
  return sample(
    { url: server.url, targets: [target], headers, connections, seconds, processor: LOADED_FROM },
    [server.pid],
  );
}

function againstNginx({ name, what, target, headers, logged }: Hot): Row {
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
          const found = await interleave(bench.rounds, {
            ours: () => measure(bench, ours, target, headers),
            nginx: () => measure(bench, nginx, target, headers),
          });
          return [costs(name, found.ours, 'nginx', found.nginx, 1.0)];
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
    return [costs('not-modified', found.unchanged, 'our 200', found.whole, 0.9)];
  } finally {
    await ours.stop();
  }
}

export const hotRows: Row[] = [
  ...hot.map(againstNginx),
  { name: 'not-modified', what: '304 for a profile against its 200', run: runNotModified },
];
