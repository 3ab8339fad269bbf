// A copy of the reference data that a test may change, and the import of it.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Cluster } from './database.js';
import { data } from './paths.js';
import type { Finished } from './processes.js';

const scratch = mkdtempSync(join(tmpdir(), 'ct-data-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

export const TABLES = [
  'source',
  'country',
  'country_name',
  'membership',
  'treaty',
  'article',
  'article_text',
  'action',
  'statement',
  'statement_article',
  'statement_register',
  'territory_effect',
  'authority',
  'strategy',
  'strategy_priority',
  'strategy_goal',
  'strategy_document',
  'institution',
  'court_case',
  'court_case_article',
  'legal_provision',
  'reference',
  'tool',
];

/** Returns a path at which nothing exists. */
export const newPath = (): string => join(mkdtempSync(join(scratch, 'x-')), 'folder');

export class Folder {
  readonly path = newPath();

  constructor(from = data) {
    cpSync(from, this.path, { recursive: true });
  }

  read(file: string): Buffer {
    return readFileSync(join(this.path, file));
  }

  write(file: string, content: string | Buffer): this {
    writeFileSync(join(this.path, file), content);
    return this;
  }

  append(file: string, text: string): this {
    return this.write(file, Buffer.concat([this.read(file), Buffer.from(text)]));
  }

  remove(file: string): this {
    rmSync(join(this.path, file), { recursive: true });
    return this;
  }

  /** Truncates the file to `length` bytes; a negative length counts from its end. */
  cut(file: string, length: number): this {
    return this.write(file, this.read(file).subarray(0, length));
  }

  /** Replaces `from` in the first line with `anchor`; both must exist. */
  edit(file: string, anchor: string, from: string, to: string | Buffer): this {
    const bytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
    const lines = this.read(file).toString('latin1').split('\n');
    const number = lines.findIndex((line) => line.includes(bytes(anchor)));
    const line = lines[number];

    assert.ok(
      line !== undefined && line.includes(bytes(from)),
      `${file} has no line with ${anchor} and ${from}`,
    );
    lines[number] = line.replace(bytes(from), () =>
      typeof to === 'string' ? bytes(to) : to.toString('latin1'),
    );
    return this.write(file, Buffer.from(lines.join('\n'), 'latin1'));
  }

  /** Removes the first line with `anchor`. */
  drop(file: string, anchor: string): this {
    const lines = this.read(file).toString('utf8').split('\n');
    const number = lines.findIndex((line) => line.includes(anchor));

    assert.ok(number >= 0, `${file} has no line with ${anchor}`);
    lines.splice(number, 1);
    return this.write(file, lines.join('\n'));
  }

  /** Changes the content of a JSON file. */
  json<T = any>(file: string, change: (root: T) => void): this {
    // eslint-disable-line @typescript-eslint/no-explicit-any
    const root = JSON.parse(this.read(file).toString('utf8')) as T;

    change(root);
    return this.write(file, `${JSON.stringify(root, null, 1)}\n`);
  }

  /** Returns FILE:LINE:COLUMN of the first occurrence of `text`; columns count characters. */
  at(file: string, text: string): string {
    const lines = this.read(file).toString('utf8').split('\n');
    const number = lines.findIndex((line) => line.includes(text));
    const line = lines[number];

    assert.ok(line !== undefined, `${file} has no ${text}`);
    return `${file}:${number + 1}:${[...line.slice(0, line.indexOf(text))].length + 1}`;
  }
}

export const load = (
  cluster: Cluster,
  database: string,
  folder: string,
  ...more: string[]
): Promise<Finished> => cluster.command(database, ['import', folder, ...more]);

export interface Loaded {
  /** Rows added, changed, unchanged, retracted. */
  tables: Record<string, number[]>;
  revision: string;
}

export function readLoaded(stdout: string): Loaded {
  const cells = stdout
    .trimEnd()
    .split('\n')
    .slice(1, -1)
    .map((line) => line.split(/ +/));

  return {
    tables: Object.fromEntries(
      cells.map(([table = '', ...numbers]) => [table, numbers.map(Number)]),
    ),
    revision: stdout.trimEnd().split('\n').at(-1) ?? '',
  };
}

/** Runs an import that must succeed. */
export async function loaded(
  cluster: Cluster,
  database: string,
  folder: string,
  ...more: string[]
): Promise<Loaded> {
  const { code, stdout, stderr } = await load(cluster, database, folder, ...more);

  assert.equal(stderr, '');
  assert.equal(code, 0);
  return readLoaded(stdout);
}

/** Returns a digest of everything that an import could change. */
export async function content(cluster: Cluster, database: string): Promise<string> {
  const parts = [...TABLES, 'change', 'dataset_revision'].map(
    (table) =>
      `SELECT '${table}' AS name, count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM ${table} AS t`,
  );
  return JSON.stringify((await cluster.query(database, parts.join(' UNION ALL '))).rows);
}

/** Runs an import that must fail and change nothing; returns its messages. */
export async function refused(
  cluster: Cluster,
  database: string,
  folder: Folder,
  ...more: string[]
): Promise<string[]> {
  const before = await content(cluster, database);
  const { code, stdout, stderr } = await load(cluster, database, folder.path, ...more);
  const lines = stderr.trimEnd().split('\n');

  assert.equal(code, 1, stderr);
  assert.equal(stdout, '');
  assert.equal(await content(cluster, database), before, 'a refused import changed the database');
  assert.match(lines.pop() ?? '', /^Nothing was imported: \d+ problems? in /);
  return lines;
}
