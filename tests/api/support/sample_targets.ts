// One target for each operation that exists in the reference data.
import assert from 'node:assert/strict';

import type { Client } from './client.js';
import { type Operation, operations } from './contract.js';

const fixed: Record<string, string> = {
  code: 'NO',
  number: '185',
  article: '29.4',
  name: 'not-found',
  file: 'page.css',
};

/** The list that contains the identifiers of `/v1/things/{id}`. */
const listOf = (operation: Operation): string => operation.template.replace(/\/\{id\}$/, '');

export async function sampleTarget(client: Client, operation: Operation): Promise<string> {
  let id = 'NO-185';

  if (operation.template.endsWith('/{id}') && operation.id !== 'getStatus') {
    const { data } = await client.get<{ data: { id: string }[] }>(`${listOf(operation)}?limit=1`);
    assert.ok(data[0], `${listOf(operation)} is empty`);
    id = data[0].id;
  }
  return operation.template.replaceAll(/\{([^}]+)\}/g, (_, name: string) => fixed[name] ?? id);
}

export async function sampleTargets(client: Client): Promise<Map<string, string>> {
  const targets = new Map<string, string>();

  for (const operation of operations)
    targets.set(operation.id, await sampleTarget(client, operation));
  return targets;
}
