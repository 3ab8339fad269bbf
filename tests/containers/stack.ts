// docker/compose.yaml as a separate project on free ports, removed afterwards.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';

import { root } from '../api/support/paths.js';

export interface Outcome {
  code: number;
  stdout: Buffer;
  stderr: string;
}

/** Timeout of one call, which may build an image without a cache. */
const LONGEST = 900_000;

function call(
  program: string,
  args: string[],
  env: NodeJS.ProcessEnv,
  input: Buffer | undefined,
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: { ...process.env, ...env },
      stdio: [input ? 'pipe' : 'ignore', 'pipe', 'pipe'],
      timeout: LONGEST,
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];

    child.stdout?.on('data', (part: Buffer) => stdout.push(part));
    child.stderr?.on('data', (part: Buffer) => stderr.push(part));
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({
        code: code ?? -1,
        stdout: Buffer.concat(stdout),
        stderr: Buffer.concat(stderr).toString('utf8'),
      }),
    );
    child.stdin?.on('error', () => undefined); // the program ended before it read all
    child.stdin?.end(input);
  });
}

/** The part of a long output that a failure shows. */
const end = (text: string): string => text.slice(-3000);

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.on('error', reject);
    server.listen(0, '0.0.0.0', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** Additional trusted certificates of this host; a proxy may require them during the build. */
function localCertificates(): string {
  const folder = '/usr/local/share/ca-certificates';

  if (!existsSync(folder)) return '';
  return readdirSync(folder)
    .filter((name) => name.endsWith('.crt'))
    .map((name) => readFileSync(join(folder, name), 'utf8').trim())
    .join('\n');
}

export class Stack {
  readonly images: string[];

  private constructor(
    readonly project: string,
    readonly port: number,
    readonly tlsPort: number,
    /** Environment of compose.yaml; may be changed between calls. */
    readonly env: NodeJS.ProcessEnv,
  ) {
    this.images = [env['API_IMAGE'], env['PROXY_IMAGE']] as string[];
  }

  static async make(): Promise<Stack> {
    const project =
      process.env['CYBERTREATY_TEST_PROJECT'] ??
      `cybertreaty-test-${randomBytes(4).toString('hex')}`;
    const [port, tlsPort] = [await freePort(), await freePort()];

    return new Stack(project, port, tlsPort, {
      HTTP_PORT: String(port),
      HTTPS_PORT: String(tlsPort),
      SITE: 'https://localhost, http://',
      API_IMAGE: `${project}:this`,
      PROXY_IMAGE: `${project}-proxy`,
      CYBERTREATY_RATE_LIMIT: '1000000/60',
      EXTRA_CA: localCertificates(),
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The files and the project, as arguments of `docker compose` and docker/roll. */
  get options(): string[] {
    return [
      ...['-p', this.project],
      ...['-f', join(root, 'docker/compose.yaml')],
      ...['-f', join(root, 'tests/containers/override.yaml')],
    ];
  }

  /** Runs `docker ...`; returns its outcome, also on failure. */
  try(args: string[], input?: Buffer): Promise<Outcome> {
    return call('docker', args, this.env, input);
  }

  /** Runs a program that calls docker. */
  run(program: string, args: string[], env: NodeJS.ProcessEnv): Promise<Outcome> {
    return call(program, args, { ...this.env, ...env }, undefined);
  }

  /** Runs `docker ...`, which must succeed; returns its output. */
  async docker(args: string[], input?: Buffer): Promise<string> {
    const { code, stdout, stderr } = await this.try(args, input);
    assert.equal(
      code,
      0,
      `docker ${args.join(' ')}\n${end(stdout.toString('utf8'))}\n${end(stderr)}`,
    );
    return stdout.toString('utf8').trimEnd();
  }

  compose(args: string[], input?: Buffer): Promise<string> {
    return this.docker(['compose', ...this.options, ...args], input);
  }

  /** Starts all containers and waits until they are healthy; a failure includes their logs. */
  async up(...args: string[]): Promise<void> {
    const outcome = await this.try(['compose', ...this.options, 'up', '-d', '--wait', ...args]);
    if (outcome.code === 0) return;
    const logs = await this.try(['compose', ...this.options, 'logs', '--no-color', '--tail', '40']);
    assert.fail(`docker compose up:\n${outcome.stderr}\n${logs.stdout.toString('utf8')}`);
  }

  /** The running containers of a service. */
  async containers(service: string): Promise<string[]> {
    return (await this.compose(['ps', '-q', service])).split('\n').filter((id) => id !== '');
  }

  /** An address of a container that this host reaches. */
  async address(container: string): Promise<string> {
    const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}';
    const addresses = (await this.docker(['inspect', '-f', format, container])).trim().split(' ');
    assert.ok(addresses[0], container);
    return addresses[0];
  }

  /** Runs SQL as the superuser; returns the rows, with columns separated by |. */
  sql(text: string): Promise<string> {
    const psql = ['psql', '-U', 'postgres', '-d', 'cybertreaty', '-XAt', '-v', 'ON_ERROR_STOP=1'];
    return this.compose(['exec', '-T', 'db', ...psql, '-c', text]);
  }

  async destroy(): Promise<void> {
    await this.compose(['down', '--volumes', '--remove-orphans', '--timeout', '5']);
  }

  async forgetImages(): Promise<void> {
    for (const image of this.images) await this.try(['rmi', '-f', image]);
  }
}
