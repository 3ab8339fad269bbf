// HEAD, OPTIONS, wrong and unknown methods, and the precedence of errors.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Client } from '../support/client.js';
import { operations } from '../support/contract.js';
import { sampleTargets } from '../support/sample_targets.js';

const client = Client.shared();
const KNOWN = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'CONNECT'];

test('returns the status and fields of GET without a body for HEAD', async () => {
  const targets = [
    ...(await sampleTargets(client)).values(),
    '/v1/countries/ZZ',
    '/v1/countries/nor',
    '/v1/countries?colour=red',
    '/nowhere',
  ];

  for (const target of targets) {
    const get = await client.send(target, { headers: { 'X-Request-Id': 'same' } });
    const head = await client.send(target, { method: 'HEAD', headers: { 'X-Request-Id': 'same' } });
    const comparable = (headers: Record<string, string>): Record<string, string> => {
      const { date, ...rest } = headers;
      return rest;
    };

    assert.equal(head.status, get.status, target);
    assert.equal(head.body.length, 0, target);
    assert.deepEqual(comparable(head.headers), comparable(get.headers), target);
    assert.equal(head.headers['content-length'], String(get.body.length), target);
  }
});

test('returns 204 with the allowed methods for OPTIONS', async () => {
  for (const target of (await sampleTargets(client)).values()) {
    const response = await client.send(target, { method: 'OPTIONS' });
    assert.equal(response.status, 204, target);
    assert.deepEqual(
      response.headers['allow']?.split(', ').sort(),
      ['GET', 'HEAD', 'OPTIONS'],
      target,
    );
  }
  assert.equal((await client.send('/nowhere', { method: 'OPTIONS' })).status, 404);
});

test('returns 405 with Allow for a method that the address does not support', async () => {
  for (const target of ['/v1/countries', '/v1/countries/NO', '/healthz', '/openapi.json'])
    for (const method of KNOWN.slice(3, 8)) {
      const response = await client.send(target, { method });
      assert.equal(response.status, 405, `${method} ${target}`);
      assert.deepEqual(response.headers['allow']?.split(', ').sort(), ['GET', 'HEAD', 'OPTIONS']);
    }
  // Node's client handles CONNECT differently.
  const connect = await client.raw(
    'CONNECT /v1/countries HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
  );
  assert.equal(connect.status, 405);
});

test('returns 501 for an unknown method at any address, compared case-sensitively', async () => {
  for (const method of ['get', 'Post', 'BREW', 'PROPFIND', 'GETT', 'HEAD2', 'M-SEARCH'])
    for (const target of ['/v1/countries', '/nowhere']) {
      const response = await client.raw(
        `${method} ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      );
      assert.equal(response.status, 501, `${method} ${target}`);
      assert.equal(response.headers['content-type'], 'application/problem+json');
    }
});

test('returns 404 for a known method at an unknown address', async () => {
  for (const method of KNOWN.slice(0, 8))
    assert.equal((await client.send('/v1/nothing', { method })).status, 404, method);
});

test('reports 400 of the head before 501 before 404 before 405 before 400 of the query', async () => {
  const large = 'x'.repeat(65_537);
  const cases: [string, string, string, number][] = [
    ['BREW', '/nowhere ?a=1&a=2', large, 400],
    ['BREW', '/nowhere?a=1&a=2', large, 501],
    ['POST', '/nowhere?a=1&a=2', large, 404],
    ['POST', '/v1/countries?a=1&a=2', large, 405],
    ['GET', '/v1/countries?a=1&a=2', '', 400],
  ];

  for (const [method, target, body, status] of cases) {
    const request = `${method} ${target} HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`;
    assert.equal((await client.raw(request)).status, status, `${method} ${target}`);
  }
});

test('reports an unknown country before an unknown parameter', async () => {
  await client.problem(404, '/v1/countries/ZZ?colour=red');
  await client.problem(404, '/v1/countries/ZZ/statements?colour=red');
  await client.problem(400, '/v1/countries/NO?colour=red');
});

test('supports every method in the contract', () => {
  assert.deepEqual([...new Set(operations.map(({ method }) => method))], ['GET']);
});
