// The examples in the documents run and print what the documents show.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { Client } from '../support/client.js';
import { ExampleFolder, examples, fits } from '../support/doc_examples.js';
import { root } from '../support/paths.js';

const { url } = Client.shared();

const documents = [
  { name: 'integrating', path: 'docs/integrating.md', runs: /^/ },
  // Its other examples install, start and stop a service, which the tests do themselves.
  { name: 'readme', path: 'README.md', runs: /^curl / },
];

for (const { name, path, runs } of documents) {
  const place = new ExampleFolder(name, url);
  const all = examples(readFileSync(join(root, path), 'utf8')).filter(({ text }) =>
    runs.test(text),
  );

  test(`finds the examples of ${path}`, () => assert.ok(all.length >= 3));
  for (const example of all)
    test(`runs the example at ${path}:${example.line}`, () => place.try(example));
}

test('detects an example that prints something else', () => {
  for (const [expected, actual] of [
    ['{"a": 1, ...}', '{"a":1,"b":2}'],
    ['a.b\n', 'a.b'],
    ['...\nlast', 'first\nlast'],
  ] as const)
    assert.ok(fits(expected, actual), expected);
  for (const [expected, actual] of [
    ['{"a": 1}', '{"a":1,"b":2}'],
    ['{"a": 1, ...}', '{"a":2,"b":2}'],
    ['a.b', 'axb'],
    ['... last', 'first'],
    ['first ...', 'last'],
  ] as const)
    assert.ok(!fits(expected, actual), expected);
  assert.throws(() => fits('...', 'anything'));
});

test('rejects a block of an unknown language and pairs an output with the block before it', () => {
  const fence = '```';
  const two = `${fence}sh\na\n${fence}\n\n${fence}json\n1\n${fence}\ntext\n\n${fence}sh\nb\n${fence}\n\nand then\n\n${fence}json\n2\n${fence}\n`;

  assert.deepEqual(
    examples(two).map(({ text, output }) => [text, output]),
    [
      ['a\n', '1\n'],
      ['b\n', null],
    ],
  );
  assert.throws(() => examples(`${fence}ruby\nputs 1\n${fence}\n`), /ruby/);
  assert.throws(() => examples(`${fence}sh\nnever closed\n`));
});
