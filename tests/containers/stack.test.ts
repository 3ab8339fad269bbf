// docker/compose.yaml from the first start to removal, as an operator uses it: npm run test:containers.
//
// The steps depend on each other: if a needed step fails, the later ones are skipped.
import assert from 'node:assert/strict';
import http from 'node:http';
import http2 from 'node:http2';
import { join } from 'node:path';
import { after, test, type TestContext } from 'node:test';

import { rows } from '../api/http/hostile_table.js';
import { Client } from '../api/support/client.js';
import { operations } from '../api/support/contract.js';
import { root } from '../api/support/paths.js';
import { pause, until } from '../api/support/processes.js';
import { exchange } from '../api/support/raw_exchange.js';
import { sampleTargets } from '../api/support/sample_targets.js';
import { loseDatabase, restore, rotate, removeProject } from './disaster.js';
import { checkContainers, checkImage } from './image.js';
import { type ReadResult, describeResults, get, readDuring } from './load.js';
import { Stack } from './stack.js';

const stack = await Stack.make();
const client = new Client(stack.url);
const next = `${stack.project}:next`;
let broken = false;

after(async () => {
  await stack.destroy();
  await stack.forgetImages();
  for (const image of [next, `${stack.project}:build`]) await stack.try(['rmi', '-f', image]);
});

/** One step; if it is `needed` and fails, the later steps are skipped. */
function step(
  name: string,
  work: (context: TestContext) => Promise<void>,
  { needed = false } = {},
): void {
  test(name, async (context) => {
    if (broken) return context.skip('An earlier step failed.');
    broken = needed;
    await work(context);
    broken = false;
  });
}

/** Targets of the readers: cached ones, and uncached ones with {n}. */
const TARGETS = [
  '/v1/countries/NO',
  '/v1/tools?limit={n}',
  '/v1/treaties/185',
  '/v1/actions?country=NO&limit={n}',
  '/v1/treaties/185/articles/29',
];

function assertNoneLost(responses: ReadResult[], least = 20): void {
  assert.ok(responses.length >= least, `only ${responses.length} requests`);
  const lost = responses.filter(({ status }) => status !== 200);
  assert.equal(
    lost.length,
    0,
    `${lost.length} of ${responses.length} requests failed:\n${describeResults(lost)}`,
  );
}

async function seconds(work: () => Promise<unknown>): Promise<string> {
  const began = Date.now();
  await work();
  return `${((Date.now() - began) / 1000).toFixed(1)} s`;
}

step('image: builds, is small, runs without root, and contains a bill of materials', async (t) => {
  t.diagnostic(`built in ${await seconds(() => stack.compose(['build']))}`);
  const size = await checkImage(stack, `${stack.project}:this`);
  t.diagnostic(`image: ${(size / 1e6).toFixed(1)} MB`);
});

step('up: starts everything with one command and serves facts through the proxy', async (t) => {
  t.diagnostic(`up in ${await seconds(() => stack.up())}`);
  const profile = await client.get('/v1/countries/NO/profile');
  assert.equal(profile['data'].country.code, 'NO');
  await checkContainers(stack);
});

step('up: preserves passwords, restricts each to its user, and passes the doctor', async () => {
  // Check the output, since `compose run` has no exit status with Podman.
  const read = async (user: string, file: string): Promise<string> => {
    const { stdout, stderr } = await stack.try([
      ...['compose', ...stack.options, 'run', '--rm', '--no-deps', '-T', '--user', user],
      ...['-e', `CYBERTREATY_DATABASE_URL_FILE=/secrets/${file}`, 'api', 'serve', '--check'],
    ]);
    return stdout.toString('utf8') + stderr;
  };
  for (const [user, file, sentence] of [
    ['10001', 'service_url', /The settings are valid/],
    ['10001', 'owner_url', /cannot be read: Permission denied/],
    ['10001', 'superuser_password', /cannot be read: Permission denied/],
    ['10001', 'service_password', /cannot be read: Permission denied/],
    ['10002', 'owner_url', /The settings are valid/],
    ['10002', 'service_url', /cannot be read: Permission denied/],
  ] as const)
    assert.match(await read(user, file), sentence, `${file} as ${user}`);

  const doctor = await stack.compose(['exec', '-T', 'api', '/usr/bin/cybertreaty', 'doctor']);
  assert.match(
    doctor,
    /^ok +rights +The role cybertreaty_service can read everything and cannot write/m,
  );
  assert.match(doctor, / 0 failed/);

  const before = await stack.containers('api');
  await stack.up();
  assert.deepEqual(await stack.containers('api'), before, 'a second start changes nothing');
});

