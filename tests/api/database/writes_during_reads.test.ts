// Reads while the dataset changes.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { until } from '../support/processes.js';
import { startPrivateService } from '../support/private_service.js';

const { client, cluster, database } = await startPrivateService();

/** Reads a list page by page and adds rows after each page. */
async function walkWhileAdding(target: string, add: (page: number) => string): Promise<string[]> {
  const ids: string[] = [];
  let page = 0;

  for (let next: string | undefined = target; next !== undefined; page += 1) {
    const { data, links }: { data: { id: string }[]; links: { next?: string } } =
      await client.get(next);
    ids.push(...data.map(({ id }) => id));
    await cluster.query(database, add(page));
    next = links.next;
  }
  return ids;
}

test('returns every row once while rows are added, in every order', async () => {
  for (const sort of ['id', '-id', 'made_on', '-made_on', 'country', 'updated_at']) {
    const before = (await client.walk(`/v1/statements?limit=500&sort=${sort}`)).map(
      ({ id }) => id as string,
    );
    const tag = sort.replace('-', 'down-');
    const walked = await walkWhileAdding(
      `/v1/statements?limit=40&sort=${sort}`,
      (page) => `INSERT INTO statement (id, country, treaty, kind, made_on, summary_en, source_id)
        SELECT x.first || '-' || $$${tag}$$ || '-' || ${page}, x.country, '185', 'communication',
               x.made_on, 'Added during a read.', (SELECT min(id) FROM source)
        FROM (VALUES ('AA', 'AD', date '2001-11-23'), ('ZZ', 'ZW', date '2026-11-01'))
             AS x (first, country, made_on)`,
    );

    assert.equal(new Set(walked).size, walked.length, `${sort}: a row was returned twice`);
    assert.deepEqual(
      walked.filter((id) => before.includes(id)),
      before,
      `${sort}: the earlier rows in the same order`,
    );
  }
});

test('raises the revision of record and dataset and changes the tag after a write', async () => {
  const target = '/v1/strategies/no-ncss-2019';
  const first = await client.send(target);
  const list = await client.send('/v1/strategies?country=NO');
  await cluster.query(
    database,
    "UPDATE strategy_goal SET text_fr = NULL WHERE strategy_id = 'no-ncss-2019' AND priority = 5 AND position = 1",
  );
  const second = await client.send(`${target}?lang=fr`);
  const english = await client.send(target);

  assert.ok(Number(second.headers['dataset-revision']) > Number(first.headers['dataset-revision']));
  assert.equal(english.json()['data'].revision, Number(english.headers['dataset-revision']));
  assert.notEqual(english.headers['etag'], first.headers['etag']);
  assert.notEqual(
    (await client.send('/v1/strategies?country=NO')).headers['etag'],
    list.headers['etag'],
  );
  // One goal is no longer translated; text_lang marks the language of each.
  const goals = second.json()['data'].priorities[4].goals as { text: string; text_lang: string }[];
  assert.deepEqual(
    goals.map(({ text_lang }) => text_lang),
    ['en', 'fr'],
  );
});

test('accepts all codes of a country that is added later', async () => {
  await client.problem(404, '/v1/countries/XX');
  await cluster.query(
    database,
    `INSERT INTO country (code, alpha3, numeric, name_en, source_id)
     VALUES ('XX', 'XXX', '999', 'Nowhere', (SELECT min(id) FROM source))`,
  );
  // The service reloads the codes at most once a second.
  const location = await until(
    'the code of three letters',
    10,
    async () => (await client.send('/v1/countries/XXX')).headers['location'],
  );
  assert.equal(location, '/v1/countries/XX');
  const { data } = await client.call('getCountry', { path: { code: 'XX' } });
  assert.deepEqual([data.region, data.region_name, data.type], [null, null, null]);
  assert.equal((await client.call('listStatus', {})).meta.total, 750);
});
