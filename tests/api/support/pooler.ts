// PgBouncer in transaction mode in front of a test cluster: the system's, or the one in the container image
// CYBERTREATY_TEST_POOLER_IMAGE.
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { chmodSync, copyFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';

import { type Cluster, unprivileged } from './database.js';
import { tool } from './paths.js';
import { ended, run, start, until } from './processes.js';

const PORT = 6432; // only part of the socket's name; PgBouncer does not listen on TCP

/** The command that starts PgBouncer as an unprivileged user, with access to the cluster's folder. */
async function command(cluster: Cluster, file: string): Promise<Parameters<typeof start>> {
  const user = await unprivileged();
  const image = process.env['CYBERTREATY_TEST_POOLER_IMAGE'];
  const options: SpawnOptions = { cwd: cluster.directory, stdio: ['ignore', 'ignore', 'pipe'] };
  if (image) {
    const { uid = process.getuid?.() ?? 0, gid = process.getgid?.() ?? 0 } = user;
    const folder = `${cluster.directory}:${cluster.directory}`;
    const args = [
      'run',
      '--rm',
      '--network',
      'none',
      '--user',
      `${uid}:${gid}`,
      '--volume',
      folder,
    ];
    // The docker client forwards SIGTERM to the container.
    return ['docker', [...args, image, 'pgbouncer', file], options, 'SIGTERM'];
  }
  // The unprivileged user may lack access to the checkout.
  const program = join(cluster.directory, 'pgbouncer');
  copyFileSync(tool('pgbouncer'), program);
  chmodSync(program, 0o755);
  return [program, [file], { ...options, ...user }];
}

/** The value that docs/operating.md gives for PgBouncer's max_prepared_statements. */
export const PREPARED_STATEMENTS = 1000;

async function canPrepare(): Promise<boolean> {
  const image = process.env['CYBERTREATY_TEST_POOLER_IMAGE'];
  const { stdout } = image
    ? await run('docker', ['run', '--rm', '--network', 'none', image, 'pgbouncer', '--version'])
    : await run(tool('pgbouncer'), ['--version']);
  const [, major, minor] = /PgBouncer (\d+)\.(\d+)/.exec(stdout) ?? [];
  return Number(major) > 1 || Number(minor) >= 21;
}

export class Pooler {
  private constructor(
    readonly process: ChildProcess,
    readonly directory: string,
    /** True when it supports prepared statements in transaction mode: PgBouncer 1.21 and later. */
    readonly prepares: boolean,
  ) {}

  /** Every client connects as `user`. The files are in the cluster's folder, which `stop` of the cluster removes. */
  static async start(
    cluster: Cluster,
    { user: role, ...settings }: Record<string, string>,
  ): Promise<Pooler> {
    const file = join(cluster.directory, 'pgbouncer.ini');
    const prepares = await canPrepare();
    const lines = Object.entries({
      listen_addr: '',
      listen_port: String(PORT),
      unix_socket_dir: cluster.directory,
      auth_type: 'any',
      pool_mode: 'transaction',
      max_client_conn: '200',
      ...(prepares ? { max_prepared_statements: String(PREPARED_STATEMENTS) } : {}),
      ...settings,
    }).map(([key, value]) => `${key} = ${value}`);
    // auth_type=any ignores the client's user, so the configuration names it.
    writeFileSync(
      file,
      [
        '[databases]',
        `* = host=${cluster.directory} port=5432 user=${role}`,
        '[pgbouncer]',
        ...lines,
        '',
      ].join('\n'),
    );
    const process = start(...(await command(cluster, file)));
    let log = '';
    process.stderr?.on('data', (chunk: Buffer) => (log = (log + chunk).slice(-20_000)));
    const pooler = new Pooler(process, cluster.directory, prepares);
    await until('PgBouncer to listen', 30, () => {
      if (process.exitCode !== null) throw new Error(`PgBouncer did not start:\n${log}`);
      return pooler.#listens();
    });
    return pooler;
  }

  /** The address for node-postgres. */
  get place(): { host: string; port: number } {
    return { host: this.directory, port: PORT };
  }

  url(database: string): string {
    return `host=${this.directory} port=${PORT} dbname=${database} user=postgres`;
  }

  async stop(): Promise<void> {
    this.process.kill('SIGINT');
    const late = setTimeout(() => this.process.kill('SIGKILL'), 10_000);
    await ended(this.process);
    clearTimeout(late);
  }

  #listens(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = net.connect(join(this.directory, `.s.PGSQL.${PORT}`), () => {
        socket.destroy();
        resolve(true);
      });
      socket.on('error', () => resolve(false));
    });
  }
}
