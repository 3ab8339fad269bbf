// The examples of a document: its fenced code blocks and their expected output.
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

import { root } from './paths.js';
import { run } from './processes.js';

/** The address of the service in all documents. */
export const ADDRESS = 'http://127.0.0.1:8080';

export interface Example {
  /** The line of its opening fence. */
  line: number;
  language: string;
  text: string;
  /** The expected output: the block directly after it, in a language that is not run. */
  output: string | null;
}

interface Block {
  language: string;
  text: string;
  from: number;
  to: number;
}

const RUN = ['sh', 'js', 'ts', 'python'];
const SHOWN = ['json', 'text'];

function blocks(markdown: string): Block[] {
  const found: Block[] = [];
  let open: Block | undefined;

  for (const [i, line] of markdown.split('\n').entries()) {
    const fence = /^```(.*)$/.exec(line);
    if (!fence) {
      if (open) open.text += `${line}\n`;
    } else if (open) {
      assert.equal(fence[1], '', `line ${i + 1}: a fence opens inside the previous block`);
      found.push({ ...open, to: i + 1 });
      open = undefined;
    } else {
      open = { language: fence[1] ?? '', text: '', from: i + 1, to: 0 };
    }
  }
  assert.equal(open, undefined, 'the last block does not end');
  return found;
}

/** Returns the blocks to run. An unknown language is an error, so that no block is skipped by
 *  mistake. */
export function examples(markdown: string): Example[] {
  const all = blocks(markdown);

  for (const { language, from } of all)
    assert.ok(
      [...RUN, ...SHOWN, 'mermaid'].includes(language),
      `line ${from}: unknown language '${language}'`,
    );
  return all.flatMap(({ language, text, from, to }, i) => {
    const next = all[i + 1];
    const output = next && SHOWN.includes(next.language) && next.from <= to + 2 ? next.text : null;
    return RUN.includes(language) ? [{ line: from, language, text, output }] : [];
  });
}

/** Compares without white space, so that a document may wrap its output; `...` matches anything. */
export function fits(expected: string, actual: string): boolean {
  const bare = (text: string): string => text.replaceAll(/\s+/g, '');
  const parts = bare(expected).split('...');
  const escaped = parts.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));

  assert.ok(parts.join('').length > 1, 'the expected output is only `...`');
  return new RegExp(`^${escaped.join('[^]*?')}$`).test(bare(actual));
}

function compile(path: string): void {
  const program = ts.createProgram([path], {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    types: [],
    strict: true,
    skipLibCheck: true,
  });
  const wrong = [...ts.getPreEmitDiagnostics(program), ...program.emit().diagnostics];

  assert.deepEqual(
    wrong.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
    [],
  );
}

/** The folder in which the examples of one document run, one after the other. It is inside the
 *  project, so that npx finds the installed packages. */
export class ExampleFolder {
  readonly #folder: string;

  constructor(
    name: string,
    readonly address: string,
  ) {
    this.#folder = join(root, 'build/documents', name);
    rmSync(this.#folder, { recursive: true, force: true });
    mkdirSync(this.#folder, { recursive: true });
  }

  async try({ language, text, line, output }: Example): Promise<void> {
    const file = join(this.#folder, `line-${line}.${language === 'js' ? 'mjs' : language}`);
    const programs: Record<string, [string, ...string[]]> = {
      sh: ['bash', '-eu', file],
      js: [process.execPath, file],
      ts: [process.execPath, file.replace(/ts$/, 'js')],
      python: ['python3', file],
    };
    const [program, ...args] = programs[language] ?? ['false'];

    writeFileSync(file, text.replaceAll(ADDRESS, this.address));
    if (language === 'ts') compile(file);
    const { code, stdout, stderr } = await run(program, args, { cwd: this.#folder });
    const printed = stdout.replaceAll(this.address, ADDRESS);
    assert.equal(code, 0, `status ${code}\n${stdout}${stderr}`);
    if (output !== null)
      assert.ok(fits(output, printed), `expected:\n${output}\nprinted:\n${printed}${stderr}`);
  }
}
