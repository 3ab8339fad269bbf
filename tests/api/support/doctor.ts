// Runs `cybertreaty doctor` on private databases.
import assert from 'node:assert/strict';
import { after } from 'node:test';

import { Cluster } from './database.js';
import type { Finished } from './processes.js';

export interface Check {
  name: string;
  outcome: 'ok' | 'skipped' | 'warning' | 'failed';
  message: string;
  advice: string | null;
  items: Record<string, unknown>[];
  more: number;
}
export interface Report {
  version: string;
  outcome: string;
  checks: Check[];
}

export const cluster = Cluster.shared();
/** A role that may only read, as the service of an operator has. */
export const READER = 'doctor_reader';
/** A port without a service: tests never listen below 1024. */
export const NO_SERVICE = { CYBERTREATY_PORT: '1' };

export const asReader = (database: string): string =>
  cluster.url(database).replace('//postgres@', `//${READER}@`);

/** Creates a private database and applies `defect` to it. The acts of imported data are known until
 *  today, so that the tests do not depend on the date. */
export async function prepared(
  defect = '',
  content: 'imported' | 'migrated' | 'empty' = 'imported',
) {
  const database = await cluster.database(content);

  after(() => cluster.drop(database));
  await cluster.query(
    database,
    `DO $$ BEGIN CREATE ROLE ${READER} LOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`,
  );
  await cluster.query(database, `GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${READER}`);
  if (content === 'imported')
    await cluster.query(
      database,
      'SET LOCAL session_replication_role = replica; UPDATE treaty SET known_until = current_date',
    );
  if (defect) await cluster.query(database, defect);
  return database;
}

export const doctor = (
  database: string,
  args: string[] = [],
  env: NodeJS.ProcessEnv = NO_SERVICE,
): Promise<Finished> =>
  cluster.command(database, ['doctor', ...args], {
    CYBERTREATY_DATABASE_URL: asReader(database),
    ...env,
  });

export async function report(
  database: string,
  args: string[] = [],
  env: NodeJS.ProcessEnv = NO_SERVICE,
): Promise<{ code: number; report: Report; check: (name: string) => Check }> {
  const { code, stdout, stderr } = await doctor(database, ['--json', ...args], env);
  assert.equal(stderr, '');
  const parsed = JSON.parse(stdout) as Report;
  const check = (name: string): Check => {
    const found = parsed.checks.find((one) => one.name === name);
    assert.ok(found, `There is no check ${name}.`);
    return found;
  };
  return { code, report: parsed, check };
}