step(
  'hostile: each row of the table has its outcome with the libraries of the image',
  async (t) => {
    const [replica] = await stack.containers('api');
    const address = await stack.address(replica as string);
    for (const row of rows) {
      const { outcome } = await exchange(8080, row, row.outcome, address);
      assert.equal(outcome, row.outcome, `${row.does} (${row.rule})`);
    }
    t.diagnostic(`${rows.length} rows`);
  },
);

step('crawl: every operation and a sample of all links work through the proxy', async (t) => {
  const targets = [...(await sampleTargets(client))];
  for (const { id, method } of operations) {
    const target = targets.find(([name]) => name === id)?.[1] as string;
    const { status } = await client.send(target, { method });
    assert.ok(status === 200 || id === 'getSecurityContact', `${id}: ${target} ${status}`);
  }
  const links = (value: unknown, inside = false): string[] => {
    if (typeof value === 'string') return inside && value.startsWith('/') ? [value] : [];
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([key, member]) =>
      links(member, inside || key === 'links'),
    );
  };
  const seen = new Set<string>();
  for (const start of [
    '/v1',
    '/v1/countries/NO/profile',
    '/v1/treaties',
    '/v1/countries/JP/profile',
  ])
    for (const link of links(await client.get(start))) if (!link.includes('{')) seen.add(link);
  const sample = [...seen].filter((_, place) => place % Math.ceil(seen.size / 200) === 0);
  for (const link of sample) assert.equal((await client.send(link)).status, 200, link);
  t.diagnostic(`${operations.length} operations and ${sample.length} of ${seen.size} links`);
});

step('proxy: changes no response', async () => {
  const first = await client.send('/v1/countries/NO', { headers: { 'X-Request-Id': 'proxied-1' } });
  const tag = first.headers['etag'] as string;

  assert.equal(first.headers['x-request-id'], 'proxied-1');
  assert.equal(first.headers['server'], undefined);
  assert.match(first.headers['vary'] ?? '', /^Accept, Accept-Language/);
  assert.match(first.headers['cache-control'] ?? '', /max-age=60/);
  assert.equal(first.headers['strict-transport-security'], undefined);
  const again = await client.send('/v1/countries/NO', { headers: { 'If-None-Match': tag } });
  assert.equal(again.status, 304);
  const head = await client.send('/v1/countries/NO', { method: 'HEAD' });
  assert.equal(head.headers['content-length'], String(first.body.length));
  assert.equal(
    (await client.send('/v1/countries/nor?lang=fr')).headers['location'],
    '/v1/countries/NO?lang=fr',
  );
  for (const [status, target, options] of [
    [404, '/v1//countries', {}],
    [404, '/v1/countries%2FNO', {}],
    [400, '/v1/countries?colour=red', {}],
    [405, '/v1/countries', { method: 'DELETE' }],
  ] as const)
    await client.problem(status, target, options);
});

step('proxy: serves TLS and HTTP/2, and redirects plain HTTP if the site has a name', async () => {
  const session = http2.connect(`https://localhost:${stack.tlsPort}`, {
    rejectUnauthorized: false,
  });
  const { status, body } = await new Promise<{ status: number; body: string }>(
    (resolve, reject) => {
      session.on('error', reject);
      const stream = session.request({ ':path': '/v1/countries/NO' });
      let text = '';
      let code = 0;
      stream.setEncoding('utf8');
      stream.on('response', (fields) => {
        code = fields[':status'] ?? 0;
        assert.match(String(fields['strict-transport-security']), /max-age=/);
      });
      stream.on('data', (part: string) => (text += part));
      stream.on('end', () => resolve({ status: code, body: text }));
      stream.on('error', reject);
    },
  );
  assert.equal(session.alpnProtocol, 'h2');
  session.close();
  assert.equal(status, 200);
  assert.equal(JSON.parse(body).data.code, 'NO');
  // The proxy itself redirects, so the contract of the service does not apply.
  const send = ['GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'];
  const { outcome } = await exchange(stack.port, { send, then: 'wait' }, '308 closed');
  assert.equal(outcome, '308 closed');
});

step('scale: starts three replicas, which all serve, without a lost request', async (t) => {
  const responses = await readDuring(stack.port, TARGETS, async () => {
    t.diagnostic(
      `three replicas in ${await seconds(() => stack.up('--no-recreate', '--scale', 'api=3'))}`,
    );
    await pause(3000);
  });
  assertNoneLost(responses);
  for (const replica of await stack.containers('api')) {
    const { stdout, stderr } = await stack.try(['logs', replica]);
    assert.match(stdout.toString('utf8') + stderr, /"operation":"getTreaty"/, replica);
  }
});

