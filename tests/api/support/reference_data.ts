// The reference data, read from its files without any code of the service.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { data } from './paths.js';

export type Row = Record<string, string>;

/** Parses CSV with a header row. (RFC 4180) */
export function parseCsv(text: string): Row[] {
  const records: string[][] = [];
  let record: string[] = [];

  for (const [, quoted, plain, end] of text.matchAll(
    /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g,
  )) {
    record.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end === ',') continue;
    if (record.length > 1 || record[0] !== '') records.push(record);
    record = [];
  }
  const [header = [], ...rows] = records;
  return rows.map((row) => Object.fromEntries(header.map((name, i) => [name, row[i] ?? ''])));
}

export const table = (name: string): Row[] => parseCsv(readFileSync(join(data, name), 'utf8'));

export const sources = new Map(table('sources.csv').map((row) => [row['id'], row]));
export const countries = table('countries.csv');
export const memberships = table('memberships.csv');
export const treaties = table('treaties.csv');
export const articles = table('articles.csv');
export const articleSummaries = table('article_summaries.csv');
export const actions = table('actions.csv');
export const statements = table('statements.csv');
export const authorities = table('authorities.csv');
export const territoryEffects = table('territory_effects.csv');
export const statementRegisters = table('statement_registers.csv');

export interface StrategyFile {
  id: string;
  title_en: string;
  title_original: string | null;
  kind: string;
  issued_by: string[];
  adopted_on: string | null;
  period: { from: string | null; to: string | null };
  status: string;
  supersedes: string | null;
  summary_en: string;
  priorities: {
    position: number;
    title_en: string;
    goals: { position: number; text_en: string }[];
  }[];
  documents: { title: string; url: string; lang: string | null }[];
  source: string;
}
export interface InstitutionFile {
  id: string;
  name_en: string;
  name_original: string | null;
  kind: string;
  role_en: string | null;
  url: string | null;
  source: string;
}
export interface CaseFile {
  id: string;
  title: string | null;
  court: string | null;
  decided_on: string | null;
  citation: string | null;
  summary_en: string | null;
  articles: string[];
  url: string | null;
  source: string;
}
export interface ProvisionFile {
  id: string;
  convention_article: string;
  law_title: string;
  provision: string | null;
  note_en: string | null;
  url: string | null;
  source: string;
}
export interface ReferenceFile {
  id: string;
  title: string;
  url: string;
  source: string;
}
export interface ProfileFile {
  country: string;
  strategies: StrategyFile[];
  institutions: InstitutionFile[];
  case_law: CaseFile[];
  legal_provisions: ProvisionFile[];
  references: ReferenceFile[];
}

export const profiles: ProfileFile[] = readdirSync(join(data, 'profiles'))
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(join(data, 'profiles', name), 'utf8')) as ProfileFile);

export interface ToolFile {
  id: string;
  title: string;
  kind: string;
  summary_en: string | null;
  url: string;
  source: string;
}

export const tools = JSON.parse(readFileSync(join(data, 'tools.json'), 'utf8')) as ToolFile[];

/** An empty cell means unknown. */
export const known = (cell: string | undefined): string | null =>
  cell === undefined || cell === '' ? null : cell;

export const list = (cell: string | undefined): string[] => known(cell)?.split(';') ?? [];

/** Returns a source as it appears in records. */
export function source(id: string | undefined): Record<string, string | null> {
  const row = sources.get(id ?? '');
  if (!row) throw new Error(`sources.csv has no ${id}.`);
  return {
    id: row['id'] ?? null,
    url: row['url'] ?? null,
    title: known(row['title']),
    publisher: known(row['publisher']),
    kind: known(row['kind']),
    as_of: known(row['as_of']),
    retrieved_on: row['retrieved_on'] ?? null,
  };
}
