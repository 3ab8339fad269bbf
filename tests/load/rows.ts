// Common parts of the rows.
import type { Cluster } from '../api/support/database.js';
import type { Sample } from './measure.js';

/** Parameters of a run. */
export interface Bench {
  cluster: Cluster;
  /** A database with the reference data. */
  database: string;
  /** A database with so many times the reference data; created by the first call. */
  scaled(times: number): Promise<string>;
  rounds: number;
  seconds: number;
  connections: number;
  quick: boolean;
}

export interface Result {
  row: string;
  ours: string;
  against: string;
  ratio: string;
  goal: string;
  /** undefined if there is no goal. */
  reached: boolean | undefined;
}

export interface Row {
  name: string;
  /** A description in one line. */
  what: string;
  run(bench: Bench): Promise<Result[]>;
}

export const microseconds = (value: number): string =>
  value < 100 ? `${value.toFixed(1)} µs` : `${Math.round(value).toLocaleString('en')} µs`;

export const perSecond = (value: number): string => `${Math.round(value).toLocaleString('en')}/s`;

export const shown = ({ cpu, rate }: Sample): string => `${microseconds(cpu)}, ${perSecond(rate)}`;

export const times = (value: number): string => `${value.toFixed(2)}x`;

/** Compares the CPU cost of a request. */
export function costs(
  row: string,
  ours: Sample,
  name: string,
  against: Sample,
  atMost?: number,
): Result {
  const ratio = ours.cpu / against.cpu;
  return {
    row,
    ours: shown(ours),
    against: `${name}: ${shown(against)}`,
    ratio: `${times(ratio)} CPU, ${times(ours.rate / against.rate)} rate`,
    goal: atMost === undefined ? '' : `CPU at most ${times(atMost)}`,
    reached: atMost === undefined ? undefined : ratio <= atMost,
  };
}

/** Compares requests per second. */
export function rates(
  row: string,
  ours: Sample,
  name: string,
  against: Sample,
  atLeast?: number,
): Result {
  const ratio = ours.rate / against.rate;
  return {
    row,
    ours: shown(ours),
    against: `${name}: ${shown(against)}`,
    ratio: `${times(ours.cpu / against.cpu)} CPU, ${times(ratio)} rate`,
    goal: atLeast === undefined ? '' : `rate at least ${times(atLeast)}`,
    reached: atLeast === undefined ? undefined : ratio >= atLeast,
  };
}
