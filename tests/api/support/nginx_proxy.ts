// nginx before a service, as operators set it up: HTTP/1.1 to the service, over connections that
// stay open.
import type { ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { tool } from './paths.js';
import { ended, start, until } from './processes.js';

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** One worker and one idle connection, so that requests of different clients share it. */
const settings = (folder: string, port: number, upstream: number): string => `
daemon off;
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
pid ${folder}/pid;
error_log ${folder}/error.log;
events { worker_connections 256; }
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join('\n  ')}
  large_client_header_buffers 8 16k;
  underscores_in_headers on;
  ignore_invalid_headers off;
  keepalive_requests 100000;
  upstream service {
    server 127.0.0.1:${upstream};
    keepalive 1;
  }
  server {
    listen 127.0.0.1:${port};
    server_name service;
    location / {
      proxy_pass http://service;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
      proxy_ignore_client_abort on;
      proxy_request_buffering off;
      proxy_next_upstream off;
    }
  }
}
`;

export class NginxProxy {
  private constructor(
    readonly port: number,
    readonly process: ChildProcess,
    private readonly folder: string,
  ) {}

  static async start(upstream: number): Promise<NginxProxy> {
    const folder = mkdtempSync(join(tmpdir(), 'ct-nginx-'));
    chmodSync(folder, 0o755);
    mkdirSync(join(folder, 'logs'));
    const port = await freePort();
    const file = join(folder, 'nginx.conf');
    const log = join(folder, 'error.log');
    writeFileSync(file, settings(folder, port, upstream));
    const child = start(
      tool('nginx'),
      ['-p', folder, '-c', file, '-e', log],
      { stdio: 'ignore' },
      'SIGTERM',
    );
    const proxy = new NginxProxy(port, child, folder);
    await until('nginx to listen', 30, () => {
      if (child.exitCode !== null) throw new Error(`nginx ended:\n${readFileSync(log, 'utf8')}`);
      return proxy.#listens();
    });
    return proxy;
  }

  async stop(): Promise<void> {
    this.process.kill('SIGTERM');
    const late = setTimeout(() => this.process.kill('SIGKILL'), 10_000);
    await ended(this.process);
    clearTimeout(late);
    rmSync(this.folder, { recursive: true, force: true });
  }

  #listens(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = net.connect(this.port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      });
      socket.on('error', () => resolve(false));
    });
  }
}
