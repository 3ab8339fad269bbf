// PgBouncer in transaction mode before a test cluster: the system's, or with
// CYBERTREATY_TEST_POOLER_IMAGE that of a container image.
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { chmodSync, copyFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';

import { type Cluster, unprivileged } from './database.js';
import { tool } from './paths.js';
import { ended, run, start, until } from './processes.js';

const PORT = 6432; // the number in the name of the socket; there is no TCP

/** How to run it: as a user, since it refuses root, and with the cluster's folder in sight. */
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
    // The client of the engine hands SIGTERM on to the container.
    return ['docker', [...args, image, 'pgbouncer', file], options, 'SIGTERM'];
  }
  // That user may not be able to enter the checkout.
  const program = join(cluster.directory, 'pgbouncer');
  copyFileSync(tool('pgbouncer'), program);
  chmodSync(program, 0o755);
  return [program, [file], { ...options, ...user }];
}

/** What docs/operating.md says for PgBouncer's max_prepared_statements. */
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
    /** It keeps track of prepared statements in transaction mode, as PgBouncer does from 1.21. */
    readonly prepares: boolean,
  ) {}

  /** Every client becomes `user`. Its files lie beside the cluster's, which removes them. */
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
    // With auth_type=any nobody is asked who he is, so the user stands here.
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

  /** Where node-postgres finds it. */
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
