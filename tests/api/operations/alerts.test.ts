// The alert rules: syntax, promtool's unit tests, existing metrics and runbooks.
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

test('passes the checks and unit tests of promtool', async () => {
  await promtool('check', 'rules', file);
  await promtool('test', 'rules', tests);
});

test('has unit tests for and against each alert, and a runbook', () => {
  const checks = (parse(readFileSync(tests, 'utf8')) as { tests: RuleTest[] }).tests.flatMap(
    (each) => each.alert_rule_test,
  );
  const handbook = readFileSync(join(root, 'docs/operating.md'), 'utf8');

  for (const { alert, labels, annotations } of rules) {
    const alertChecks = checks.filter(({ alertname }) => alertname === alert);
    assert.ok(
      alertChecks.some(({ exp_alerts: fired }) => fired?.length),
      `no test expects ${alert} to fire`,
    );
    assert.ok(
      alertChecks.some(({ exp_alerts: fired }) => !fired?.length),
      `no test expects ${alert} not to fire`,
    );
    assert.match(labels['severity'] ?? '', /^(page|ticket)$/);
    assert.equal(annotations['runbook'], `docs/operating.md#${alert.toLowerCase()}`);
    assert.match(handbook, new RegExp(`^#+ ${alert}$`, 'm'));
  }
});

test('uses only existing metrics', async () => {
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
