// `cybertreaty doctor` on the real binary: what is well, and one defect for each check.
import assert from 'node:assert/strict';
import http from 'node:http';
import { type AddressInfo } from 'node:net';
import { after, test } from 'node:test';

import { Cluster } from './support/database.js';
import type { Finished } from './support/processes.js';
import { Service } from './support/service.js';

interface Check {
  name: string;
  outcome: 'ok' | 'skipped' | 'warning' | 'failed';
  says: string;
  mend: string | null;
  items: Record<string, unknown>[];
}
interface Report {
  version: string;
  outcome: string;
  checks: Check[];
}

const cluster = Cluster.shared();
/** What the service of an operator would have: a role that may read. */
const READER = 'doctor_reader';
/** A port without a service: those below 1024 are not given to tests. */
const NOBODY = { CYBERTREATY_PORT: '1' };

const NAMES = [
  'settings',
  'database',
  'rights',
  'migrations',
  'counts',
  'stale_sources',
  'entry_into_force',
  'reservations',
  'sources',
  'contacts',
  'service',
];

const asReader = (database: string): string =>
  cluster.url(database).replace('//postgres@', `//${READER}@`);

/** A database of the reference data in which `defect` was done, for this test alone. */
async function prepared(defect = '', content: 'imported' | 'migrated' | 'empty' = 'imported') {
  const database = await cluster.database(content);

  after(() => cluster.drop(database));
  await cluster.query(
    database,
    `DO $$ BEGIN CREATE ROLE ${READER} LOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`,
  );
  await cluster.query(database, `GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${READER}`);
  if (defect) await cluster.query(database, defect);
  return database;
}

const doctor = (
  database: string,
  args: string[] = [],
  env: NodeJS.ProcessEnv = NOBODY,
): Promise<Finished> =>
  cluster.command(database, ['doctor', ...args], {
    CYBERTREATY_DATABASE_URL: asReader(database),
    ...env,
  });

