// The agreement of openapi.yaml, the route table and the service.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { Client } from '../support/client.js';
import { document, schemaError, operations, resolve, text } from '../support/contract.js';
import { binary } from '../support/paths.js';
import { run } from '../support/processes.js';
import { sampleTarget } from '../support/sample_targets.js';

const client = Client.shared();

test('lists the same operations and parameters in the route table and in the contract', async () => {
  const { code, stdout } = await run(binary, ['routes']);
  const served = stdout
    .trim()
    .split('\n')
    .map((line) => {
      const [method, template, id, ...parameters] = line.split(' ');
      return [method, template, id, ...parameters.sort()].join(' ');
    });
  const documented = operations.map(({ id, method, template, parameters }) =>
    [
      method,
      template,
      id,
      ...parameters.map((parameter) => `${parameter.in}:${parameter.name}`).sort(),
    ].join(' '),
  );

  assert.equal(code, 0);
  assert.deepEqual(served.sort(), documented.sort());
});

test('contains the uncompressed contract once in the program', async () => {
  const served = (await client.send('/openapi.json')).body;
  const program = readFileSync(binary);

  assert.ok(served.length > 100_000);
  const at = program.indexOf(served);
  assert.ok(at >= 0);
  for (const part of [0, served.length >> 1, served.length - 200])
    assert.equal(program.indexOf(served.subarray(part, part + 200), at + part + 1), -1);
});

test('documents every path parameter as required, under unique names', () => {
  for (const { id, template, parameters } of operations) {
    const inPath = [...template.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
    assert.deepEqual(
      parameters.filter((each) => each.in === 'path').map(({ name }) => name),
      inPath,
      id,
    );
    assert.ok(
      parameters.every((each) => each.in !== 'path' || each.required),
      id,
    );
    assert.equal(new Set(parameters.map(({ name }) => name)).size, parameters.length, id);
  }
  assert.equal(new Set(operations.map(({ id }) => id)).size, operations.length);
});

test('accepts exactly the documented values of closed sets', async () => {
  for (const operation of operations) {
    const target = await sampleTarget(client, operation);

    for (const parameter of operation.parameters.filter((each) => each.in === 'query')) {
      const schema = resolve<{ enum?: string[]; items?: object }>(parameter.schema);
      const choices = schema.enum ?? resolve<{ enum?: string[] }>(schema.items ?? {}).enum;
      if (!choices) continue;

      for (const choice of choices)
        assert.equal(
          (await client.send(`${target}?${parameter.name}=${choice}`)).status,
          200,
          `${operation.id} ${parameter.name}=${choice}`,
        );
      if (schema.items)
        assert.equal(
          (await client.send(`${target}?${parameter.name}=${choices.join(',')}`)).status,
          200,
          `${operation.id} ${parameter.name}`,
        );
      const { errors } = await client.problem(400, `${target}?${parameter.name}=none-of-these`);
      const listed = (errors?.[0]?.detail ?? '')
        .split(': ')
        .pop()
        ?.replace(/\.$/, '')
        .split(', ')
        .sort();
      assert.deepEqual(listed, [...choices].sort(), `${operation.id} ${parameter.name}`);
    }
  }
});

for (const operation of operations)
  test(`returns the documented statuses for ${operation.id}`, async () => {
    const target = await sampleTarget(client, operation);

    assert.equal((await client.send(target)).status, 200, target);
    await client.problem(400, `${target}?no_such_parameter=1`);
    await client.problem(405, target, { method: 'DELETE' });
    if (operation.responses['404'] && operation.template.includes('{'))
      await client.problem(404, operation.template.replaceAll(/\{[^}]+\}/g, 'ZZ-99'));
  });

test('serves the contract unchanged, and as JSON', async () => {
  const yaml = await client.send('/openapi.yaml');
  const json = await client.send('/openapi.json');

  assert.equal(yaml.headers['content-type'], 'application/yaml');
  assert.equal(yaml.text, text);
  assert.deepEqual(json.json(), document);
});

test('resolves every reference in the contract and uses every component', () => {
  const references = new Set(
    [...JSON.stringify(document).matchAll(/"\$ref":"(#\/[^"]+)"/g)].map(([, ref]) => ref ?? ''),
  );
  for (const ref of references) resolve({ $ref: ref });

  const components = document['components'] as Record<string, Record<string, unknown>>;
  for (const [kind, members] of Object.entries(components))
    for (const name of Object.keys(members))
      assert.ok(references.has(`#/components/${kind}/${name}`), `${kind}/${name} is unused`);
});

/** Removes the members that depend on the time of the import. */
function withoutImportTime(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, member: unknown) =>
      ['updated_at', 'changed_at', 'recorded_at', 'revision', 'version'].includes(key)
        ? undefined
        : member,
    ),
  );
}

test('returns the documented example of every operation', async () => {
  for (const { id, responses } of operations) {
    const content = responses['200']?.content?.['application/json'];
    if (!content || id === 'getContractJson') continue;

    const examples = Object.values(content.examples ?? {}).map((each) =>
      resolve<{ summary: string; value: unknown }>(each),
    );
    assert.ok(examples.length > 0, `${id} has no example`);
    for (const { summary, value } of examples) {
      assert.equal(schemaError(content.schema ?? {}, value), '', id);
      assert.deepEqual(
        withoutImportTime(await client.get(summary.replace('GET ', ''))),
        withoutImportTime(value),
        `${id}: npm run examples`,
      );
    }
  }
});
