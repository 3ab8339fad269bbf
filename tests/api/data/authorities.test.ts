// Authorities without a statement.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { actions, known } from '../support/reference_data.js';
import { startPrivateService } from '../support/private_service.js';

const { client, cluster, database } = await startPrivateService();

test('shows an authority without a statement from the first act of its State', async () => {
  const first =
    actions
      .filter((row) => row['country'] === 'AU' && row['treaty'] === '185' && known(row['date']))
      .map((row) => row['date'] ?? '')
      .sort()[0] ?? '';
  const before = new Date(Date.parse(first) - 86_400_000).toISOString().slice(0, 10);
  assert.ok(first > '2001-11-23', 'its first act is later than the opening');

  await cluster.query(
    database,
    `INSERT INTO authority (id, country, treaty, article, role, name, source_id)
     SELECT 'au-undated', 'AU', '185', article, role, 'A body', source_id FROM authority WHERE treaty = '185' LIMIT 1`,
  );
  const { data } = await client.call('getAuthority', {
    path: { id: 'au-undated' },
    query: { as_of: first },
  });
  assert.deepEqual(
    [
      data.statement,
      data.links.statement,
      data.made_on,
      data.effective_from,
      data.withdrawn_on,
      data.in_force,
    ],
    [null, null, null, null, null, null],
  );
  await client.problem(404, `/v1/authorities/au-undated?as_of=${before}`);
  const unknown = await client.call('listCountryAuthorities', {
    path: { code: 'AU' },
    query: { in_force: ['unknown'] },
  });
  assert.ok(unknown.data.some(({ id }) => id === 'au-undated'));
});
