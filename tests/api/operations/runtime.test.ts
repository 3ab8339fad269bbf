// Start, shutdown, settings and the log.
import assert from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Client } from '../support/client.js';
import { Cluster, environment } from '../support/database.js';
import { binary, root } from '../support/paths.js';
import { type Finished, ended, run, start, until } from '../support/processes.js';
import { Service } from '../support/service.js';

const cluster = Cluster.shared();
let database: string;

before(async () => {
  database = await cluster.database('migrated');
});
after(() => cluster.drop(database));

const serve = (
  args: string[],
  env: NodeJS.ProcessEnv = {},
  url: string | undefined = cluster.url(database),
): Promise<Finished> =>
  run(binary, ['serve', ...args], { env: environment(url, { CYBERTREATY_PORT: '0', ...env }) });

/** Calls `work` while a GET waits for a lock, until `work` calls `finish`. */
async function inFlight(
  service: Service,
  work: (response: Promise<number>, finish: () => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const lock = await cluster.connect(database);
  try {
    await lock.query('BEGIN');
    await lock.query('LOCK TABLE source IN ACCESS EXCLUSIVE MODE');
    const response = new Promise<number>((resolve) =>
      http
        .get(
          { port: service.port, host: '127.0.0.1', path: '/v1/sources', agent: false },
          (reply) => {
            reply.resume().on('end', () => resolve(reply.statusCode ?? 0));
          },
        )
        .on('error', () => resolve(0)),
    );
    await until('the query to wait', 5, async () => {
      const waiting = await lock.query(
        "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
      );
      return (waiting.rowCount ?? 0) > 0;
    });
    await work(response, () => lock.query('ROLLBACK'));
  } finally {
    await lock.end();
  }
}

test('finishes a request in flight and refuses new connections after SIGTERM', async () => {
  const service = await Service.start(cluster.url(database));
  await inFlight(service, async (response, finish) => {
    service.process.kill('SIGTERM');
    await until(
      'the port to close',
      10,
      () =>
        new Promise<boolean>((resolve) => {
          const socket = net.connect(
            service.port,
            '127.0.0.1',
            () => socket.destroy() && resolve(false),
          );
          socket.on('error', () => resolve(true));
        }),
    );
    await finish();
    assert.equal(await response, 200);
  });
  // Not stop(): a second signal would force the shutdown.
  const { code } = await service.exitStatus();
  assert.equal(code, 0);
  assert.deepEqual(
    service
      .lines()
      .slice(-1)
      .map(({ event }) => event),
    ['server_stopped'],
  );
});

test('shuts down without waiting for idle connections', async () => {
  const service = await Service.start(cluster.url(database));
  const client = new Client(service.url);
  for (let i = 0; i < 5; i++) await client.send('/healthz');
  const began = Date.now();
  await service.stop();
  assert.ok(Date.now() - began < 5000, `${Date.now() - began} ms`);
});

test('exits immediately on a second signal', async () => {
  const service = await Service.start(cluster.url(database));
  await inFlight(service, async () => {
    service.process.kill('SIGTERM');
    await until('draining', 3, () =>
      service.lines().some(({ event }) => event === 'shutdown_started'),
    );
    service.process.kill('SIGTERM');
    const began = Date.now();
    const { code } = await service.exitStatus();
    assert.equal(code, 1);
    // CYBERTREATY_DRAIN allows 20 s.
    assert.ok(Date.now() - began < 5000);
  });
});

test('shuts down on SIGINT without a database', async () => {
  const service = await Service.start('postgresql://missing@/nothing?host=/nonexistent', {
    wait: 'alive',
  });
  service.process.kill('SIGINT');
  assert.deepEqual(await service.exitStatus(), { code: 0, signal: null });
});

test('logs one JSON object a line and one line a request, without the query', async () => {
  const service = await Service.start(cluster.url(database));
  const client = new Client(service.url);
  await client.send('/v1/countries?q=secret%22%0A', { headers: { 'X-Request-Id': 'line-1' } });
  await client.send('/v1/countries?colour=red', { headers: { 'X-Request-Id': 'line-2' } });
  await client.raw(
    `GET /${'%22%0a\\"'.repeat(50)} HTTP/1.1\r\nHost: x\r\nX-Request-Id: line-3\r\nConnection: close\r\n\r\n`,
  );
  await service.stop();

  for (const line of service.lines()) {
    assert.match(line.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.ok(['debug', 'info', 'warning', 'error'].includes(line.level), line.level);
    assert.ok(line.event.length > 0);
  }
  const find = (id: string): Record<string, unknown>[] =>
    service.lines().filter((line) => line['request_id'] === id);
  assert.deepEqual(
    find('line-1').map(({ status }) => status),
    [200],
  );
  assert.deepEqual(
    find('line-2').map(({ status }) => status),
    [400],
  );
  assert.deepEqual(
    find('line-3').map(({ status }) => status),
    [404],
  );
  assert.doesNotMatch(service.stdout, /secret|colour/);
});

test('logs the request id and a valid traceparent', async () => {
  const trace = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  const service = await Service.start(cluster.url(database));
  const client = new Client(service.url);
  await client.send('/healthz', { headers: { 'X-Request-Id': 'traced', traceparent: trace } });
  await client.send('/healthz', { headers: { 'X-Request-Id': 'not', traceparent: `${trace}x` } });
  const made = (await client.send('/healthz')).headers['x-request-id'];
  await service.stop();

  const line = (id: string | undefined): Record<string, unknown> | undefined =>
    service.lines().find((found) => found['request_id'] === id);
  assert.equal(line('traced')?.['traceparent'], trace);
  assert.equal(line('not')?.['traceparent'] ?? null, null);
  assert.equal(line(made)?.['status'], 200);
});

test('fails with one sentence for a busy port', async () => {
  const service = await Service.start(cluster.url(database));
  try {
    const { code, stdout, stderr } = await serve([], { CYBERTREATY_PORT: String(service.port) });
    assert.equal(code, 1);
    assert.match(stderr, new RegExp(`^cybertreaty: [^\\n]*${service.port}[^\\n]*\\.\\n$`));
    assert.match(stderr, /taken|in use|busy/);
    assert.doesNotMatch(stdout, /listening/);
  } finally {
    await service.stop();
  }
});

test('refuses to start with an invalid value and names the allowed ones', async () => {
  for (const [name, value] of [
    ['CYBERTREATY_PORT', 'http'],
    ['CYBERTREATY_PORT', '70000'],
    ['CYBERTREATY_POOL', '0'],
    ['CYBERTREATY_LOG_LEVEL', 'loud'],
    ['CYBERTREATY_PUBLIC_URL', 'ftp://x'],
    ['CYBERTREATY_PUBLIC_URL', 'https://x/'],
  ] as const) {
    const { code, stderr } = await serve(['--check'], { [name]: value });
    assert.equal(code, 1, `${name}=${value}`);
    assert.match(
      stderr,
      new RegExp(`^cybertreaty: ${name} [^\\n]+\\.\\n$`),
      `${name}=${value}: ${stderr}`,
    );
  }
  const { code, stderr } = await run(binary, ['serve', '--check'], {
    env: environment(undefined, {}),
  });
  assert.equal(code, 1);
  assert.match(stderr, /CYBERTREATY_DATABASE_URL/);
});

test('checks valid settings, short forms and values from files', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ct-settings-'));
  try {
    const file = join(folder, 'url');
    writeFileSync(file, `${cluster.url(database)}\n`);
    for (const env of [
      { CYBERTREATY_DATABASE_URL: cluster.url(database) },
      { DATABASE_URL: cluster.url(database), PORT: '8081' },
      { CYBERTREATY_DATABASE_URL_FILE: file },
    ]) {
      const { code, stdout, stderr } = await run(binary, ['serve', '--check'], {
        env: environment(undefined, env),
      });
      assert.equal(code, 0, stderr);
      assert.equal(stdout, 'The settings are valid.\n');
    }
    const missing = await run(binary, ['serve', '--check'], {
      env: environment(undefined, { CYBERTREATY_DATABASE_URL_FILE: join(folder, 'none') }),
    });
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /CYBERTREATY_DATABASE_URL_FILE/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('warns of a shutdown timeout that may truncate responses', async () => {
  const env = { CYBERTREATY_BULK_TIMEOUT: '60000' };
  const { code, stdout, stderr } = await serve(['--check'], env);
  assert.deepEqual([code, stdout], [0, 'The settings are valid.\n']);
  assert.match(
    stderr,
    /^cybertreaty: warning: CYBERTREATY_DRAIN \(20 s\) is shorter than [^\n]+ \(61000 ms\): [^\n]+\.\n$/,
  );
  const service = await Service.start(cluster.url(database), { env });
  try {
    const told = service.lines().find(({ event }) => event === 'config_warning');
    assert.match(String(told?.['detail']), /^CYBERTREATY_DRAIN \(20 s\)/);
  } finally {
    await service.stop();
  }
});

test('prints the settings of docs/settings.md and exits with 2 for wrong usage', async () => {
  const table = await run(join(root, 'tests/settings'), ['--check', binary]);
  assert.equal(table.code, 0, table.stdout + table.stderr);
  assert.match((await serve(['--help'], {}, undefined)).stdout, /CYBERTREATY_DATABASE_URL/);
  assert.equal((await serve(['--nonsense'])).code, 2);
  assert.equal((await run(binary, ['nonsense'], { env: environment(undefined, {}) })).code, 2);
  assert.equal((await run(binary, [], { env: environment(undefined, {}) })).code, 2);
  assert.match(
    (await run(binary, ['--version'], { env: environment(undefined, {}) })).stdout,
    /^cybertreaty \d+\.\d+\.\d+/,
  );
});

test('prefixes addresses in bodies and fields with the public address, not with Host', async () => {
  const imported = await cluster.database('imported');
  const service = await Service.start(cluster.url(imported), {
    env: { CYBERTREATY_PUBLIC_URL: 'https://treaties.example' },
  });
  try {
    const client = new Client(service.url);
    const list = await client.send('/v1/countries?limit=1', { headers: { Host: 'evil.example' } });
    const { data, links } = list.json();
    assert.equal(data[0].links.self, 'https://treaties.example/v1/countries/AD');
    assert.ok(links.self.startsWith('https://treaties.example/v1/countries'));
    assert.ok(links.next.startsWith('https://treaties.example/v1/countries?'));
    assert.ok(list.headers['link']?.includes(`<${links.next}>; rel="next"`));
    assert.doesNotMatch(list.text + JSON.stringify(list.headers), /evil/);
    assert.equal(
      (await client.send('/v1/countries/nor?lang=fr')).headers['location'],
      'https://treaties.example/v1/countries/NO?lang=fr',
    );
    assert.equal(
      (await client.problem(404, '/nowhere')).type,
      'https://treaties.example/problems/not-found',
    );
  } finally {
    await service.stop();
    await cluster.drop(imported);
  }
});

test('takes the licence and the CORS origins from settings', async () => {
  const service = await Service.start(cluster.url(database), {
    env: {
      CYBERTREATY_LICENCE: 'Ask first: "all" \\ rights',
      CYBERTREATY_LICENCE_URL: 'https://x.example/terms',
      CYBERTREATY_ORIGINS: 'https://a.example,https://b.example',
    },
  });
  try {
    const client = new Client(service.url);
    const reply = await client.send('/v1/countries', { headers: { Origin: 'https://b.example' } });
    assert.equal(reply.json()['meta'].licence, 'Ask first: "all" \\ rights');
    assert.match(reply.headers['link'] ?? '', /<https:\/\/x\.example\/terms>; rel="license"/);
    assert.equal(reply.headers['access-control-allow-origin'], 'https://b.example');
    assert.match(reply.headers['vary'] ?? '', /Origin/);
    assert.equal(
      (await client.send('/v1/countries', { headers: { Origin: 'https://c.example' } })).headers[
        'access-control-allow-origin'
      ],
      undefined,
    );
  } finally {
    await service.stop();
  }
});

test('checks the local service with the health subcommand', async () => {
  const service = await Service.start(cluster.url(database));
  const ask = (port: number): Promise<Finished> =>
    run(binary, ['health'], {
      env: environment(cluster.url(database), { CYBERTREATY_PORT: String(port) }),
    });
  assert.equal((await ask(service.port)).code, 0);
  await service.stop();
  assert.equal((await ask(service.port)).code, 1);
});

test('starts before the database and becomes ready', async () => {
  const late = await cluster.database('empty');
  await cluster.drop(late);
  const service = await Service.start(cluster.url(late), { wait: 'alive' });
  try {
    const client = new Client(service.url);
    assert.equal((await client.problem(503, '/readyz')).reason, 'database');
    await cluster.query('postgres', `CREATE DATABASE ${late} TEMPLATE template_migrated`);
    await until(
      '/readyz to succeed',
      10,
      async () => (await client.send('/readyz')).status === 200,
    );
    await until(
      'a response with facts',
      10,
      async () => (await client.send('/v1/countries')).status === 200,
    );
  } finally {
    await service.stop();
    await cluster.drop(late);
  }
});

test('starts quickly on a migrated database', async () => {
  const began = Date.now();
  const service = await Service.start(cluster.url(database));
  const took = Date.now() - began;
  await service.stop();
  // The bound allows for sanitizers on a busy machine; ./dev bench measures the target.
  assert.ok(took < 5000, `${took} ms`);
});

test('continues to serve when the reader closes standard output', async () => {
  const child = start(binary, ['serve'], {
    env: environment(cluster.url(database), { CYBERTREATY_PORT: '0' }),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let port = 0;
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    port ||= Number(/"port":(\d+)/.exec(text)?.[1] ?? 0);
  });
  await until('the port', 30, () => port > 0);
  child.stdout?.destroy();
  const client = new Client(`http://127.0.0.1:${port}`);
  for (let i = 0; i < 5; i++) assert.equal((await client.send('/healthz')).status, 200);
  child.kill('SIGTERM');
  assert.deepEqual(await ended(child), { code: 0, signal: null });
});

const TIMED = { timeout: 60_000 };

const BATCHES = 40;
const BATCH = 100;

/** Sends requests with long log lines on one connection, and counts the responses. */
function sendBatch(service: Service): Promise<number> {
  const request = `GET /${'x'.repeat(300)} HTTP/1.1\r\nHost: x\r\n\r\n`;
  const last = 'GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
  return new Promise((resolve, reject) => {
    const socket = net.connect(service.port, '127.0.0.1');
    let text = '';
    socket.on('error', reject);
    socket.setEncoding('latin1').on('data', (part: string) => (text += part));
    socket.on('close', () => resolve(text.split('HTTP/1.1 404').length - 1));
    socket.write(request.repeat(BATCH) + last);
  });
}

/** Writes more log than the queue of the service and the pipe hold. */
async function fillLog(service: Service): Promise<void> {
  for (let i = 0; i < BATCHES; i++) assert.equal(await sendBatch(service), BATCH);
}

test('serves requests and shuts down while standard output is not read', TIMED, async () => {
  const service = await Service.start(cluster.url(database));
  const exit = new Promise((resolve) => service.process.once('exit', resolve));
  service.process.stdout?.pause();
  await fillLog(service);
  assert.equal((await new Client(service.url).send('/healthz')).status, 200);
  assert.equal((await new Client(service.url).send('/v1/countries')).status, 200);
  const began = Date.now();
  service.process.kill('SIGTERM');
  assert.equal(await exit, 0);
  assert.ok(Date.now() - began < 5000, `${Date.now() - began} ms`);
});

test('counts and reports dropped log lines', TIMED, async () => {
  const service = await Service.start(cluster.url(database));
  service.process.stdout?.pause();
  await fillLog(service);
  service.process.stdout?.resume();
  await until('the report', 10, () =>
    service.lines().some(({ event }) => event === 'log_lines_dropped'),
  );
  await service.stop();
  const events = service.lines();
  const dropped = events
    .filter(({ event }) => event === 'log_lines_dropped')
    .reduce((sum, line) => sum + Number(line['number']), 0);
  const written = events.filter(
    ({ event, path }) => event === 'request_completed' && path !== '/readyz',
  );
  assert.ok(dropped > 0);
  assert.equal(written.length + dropped, BATCHES * (BATCH + 1));
  assert.equal(events.at(-1)?.event, 'server_stopped');
});

/** A noun, and its state or what became of it. */
const EVENT = /^[a-z]+(_[a-z]+)*_([a-z]+ed|up|down|listening|missing|mismatch|warning)$/;

test('logs exactly the events that docs/operating.md lists, named by noun and state', () => {
  const written = new Set<string>();
  const source = join(root, 'src');
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((name) => name.endsWith('.c')))
    for (const [, head = ''] of readFileSync(join(source, file), 'utf8').matchAll(
      /(?:log_write|format_line)\(([^;]*?)LOG_(?:TEXT|NUMBER)\(/g,
    ))
      for (const [, event = ''] of head.matchAll(/"([a-z_]+)"/g)) written.add(event);
  const section = /\n## Log\n(.*?)\n## /s.exec(
    readFileSync(join(root, 'docs/operating.md'), 'utf8'),
  )?.[1];
  const listed = [...(section ?? '').matchAll(/^\| (`[a-z_`, ]+`) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/[a-z_]+/g)].map(([event]) => event),
  );
  assert.deepEqual([...written].sort(), listed.sort());
  assert.ok(listed.length > 20);
  for (const event of listed) assert.match(event, EVENT);
});
