// A database with the schema and a few invented facts, for tests of the schema.
import type pg from 'pg';

import { Cluster } from '../support/database.js';

export const cluster = Cluster.shared();

/** The facts in every such database, at revision 1. */
const BASE = `
  BEGIN;
  INSERT INTO source (id, url, as_of, retrieved_on) VALUES
    ('stated', 'https://example.org/stated', '2010-03-15', '2026-11-23'),
    ('read', 'https://example.org/read', NULL, '2020-05-05');
  INSERT INTO country (code, alpha3, numeric, name_en, name_fr, type, responsible_state, source_id) VALUES
    ('NO', 'NOR', '578', 'Norway', 'Norvège', 'state', NULL, 'stated'),
    ('FO', 'FRO', '234', 'Faroe Islands', 'Féroé (les Îles)', 'territory', 'NO', 'stated'),
    ('RO', 'ROU', '642', 'Romania', 'Roumanie (la)', 'state', NULL, 'stated');
  INSERT INTO treaty (number, ets_ref, title_en, opened_on, entered_into_force_on, consents_complete,
      signatures_complete, invitations_complete, known_until, source_id) VALUES
    ('185', 'ETS No. 185', 'Convention on Cybercrime', '2001-11-23', '2004-07-01', true, true, true, '2026-06-30', 'stated'),
    ('189', 'ETS No. 189', 'First Protocol', '2003-01-28', '2006-03-01', false, false, true, '2026-06-30', 'read'),
    ('224', 'CETS No. 224', 'Second Protocol', '2022-05-12', NULL, true, true, true, '2026-02-05', 'stated');
  INSERT INTO article (treaty, article, parent, title_en, source_id) VALUES
    ('185', '6', NULL, 'Misuse of devices', 'stated'),
    ('185', '6.3', '6', NULL, 'stated'),
    ('185', '29', NULL, 'Expedited preservation', 'stated'),
    ('185', '29.4', '29', NULL, 'stated');
  COMMIT`;

export class Facts {
  private constructor(
    readonly name: string,
    readonly client: pg.Client,
  ) {}

  /** Creates a private database with the base facts. */
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

  /** Returns the single value of a query. */
  async value<T>(text: string, values: unknown[] = []): Promise<T> {
    const [row = {}] = await this.run(text, values);
    return Object.values(row)[0] as T;
  }

  async revision(): Promise<number> {
    return Number(await this.value('SELECT revision FROM dataset_revision'));
  }

  /** Returns the changes after a revision as lines, in the order of the feed. */
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

/** The fields of an error from PostgreSQL. */
export interface Refusal {
  code: string;
  message: string;
}

/** Executes a statement that must fail; returns the error. */
export async function refused(client: pg.Client, text: string): Promise<Refusal> {
  try {
    await client.query(text);
  } catch (error) {
    return error as Refusal;
  }
  throw new Error(`The statement succeeded: ${text}`);
}
