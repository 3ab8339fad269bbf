// PgBouncer in transaction mode before a test cluster.
import type { ChildProcess } from 'node:child_process';
import { chmodSync, copyFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';

import { type Cluster, unprivileged } from './database.js';
import { tool } from './paths.js';
import { ended, start, until } from './processes.js';

const PORT = 6432; // the number in the name of the socket; there is no TCP

export class Pooler {
  private constructor(
    readonly process: ChildProcess,
    readonly directory: string,
  ) {}

  /** Every client becomes `user`. Its files lie beside the cluster's, which removes them. */
  static async start(
    cluster: Cluster,
    { user: role, ...settings }: Record<string, string>,
  ): Promise<Pooler> {
    const user = await unprivileged();
    // Whoever runs it may not be able to enter the checkout.
    const program = join(cluster.directory, 'pgbouncer');
    copyFileSync(tool('pgbouncer'), program);
    chmodSync(program, 0o755);

    const file = join(cluster.directory, 'pgbouncer.ini');
    const lines = Object.entries({
      listen_addr: '',
      listen_port: String(PORT),
      unix_socket_dir: cluster.directory,
      auth_type: 'any',
      pool_mode: 'transaction',
      max_client_conn: '200',
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
    const process = start(program, [file], {
      ...user,
      cwd: cluster.directory,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let log = '';
    process.stderr?.on('data', (chunk: Buffer) => (log = (log + chunk).slice(-20_000)));
    const pooler = new Pooler(process, cluster.directory);
    await until('PgBouncer to listen', 10, () => {
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
