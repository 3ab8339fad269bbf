// The metrics of a service, read from its metrics port.
import assert from 'node:assert/strict';

import type { Service } from './service.js';

export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

/** The address of the metrics, from the log. */
export function metricsUrl(service: Service): string {
  const line = service.lines().find(({ event }) => event === 'metrics_listening');
  assert.ok(line, 'the service must be started with CYBERTREATY_METRICS_PORT=0');
  return `http://${String(line['address'])}:${String(line['port'])}/metrics`;
}

export async function metricsText(service: Service): Promise<string> {
  const response = await fetch(metricsUrl(service));
  assert.equal(response.status, 200);
  return response.text();
}

/** Parses Prometheus' text format; throws on any other text. */
export function readSamples(text: string): Sample[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name = '', labels = '', value = ''] =
        /^([a-z_]+)(?:\{(.*)\})? ([0-9.]+|NaN)$/.exec(line) ?? assert.fail(`no sample: ${line}`);
      return {
        name,
        labels: Object.fromEntries(
          [...labels.matchAll(/([a-z_]+)="([^"]*)"/g)].map(([, key, text]) => [key, text]),
        ) as Record<string, string>,
        value: Number(value),
      };
    });
}

/** Reads all metrics; `of` sums the samples of a name that have these labels. */
export async function metrics(service: Service): Promise<{
  samples: Sample[];
  of: (name: string, labels?: Record<string, string>) => number;
}> {
  const samples = readSamples(await metricsText(service));
  return {
    samples,
    of: (name, labels = {}) =>
      samples
        .filter(
          (sample) =>
            sample.name === name &&
            Object.entries(labels).every(([key, text]) => sample.labels[key] === text),
        )
        .reduce((sum, { value }) => sum + value, 0),
  };
}
