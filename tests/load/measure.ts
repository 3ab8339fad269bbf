// The CPU time of server processes, and the medians of several rounds.
import { readFileSync, readdirSync } from 'node:fs';

/** The unit of the kernel's user interface, independent of its internal tick. (proc(5), CLK_TCK) */
const TICKS_PER_SECOND = 100;

interface Process {
  pid: number;
  parent: number;
  ticks: number;
}

/** A process, including the children that it has waited for; undefined if it has ended. */
function readProcess(pid: number): Process | undefined {
  let line: string;
  try {
    line = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
  // The name of the program is in parentheses and may contain any character.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const number = (position: number): number => Number(fields[position - 3]);
  return {
    pid,
    parent: number(4),
    ticks: number(14) + number(15) + number(16) + number(17),
  };
}

/** User and system time in seconds of these processes and their descendants. */
export function cpuSeconds(roots: number[]): number {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readProcess(Number(name)))
    .filter((process) => process !== undefined);
  const counted = new Set(roots);

  for (let before = -1; before !== counted.size;) {
    before = counted.size;
    for (const process of all) if (counted.has(process.parent)) counted.add(process.pid);
  }
  const ticks = all
    .filter((process) => counted.has(process.pid))
    .reduce((sum, process) => sum + process.ticks, 0);
  return ticks / TICKS_PER_SECOND;
}

/** The figures of one side in one round. */
export interface Sample {
  /** Microseconds of server CPU time for each request. */
  cpu: number;
  /** Requests per second. */
  rate: number;
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const high = sorted[middle];
  const low = sorted[sorted.length % 2 ? middle : middle - 1];

  if (high === undefined || low === undefined) throw new Error('No values for a median.');
  return (low + high) / 2;
}

/** Runs every side once a round, so that temporary disturbances affect all sides. The order rotates
 *  from round to round. Returns the medians. */
export async function interleave<Name extends string>(
  rounds: number,
  sides: Record<Name, () => Promise<Sample>>,
): Promise<Record<Name, Sample>> {
  const names = Object.keys(sides) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<
    Name,
    Sample[]
  >;

  for (let round = 0; round < rounds; round++)
    for (const name of round % 2 ? [...names].reverse() : names)
      samples[name].push(await sides[name]());
  return Object.fromEntries(
    names.map((name) => [
      name,
      {
        cpu: median(samples[name].map((sample) => sample.cpu)),
        rate: median(samples[name].map((sample) => sample.rate)),
      },
    ]),
  ) as Record<Name, Sample>;
}
