// Metrics on a separate port.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import net from 'node:net';
import { after, before, test } from 'node:test';

import { Client } from '../support/client.js';
import { Cluster } from '../support/database.js';
import { metrics, metricsText, metricsUrl } from '../support/metrics.js';
import { tool } from '../support/paths.js';
import { until } from '../support/processes.js';
import { Service } from '../support/service.js';

let cluster: Cluster;
let database: string;
let service: Service;
let client: Client;

// One connection, because a second could not prepare its statements while a test locks the tables.
const POOL = 1;

before(async () => {
  cluster = await Cluster.start();
  database = await cluster.database('imported');
  service = await Service.start(cluster.url(database), {
    env: {
      CYBERTREATY_METRICS_PORT: '0',
      CYBERTREATY_POOL: String(POOL),
      CYBERTREATY_POOL_WAIT: '20000',
      CYBERTREATY_QUERY_TIMEOUT: '20000',
    },
  });
  client = new Client(service.url);
});
after(async () => {
  try {
    await service?.stop();
  } finally {
    await cluster.stop();
  }
});

function promtool(text: string, ...args: string[]): void {
  const { status, stdout, stderr } = spawnSync(tool('promtool'), args, {
    input: text,
    encoding: 'utf8',
  });
  assert.equal(status, 0, stdout + stderr);
  assert.equal(stdout + stderr, '');
}

test('passes the checks of promtool before and after the first request', async () => {
  promtool(await metricsText(service), 'check', 'metrics');
  for (const target of ['/v1/countries', '/v1/countries?format=csv', '/v1/nowhere'])
    await client.send(target);
  promtool(await metricsText(service), 'check', 'metrics');
});

