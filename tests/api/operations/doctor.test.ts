// `cybertreaty doctor` on healthy data and on one defect for each check.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { environment } from '../support/database.js';
import {
  type Check,
  NO_SERVICE,
  READER,
  asReader,
  cluster,
  doctor,
  prepared,
  report,
} from '../support/doctor.js';
import { binary } from '../support/paths.js';
import { run } from '../support/processes.js';
import { treaties } from '../support/reference_data.js';

const NAMES = [
  'settings',
  'database',
  'connections',
  'rights',
  'migrations',
  'counts',
  'stale_sources',
  'known_until',
  'entry_into_force',
  'reservations',
  'sources',
  'contacts',
  'service',
];

const today = new Date().toISOString().slice(0, 10);
const healthy = await prepared();

/** Days since the reference data were retrieved, so that the tests do not depend on today's date. */
const [{ oldest }] = (
  await cluster.query(healthy, 'SELECT ($1::date - min(retrieved_on))::int AS oldest FROM source', [
    today,
  ])
).rows as [{ oldest: number }];
const FRESH = ['--stale-days', String(oldest)];

test('reports the reference data as healthy in text', async () => {
  const { code, stdout, stderr } = await doctor(healthy, [...FRESH, '--strict']);
  const lines = stdout.trimEnd().split('\n');

  assert.equal(stderr, '');
  assert.equal(code, 0, stdout);
  assert.deepEqual(
    lines.slice(0, -1).map((line) => line.split(/ +/).slice(0, 2)),
    NAMES.map((name) => [name === 'service' ? 'skipped' : 'ok', name]),
  );
  assert.equal(lines.at(-1), '13 checks: 12 ok, 0 with warnings, 0 failed, 1 skipped.');
  assert.match(lines.at(-2) ?? '', /Nothing listens on 127\.0\.0\.1 port 1, so no request/);
});

