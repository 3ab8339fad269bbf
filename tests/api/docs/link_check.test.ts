// Follows every link from the entry and from every country.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Client } from '../support/client.js';
import {
  type ProfileFile,
  actions,
  articles,
  authorities,
  countries,
  profiles,
  statements,
  tools,
} from '../support/reference_data.js';

const client = Client.shared();
const WORKERS = 8;

/** Addresses of this service in a response: the members of every `links`. */
function addressesIn(value: unknown, inLinks = false): string[] {
  if (typeof value === 'string') return inLinks && value.startsWith('/') ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    addressesIn(member, key === 'links' || inLinks),
  );
}

test('returns 200 for every link that can be reached', async () => {
  const seen = new Set<string>(['/v1', '/healthz']);
  const queue = ['/v1', ...countries.map((row) => `/v1/countries/${row['code']}`)];
  for (const start of queue) seen.add(start);

  const visit = async (): Promise<void> => {
    for (let target = queue.shift(); target !== undefined; target = queue.shift()) {
      const response = await client.send(target);
      assert.equal(response.status, 200, target);
      if (target === '/v1/export.ndjson') continue;
      assert.ok(response.headers['content-type']?.startsWith('application/json'), target);
      for (const address of addressesIn(response.json())) {
        if (seen.has(address) || address.includes('{')) continue;
        seen.add(address);
        queue.push(address);
      }
    }
  };
  // A worker ends when the queue is empty, but others may then add to it: repeat until it stays empty.
  while (queue.length > 0) await Promise.all(Array.from({ length: WORKERS }, visit));

  const found = (pattern: RegExp): number =>
    [...seen].filter((address) => pattern.test(address)).length;
  const count = (of: (profile: ProfileFile) => unknown[]): number => profiles.flatMap(of).length;
  assert.equal(found(/^\/v1\/countries\/[A-Z]{2}\/profile$/), countries.length);
  assert.equal(found(/^\/v1\/actions\/[^?]+$/), actions.length);
  assert.equal(found(/^\/v1\/statements\/[^?]+$/), statements.length);
  assert.equal(found(/^\/v1\/authorities\/[^?]+$/), authorities.length);
  assert.equal(
    found(/^\/v1\/institutions\/[^?]+$/),
    count(({ institutions }) => institutions),
  );
  assert.equal(
    found(/^\/v1\/case-law\/[^?]+$/),
    count(({ case_law }) => case_law),
  );
  assert.equal(
    found(/^\/v1\/legal-provisions\/[^?]+$/),
    count(({ legal_provisions }) => legal_provisions),
  );
  assert.equal(
    found(/^\/v1\/references\/[^?]+$/),
    count(({ references }) => references),
  );
  assert.equal(found(/^\/v1\/tools\/[^?]+$/), tools.length);
  assert.equal(found(/^\/v1\/status\/[A-Z]{2}-\d+$/), 3 * countries.length);
  // Every change, and all pages before it.
  const { meta } = await client.get<{ meta: { total: number } }>('/v1/changes?limit=1');
  assert.equal(found(/^\/v1\/changes\/[^?]+$/), meta.total);
  assert.ok(found(/^\/v1\/changes\?.*cursor=/) >= Math.floor((meta.total - 1) / 100));
  assert.ok(found(/^\/v1\/treaties\/\d+\/articles\/[^?]+$/) > articles.length);
});
