// What the documents tell readers to type does what they say.
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
  // The others of its examples install, start and stop what the tests have their own of.
  { name: 'readme', path: 'README.md', runs: /^curl / },
];

for (const { name, path, runs } of documents) {
  const place = new ExampleFolder(name, url);
  const all = examples(readFileSync(join(root, path), 'utf8')).filter(({ text }) =>
    runs.test(text),
  );

  test(`documents: ${path} has examples`, () => assert.ok(all.length >= 3));
  for (const example of all) test(`documents: ${path}:${example.line}`, () => place.try(example));
}

test('documents: an example that prints something else is seen', () => {
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

test('documents: a block that nothing would run is a mistake, and an output belongs to what stands before it', () => {
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
