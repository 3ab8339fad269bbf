// Renders the HTML pages: pages.mjs PAGES OUT HEADER
//
// From the templates and texts in the folder PAGES it writes OUT/NAME.LANGUAGE.html, and HEADER, which
// defines the table of problem types for src/http/problem/problem.c. In a template, {{name}} is a text
// and {{{name}}} is HTML.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const EXAMPLE_ID = '3481175072f3100ffb3635a29e894128';
const ESCAPES = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' };

const [, , pages, out, header] = process.argv;
const read = (name) => readFileSync(`${pages}/${name}`, 'utf8');
const texts = JSON.parse(read('texts.json'));
const problems = Object.entries(JSON.parse(read('problems.json')));

/** Escapes markup; text between backticks becomes code. */
const escape = (text) =>
  String(text)
    .replace(/[<>&"]/g, (mark) => ESCAPES[mark])
    .replace(/`([^`]*)`/g, '<code>$1</code>');

const fill = (template, values) =>
  read(template).replace(/{{({?)(\w+)}?}}/g, (_, html, name) => {
    if (values[name] === undefined) throw new Error(`${template}: {{${name}}} has no value`);
    return html ? values[name] : escape(values[name]);
  });

/** The problem document of the example, as the service sends it without a public address. */
function exampleDocument(name, { status, fixed, example, ...titles }, language) {
  const { instance, parameter } = example;
  const detail = (fixed ?? example.detail)[language];
  const document = {
    type: `/problems/${name}`,
    title: titles[language].title,
    status,
    detail: parameter ? `${parameter}${texts[language].colon} ${detail}` : detail,
    instance,
    request_id: EXAMPLE_ID,
    errors: parameter && [{ parameter, detail }],
  };
  return JSON.stringify(document, null, 2);
}

function writePages(language) {
  const words = { language, ...texts[language] };
  const write = (name, root, title, content, head = '') =>
    writeFileSync(
      `${out}/${name}.${language}.html`,
      fill('layout.html', { ...words, root, title, content, head }),
    );
  const row = ([name, problem]) =>
    `<li><a href="problems/${name}"><span class="status">${problem.status}</span> ` +
    `${escape(problem[language].title)}</a></li>\n`;

  write('docs', '', words.docs, read(`docs.${language}.html`), read('docs.head.html'));
  write('policy', '../', words.policy, read(`policy.${language}.html`));
  const rows = problems.map(row).join('');
  write('problems', '', words.problems, fill('problems.html', { ...words, rows }));
  for (const [name, problem] of problems) {
    const { status, example } = problem;
    const document = exampleDocument(name, problem, language);
    const values = { ...words, ...problem[language], status, request: example.request, document };
    write(name, '../', values.title, fill('problem.html', values));
  }
}

/** The row of a type: an initializer of a struct problem_type. */
function typeRow([name, { kind, status, en, fr, fixed }]) {
  const text = (value) => (value === undefined ? 'NULL' : JSON.stringify(value));
  const pair = (english, french) => `{${text(english)}, ${text(french)}}`;
  return `[${kind}] = {${status}, ${text(name)}, ${pair(en.title, fr.title)}, ${pair(fixed?.en, fixed?.fr)}}`;
}

mkdirSync(out, { recursive: true });
for (const language of Object.keys(texts)) writePages(language);
writeFileSync(header, `#define PROBLEM_TYPES ${problems.map(typeRow).join(', \\\n')}\n`);