test('returns OpenMetrics when the client accepts it', async () => {
  const plain = await fetch(metricsUrl(service));
  assert.equal(plain.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
  assert.equal(plain.headers.get('cache-control'), 'no-store');
  assert.doesNotMatch(await plain.text(), /# EOF/);

  const open = await fetch(metricsUrl(service), {
    headers: {
      Accept:
        'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
    },
  });
  assert.equal(
    open.headers.get('content-type'),
    'application/openmetrics-text; version=1.0.0; charset=utf-8',
  );
  const text = await open.text();
  assert.ok(text.endsWith('\n# EOF\n'));
  assert.match(text, /^# TYPE cybertreaty_http_requests counter$/m);
  assert.match(text, /^cybertreaty_http_requests_total\{/m);
});

test('counts requests exactly by operation, status and representation', async () => {
  const { headers } = await client.send('/v1/countries/NO');
  const before = await metrics(service);
  const sent: { operation: string; status: number; representation: string; times: number }[] = [
    { operation: 'listCountries', status: 200, representation: 'json', times: 3 },
    { operation: 'listCountries', status: 200, representation: 'csv', times: 2 },
    { operation: 'listCountries', status: 400, representation: 'problem', times: 1 },
    { operation: 'listCountries', status: 405, representation: 'problem', times: 1 },
    { operation: 'listCountries', status: 204, representation: 'none', times: 1 },
    { operation: 'getCountry', status: 404, representation: 'problem', times: 2 },
    { operation: 'getCountry', status: 308, representation: 'none', times: 1 },
    { operation: 'none', status: 404, representation: 'problem', times: 4 },
    { operation: 'none', status: 501, representation: 'problem', times: 1 },
  ];
  let bytes = 0;

  for (let i = 0; i < 3; i++) bytes += (await client.send('/v1/countries')).body.length;
  for (let i = 0; i < 2; i++) bytes += (await client.send('/v1/countries?format=csv')).body.length;
  bytes += (await client.send('/v1/countries?colour=red')).body.length;
  bytes += (await client.send('/v1/countries', { method: 'DELETE' })).body.length;
  await client.send('/v1/countries', { method: 'OPTIONS' });
  for (let i = 0; i < 2; i++) await client.send('/v1/countries/QQ');
  await client.send('/v1/countries/nor');
  for (const path of ['/one', '/two?x=1', '/v2/countries', '/v1//countries'])
    await client.send(path);
  await client.raw('get /v1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  assert.ok(headers['etag']);

  const after = await metrics(service);
  const name = 'cybertreaty_http_requests_total';
  for (const { operation, status, representation, times } of sent) {
    const labels = { operation, status: String(status), representation };
    assert.equal(after.of(name, labels) - before.of(name, labels), times, JSON.stringify(labels));
  }
  const total = sent.reduce((sum, { times }) => sum + times, 0);
  assert.equal(after.of(name) - before.of(name), total);
  const count = 'cybertreaty_http_request_duration_seconds_count';
  assert.equal(after.of(count) - before.of(count), total);
  const sum = 'cybertreaty_http_response_body_bytes_total';
  const labels = { operation: 'listCountries' };
  assert.equal(after.of(sum, labels) - before.of(sum, labels), bytes);
});

test('counts durations in cumulative buckets', async () => {
  for (let i = 0; i < 5; i++) await client.send('/v1/treaties');
  const { samples, of } = await metrics(service);
  const name = 'cybertreaty_http_request_duration_seconds';
  const labels = { operation: 'listTreaties' };
  const buckets = samples.filter(
    (sample) => sample.name === `${name}_bucket` && sample.labels['operation'] === 'listTreaties',
  );
  const bounds = buckets.map(({ labels: { le } }) => (le === '+Inf' ? Infinity : Number(le)));

  assert.equal(bounds[0], 0.0001);
  assert.equal(bounds.at(-2), 5);
  assert.equal(bounds.at(-1), Infinity);
  for (let i = 1; i < buckets.length; i++) {
    assert.ok((bounds[i] ?? 0) > (bounds[i - 1] ?? 0));
    assert.ok((buckets[i]?.value ?? 0) >= (buckets[i - 1]?.value ?? 0));
  }
  assert.equal(buckets.at(-1)?.value, of(`${name}_count`, labels));
  assert.ok(of(`${name}_sum`, labels) > 0);
});

test('adds no series for unknown input', async () => {
  await client.send('/nowhere');
  await client.raw('BREW /v1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  const before = (await metrics(service)).samples.length;
  for (let i = 0; i < 100; i++) {
    await client.send(`/nowhere/${i}/${'x'.repeat(i)}`);
    await client.send(`/v1/countries/Q${i}`);
    await client.raw(
      `M${i} /v1/"}${i} HTTP/1.1\r\nHost: h${i}\r\nUser-Agent: "},x{${i}\r\nConnection: close\r\n\r\n`,
    );
  }
  const after = (await metrics(service)).samples.length;
  // getCountry with 404 and its durations may be new series.
  assert.ok(after - before <= 20, `${after - before} new series`);
});

test('reports waiters and wait times of an exhausted pool', async () => {
  const lock = await cluster.connect(database);
  const before = await metrics(service);
  const pool = { pool: 'read' };
  try {
    await lock.query('BEGIN');
    await lock.query('LOCK TABLE treaty, country IN ACCESS EXCLUSIVE MODE');
    const requests = Array.from({ length: POOL + 3 }, (_, i) =>
      client.send(`/v1/treaties?limit=${i + 1}&updated_since=2001-01-01`),
    );
    const during = await until('all connections to be in use', 10, async () => {
      const now = await metrics(service);
      return now.of('cybertreaty_pool_waiting', pool) === 3 && now;
    });
    assert.equal(during.of('cybertreaty_pool_connections', { ...pool, state: 'used' }), POOL);
    assert.equal(during.of('cybertreaty_pool_connections', { ...pool, state: 'idle' }), 0);
    assert.equal(during.of('cybertreaty_pool_connections_max', pool), POOL);
    await lock.query('ROLLBACK');
    await Promise.all(requests);
  } finally {
    await lock.end();
  }
  const after = await metrics(service);
  const grown = (name: string): number => after.of(name, pool) - before.of(name, pool);
  assert.ok(grown('cybertreaty_pool_waits_total') >= 3);
  assert.ok(grown('cybertreaty_pool_wait_seconds_total') > 0);
  assert.equal(after.of('cybertreaty_pool_waiting', pool), 0);
});

test('counts open, refused and timed-out connections', async () => {
  const other = await Service.start(cluster.url(database), {
    env: {
      CYBERTREATY_METRICS_PORT: '0',
      CYBERTREATY_CONNECTIONS: '6',
      CYBERTREATY_CONNECTIONS_PER_CLIENT: '2',
    },
  });
  const sockets: net.Socket[] = [];
  const connect = (sent: string): net.Socket => {
    const socket = net.connect(other.port, '127.0.0.1', () => socket.write(sent));
    socket.on('error', () => undefined);
    sockets.push(socket);
    return socket;
  };
  try {
    await until('no connection to be open', 10, async () => {
      return (await metrics(other)).of('cybertreaty_http_connections') === 0;
    });
    const before = await metrics(other);
    assert.equal(before.of('cybertreaty_http_connections_max'), 6);
    connect('GET /v1 HTTP/1.1\r\nHost: x\r\n'); // an incomplete head
    connect('');
    await until('two connections to be open', 10, async () => {
      return (await metrics(other)).of('cybertreaty_http_connections') === 2;
    });
    connect('');
    await until('the third to be refused', 10, async () => {
      const now = await metrics(other);
      return now.of('cybertreaty_http_connections_refused_total', { reason: 'client_limit' }) === 1;
    });
    // Both time out after ten seconds.
    const late = await until('the watchdog', 30, async () => {
      const now = await metrics(other);
      const closed = (reason: string): number =>
        now.of('cybertreaty_http_connections_closed_total', { reason });
      return closed('slow_request') === 1 && closed('no_request') === 1 && now;
    });
    const accepted = 'cybertreaty_http_connections_accepted_total';
    assert.equal(late.of(accepted) - before.of(accepted), 2);
    assert.equal(late.of('cybertreaty_draining'), 0);
  } finally {
    for (const socket of sockets) socket.destroy();
    await other.stop();
  }
});

test('reports the process and the build', async () => {
  const { of, samples } = await metrics(service);
  const now = Date.now() / 1000;

  assert.ok(Math.abs(now - of('process_start_time_seconds')) < 600);
  assert.ok(of('process_resident_memory_bytes') > 1_000_000);
  assert.ok(of('process_cpu_seconds_total') > 0);
  assert.ok(of('process_open_fds') > 3);
  assert.ok(of('process_max_fds') >= of('process_open_fds'));
  const build = samples.find(({ name }) => name === 'cybertreaty_build_info');
  assert.match(build?.labels['version'] ?? '', /^\d+\.\d+\.\d+$/);
  assert.match(build?.labels['migration'] ?? '', /^\d{4}_/);
});

test('serves only metrics on the metrics port, and none on the other', async () => {
  const base = metricsUrl(service).replace('/metrics', '');
  for (const path of ['/', '/v1', '/healthz', '/v1/countries'])
    assert.equal((await fetch(base + path)).status, 404, path);
  assert.equal((await fetch(`${base}/metrics`, { method: 'POST' })).status, 405);
  assert.equal((await client.send('/metrics')).status, 404);
});

test('reports not ready while migrations are missing', async () => {
  const other = await Service.start(cluster.url(await cluster.database('empty')), {
    env: { CYBERTREATY_METRICS_PORT: '0' },
    wait: 'alive',
  });
  try {
    const { of, samples } = await metrics(other);
    assert.ok(samples.some(({ name }) => name === 'cybertreaty_ready'));
    assert.equal(of('cybertreaty_ready'), 0);
  } finally {
    await other.stop();
  }
});

test('fails with one sentence for a busy port, and serves no metrics without a port', async () => {
  const taken = net.createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as net.AddressInfo;
  try {
    const { code, stderr } = await cluster.command(database, ['serve'], {
      CYBERTREATY_PORT: '0',
      CYBERTREATY_METRICS_PORT: String(port),
    });
    assert.equal(code, 1);
    assert.equal(
      stderr,
      `cybertreaty: Port ${port} on 127.0.0.1 is in use; set CYBERTREATY_METRICS_PORT to another.\n`,
    );
  } finally {
    taken.close();
  }
  const without = await Service.start(cluster.url(database));
  try {
    assert.ok(!without.lines().some(({ event }) => event === 'metrics_listening'));
  } finally {
    await without.stop();
  }
});

test('counts cache results exactly and logs them with each request', async () => {
  const target = '/v1/references?limit=7';
  const ask = async (id: string): Promise<unknown> => {
    assert.equal((await client.send(target, { headers: { 'X-Request-Id': id } })).status, 200);
    const line = await until('the log line', 5, () =>
      service.lines().find((line) => line['request_id'] === id),
    );
    return line['cache'];
  };
  const before = await metrics(service);
  assert.equal(await ask('cache-1'), 'miss');
  assert.equal(await ask('cache-2'), 'hit');
  assert.equal(await ask('cache-3'), 'hit');
  const after = await metrics(service);
  const grown = (name: string): number => after.of(name) - before.of(name);
  assert.equal(grown('cybertreaty_cache_misses_total'), 1);
  assert.equal(grown('cybertreaty_cache_hits_total'), 2);
  assert.equal(grown('cybertreaty_cache_stores_total'), 1);
  assert.equal(grown('cybertreaty_cache_entries'), 1);
  assert.ok(grown('cybertreaty_cache_bytes') > 1000);
  assert.equal(grown('cybertreaty_cache_stale_total'), 0);
  assert.ok(after.of('cybertreaty_cache_bytes') <= after.of('cybertreaty_cache_max_bytes'));

  await client.send('/healthz', { headers: { 'X-Request-Id': 'cache-4' } });
  const line = await until('the log line', 5, () =>
    service.lines().find((line) => line['request_id'] === 'cache-4'),
  );
  assert.equal(line['cache'], 'none');
});

test('reports the new revision after a write and a recent notification', async () => {
  const before = await until('the listener to be connected', 10, async () => {
    const now = await metrics(service);
    return now.of('cybertreaty_listener_connected') === 1 && now;
  });
  await cluster.query(database, "UPDATE country SET name_en = name_en || '.' WHERE code = 'NO'");
  const name = 'cybertreaty_dataset_revision';
  const after = await until('the new revision', 10, async () => {
    const now = await metrics(service);
    return now.of(name) > before.of(name) && now;
  });
  assert.equal(after.of(name), before.of(name) + 1);
  assert.ok(after.of('cybertreaty_dataset_contact_age_seconds') < 5);
  assert.equal(after.of('cybertreaty_ready'), 1);
});

test('logs the representation of a request and no scrapes', async () => {
  await client.send('/v1/countries?format=csv', { headers: { 'X-Request-Id': 'csv-1' } });
  const line = await until('the log line', 5, () =>
    service.lines().find((line) => line['request_id'] === 'csv-1'),
  );
  assert.equal(line['representation'], 'csv');
  assert.equal(line['operation'], 'listCountries');
  assert.equal(typeof line['microseconds'], 'number');
  assert.ok(
    !service.lines().some(({ operation, status }) => operation === 'getMetrics' && status === 200),
  );
});

test('logs addresses truncated, whole or not at all, by CYBERTREATY_LOG_ADDRESSES', async () => {
  for (const [form, client_] of [
    [undefined, '127.0.0.0'],
    ['full', '127.0.0.1'],
    ['none', null],
  ] as const) {
    const other = await Service.start(cluster.url(database), {
      env: form ? { CYBERTREATY_LOG_ADDRESSES: form } : {},
    });
    try {
      await new Client(other.url).send('/v1', { headers: { 'X-Request-Id': 'who' } });
      const line = await until('the log line', 5, () =>
        other.lines().find((line) => line['request_id'] === 'who'),
      );
      assert.equal(line['client'], client_);
    } finally {
      await other.stop();
    }
  }
});

test('serves metrics during an outage of the database and reports it', async () => {
  const down = 'cybertreaty_pool_down';
  assert.equal((await metrics(service)).of(down, { pool: 'read' }), 0);
  assert.equal((await client.send('/v1/countries/FR/status')).status, 200);
  await client.send('/readyz');
  await cluster.halt();
  await client.send('/v1/sources?limit=3');
  await until('the pool to be down', 10, async () => (await metrics(service)).of(down) === 1);
  await until(
    'the listener to be disconnected',
    10,
    async () => (await metrics(service)).of('cybertreaty_listener_connected') === 0,
  );
  // Cached responses are served as stale, so the service counts as ready.
  assert.equal((await client.send('/v1/countries/FR/status')).status, 200);
  const away = await metrics(service);
  assert.ok(away.of('cybertreaty_cache_stale_total') >= 1);
  assert.equal(away.of('cybertreaty_ready'), 1);
  const failures = (await metrics(service)).of('cybertreaty_pool_connection_failures_total');
  await until(
    'more attempts',
    10,
    async () =>
      (await metrics(service)).of('cybertreaty_pool_connection_failures_total') > failures,
  );
  await cluster.resume();
  await until('the pool to be up', 10, async () => (await metrics(service)).of(down) === 0);
});
