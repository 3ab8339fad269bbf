// Alert rules: well-formed, tested by promtool, about metrics that exist, and explained.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { parse } from 'yaml';

import { Client } from '../support/client.js';
import { Cluster } from '../support/database.js';
import { metrics } from '../support/metrics.js';
import { root, tool } from '../support/paths.js';
import { run } from '../support/processes.js';
import { Service } from '../support/service.js';

interface Rule {
  alert: string;
  expr: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

interface RuleTest {
  alert_rule_test: { alertname: string; exp_alerts?: unknown[] }[];
}

const file = join(root, 'docker/prometheus/alerts.yaml');
const tests = join(root, 'tests/alerts/alerts.yaml');
const { groups } = parse(readFileSync(file, 'utf8')) as { groups: { rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);

async function promtool(...args: string[]): Promise<void> {
  const { code, stdout, stderr } = await run(tool('promtool'), args);
  assert.equal(code, 0, stdout + stderr);
}

test('alerts: promtool takes the rules, and its unit tests of them pass', async () => {
  await promtool('check', 'rules', file);
  await promtool('test', 'rules', tests);
});

test('alerts: each is tested to fire and to keep still, and explained to who gets it', () => {
  const checks = (parse(readFileSync(tests, 'utf8')) as { tests: RuleTest[] }).tests.flatMap(
    (each) => each.alert_rule_test,
  );
  const handbook = readFileSync(join(root, 'docs/operating.md'), 'utf8');

  for (const { alert, labels, annotations } of rules) {
    const own = checks.filter(({ alertname }) => alertname === alert);
    assert.ok(
      own.some(({ exp_alerts: fired }) => fired?.length),
      `${alert} fires in no test`,
    );
    assert.ok(
      own.some(({ exp_alerts: fired }) => !fired?.length),
      `${alert} keeps still in no test`,
    );
    assert.match(labels['severity'] ?? '', /^(page|ticket)$/);
    assert.equal(annotations['runbook'], `docs/operating.md#${alert.toLowerCase()}`);
    assert.match(handbook, new RegExp(`^#+ ${alert}$`, 'm'));
  }
});

test('alerts: every metric that they name is one of the service', async () => {
  const cluster = Cluster.shared();
  const service = await Service.start(cluster.url(await cluster.database('imported')), {
    env: { CYBERTREATY_METRICS_PORT: '0' },
  });
  try {
    await new Client(service.url).send('/v1/countries');
    const known = new Set((await metrics(service)).samples.map(({ name }) => name));
    const named = new Set(rules.flatMap(({ expr }) => expr.match(/\bcybertreaty_[a-z_]+/g) ?? []));
    assert.ok(named.size > 5);
    for (const name of named) assert.ok(known.has(name), name);
  } finally {
    await service.stop();
  }
});
