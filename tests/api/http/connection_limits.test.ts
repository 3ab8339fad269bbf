// How many connections there may be, and who goes when there are too many.
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

/** The head has begun, so that nobody takes this connection for an idle one. */
const BUSY = 'GET /healthz HTTP/1.1\r\nHost: x\r\n';
const WHOLE = `${BUSY}\r\n`;

/** True when a request on a new connection is answered; false when that is closed without a byte. */
async function answered(port: number, from = '127.0.0.1'): Promise<boolean> {
  const one = await hold(port, `${BUSY}Connection: close\r\n\r\n`, from);
  await until('an answer or the end', 10, one.closed);
  assert.match(one.text(), /^(HTTP\/1\.1 200 .*)?$/s);
  return one.text() !== '';
}

test('connections: beyond the limit a new one is closed at once, and the log says so', async () => {
  const env = { CYBERTREATY_CONNECTIONS: '8', CYBERTREATY_CONNECTIONS_PER_CLIENT: '100' };
  await serving(env, async (port, held, service) => {
    // What the start left behind ends first.
    await pause(300);
    for (let i = 0; i < 8; i++) held.push(await hold(port, BUSY));
    await pause(300);
    assert.equal(await answered(port), false);
    const line = await until('the log line', 5, () =>
      service.lines().find(({ event }) => event === 'connections_refused'),
    );
    assert.ok(Number(line['all_in_use']) >= 1);

    held.pop()?.socket.destroy();
    await until('room again', 5, () => answered(port));
    for (const { socket } of held) socket.write('\r\n');
    await until('the answers', 5, () => held.every(({ text }) => text().includes(' 200 ')));
  });
});

test('connections: one that has been idle makes room, the longest idle one first', async () => {
  const env = { CYBERTREATY_CONNECTIONS: '4', CYBERTREATY_CONNECTIONS_PER_CLIENT: '100' };
  await serving(env, async (port, held) => {
    await pause(300);
    for (let i = 0; i < 4; i++) {
      held.push(await hold(port, i < 2 ? WHOLE : ''));
      await pause(100);
    }
    await pause(1200);
    assert.equal(await answered(port), true);
    await until('the first one to end', 5, () => held[0]?.closed());
    assert.deepEqual(
      held.map(({ closed }) => closed()),
      [true, false, false, false],
    );
    // The others are as good as before.
    for (const { socket } of held.slice(1)) socket.write(WHOLE);
    await until('their answers', 5, () =>
      held.slice(1).every(({ text }, i) => text().split(' 200 ').length === (i === 0 ? 3 : 2)),
    );
  });
});

test('connections: one client cannot take all, unless it is a trusted proxy', async () => {
  const env = { CYBERTREATY_CONNECTIONS: '20', CYBERTREATY_CONNECTIONS_PER_CLIENT: '3' };
  await serving(env, async (port, held, service) => {
    for (let i = 0; i < 3; i++) held.push(await hold(port, BUSY, '127.0.0.2'));
    assert.equal(await answered(port, '127.0.0.2'), false);
    assert.equal(await answered(port, '127.0.0.3'), true);
    const line = await until('the log line', 5, () =>
      service.lines().find(({ event }) => event === 'connections_refused'),
    );
    assert.ok(Number(line['client_has_too_many']) >= 1);
    held.pop()?.socket.destroy();
    await until('room again', 5, () => answered(port, '127.0.0.2'));
  });
  const trusting = { ...env, CYBERTREATY_TRUSTED_PROXIES: '127.0.0.2' };
  await serving(trusting, async (port, held) => {
    for (let i = 0; i < 10; i++) held.push(await hold(port, BUSY, '127.0.0.2'));
    assert.equal(await answered(port, '127.0.0.2'), true);
  });
});

test('connections: without a setting one client has half of them', async () => {
  await serving({ CYBERTREATY_CONNECTIONS: '6' }, async (port, held) => {
    for (let i = 0; i < 3; i++) held.push(await hold(port, BUSY, '127.0.0.2'));
    assert.equal(await answered(port, '127.0.0.2'), false);
    assert.equal(await answered(port), true);
  });
});

test('connections: the soft limit of open files is raised, and a hard one too low is told', async () => {
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
