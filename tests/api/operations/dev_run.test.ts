// `./dev run` in a separate checkout. The build is not tested here: a fake cmake links the binary under
// test.
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { Cluster } from '../support/database.js';
import { binary, root } from '../support/paths.js';
import { ended, run, start, until } from '../support/processes.js';

const START_SECONDS = 120;
const STOP_SECONDS = 30;

/** Creates a copy of the checkout that any user can enter, since PostgreSQL runs as another user. */
function checkout(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ct-dev-'));
  const tools = join(folder, 'tools');

  after(() => rmSync(folder, { recursive: true, force: true }));
  chmodSync(folder, 0o755);
  for (const name of ['dev', 'dev.d', 'data', 'pages'])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  mkdirSync(tools);
  writeFileSync(
    join(tools, 'cmake'),
    `#!/bin/sh\necho "$*" >> '${folder}/cmake.log'\n` +
      `[ "$1" != --build ] || ln -sfn '${binary}' "$2/cybertreaty"\n`,
    { mode: 0o755 },
  );
  return folder;
}

const environment = (folder: string, more: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  PATH: `${folder}/tools:${process.env['PATH']}`,
  HOME: process.env['HOME'],
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => /SAN_OPTIONS$/.test(name))),
  ...more,
});

async function freePort(): Promise<string> {
  const server = net.createServer();

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}

class Dev {
  output = '';
  readonly process: ChildProcess;

  constructor(folder: string, more: NodeJS.ProcessEnv) {
    this.process = start(
      join(folder, 'dev'),
      ['run'],
      { env: environment(folder, more), stdio: ['ignore', 'pipe', 'pipe'] },
      'SIGTERM',
    );
    for (const stream of [this.process.stdout, this.process.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
  }

  serves(): Promise<true> {
    return until('./dev run to serve', START_SECONDS, () => {
      if (this.process.exitCode !== null) throw new Error(`It exited:\n${this.output}`);
      return this.output.includes('Ctrl-C stops it.');
    });
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    this.process.kill(signal);
    return (await ended(this.process)).code;
  }
}

/** The command lines of processes that use a folder. */
const processesIn = (folder: string): string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return [readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ')];
      } catch {
        return []; // The process has exited.
      }
    })
    .filter((line) => line.includes(`${folder}/`));

const allEnded = (folder: string): Promise<unknown> =>
  until(`all processes in ${folder} to end`, STOP_SECONDS, () => processesIn(folder).length === 0);

test('run serves the data and Ctrl-C stops all processes', async () => {
  const folder = checkout();
  const PORT = await freePort();
  const first = new Dev(folder, { PORT });

  await first.serves();
  assert.match(first.output, /curl http:\/\/127\.0\.0\.1:\d+\/v1\/countries\/NO\/profile/);
  const response = await fetch(`http://127.0.0.1:${PORT}/v1/countries/NO/profile`);
  assert.equal(response.status, 200);

  // The folder and the port are in use.
  const again = await run(join(folder, 'dev'), ['run'], { env: environment(folder, { PORT }) });
  assert.deepEqual([again.code, again.stdout], [1, '']);
  assert.match(again.stderr, /^\.\/dev run is already running in this folder \(process \d+\)\.\n$/);
  const other = checkout();
  const busy = await run(join(other, 'dev'), ['run'], { env: environment(other, { PORT }) });
  assert.deepEqual([busy.code, busy.stdout], [1, '']);
  assert.match(
    busy.stderr,
    new RegExp(
      `^Port ${PORT} is in use by another program\\. Stop it, or choose another port: PORT=${Number(PORT) + 1} \\./dev run\\n$`,
    ),
  );

  assert.equal(await first.end('SIGINT'), 130);
  await allEnded(folder);

  // The second run creates nothing, and SIGKILL leaves no process behind.
  const second = new Dev(folder, { PORT });
  await second.serves();
  assert.match(second.output, /; 0 migrations were applied\./);
  assert.match(second.output, /revision 1, unchanged/);
  assert.doesNotMatch(second.output, /Creating a private PostgreSQL/);
  await second.end('SIGKILL');
  await allEnded(folder);

  const third = new Dev(folder, { PORT });
  await third.serves();
  assert.equal(await third.end('SIGTERM'), 143);
  await allEnded(folder);
});