async function report(
  database: string,
  args: string[] = [],
  env: NodeJS.ProcessEnv = NOBODY,
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

const today = new Date().toISOString().slice(0, 10);
const healthy = await prepared();

/** Days since the reference data were read, so that these tests do not age. */
const [{ oldest }] = (
  await cluster.query(healthy, 'SELECT ($1::date - min(retrieved_on))::int AS oldest FROM source', [
    today,
  ])
).rows as [{ oldest: number }];
const FRESH = ['--stale-days', String(oldest)];

test('doctor: the reference data are well, in words', async () => {
  const { code, stdout, stderr } = await doctor(healthy, [...FRESH, '--strict']);
  const lines = stdout.trimEnd().split('\n');

  assert.equal(stderr, '');
  assert.equal(code, 0, stdout);
  assert.deepEqual(
    lines.slice(0, -1).map((line) => line.split(/ +/).slice(0, 2)),
    NAMES.map((name) => [name === 'service' ? 'skipped' : 'ok', name]),
  );
  assert.equal(lines.at(-1), '11 checks: 10 ok, 0 with warnings, 0 failed, 1 skipped.');
  assert.match(lines.at(-2) ?? '', /Nothing listens on 127\.0\.0\.1 port 1, so no request/);
});

test('doctor: the same for programs, with the counts of rows', async () => {
  const { code, report: told, check } = await report(healthy, FRESH);
  const rows = Object.fromEntries(
    check('counts').items.map(({ relation, rows: number }) => [relation, number]),
  );

  assert.equal(code, 0);
  assert.equal(told.outcome, 'ok');
  assert.deepEqual(
    told.checks.map(({ name }) => name),
    NAMES,
  );
  for (const relation of ['country', 'action', 'source', 'change'])
    assert.equal(
      rows[relation],
      Number((await cluster.query(healthy, `SELECT count(*) AS n FROM ${relation}`)).rows[0].n),
      relation,
    );
});

test('doctor: it changes nothing', async () => {
  const revision = async (): Promise<unknown> =>
    (await cluster.query(healthy, 'SELECT * FROM dataset_revision')).rows;
  const before = await revision();

  await doctor(healthy);
  assert.deepEqual(await revision(), before);
});

test('doctor: a wrong setting fails, and nothing else is looked at', async () => {
  const { code, report: told } = await report(healthy, [], { CYBERTREATY_PORT: 'http' });

  assert.equal(code, 1);
  assert.deepEqual(
    told.checks.map(({ name, outcome }) => [name, outcome]),
    [['settings', 'failed']],
  );
  assert.match(told.checks[0]?.says ?? '', /CYBERTREATY_PORT must be a number/);
});

test('doctor: a database that does not answer fails', async () => {
  const { code, check } = await report('no_such_database');

  assert.equal(code, 1);
  assert.equal(check('database').outcome, 'failed');
  assert.match(check('database').says, /no_such_database/);
  assert.equal(check('service').outcome, 'skipped');
});

test('doctor: an empty database fails for its migrations alone', async () => {
  const { code, report: told, check } = await report(await prepared('', 'empty'));

  assert.equal(code, 1);
  assert.deepEqual(
    told.checks.filter(({ outcome }) => outcome === 'failed').map(({ name }) => name),
    ['migrations'],
  );
  assert.match(check('migrations').mend ?? '', /cybertreaty migrate/);
  assert.equal(check('contacts').outcome, 'skipped');
});

test('doctor: nothing imported is a warning', async () => {
  const { code, check } = await report(await prepared('', 'migrated'), ['--strict']);

  assert.equal(code, 3);
  assert.equal(check('counts').outcome, 'warning');
  assert.match(check('counts').mend ?? '', /cybertreaty import/);
});

test('doctor: a superuser is a warning', async () => {
  const { check } = await report(healthy, [], {
    ...NOBODY,
    CYBERTREATY_DATABASE_URL: cluster.url(healthy),
  });

  assert.equal(check('rights').outcome, 'warning');
  assert.match(check('rights').says, /postgres is a superuser/);
});

/** A defect, the check that must see it, and what it must say of it. */
const defects: {
  check: string;
  outcome: Check['outcome'];
  defect: string;
  items: Record<string, unknown>[];
}[] = [
  {
    check: 'rights',
    outcome: 'failed',
    defect: `REVOKE SELECT ON action FROM ${READER};
      REVOKE EXECUTE ON FUNCTION rfc3339(timestamptz) FROM PUBLIC`,
    items: [
      { right: 'EXECUTE', on: 'rfc3339(moment timestamp with time zone)' },
      { right: 'SELECT', on: 'action' },
    ],
  },
  {
    check: 'migrations',
    outcome: 'failed',
    defect: `DELETE FROM migration WHERE name = '0001_source';
      UPDATE migration SET checksum = 'x' WHERE name = '0002_country';
      INSERT INTO migration (name, checksum) VALUES ('0003_other', 'x')`,
    items: [
      { migration: '0001_source', fault: 'missing' },
      { migration: '0002_country', fault: 'edited' },
      { migration: '0003_other', fault: 'unknown' },
    ],
  },
  {
    check: 'migrations',
    outcome: 'warning',
    defect: `INSERT INTO migration (name, checksum) VALUES ('9999_later', 'x')`,
    items: [{ migration: '9999_later', fault: 'newer' }],
  },
  {
    check: 'stale_sources',
    outcome: 'warning',
    defect: `UPDATE source SET retrieved_on = current_date - ${oldest + 1} WHERE id = (SELECT min(id) FROM source)`,
    items: [{ relation: 'source' }],
  },
  {
    // The rule gives 2006-10-01 from Norway's ratification on 2006-06-30.
    check: 'entry_into_force',
    outcome: 'warning',
    defect: `UPDATE action SET date = '2006-11-01'
      WHERE country = 'NO' AND treaty = '185' AND action = 'entry_into_force'`,
    items: [
      {
        relation: 'action',
        country: 'NO',
        treaty: '185',
        consented_on: '2006-06-30',
        recorded: '2006-11-01',
        expected: '2006-10-01',
      },
    ],
  },
  {
    // Without the day of the consent only a first of a month can be right.
    check: 'entry_into_force',
    outcome: 'warning',
    defect: `UPDATE action SET date = NULL WHERE country = 'NO' AND treaty = '185' AND action = 'ratification';
      UPDATE action SET date = '2006-10-02'
      WHERE country = 'NO' AND treaty = '185' AND action = 'entry_into_force'`,
    items: [{ country: 'NO', recorded: '2006-10-02', expected: null, consented_on: null }],
  },
  {
    // Nobody is bound before the treaty is in force.
    check: 'entry_into_force',
    outcome: 'warning',
    defect: `UPDATE treaty SET entered_into_force_on = '2006-11-01' WHERE number = '185';
      DELETE FROM action WHERE treaty = '185' AND action = 'entry_into_force' AND country <> 'NO'`,
    items: [{ country: 'NO', recorded: '2006-10-01', expected: '2006-11-01' }],
  },
  {
    check: 'reservations',
    outcome: 'warning',
    defect: `UPDATE statement SET hook = NULL WHERE id = (SELECT min(id) FROM statement
      WHERE kind = 'reservation' AND treaty = '185')`,
    items: [{ relation: 'statement', treaty: '185' }],
  },
  {
    check: 'sources',
    outcome: 'failed',
    defect: `SET session_replication_role = replica;
      UPDATE tool SET source_id = 'nowhere' WHERE id = (SELECT min(id) FROM tool)`,
    items: [{ relation: 'tool', source: 'nowhere' }],
  },
  {
    check: 'contacts',
    outcome: 'failed',
    defect: `SET session_replication_role = replica;
      UPDATE country SET official_name_fr = 'Tel. 22 33 44 55' WHERE code = 'NO';
      UPDATE tool SET url = 'https://example.org/?to=jo@example.org' WHERE id = (SELECT min(id) FROM tool);
      UPDATE change SET after = after || '{"name_fr": "jo@example.org"}'
      WHERE relation = 'country' AND record = 'SE'`,
    items: [
      { relation: 'change', field: 'name_fr', looks_like: 'an e-mail address' },
      {
        relation: 'country',
        record: 'NO',
        field: 'official_name_fr',
        looks_like: 'a telephone number',
      },
      { relation: 'tool', field: 'url', looks_like: 'an e-mail address' },
    ],
  },
];

for (const { check: name, outcome, defect, items } of defects)
  test(`doctor: ${name} sees ${JSON.stringify(items[0])}`, async () => {
    const {
      code,
      report: told,
      check,
    } = await report(await prepared(defect), [...FRESH, '--strict']);

    assert.equal(check(name).outcome, outcome, check(name).says);
    assert.equal(code, outcome === 'failed' ? 1 : 3);
    assert.equal(told.outcome, outcome);
    assert.ok(check(name).mend);
    assert.equal(check(name).items.length, items.length, JSON.stringify(check(name).items));
    for (const [i, item] of items.entries())
      assert.deepEqual({ ...check(name).items[i], ...item }, check(name).items[i]);
    // A defect of the data is not mistaken for another one.
    if (!['rights', 'migrations'].includes(name))
      assert.deepEqual(
        told.checks
          .filter((one) => !['ok', 'skipped'].includes(one.outcome))
          .map((one) => one.name),
        [name],
      );
  });

test('doctor: warnings alone leave the exit status at 0', async () => {
  const { code, report: told } = await report(await prepared('', 'migrated'));

  assert.equal(told.outcome, 'warning');
  assert.equal(code, 0);
});

test('doctor: what was found as a contact is not repeated', async () => {
  const database = await prepared(`SET session_replication_role = replica;
    UPDATE country SET official_name_fr = 'jo@example.org' WHERE code = 'NO'`);
  const { stdout } = await doctor(database);

  assert.match(stdout, /an e-mail address in official_name_fr of country NO/);
  assert.doesNotMatch(stdout, /jo@/);
});

test('doctor: the service that runs is asked', async () => {
  const service = await Service.start(asReader(healthy));
  try {
    const { check } = await report(healthy, [], { CYBERTREATY_PORT: String(service.port) });
    assert.equal(check('service').outcome, 'ok', check('service').says);
  } finally {
    await service.stop();
  }
});

test('doctor: a service without migrations or facts says so', async () => {
  const empty = await prepared('', 'migrated');
  const service = await Service.start(asReader(empty));
  const ask = async (): Promise<Check> =>
    (await report(empty, [], { CYBERTREATY_PORT: String(service.port) })).check('service');
  try {
    const without = await ask();
    assert.equal(without.outcome, 'warning');
    assert.match(without.says, /has no \/v1\/countries\/NO/);

    await cluster.query(empty, 'DELETE FROM migration');
    const unready = await ask();
    assert.equal(unready.outcome, 'failed');
    assert.match(unready.says, /status 503 and names migrations/);
  } finally {
    await service.stop();
  }
});

test('doctor: another program on the port is told from a service', async () => {
  const schema = { type: 'object', required: ['data'] };
  const contract = {
    paths: {
      '/v1/countries/{code}': {
        get: { responses: { 200: { content: { 'application/json': { schema } } } } },
      },
    },
  };
  const answers: [Record<string, [number, string]>, RegExp][] = [
    [{}, /is not ready: it gives status 404/],
    [{ '/readyz': [200, ''], '/openapi.json': [200, '<html>'] }, /openapi\.json is not JSON/],
    [
      { '/readyz': [200, ''], '/openapi.json': [200, '{}'], '/v1/countries/NO': [200, '{}'] },
      /the contract .* has no/i,
    ],
    [
      {
        '/readyz': [200, ''],
        '/openapi.json': [200, JSON.stringify(contract)],
        '/v1/countries/NO': [200, '{}'],
      },
      /does not fit the contract: The answer has no 'data'/,
    ],
    [
      {
        '/readyz': [200, ''],
        '/openapi.json': [200, JSON.stringify(contract)],
        '/v1/countries/NO': [500, '{}'],
      },
      /gives status 500 to \/v1\/countries\/NO/,
    ],
  ];
  let current: Record<string, [number, string]> = {};
  const server = http.createServer((request, response) => {
    const [status, body] = current[request.url ?? ''] ?? [404, ''];
    response.writeHead(status, { 'content-length': Buffer.byteLength(body) }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = String((server.address() as AddressInfo).port);

  try {
    for (const [given, says] of answers) {
      current = given;
      const { code, check } = await report(healthy, [], { CYBERTREATY_PORT: port });
      assert.equal(code, 1);
      assert.equal(check('service').outcome, 'failed');
      assert.match(check('service').says, says);
    }
  } finally {
    server.close();
  }
});

test('doctor: wrong usage is told from what is found', async () => {
  for (const args of [
    ['--yaml'],
    ['--stale-days'],
    ['--stale-days', '-1'],
    ['--stale-days', '1y'],
    ['x'],
  ]) {
    const { code, stdout, stderr } = await doctor(healthy, args);
    assert.equal(code, 2, args.join(' '));
    assert.equal(stdout, '');
    assert.match(stderr, /^Usage: cybertreaty doctor /);
  }
  const { code, stdout } = await doctor(healthy, ['--help']);
  assert.equal(code, 0);
  assert.match(stdout, /Exit status: 0 nothing failed/);
});
