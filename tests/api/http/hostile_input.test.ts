// Well-formed requests with harmful values. After each test the service responds
// as before. Malformed requests are in hostile_table.ts.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';

import { Client } from '../support/client.js';

const client = Client.shared();
const get = (target: string, fields = ''): string =>
  `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${fields}\r\n`;

afterEach(async () => {
  assert.equal((await client.send('/healthz')).status, 200);
  assert.equal((await client.get('/v1/countries/NO'))['data'].code, 'NO');
});

test('refuses bytes that are no text', async () => {
  for (const value of [
    '%00',
    'ab%00',
    '%FF%FE',
    '%C0%80',
    '%ED%A0%80',
    '%zz',
    '%',
    '%1',
    '%u0041',
    '%25%',
  ])
    for (const target of [
      `/v1/countries?q=${value}`,
      `/v1/countries?${value}=1`,
      `/v1/statements?article=${value}`,
    ])
      assert.equal((await client.raw(get(target))).status, 400, target);
});

test('reads UTF-8 without percent-encoding, and refuses other bytes', async () => {
  for (const byte of [0x80, 0xc3, 0xff]) {
    const bytes = Buffer.concat([
      Buffer.from('GET /v1/countries?q=ab'),
      Buffer.from([byte]),
      Buffer.from('cd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'),
    ]);
    assert.equal((await client.raw(bytes)).status, 400, `byte ${byte}`);
  }
  const { status, body } = await client.raw(Buffer.from(get('/v1/countries?q=åland')));
  assert.deepEqual([status, JSON.parse(body).meta.total], [200, 2]);
});

test('finds nothing at a path with such bytes', async () => {
  for (const value of [
    '%00',
    'N%00O',
    '%FF',
    '%zz',
    '%',
    '..%2f..%2fetc%2fpasswd',
    '%2e%2e',
    '\\..\\',
    'NO;x=1',
    "NO'",
    'NO"',
    '<NO>',
  ])
    assert.equal((await client.raw(get(`/v1/countries/${value}`))).status, 404, value);
});

test('refuses thousands of parameters', async () => {
  assert.equal((await client.raw(get(`/v1/countries?${'q=ab&'.repeat(500)}q=ab`))).status, 400);
  assert.equal((await client.raw(get(`/v1/countries?${'&'.repeat(4000)}`))).status, 400);
  assert.equal((await client.raw(get(`/v1/countries?${'='.repeat(4000)}`))).status, 400);
  assert.equal((await client.raw(get(`/v1/status?country=${'NO,'.repeat(2000)}NO`))).status, 400);
});

test('prints no percent sign as a format, also when connections are reset', async () => {
  const percents = '%s%n%d%x%p%%'.repeat(100);

  for (const target of [`/${percents}`, `/v1/countries?q=${percents}`, `/v1/countries/${percents}`])
    for (let i = 0; i < 20; i++) {
      await client.raw(get(target), { reset: true });
      await client.raw(`GET ${target}`, { reset: true });
      await client.raw(
        `POST ${target} HTTP/1.1\r\nHost: ${percents}\r\nContent-Length: 5000\r\nX: ${percents}\r\n\r\nabc`,
        { reset: true },
      );
    }
  assert.equal((await client.raw(get(`/v1/countries?q=${percents}`))).status, 400);
  assert.equal(
    (
      await client.raw(
        get(
          '/healthz',
          `X-Request-Id: ${percents}\r\nAccept-Language: ${percents}\r\nAccept: */*, ${percents}\r\nOrigin: ${percents}\r\n`,
        ),
      )
    ).status,
    200,
  );
});

test('copies no value that would split a response', async () => {
  const response = await client.raw(get('/v1/countries/nor?q=%0d%0aSet-Cookie:%20a=b'));
  assert.equal(response.status, 308);
  assert.equal(response.headers['set-cookie'], undefined);
});

test('serves others while 200 connections stay in the middle of a request', async () => {
  const silent = Array.from({ length: 200 }, () => client.raw('GET /v1', { seconds: 2 }));
  for (let i = 0; i < 20; i++) assert.equal((await client.send('/v1/countries/NO')).status, 200);
  for (const { status, closed } of await Promise.all(silent))
    assert.deepEqual([status, closed], [0, false]);
});