test('run uses DATABASE_URL and starts no database', async () => {
  const cluster = Cluster.shared();
  const database = await cluster.database('empty');
  const folder = checkout();
  const dev = new Dev(folder, { PORT: await freePort(), DATABASE_URL: cluster.url(database) });

  await dev.serves();
  assert.equal(existsSync(join(folder, '.local/postgres')), false);
  const { rows } = await cluster.query(database, 'SELECT count(*)::int AS n FROM country');
  assert.equal(rows[0].n, 249);
  assert.equal(await dev.end('SIGINT'), 130);
  await allEnded(folder);
  await cluster.drop(database);
});

test('build configures afresh only in a checkout that was moved or copied', async () => {
  const folder = checkout();
  const cache = join(folder, 'build/dev/CMakeCache.txt');
  const configured = async (): Promise<string> => {
    rmSync(join(folder, 'cmake.log'), { force: true });
    const { code, stderr } = await run(join(folder, 'dev'), ['build'], {
      env: environment(folder, {}),
    });
    assert.equal(code, 0, stderr);
    return readFileSync(join(folder, 'cmake.log'), 'utf8').split('\n')[0] ?? '';
  };

  assert.doesNotMatch(await configured(), /--fresh/);
  for (const [home, fresh] of [
    [folder, false],
    [`${folder}/.`, false],
    [tmpdir(), true],
    [join(folder, 'gone'), true],
  ] as const) {
    writeFileSync(cache, `CMAKE_HOME_DIRECTORY:INTERNAL=${home}\n`);
    assert.equal(/ --fresh( |$)/.test(await configured()), fresh, home);
  }
});

test('reports wrong usage', async () => {
  const folder = checkout();
  const cases: [string[], string, RegExp][] = [
    [['run'], 'http', /^PORT must be a number from 1 to 65535, not 'http'\.\n$/],
    [['run'], '0', /^PORT must be a number from 1 to 65535, not '0'\.\n$/],
    [['run', 'fast'], '1', /^\.\/dev run takes no arguments; unexpected: 'fast'\.\n$/],
    [['serve'], '1', /^Unknown command '\.\/dev serve'\. Commands: run, test, build, /],
    [['test', 'all'], '1', /^Unknown argument '\.\/dev test all'\. /],
  ];

  for (const [args, PORT, says] of cases) {
    const { code, stderr } = await run(join(folder, 'dev'), args, {
      env: environment(folder, { PORT }),
    });
    assert.equal(code, 2, args.join(' '));
    assert.match(stderr, says);
  }
});

test('makes warnings errors in the presets of developers only', () => {
  interface Preset {
    name: string;
    hidden?: boolean;
    inherits?: string;
    cacheVariables?: Record<string, string>;
  }
  const { configurePresets: presets } = JSON.parse(
    readFileSync(join(root, 'CMakePresets.json'), 'utf8'),
  ) as { configurePresets: Preset[] };
  const strict = (name: string): boolean => {
    const preset = presets.find((each) => each.name === name) ?? assert.fail(name);
    const own = preset.cacheVariables?.['CMAKE_COMPILE_WARNING_AS_ERROR'];
    return own ? own === 'ON' : preset.inherits !== undefined && strict(preset.inherits);
  };
  const names = presets.filter(({ hidden }) => !hidden).map(({ name }) => name);

  assert.deepEqual(
    names.filter((name) => !strict(name)),
    ['release'],
  );
  assert.doesNotMatch(readFileSync(join(root, 'CMakeLists.txt'), 'utf8'), /-Werror/);
});
