// Between service and database; it can be cut like a cable.
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Cluster } from './database.js';

export class Cable {
  readonly directory = mkdtempSync(join(tmpdir(), 'ct-cable-'));
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

  cut(): void {
    this.#cut = true;
    for (const socket of this.#open) socket.destroy();
  }

  mend(): void {
    this.#cut = false;
  }

  close(): void {
    this.cut();
    this.#server.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