test('reports the same in JSON, with counts of rows', async () => {
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

test('changes nothing', async () => {
  const revision = async (): Promise<unknown> =>
    (await cluster.query(healthy, 'SELECT * FROM dataset_revision')).rows;
  const before = await revision();

  await doctor(healthy);
  assert.deepEqual(await revision(), before);
});

test('fails for an invalid setting and skips other checks', async () => {
  const { code, report: told } = await report(healthy, [], { CYBERTREATY_PORT: 'http' });

  assert.equal(code, 1);
  assert.deepEqual(
    told.checks.map(({ name, outcome }) => [name, outcome]),
    [['settings', 'failed']],
  );
  assert.match(told.checks[0]?.message ?? '', /CYBERTREATY_PORT must be a number/);
});

test('warns of settings that contradict each other', async () => {
  const { code, check } = await report(healthy, [], { CYBERTREATY_DRAIN: '5' });

  assert.equal(code, 0);
  assert.equal(check('settings').outcome, 'warning');
  assert.match(check('settings').message, /^CYBERTREATY_DRAIN \(5 s\)/);
});

test('fails for a database that does not respond', async () => {
  const { code, check } = await report('no_such_database');

  assert.equal(code, 1);
  assert.equal(check('database').outcome, 'failed');
  assert.match(check('database').message, /no_such_database/);
  assert.equal(check('service').outcome, 'skipped');
});

test('fails for an empty database because of its migrations alone', async () => {
  const { code, report: told, check } = await report(await prepared('', 'empty'));

  assert.equal(code, 1);
  assert.deepEqual(
    told.checks.filter(({ outcome }) => outcome === 'failed').map(({ name }) => name),
    ['migrations'],
  );
  assert.match(check('migrations').advice ?? '', /cybertreaty migrate/);
  assert.equal(check('contacts').outcome, 'skipped');
});

test('warns of a database without data', async () => {
  const { code, check } = await report(await prepared('', 'migrated'), ['--strict']);

  assert.equal(code, 3);
  assert.equal(check('counts').outcome, 'warning');
  assert.match(check('counts').advice ?? '', /cybertreaty import/);
  for (const name of [
    'stale_sources',
    'known_until',
    'entry_into_force',
    'reservations',
    'sources',
  ])
    assert.equal(check(name).outcome, 'skipped', name);
});

test('warns of a superuser', async () => {
  const { check } = await report(healthy, [], {
    ...NO_SERVICE,
    CYBERTREATY_DATABASE_URL: cluster.url(healthy),
  });

  assert.equal(check('rights').outcome, 'warning');
  assert.match(check('rights').message, /postgres is a superuser/);
});

/** A defect, the check that must detect it, and the items that the check reports. */
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
    // The last day of three months ago, and the day before.
    check: 'known_until',
    outcome: 'warning',
    defect: `UPDATE treaty SET known_until = (
        SELECT min(day) FROM generate_series(current_date - 100, current_date, '1 day') AS day
        WHERE day + interval '3 months' >= current_date)::date - CASE number WHEN '189' THEN 1 ELSE 0 END;
      UPDATE treaty SET known_until = NULL WHERE number = '224'`,
    items: [
      { relation: 'treaty', record: '189' },
      { relation: 'treaty', record: '224', known_until: null },
    ],
  },
  {
    // By the rule, Norway's ratification on 2006-06-30 takes effect on 2006-10-01.
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
    // Without the day of the consent, only the first of a month is possible.
    check: 'entry_into_force',
    outcome: 'warning',
    defect: `UPDATE action SET date = NULL WHERE country = 'NO' AND treaty = '185' AND action = 'ratification';
      UPDATE action SET date = '2006-10-02'
      WHERE country = 'NO' AND treaty = '185' AND action = 'entry_into_force'`,
    items: [{ country: 'NO', recorded: '2006-10-02', expected: null, consented_on: null }],
  },
  {
    // No State is bound before the treaty is in force.
    check: 'entry_into_force',
    outcome: 'warning',
    defect: `UPDATE treaty SET entered_into_force_on = '2006-11-01' WHERE number = '185';
      DELETE FROM action WHERE treaty = '185' AND action = 'entry_into_force' AND country <> 'NO'`,
    items: [{ country: 'NO', recorded: '2006-10-01', expected: '2006-11-01' }],
  },
  {
    check: 'reservations',
    outcome: 'warning',
    defect: `UPDATE statement SET enabling_treaty = NULL, enabling_article = NULL WHERE id = (SELECT min(id) FROM statement
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
      {
        relation: 'country',
        record: 'NO',
        field: 'official_name_fr',
        looks_like: 'a telephone number',
      },
      { relation: 'tool', field: 'url', looks_like: 'an e-mail address' },
      { relation: 'change', field: 'name_fr', looks_like: 'an e-mail address' },
    ],
  },
];

for (const { check: name, outcome, defect, items } of defects)
  test(`detects with ${name}: ${JSON.stringify(items[0])}`, async () => {
    const {
      code,
      report: told,
      check,
    } = await report(await prepared(defect), [...FRESH, '--strict']);

    assert.equal(check(name).outcome, outcome, check(name).message);
    assert.equal(code, outcome === 'failed' ? 1 : 3);
    assert.equal(told.outcome, outcome);
    assert.ok(check(name).advice);
    assert.equal(check(name).items.length, items.length, JSON.stringify(check(name).items));
    for (const [i, item] of items.entries())
      assert.deepEqual({ ...check(name).items[i], ...item }, check(name).items[i]);
    // No other check reports the defect.
    if (!['rights', 'migrations'].includes(name))
      assert.deepEqual(
        told.checks
          .filter((one) => !['ok', 'skipped'].includes(one.outcome))
          .map((one) => one.name),
        [name],
      );
  });

test('expects no three months after a succession', async () => {
  const database = await prepared(`INSERT INTO action (id, country, treaty, action, date, source_id)
      SELECT 'x-' || action, 'KE', '185', action, '2020-01-15', source_id
      FROM unnest('{succession,entry_into_force}'::text[]) AS action, treaty WHERE number = '185'`);

  assert.equal((await report(database, FRESH)).check('entry_into_force').outcome, 'ok');
});

test('warns of the acts in the reference data when they are older than three months', async () => {
  const database = await prepared();
  for (const row of treaties)
    await cluster.query(database, 'UPDATE treaty SET known_until = $2 WHERE number = $1', [
      row['number'],
      row['known_until'],
    ]);
  const old = (
    await cluster.query(
      database,
      `SELECT number, known_until::text FROM treaty
       WHERE known_until < (current_date - interval '3 months') ORDER BY number`,
    )
  ).rows.map((row) => ({ relation: 'treaty', record: row.number, known_until: row.known_until }));

  assert.deepEqual((await report(database)).check('known_until').items, old);
});

test('exits with status 0 when there are only warnings', async () => {
  const { code, report: told } = await report(await prepared('', 'migrated'));

  assert.equal(told.outcome, 'warning');
  assert.equal(code, 0);
});

test('does not print a contact that it found', async () => {
  const database = await prepared(`SET session_replication_role = replica;
    UPDATE country SET official_name_fr = 'jo@example.org' WHERE code = 'NO'`);
  const { stdout } = await doctor(database);

  assert.match(stdout, /an e-mail address in official_name_fr of country NO/);
  assert.doesNotMatch(stdout, /jo@/);
});

test('detects a contact in every column', async () => {
  // The schema rejects the contact, or the doctor detects it.
  const database = await prepared(`SET session_replication_role = replica;
    UPDATE statement SET text = 'x', text_lang = 'en', text_kind = 'authentic', text_source_id = source_id;
    INSERT INTO article_text (treaty, article, lang, text, kind, source_id)
    SELECT treaty, article, 'en', 'x', 'authentic', source_id FROM article WHERE id = '185-1'`);
  const columns = (
    await cluster.query(
      database,
      `SELECT c.relname AS relation, a.attname AS field, a.atttypid = 'text[]'::regtype AS list
       FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0
       WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
         AND a.atttypid IN ('text'::regtype, 'text[]'::regtype) AND a.attgenerated = ''
         AND c.relname NOT IN ('migration', 'change')
         -- Foreign keys cannot contain anything else.
         AND NOT EXISTS (SELECT FROM pg_constraint AS k
           WHERE k.conrelid = c.oid AND k.contype = 'f' AND a.attnum = ANY (k.conkey))
         AND NOT (c.relname, a.attname) IN (('statement', 'superseded_by'), ('statement', 'territories'))`,
    )
  ).rows as { relation: string; field: string; list: boolean }[];
  const taken: string[] = [];

  for (const { relation, field, list } of columns)
    for (const contact of ['jo@example.org', 'https://example.org/?to=jo@example.org'])
      await cluster
        .query(
          database,
          `UPDATE ${relation} SET ${field} = ${list ? `ARRAY['${contact}']` : `'${contact}'`}
           WHERE ctid = (SELECT min(ctid) FROM ${relation})`,
        )
        .then(
          () => taken.includes(`${relation}.${field}`) || taken.push(`${relation}.${field}`),
          (error: { code?: string }) => assert.equal(error.code, '23514', `${relation}.${field}`),
        );
  const { check } = await report(database, FRESH);
  const seen = new Set(
    check('contacts')
      .items.filter(({ relation }) => relation !== 'change')
      .map(({ relation, field }) => `${String(relation)}.${String(field)}`),
  );

  assert.deepEqual([...seen].sort(), [...taken].sort());
  assert.ok(taken.length > 50, String(taken.length));
});

test('bounds its memory with long texts and many findings', async () => {
  const database = await prepared(`SET session_replication_role = replica;
    INSERT INTO reference (id, country, title, url, source_id, revision, updated_at)
    SELECT 'x-' || n, 'NO', 'Tel. 22 33 44 ' || n, 'https://example.org/', (SELECT min(id) FROM source), 1, now()
    FROM generate_series(1, 1500) AS n;
    UPDATE reference SET title = repeat('1 x ', 5000000) || 'jo@example.org' WHERE id = 'x-1'`);
  const { check } = await report(database, FRESH);
  const { items, more } = check('contacts');

  // The check reads a text up to the longest length that an import accepts.
  assert.deepEqual([items.length, more], [1000, 499]);
});

test('warns of a pool that exceeds the connections of the server', async () => {
  const { check } = await report(healthy, [], { ...NO_SERVICE, CYBERTREATY_POOL: '500' });

  assert.equal(check('connections').outcome, 'warning');
  assert.match(
    check('connections').message,
    /allows this role \d+ connections, but with CYBERTREATY_POOL a service uses 501\./,
  );

  const limited = await prepared();
  await cluster.query(limited, `ALTER DATABASE ${limited} CONNECTION LIMIT 3`);
  const { check: of } = await report(limited);
  assert.match(of('connections').message, /allows this role 3 connections/);

  // The listener needs one more connection, unless it uses another server.
  const three = { CYBERTREATY_POOL: '3' };
  const { check: with4 } = await report(limited, [], three);
  assert.equal(with4('connections').outcome, 'warning');
  const { check: with3 } = await report(limited, [], {
    ...three,
    CYBERTREATY_NOTIFY_DATABASE_URL: cluster.url(healthy),
  });
  assert.equal(with3('connections').outcome, 'ok');
});

test('reports a lock without waiting for it', async () => {
  const database = await prepared();
  const other = await cluster.connect(database);
  try {
    await other.query('BEGIN; LOCK TABLE tool');
    const { code, check } = await report(database, FRESH);

    assert.equal(code, 1);
    for (const name of ['counts', 'sources', 'contacts']) {
      assert.equal(check(name).outcome, 'failed', name);
      assert.match(check(name).message, /lock timeout/, name);
    }
    assert.equal(check('entry_into_force').outcome, 'ok');
  } finally {
    await other.end();
  }
});

test('compares the database for reads with the primary', async () => {
  const [behind, ahead] = await Promise.all([prepared('', 'migrated'), prepared()]);
  const reading = async (primary: string, url: string): Promise<Check> => {
    const env = { ...NO_SERVICE, CYBERTREATY_READ_DATABASE_URL: url };
    return (await report(primary, FRESH, env)).check('read_database');
  };
  const cases: [string, string, Check['outcome'], RegExp][] = [
    [ahead, asReader(ahead), 'ok', /at revision 1\.$/],
    [ahead, asReader(behind), 'warning', /at revision 0; the newest is 1/],
    [behind, asReader(ahead), 'failed', /at revision 1, which .* does not have/],
    [ahead, asReader('no_such_database'), 'failed', /no_such_database/],
    [ahead, 'nothing', 'failed', /neither postgresql:/],
  ];

  for (const [primary, url, outcome, says] of cases) {
    const check = await reading(primary, url);
    assert.equal(check.outcome, outcome, check.message);
    assert.match(check.message, says);
    assert.equal(check.advice === null, outcome === 'ok');
  }
});

test('compares the database for notifications with the primary', async () => {
  const other = await prepared('', 'migrated');
  const cases: [string, Check['outcome'], RegExp][] = [
    [asReader(healthy), 'ok', /accepts LISTEN, at revision 1\.$/],
    [asReader(other), 'failed', /another database: its revision is 0, not 1/],
    [asReader('no_such_database'), 'failed', /no_such_database/],
  ];

  for (const [url, outcome, says] of cases) {
    const env = { ...NO_SERVICE, CYBERTREATY_NOTIFY_DATABASE_URL: url };
    const check = (await report(healthy, FRESH, env)).check('notify_database');
    assert.equal(check.outcome, outcome, check.message);
    assert.match(check.message, says);
  }
});

test('fails for a partly migrated database because of its migrations alone', async () => {
  const database = await prepared(`DROP TABLE tool CASCADE;
    DELETE FROM migration WHERE name > '0012'`);
  const { code, report: told } = await report(database, FRESH);

  assert.equal(code, 1);
  assert.deepEqual(
    told.checks.filter(({ outcome }) => outcome === 'failed').map(({ name }) => name),
    ['migrations'],
  );
});

test('fails when it cannot write its report', async () => {
  const { code, stderr } = await run('bash', ['-c', `'${binary}' doctor > /dev/full`], {
    env: environment(asReader(healthy), NO_SERVICE),
  });

  assert.equal(code, 1);
  assert.match(stderr, /could not be written/);
});

test('exits with different statuses for wrong usage and for failed checks', async () => {
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
