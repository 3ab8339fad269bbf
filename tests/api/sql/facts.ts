// A database with the schema and a handful of made-up facts, for tests of the schema itself.
import type pg from 'pg';

import { Cluster } from '../support/database.js';

export const cluster = Cluster.shared();

/** The facts that every test may build upon; the database starts at revision 1. */
const BASE = `
  BEGIN;
  INSERT INTO source (id, url, as_of, retrieved_on) VALUES
    ('told', 'https://example.org/told', '2010-03-15', '2026-11-23'),
    ('read', 'https://example.org/read', NULL, '2020-05-05');
  INSERT INTO country (code, alpha3, numeric, name_en, name_fr, source_id) VALUES
    ('NO', 'NOR', '578', 'Norway', 'Norvège', 'told'),
    ('FO', 'FRO', '234', 'Faroe Islands', 'Féroé (les Îles)', 'told'),
    ('RO', 'ROU', '642', 'Romania', 'Roumanie (la)', 'told');
  INSERT INTO treaty (number, ets_ref, title_en, opened_on, entered_into_force_on, acts_complete, source_id) VALUES
    ('185', 'ETS No. 185', 'Convention on Cybercrime', '2001-11-23', '2004-07-01', true, 'told'),
    ('189', 'ETS No. 189', 'First Protocol', '2003-01-28', '2006-03-01', false, 'read'),
    ('224', 'CETS No. 224', 'Second Protocol', '2022-05-12', NULL, true, 'told');
  INSERT INTO article (treaty, article, parent, title_en, source_id) VALUES
    ('185', '6', NULL, 'Misuse of devices', 'told'),
    ('185', '6.3', '6', NULL, 'told'),
    ('185', '29', NULL, 'Expedited preservation', 'told'),
    ('185', '29.4', '29', NULL, 'told');
  COMMIT`;

export class Facts {
  private constructor(
    readonly name: string,
    readonly client: pg.Client,
  ) {}

  /** A database of one's own with the base facts. */
  static async create(): Promise<Facts> {
    const name = await cluster.database('migrated');
    const facts = new Facts(name, await cluster.connect(name));

    await facts.client.query(BASE);
    return facts;
  }

  async drop(): Promise<void> {
    await this.client.end();
    await cluster.drop(this.name);
  }

  connect(): Promise<pg.Client> {
    return cluster.connect(this.name);
  }

  async run(text: string, values: unknown[] = []): Promise<Record<string, any>[]> {
    return (await this.client.query(text, values)).rows as Record<string, any>[];
  }

  /** The one value of the one row. */
  async value<T>(text: string, values: unknown[] = []): Promise<T> {
    const [row = {}] = await this.run(text, values);
    return Object.values(row)[0] as T;
  }

  async revision(): Promise<number> {
    return Number(await this.value('SELECT revision FROM dataset_revision'));
  }

  /** What was recorded after a revision, one line a change, in the feed's order. */
  async changesAfter(revision: number): Promise<string[]> {
    const rows = await this.run(
      `SELECT concat_ws(' ', revision - $1, ordinal, operation, relation, record) AS line
       FROM change WHERE revision > $1 ORDER BY revision, ordinal`,
      [revision],
    );
    return rows.map((row) => String(row['line']));
  }

  /** Runs `work` in a transaction that is rolled back. */
  async undone<T>(work: () => Promise<T>): Promise<T> {
    await this.client.query('BEGIN');
    try {
      return await work();
    } finally {
      await this.client.query('ROLLBACK');
    }
  }
}

/** The fields that PostgreSQL gives of an error. */
export interface Refusal {
  code: string;
  message: string;
}

/** The statement must be refused; gives the reason. */
export async function refused(client: pg.Client, text: string): Promise<Refusal> {
  try {
    await client.query(text);
  } catch (error) {
    return error as Refusal;
  }
  throw new Error(`This was not refused: ${text}`);
}
