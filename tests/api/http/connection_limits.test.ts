// Limits on connections.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Client } from '../support/client.js';
import { Cluster, environment } from '../support/database.js';
import { binary } from '../support/paths.js';
import { pause, run, until } from '../support/processes.js';
import { Service } from '../support/service.js';
import { type HeldConnection, hold, release } from '../support/held_connections.js';

const cluster = Cluster.shared();
let database: string;

before(async () => {
  database = await cluster.database('migrated');
});
after(() => cluster.drop(database));

async function serving(
  env: NodeJS.ProcessEnv,
  work: (port: number, held: HeldConnection[], service: Service) => Promise<void>,
): Promise<void> {
  const service = await Service.start(cluster.url(database), { env });
  const held: HeldConnection[] = [];
  try {
    await work(service.port, held, service);
  } finally {
    release(held);
    await service.stop();
  }
}

/** An incomplete head, so that the connection does not count as idle. */
const BUSY = 'GET /healthz HTTP/1.1\r\nHost: x\r\n';
const WHOLE = `${BUSY}\r\n`;

/** Returns true when a request on a new connection succeeds, false when the service closes it without a byte. */
async function isServed(port: number, from = '127.0.0.1'): Promise<boolean> {
  const one = await hold(port, `${BUSY}Connection: close\r\n\r\n`, from);
  await until('a response or the close', 10, one.closed);
  assert.match(one.text(), /^(HTTP\/1\.1 200 .*)?$/s);
  return one.text() !== '';
}

test('closes connections beyond the limit and logs it', async () => {
  const env = { CYBERTREATY_CONNECTIONS: '8', CYBERTREATY_CONNECTIONS_PER_CLIENT: '100' };
  await serving(env, async (port, held, service) => {
    // The connections of the start-up checks end first.
    await pause(300);
    for (let i = 0; i < 8; i++) held.push(await hold(port, BUSY));
    await pause(300);
    assert.equal(await isServed(port), false);
    const line = await until('the log line', 5, () =>
      service.lines().find(({ event }) => event === 'connections_refused'),
    );
    assert.ok(Number(line['limit']) >= 1);

    held.pop()?.socket.destroy();
    await until('a connection to be served again', 5, () => isServed(port));
    for (const { socket } of held) socket.write('\r\n');
    await until('the responses', 5, () => held.every(({ text }) => text().includes(' 200 ')));
  });
});

test('closes the longest idle connection to admit a new one', async () => {
  const env = { CYBERTREATY_CONNECTIONS: '4', CYBERTREATY_CONNECTIONS_PER_CLIENT: '100' };
  await serving(env, async (port, held) => {
    await pause(300);
    for (let i = 0; i < 4; i++) {
      held.push(await hold(port, i < 2 ? WHOLE : ''));
      await pause(100);
    }
    await pause(1200);
    assert.equal(await isServed(port), true);
    await until('the first one to end', 5, () => held[0]?.closed());
    assert.deepEqual(
      held.map(({ closed }) => closed()),
      [true, false, false, false],
    );
    // The other connections still work.
    for (const { socket } of held.slice(1)) socket.write(WHOLE);
    await until('their responses', 5, () =>
      held.slice(1).every(({ text }, i) => text().split(' 200 ').length === (i === 0 ? 3 : 2)),
    );
  });
});

test('limits the connections of one client, but not of a trusted proxy', async () => {
  const env = { CYBERTREATY_CONNECTIONS: '20', CYBERTREATY_CONNECTIONS_PER_CLIENT: '3' };
  await serving(env, async (port, held, service) => {
    for (let i = 0; i < 3; i++) held.push(await hold(port, BUSY, '127.0.0.2'));
    assert.equal(await isServed(port, '127.0.0.2'), false);
    assert.equal(await isServed(port, '127.0.0.3'), true);
    const line = await until('the log line', 5, () =>
      service.lines().find(({ event }) => event === 'connections_refused'),
    );
    assert.ok(Number(line['client_limit']) >= 1);
    held.pop()?.socket.destroy();
    await until('a connection to be served again', 5, () => isServed(port, '127.0.0.2'));
  });
  const trusting = { ...env, CYBERTREATY_TRUSTED_PROXIES: '127.0.0.2' };
  await serving(trusting, async (port, held) => {
    for (let i = 0; i < 10; i++) held.push(await hold(port, BUSY, '127.0.0.2'));
    assert.equal(await isServed(port, '127.0.0.2'), true);
  });
});

test('limits one client to half of the connections by default', async () => {
  await serving({ CYBERTREATY_CONNECTIONS: '6' }, async (port, held) => {
    for (let i = 0; i < 3; i++) held.push(await hold(port, BUSY, '127.0.0.2'));
    assert.equal(await isServed(port, '127.0.0.2'), false);
    assert.equal(await isServed(port), true);
  });
});

test('raises the soft limit of open files and refuses to start when the hard limit is too low', async () => {
  const service = await Service.start(cluster.url(database), {
    env: { CYBERTREATY_CONNECTIONS: '400', CYBERTREATY_CONNECTIONS_PER_CLIENT: '400' },
    through: ['sh', '-c', 'ulimit -Sn 200 && exec "$@"', 'sh'],
  });
  const held: HeldConnection[] = [];
  try {
    for (let i = 0; i < 300; i++) held.push(await hold(service.port, BUSY));
    assert.equal((await new Client(service.url).send('/healthz')).status, 200);
    assert.ok(held.every(({ closed }) => !closed()));
  } finally {
    release(held);
    await service.stop();
  }
  const refused = async (files: number): Promise<string> => {
    const { code, stderr } = await run(
      'sh',
      ['-c', `ulimit -n ${files} && exec "$@"`, 'sh', binary, 'serve'],
      {
        env: environment(cluster.url(database), {
          CYBERTREATY_PORT: '0',
          CYBERTREATY_CONNECTIONS: '400',
        }),
      },
    );
    assert.equal(code, 1);
    assert.match(
      stderr,
      new RegExp(
        `^cybertreaty: CYBERTREATY_CONNECTIONS=400 needs \\d+ open files, and this process may have ${files}: [^\\n]+\\.\\n$`,
      ),
    );
    return stderr;
  };
  const most = Number(/to (\d+) or less/.exec(await refused(400))?.[1]);
  assert.ok(most > 0 && most < 400, String(most));
  assert.doesNotMatch(await refused(60), /or less/);
});
