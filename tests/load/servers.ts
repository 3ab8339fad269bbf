// The measured servers: the service, and nginx with the same responses as files.
import type { ChildProcess } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { environment } from '../api/support/database.js';
import { binary } from '../api/support/paths.js';
import { ended, start, until } from '../api/support/processes.js';
import { pinned } from './wrk.js';

const scratch = mkdtempSync(join(tmpdir(), 'ct-servers-'));
// For root, nginx runs its processes as another user.
chmodSync(scratch, 0o755);
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

export interface LoadResponse {
  status: number;
  /** Names in lower case. */
  fields: Record<string, string>;
  body: Buffer;
}

/** Sends one GET, by default on a new connection. */
export function getOnce(
  port: number,
  target: string,
  headers: Record<string, string> = {},
  agent: http.Agent | false = false,
): Promise<LoadResponse> {
  return new Promise((resolve, reject) => {
    http
      .get({ host: '127.0.0.1', port, path: target, headers, agent }, (response) => {
        const parts: Buffer[] = [];
        response.on('error', reject);
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            fields: Object.fromEntries(
              Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
            ),
            body: Buffer.concat(parts),
          }),
        );
      })
      .on('error', reject);
  });
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** A listening process, and how to stop it. */
export interface Server {
  pid: number;
  port: number;
  url: string;
  stop(): Promise<void>;
}

function server(child: ChildProcess, port: number): Server {
  return {
    pid: child.pid ?? 0,
    port,
    url: `http://127.0.0.1:${port}`,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 30_000);
      await ended(child);
      clearTimeout(late);
    },
  };
}

async function answering(child: ChildProcess, port: number, target: string, log: string) {
  await until(`200 from ${target}`, 60, async () => {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`The server exited:\n${readFileSync(log, 'utf8').slice(-4000)}`);
    return getOnce(port, target).then(
      ({ status }) => status === 200,
      () => false,
    );
  });
}

let services = 0;

/** Starts the service; its log goes to a file. */
export async function startService(
  databaseUrl: string,
  {
    env = {},
    processor,
  }: { env?: NodeJS.ProcessEnv | undefined; processor?: number | undefined } = {},
): Promise<Server> {
  const port = await freePort();
  const log = join(scratch, `service-${++services}.log`);
  const output = openSync(log, 'w');
  const child = start(...pinned(processor, [binary, 'serve']), {
    env: environment(databaseUrl, { CYBERTREATY_PORT: String(port), ...env }),
    stdio: ['ignore', output, output],
  });

  closeSync(output);
  await answering(child, port, '/readyz', log);
  return server(child, port);
}

/** A response that nginx serves from a file. */
export interface Page {
  target: string;
  response: LoadResponse;
}

const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;

/** Fields that nginx generates. */
const OWN = ['date', 'connection', 'keep-alive', 'content-length', 'content-type', 'x-request-id'];

function location({ target, response }: Page, file: string): string {
  const fields = Object.entries(response.fields)
    .filter(([name]) => !OWN.includes(name))
    .map(([name, value]) => `      add_header ${name} ${quoted(value)};`);
  return [
    `    location = ${target.split('?')[0]} {`,
    `      alias ${file};`,
    `      default_type ${quoted(response.fields['content-type'] ?? '')};`,
    '      add_header X-Request-Id $request_id;',
    // Remove the file's time unless the service sends one.
    ...('last-modified' in response.fields ? [] : ['      add_header Last-Modified "";']),
    ...fields,
    '    }',
  ].join('\n');
}

/** The settings that nginx's documentation recommends for files: sendfile, open_file_cache. */
function settings(folder: string, port: number, pages: string[], logged: boolean): string {
  const line = [
    '{"time":"$time_iso8601","level":"info","event":"request_completed","method":"$request_method"',
    '"path":"$uri","status":$status,"bytes":$body_bytes_sent,"seconds":$request_time',
    '"request_id":"$request_id","client":"$remote_addr"}',
  ].join(',');
  return `
daemon off;
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
pid ${folder}/pid;
error_log ${folder}/error.log;
events { worker_connections 4096; }
http {
  log_format line escape=json '${line}';
  access_log ${logged ? `${folder}/access.log line` : 'off'};
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000000;
  keepalive_timeout 75s;
  open_file_cache max=1000 inactive=600s;
  open_file_cache_valid 600s;
  server_tokens off;
  etag off;
  max_ranges 0;
  types { }
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join('\n  ')}
  server {
    listen 127.0.0.1:${port} backlog=4096;
${pages.join('\n')}
  }
}
`;
}

let nginxes = 0;

/** Starts nginx with one worker; pages may not share a path. */
export async function startNginx(
  pages: Page[],
  { logged, processor }: { logged: boolean; processor?: number | undefined },
): Promise<Server> {
  const port = await freePort();
  const folder = join(scratch, `nginx-${++nginxes}`);
  const log = join(folder, 'output.log');

  mkdirSync(folder);
  const locations = pages.map((page, i) => {
    const file = join(folder, `page-${i}`);
    writeFileSync(file, page.response.body);
    return location(page, file);
  });
  writeFileSync(join(folder, 'nginx.conf'), settings(folder, port, locations, logged));

  const output = openSync(log, 'w');
  const command = ['nginx', '-p', folder, '-c', join(folder, 'nginx.conf'), '-e', log];
  const child = start(
    ...pinned(processor, command),
    { stdio: ['ignore', output, output] },
    'SIGTERM',
  );
  closeSync(output);
  await answering(child, port, pages[0]?.target ?? '/', log);
  return server(child, port);
}

/** Throws unless two responses are equal, except for fields that always differ. */
export function expectSame(ours: LoadResponse, theirs: LoadResponse): void {
  const shown = ({ status, fields, body }: LoadResponse): string => {
    const compared = Object.entries(fields)
      .filter(
        ([name]) => !['date', 'connection', 'keep-alive', 'server', 'x-request-id'].includes(name),
      )
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return JSON.stringify({ status, fields: compared, body: body.toString('base64') });
  };
  if (shown(ours) !== shown(theirs))
    throw new Error(
      `nginx returns a different response:\n${JSON.stringify(ours.fields)}\n${JSON.stringify(theirs.fields)}`,
    );
}
