// Runs the API tests: npm run test:api [-- PART_OF_A_FILE_NAME ...]
//
// All test files share one PostgreSQL cluster, and most share one service on the reference data. Each file
// runs in a separate process. A run of all files must cover the contract.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import { uncovered } from './support/coverage.js';
import { Cluster } from './support/database.js';
import { ended } from './support/processes.js';
import { Service } from './support/service.js';

const here = dirname(fileURLToPath(import.meta.url));
const wanted = process.argv.slice(2);
const files = readdirSync(here, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.js'))
  .filter((name) => wanted.length === 0 || wanted.some((part) => name.includes(part)))
  .map((name) => join(here, name))
  .sort();

// Files that do not use the shared service need neither it nor a working import.
const needService = files.some((file) => readFileSync(file, 'utf8').includes('support/client.js'));

const stopping: (() => Promise<void>)[] = [];
let interrupted = false;
let tests: ReturnType<typeof spawn> | undefined;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    interrupted = true;
    tests?.kill('SIGTERM');
  });

async function runTests(): Promise<boolean> {
  const records = mkdtempSync(join(tmpdir(), 'ct-records-'));
  stopping.push(async () => rmSync(records, { recursive: true, force: true }));

  const cluster = await Cluster.start();
  stopping.push(() => cluster.stop());
  const env = {
    ...process.env,
    CYBERTREATY_TEST_CLUSTER: cluster.directory,
    CYBERTREATY_TEST_RECORDS: records,
    CYBERTREATY_TEST_SERVICE: '',
  };

  if (needService) {
    const service = await Service.start(cluster.url(await cluster.database('imported')), {
      env: { CYBERTREATY_SECURITY_CONTACT: 'https://example.org/security' },
    });
    stopping.push(() => service.stop());
    env.CYBERTREATY_TEST_SERVICE = service.url;
  }
  if (interrupted) return false;

  const args = [
    '--enable-source-maps',
    '--test',
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    `--test-concurrency=${availableParallelism()}`,
    ...files,
  ];
  tests = spawn(process.execPath, args, {
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  });
  const { code } = await ended(tests);

  const gaps = wanted.length === 0 && !interrupted ? uncovered(records) : [];
  for (const gap of gaps) console.error(`Never received: ${gap}`);
  return code === 0 && gaps.length === 0;
}

async function stopAll(): Promise<boolean> {
  let good = true;

  for (const stop of stopping.reverse())
    await stop().catch((error: unknown) => {
      good = false;
      console.error(String(error));
    });
  return good;
}

async function main(): Promise<number> {
  if (files.length === 0) {
    console.error(
      `No test file in ${relative(process.cwd(), here)} has ${wanted.join(' or ')} in its name.`,
    );
    return 2;
  }
  const passed = await runTests().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    return false;
  });
  const stopped = await stopAll();
  return passed && stopped && !interrupted ? 0 : 1;
}

process.exit(await main());
