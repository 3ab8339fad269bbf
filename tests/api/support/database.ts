// A temporary PostgreSQL cluster on a unix socket, and fresh databases in it.
//
// The runner starts one cluster; test files find it through CYBERTREATY_TEST_CLUSTER. A database with the
// schema, or with the schema and the reference data, is a copy of a template, which the first test
// that needs it builds.
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import pg from 'pg';

import { binary, data, postgresBin } from './paths.js';
import { type Finished, ended, run, start, until } from './processes.js';

const OWNER = 'postgres';
const BUILD_LOCK = 7_411;

export type Content = 'empty' | 'migrated' | 'imported';

/** The user to run servers as when the tests run as root: PostgreSQL and PgBouncer refuse root. */
export async function unprivileged(): Promise<{ uid?: number; gid?: number }> {
  if (process.getuid?.() !== 0) return {};
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    if (uid.code === 0 && gid.code === 0)
      return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  }
  throw new Error('There is no unprivileged user (postgres, nobody) to run PostgreSQL.');
}

function expectSuccess(what: string, { code, stdout, stderr }: Finished): void {
  if (code !== 0) throw new Error(`${what} failed with exit status ${code}:\n${stdout}${stderr}`);
}

export class Cluster {
  #server: ChildProcess | undefined;
  #log = '';

  private constructor(
    /** The folder of the socket and of the data. */
    readonly directory: string,
    private readonly user: { uid?: number; gid?: number },
    private readonly more: Record<string, string> = {},
  ) {}

