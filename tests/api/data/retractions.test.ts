// Retracted records.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { startPrivateService } from '../support/private_service.js';

const { client, cluster, database } = await startPrivateService();

async function retract(replacedBy: string, ...statements: string[]): Promise<void> {
  const editor = await cluster.connect(database);
  try {
    await editor.query('BEGIN');
    await editor.query(
      "SELECT set_config('cybertreaty.kind', 'correction', true), set_config('cybertreaty.replaced_by', $1, true)",
      [replacedBy],
    );
    for (const statement of statements) await editor.query(statement);
    await editor.query('COMMIT');
  } finally {
    await editor.end();
  }
}

test('returns 410 that names the replacement and omits the record from lists', async () => {
  await retract('NO-185-R-14', "DELETE FROM statement WHERE id = 'NO-185-R-06'");
  for (const kind of ['statements', 'reservations'])
    assert.equal((await client.problem(410, `/v1/${kind}/NO-185-R-06`)).replaced_by, 'NO-185-R-14');
  // It was never a declaration.
  await client.problem(404, '/v1/declarations/NO-185-R-06');
  const { data } = await client.call('listCountryReservations', { path: { code: 'NO' } });
  assert.ok(!data.some(({ id }) => id === 'NO-185-R-06'));
});

test('returns 410 for an act, a declaration, a strategy and a source', async () => {
  const [declaration, strategy] = [
    (await client.get('/v1/declarations?kind=declaration&limit=1'))['data'][0].id as string,
    (await client.get('/v1/strategies?limit=500'))['data'].find(
      ({ supersedes, id, country }: Record<string, string>) =>
        supersedes === null && country === 'NO' && id === 'no-competence-2019',
    ).id as string,
  ];
  await cluster.query(
    database,
    "INSERT INTO source (id, url, retrieved_on) VALUES ('unused', 'https://www.coe.int/unused', '2026-11-23')",
  );
  await retract(
    '',
    "DELETE FROM action WHERE id = 'NO-185-signature'",
    `DELETE FROM statement WHERE id = '${declaration}'`,
    `DELETE FROM strategy WHERE id = '${strategy}'`,
    "DELETE FROM source WHERE id = 'unused'",
  );
  for (const address of [
    '/v1/actions/NO-185-signature',
    `/v1/declarations/${declaration}`,
    `/v1/strategies/${strategy}`,
    '/v1/sources/unused',
  ])
    assert.equal((await client.problem(410, address)).replaced_by ?? null, null, address);
});

test('returns 410 for an article and a whole treaty', async () => {
  await retract(
    '',
    "DELETE FROM authority WHERE treaty = '224'",
    "DELETE FROM statement_register WHERE treaty = '224'",
    "DELETE FROM statement WHERE treaty = '224'",
    "DELETE FROM action WHERE treaty = '224'",
    "DELETE FROM article WHERE treaty = '224' AND parent IS NOT NULL AND article LIKE '%.%.%'",
    "DELETE FROM article WHERE treaty = '224' AND parent IS NOT NULL",
    "DELETE FROM article WHERE treaty = '224'",
    "DELETE FROM treaty WHERE number = '224'",
  );
  await client.problem(410, '/v1/treaties/224/articles/10');
  await client.problem(410, '/v1/treaties/224');
});

/** Collections with all rows of a table. */
const others = {
  authorities: 'authority',
  institutions: 'institution',
  'case-law': 'court_case',
  'legal-provisions': 'legal_provision',
  references: 'reference',
  tools: 'tool',
};

for (const [path, table] of Object.entries(others))
  test(`returns 410 for a retracted record of ${path}`, async () => {
    const id = (await client.get(`/v1/${path}?limit=1`))['data'][0].id as string;
    await retract('', `DELETE FROM ${table} WHERE id = '${id}'`);
    await client.problem(410, `/v1/${path}/${id}`);
    assert.ok(!(await client.walk(`/v1/${path}?limit=500`)).some((row) => row['id'] === id));
  });

test('returns 404 for a record that never existed', async () => {
  await client.problem(404, '/v1/statements/NO-185-R-99');
  await client.problem(404, '/v1/treaties/185/articles/99');
});