step('write: reaches all replicas', async (t) => {
  const revisions = async (): Promise<(string | undefined)[]> => {
    const agent = new http.Agent({ keepAlive: false });
    const all = Array.from({ length: 12 }, () => get(stack.port, '/v1/countries/NO', agent));
    return (await Promise.all(all)).map(({ revision }) => revision);
  };
  await stack.sql("UPDATE country SET name_en = 'Norway (changed)' WHERE code = 'NO'");
  const began = Date.now();
  const wanted = await stack.sql('SELECT revision FROM dataset_revision');
  let shown: (string | undefined)[] = [];
  await until(`revision ${wanted} from every replica`, 10, async () => {
    shown = await revisions();
    return shown.every((revision) => revision === wanted);
  }).catch((error: unknown) => assert.fail(`${String(error)}; the last were ${shown.join()}`));
  t.diagnostic(`everywhere ${Date.now() - began} ms after the change`);
  assert.equal((await client.get('/v1/countries/NO'))['data'].name, 'Norway (changed)');
});

step('kill: loses no request when a replica dies under load', async () => {
  const [victim] = await stack.containers('api');
  const responses = await readDuring(stack.port, TARGETS, async () => {
    await pause(2000);
    await stack.docker(['kill', victim as string]);
    await pause(4000);
  });
  assertNoneLost(responses);
  await stack.up('--no-recreate', '--scale', 'api=3');
});

async function roll(image: string): Promise<void> {
  const { code, stdout, stderr } = await stack.run(join(root, 'docker/roll'), stack.options, {
    API_IMAGE: image,
  });
  assert.equal(code, 0, stdout.toString('utf8') + stderr);
}

/** An image with one more migration, built from the second last stage. */
async function buildNext(): Promise<void> {
  const stage = `${stack.project}:build`;
  const build = (...args: string[]): Promise<string> =>
    stack.docker(['build', '--network', 'host', '-q', ...args]);
  const version = await stack.docker(['run', '--rm', `${stack.project}:this`, '--version']);

  await build(
    ...['--target', 'build', '-t', stage, '--build-arg', `EXTRA_CA=${stack.env['EXTRA_CA']}`],
    ...['-f', join(root, 'docker/Dockerfile'), root],
  );
  await build(
    ...['--build-arg', `BUILD=${stage}`, '--build-arg', `VERSION=${version.split(' ')[1]}`],
    ...['-t', next, join(root, 'tests/containers/next')],
  );
}

step('upgrade: migrates to the next release while this one serves, and replaces it', async (t) => {
  await buildNext();
  stack.env['API_IMAGE'] = next;
  let printed = '';
  const migrating = await readDuring(stack.port, TARGETS, async () => {
    await pause(3000);
    printed = await stack.compose(['run', '--rm', '--no-deps', '-T', 'migrate']);
    await pause(3000);
  });
  assert.match(printed, /^Applied 9000_next\.$/m);
  assertNoneLost(migrating);
  t.diagnostic(
    `${migrating.length} reads around and during the migration, the slowest ${Math.max(...migrating.map((answer) => answer.milliseconds))} ms`,
  );

  const rolling = await readDuring(stack.port, TARGETS, () => roll(next));
  assertNoneLost(rolling);
});

step('rollback: serves with the previous release on the newer schema', async () => {
  stack.env['API_IMAGE'] = `${stack.project}:this`;
  stack.env['MIGRATE'] = 'migrate';
  const responses = await readDuring(stack.port, TARGETS, () => roll(`${stack.project}:this`));
  assertNoneLost(responses);

  const refused = await stack.try([
    ...['compose', ...stack.options, 'run', '--rm', '--no-deps', '-T', 'migrate'],
  ]);
  assert.match(refused.stderr, /9000_next, which this program does not know.*--allow-newer/);
  stack.env['MIGRATE'] = 'migrate --allow-newer';
  await stack.compose(['run', '--rm', '--no-deps', '-T', 'migrate']);
});

step('database: serves cached responses and 503 while it is down', () =>
  loseDatabase(stack, client),
);

step('restore: preserves revision and ETags after a dump and the loss of everything', (t) =>
  restore(stack, client, t),
);

step('rotate: changes a password, and applies the rate limit despite forged addresses', () =>
  rotate(stack, client),
);

step('down: removes everything', () => removeProject(stack));
