// Paths of files and programs.
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

// The compiled file is in build/tests/api/support.
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../../..');
export const data = join(root, 'data');

/** The service's binary: CYBERTREATY_BIN, by default that of the preset `dev`. */
export const binary = resolve(root, process.env['CYBERTREATY_BIN'] ?? 'build/dev/cybertreaty');

/** Returns the path of a program: the system's, or the one that `./dev test api` unpacked. */
export function tool(name: string): string {
  const folders = [
    ...(process.env['PATH'] ?? '').split(':'),
    '/usr/sbin',
    join(root, '.local/tools/usr/bin'),
    join(root, '.local/tools/usr/sbin'),
  ];
  const found = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  if (!found) throw new Error(`${name} is missing; \`./dev test api\` installs it.`);
  return found;
}

/** The folder of PostgreSQL's programs: CYBERTREATY_TEST_PG_BIN, by default of the newest version. */
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
    throw new Error(`There is no initdb below ${base}; set CYBERTREATY_TEST_PG_BIN to its folder.`);
  return found;
}
