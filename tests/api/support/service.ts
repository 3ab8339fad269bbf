// Starts and stops `cybertreaty serve`.
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import http from 'node:http';

import { environment } from './database.js';
import { binary } from './paths.js';
import { type ExitStatus, ended, start, until } from './processes.js';

/** Long enough for a build with sanitizers on a busy machine. */
const START_SECONDS = 60;
const STOP_SECONDS = 30;

export interface ServiceSettings {
  env?: NodeJS.ProcessEnv;
  /** Wait for 200 from /healthz or from /readyz. */
  wait?: 'alive' | 'ready';
  /** A program with its arguments that executes the binary. */
  through?: string[];
}

export interface LogLine {
  time: string;
  level: string;
  event: string;
  [field: string]: unknown;
}

export class Service {
  stdout = '';
  stderr = '';
  port = 0;

  private constructor(readonly process: ChildProcess) {
    process.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    process.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts the service on a port that the kernel chooses. */
  static async start(
    databaseUrl: string,
    { env = {}, wait = 'ready', through = [] }: ServiceSettings = {},
  ): Promise<Service> {
    const [command = binary, ...args] = [...through, binary, 'serve'];
    const child = start(command, args, {
      env: environment(databaseUrl, { CYBERTREATY_PORT: '0', ...env }),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const service = new Service(child);

    try {
      service.port = await until('the service to log its port', START_SECONDS, () => {
        if (child.exitCode !== null || child.signalCode !== null) throw new Error('It exited.');
        return service.lines().find((line) => line.event === 'server_listening')?.['port'] as
          number | undefined;
      });
      const path = wait === 'ready' ? '/readyz' : '/healthz';
      await until(
        `200 from ${path}`,
        START_SECONDS,
        async () => (await service.#status(path)) === 200,
      );
    } catch (error) {
      child.kill('SIGKILL');
      throw new Error(
        `The service did not start: ${String(error)}\n${service.stderr}${service.stdout}`,
      );
    }
    return service;
  }

  /** Returns the complete lines of the log so far; each must be a JSON object. */
  lines(): LogLine[] {
    return this.stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as LogLine);
  }

  /** Stops the service with SIGTERM; throws unless it exits with status 0 and an empty stderr. */
  async stop(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null)
      this.process.kill('SIGTERM');
    const { code, signal } = await this.exitStatus();
    if (code !== 0 || this.stderr !== '')
      throw new Error(
        `The service exited with ${code ?? signal}:\n${this.stderr}${this.stdout.slice(-4000)}`,
      );
  }

  /** Waits for the exit. A service that does not exit in time is killed, which the result shows. */
  async exitStatus(): Promise<ExitStatus> {
    const late = setTimeout(() => this.process.kill('SIGKILL'), STOP_SECONDS * 1000);
    try {
      return await ended(this.process);
    } finally {
      clearTimeout(late);
    }
  }

  #status(path: string): Promise<number> {
    return new Promise((resolve) =>
      http
        .get({ host: '127.0.0.1', port: this.port, path, agent: false }, (response) => {
          response.resume().on('end', () => resolve(response.statusCode ?? 0));
        })
        .on('error', () => resolve(0)),
    );
  }
}

/** A value from /proc/PID/status: VmRSS and VmHWM in KiB, Threads as a count. */
export const processStatus = (service: Service, name: string): number =>
  Number(
    new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(
      readFileSync(`/proc/${service.process.pid}/status`, 'utf8'),
    )?.[1],
  );