  /** The process id of a server that this process started. */
  get pid(): number {
    if (this.#server?.pid === undefined) throw new Error('This process started no server.');
    return this.#server.pid;
  }

  /** Returns the cluster that the runner started. */
  static shared(): Cluster {
    const directory = process.env['CYBERTREATY_TEST_CLUSTER'];
    if (!directory) throw new Error('Start tests with `npm run test:api [-- PART_OF_NAME ...]`.');
    return new Cluster(directory, {});
  }

  /** Starts a private cluster with additional server settings; `stop` ends it. */
  static async start(settings: Record<string, string> = {}): Promise<Cluster> {
    const cluster = await Cluster.#prepare(settings);
    await cluster.#runProgram('initdb', [
      '-D',
      cluster.#data,
      '-U',
      OWNER,
      '--auth=trust',
      '--no-sync',
      '-E',
      'UTF8',
      '--locale=C.UTF-8',
    ]);
    await cluster.resume();
    return cluster;
  }

  /** Starts a standby of `primary`; `stop` ends it. */
  static async standby(primary: Cluster): Promise<Cluster> {
    const cluster = await Cluster.#prepare();
    await cluster.#runProgram('pg_basebackup', [
      '-D',
      cluster.#data,
      '-d',
      `host=${primary.directory} user=${OWNER}`,
      '--checkpoint=fast',
      '--no-sync',
      '--write-recovery-conf',
    ]);
    await cluster.resume();
    return cluster;
  }

  /** Creates the folder of a cluster and selects the user that runs it. */
  static async #prepare(settings: Record<string, string> = {}): Promise<Cluster> {
    const user = await unprivileged();
    const cluster = new Cluster(mkdtempSync(join(tmpdir(), 'ct-')), user, settings);
    process.on('exit', () => rmSync(cluster.directory, { recursive: true, force: true }));

    if (user.uid !== undefined && user.gid !== undefined)
      chownSync(cluster.directory, user.uid, user.gid);
    return cluster;
  }

  async #runProgram(program: string, args: string[]): Promise<void> {
    expectSuccess(
      program,
      await run(join(postgresBin(), program), args, { ...this.user, cwd: this.directory }),
    );
  }

  get #data(): string {
    return join(this.directory, 'data');
  }

  /** Starts the server again after `halt`. */
  async resume(): Promise<void> {
    const settings = {
      listen_addresses: '',
      unix_socket_directories: this.directory,
      max_connections: '100',
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      shared_buffers: '64MB',
      ...this.more,
    };
    const args = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
    // SIGQUIT is PostgreSQL's immediate shutdown; SIGKILL would leave its shared memory behind.
    const server = start(
      join(postgresBin(), 'postgres'),
      ['-D', this.#data, ...args],
      { ...this.user, cwd: this.directory, stdio: ['ignore', 'ignore', 'pipe'] },
      'SIGQUIT',
    );

    this.#server = server;
    server.stderr?.on('data', (chunk: Buffer) => (this.#log = (this.#log + chunk).slice(-20_000)));
    await until('PostgreSQL to accept connections', 30, async () => {
      if (server.exitCode !== null) throw new Error(`PostgreSQL did not start:\n${this.#log}`);
      return this.query('postgres', 'SELECT 1').then(
        () => true,
        () => false,
      );
    });
  }

  /** Stops the server with a fast shutdown, as an operator's restart does. */
  async halt(): Promise<void> {
    if (!this.#server) return;
    this.#server.kill('SIGINT');
    await ended(this.#server);
    this.#server = undefined;
  }

  /** Sends a signal to the postmaster and all its children. */
  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void {
    const postmaster = this.#server?.pid;
    if (postmaster === undefined) throw new Error('The server is not running.');
    const children = readFileSync(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8');
    // The postmaster first, so that it starts no other children meanwhile.
    for (const pid of [postmaster, ...children.split(' ').filter(Boolean).map(Number)])
      try {
        process.kill(pid, signal);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
  }

  /** Kills the server as the kernel does when memory runs out. */
  async kill(): Promise<void> {
    if (!this.#server) return;
    this.signal('SIGKILL');
    await ended(this.#server);
    this.#server = undefined;
  }

  /** Stops a cluster that this process started, and removes it. */
  async stop(): Promise<void> {
    await this.halt();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Returns a connection string for libpq, with `others` as hosts to try after this one. */
  url(database: string, ...others: Cluster[]): string {
    const hosts = [this, ...others].map(({ directory }) => encodeURIComponent(directory));
    return `postgresql://${OWNER}@/${database}?host=${hosts.join(',')}`;
  }

  /** Opens a connection, which the caller ends. */
  async connect(database: string): Promise<pg.Client> {
    const client = new pg.Client({ host: this.directory, user: OWNER, database });

    // Without a listener, an error on the connection would end the process.
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  /** Executes one statement on a new connection. */
  async query(database: string, text: string, values: unknown[] = []): Promise<pg.QueryResult> {
    const client = await this.connect(database);
    try {
      return await client.query(text, values);
    } finally {
      await client.end();
    }
  }

  /** Creates a database and returns its name. */
  async database(content: Content): Promise<string> {
    const name = `test_${randomBytes(6).toString('hex')}`;
    const maintenance = await this.connect('postgres');

    try {
      // One process at a time: PostgreSQL cannot copy a template that has connections.
      await maintenance.query('SELECT pg_advisory_lock($1)', [BUILD_LOCK]);
      const template = await this.#template(maintenance, content);
      await maintenance.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
      return name;
    } finally {
      await maintenance.end();
    }
  }

  async drop(database: string): Promise<void> {
    await this.query('postgres', `DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
  }

  async #template(maintenance: pg.Client, content: Content): Promise<string> {
    if (content === 'empty') return 'template0';

    const name = `template_${content}`;
    const found = await maintenance.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (found.rowCount) return name;

    const from = await this.#template(maintenance, content === 'imported' ? 'migrated' : 'empty');
    const unfinished = `${name}_unfinished`;
    await maintenance.query(`DROP DATABASE IF EXISTS ${unfinished} WITH (FORCE)`);
    await maintenance.query(`CREATE DATABASE ${unfinished} TEMPLATE ${from}`);
    const args = content === 'imported' ? ['import', data] : ['migrate'];
    expectSuccess(`cybertreaty ${args.join(' ')}`, await this.command(unfinished, args));
    await maintenance.query(`ALTER DATABASE ${unfinished} RENAME TO ${name}`);
    return name;
  }

  /** Runs a subcommand of the binary on a database. */
  command(database: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<Finished> {
    return run(binary, args, { env: environment(this.url(database), env) });
  }
}

/** The environment of the binary: `more`, and from the process only what the binary and sanitizers need. */
export function environment(url: string | undefined, more: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const passed = Object.entries(process.env).filter(([key]) =>
    /^(PATH|LANG|[A-Z]+SAN_OPTIONS)$/.test(key),
  );

  return {
    ...Object.fromEntries(passed),
    ...(url ? { CYBERTREATY_DATABASE_URL: url } : {}),
    ...more,
  };
}
