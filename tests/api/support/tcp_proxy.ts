// Outages of a database, and a TCP proxy that causes some of them.
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Cluster } from './database.js';

/** Targets that tests request before an outage, so that their responses are cached. */
export const CACHED_TARGETS = [
  '/v1/countries/NO/profile',
  '/v1/countries',
  '/v1/sources',
  '/v1/statements/NO-185-R-06',
];

/** A proxy between service and database that can be disconnected. */
export class TcpProxy {
  readonly directory = mkdtempSync(join(tmpdir(), 'ct-proxy-'));
  readonly #open = new Set<net.Socket>();
  readonly #server: net.Server;
  #cut = false;

  constructor(
    to: Cluster,
    readonly database: string,
  ) {
    this.#server = net.createServer((near) => {
      if (this.#cut) return void near.destroy();
      const far = net.connect(join(to.directory, '.s.PGSQL.5432'));
      for (const [a, b] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#open.add(a);
        a.on('data', (bytes) => b.write(bytes));
        a.on('error', () => {});
        a.on('close', () => {
          this.#open.delete(a);
          b.destroy();
        });
      }
    });
    this.#server.listen(join(this.directory, '.s.PGSQL.5432'));
  }

  get url(): string {
    return `postgresql://postgres@/${this.database}?host=${encodeURIComponent(this.directory)}`;
  }

  disconnect(): void {
    this.#cut = true;
    for (const socket of this.#open) socket.destroy();
  }

  reconnect(): void {
    this.#cut = false;
  }

  close(): void {
    this.disconnect();
    this.#server.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Kinds of outages, and how they end. */
export const OUTAGES: {
  name: string;
  fail: (cluster: Cluster, proxy: TcpProxy) => unknown;
  restore: (cluster: Cluster, proxy: TcpProxy) => unknown;
}[] = [
  {
    name: 'frozen',
    fail: (cluster) => cluster.signal('SIGSTOP'),
    restore: (cluster) => cluster.signal('SIGCONT'),
  },
  { name: 'killed', fail: (cluster) => cluster.kill(), restore: (cluster) => cluster.resume() },
  {
    name: 'cut off',
    fail: (_, proxy) => proxy.disconnect(),
    restore: (_, proxy) => proxy.reconnect(),
  },
];

/** Changes a source and returns the new revision of the dataset. */
export async function changeSource(cluster: Cluster, database: string): Promise<number> {
  const { rows } = await cluster.query(
    database,
    `WITH changed AS (UPDATE source SET publisher = coalesce(publisher, '') || '.'
       WHERE id = (SELECT min(id) FROM source) RETURNING revision)
     SELECT revision::int FROM changed`,
  );
  return (rows[0] as { revision: number }).revision;
}
