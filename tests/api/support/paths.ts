// Where things lie. Everything is named from the top folder of the project.
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

// Compiled files lie in build/tests/api/support.
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../../..');
export const data = join(root, 'data');

/** The service's binary: CYBERTREATY_BIN, by default that of the preset `dev`. */
export const binary = resolve(root, process.env['CYBERTREATY_BIN'] ?? 'build/dev/cybertreaty');

/** A program that the tests need, of the system or of those that `./dev test api` unpacks. */
export function tool(name: string): string {
  const folders = [
    ...(process.env['PATH'] ?? '').split(':'),
    '/usr/sbin',
    join(root, '.local/tools/usr/bin'),
    join(root, '.local/tools/usr/sbin'),
  ];
  const found = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  if (!found) throw new Error(`There is no ${name} here; \`./dev test api\` gets it.`);
  return found;
}

/** The folder of PostgreSQL's programs: CYBERTREATY_TEST_PG_BIN, by default the newest version's. */
export function postgresBin(): string {
  const named = process.env['CYBERTREATY_TEST_PG_BIN'];
  if (named) return named;

  const base = '/usr/lib/postgresql';
  const versions = existsSync(base) ? readdirSync(base).map(Number).filter(Number.isInteger) : [];
  const found = versions
    .sort((a, b) => b - a)
    .map((version) => join(base, String(version), 'bin'))
    .find((bin) => existsSync(join(bin, 'initdb')));
  if (!found)
    throw new Error(`No initdb below ${base}; name its folder in CYBERTREATY_TEST_PG_BIN.`);
  return found;
}
