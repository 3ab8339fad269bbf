// Input that nobody sends by mistake. After each the service is alive and answers as before.
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

test('query: bytes that are no text are 400', async () => {
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

test('query: raw bytes beyond ASCII, controls and blanks in the target never reach an answer', async () => {
  for (const byte of [0x01, 0x0b, 0x7f, 0x80, 0xc3, 0xff]) {
    const bytes = Buffer.concat([
      Buffer.from('GET /v1/countries?q=ab'),
      Buffer.from([byte]),
      Buffer.from('cd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'),
    ]);
    const { status } = await client.raw(bytes);
    // libmicrohttpd 1.0 itself sends whoever writes a blank to the encoded address.
    assert.ok([0, 301, 400].includes(status), `byte ${byte}: ${status}`);
  }
  // libmicrohttpd ends the target at a NUL; nothing behind it may be looked at.
  const cut = await client.raw(get('/v1/countries?q=norway\0&colour=red'));
  assert.ok([0, 200, 400].includes(cut.status), String(cut.status));
  const plain = await client.raw(Buffer.from(get('/v1/countries?q=åland')));
  assert.deepEqual(
    [plain.status, JSON.parse(plain.body).meta.total],
    [200, 2],
    'valid UTF-8 may come without encoding',
  );
});

test('path: the same in the path is 404', async () => {
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

test('query: repeated and unknown parameters in great number', async () => {
  assert.equal((await client.raw(get(`/v1/countries?${'q=ab&'.repeat(500)}q=ab`))).status, 400);
  // The library keeps a list of them before we are asked, and gives up when it grows too long.
  assert.ok(
    [0, 400, 414, 431].includes(
      (await client.raw(get(`/v1/countries?${'&'.repeat(4000)}`))).status,
    ),
  );
  assert.equal((await client.raw(get(`/v1/countries?${'='.repeat(4000)}`))).status, 400);
  assert.equal((await client.raw(get(`/v1/status?country=${'NO,'.repeat(2000)}NO`))).status, 400);
});

test('sizes: 64 KB of target', async () => {
  assert.equal((await client.raw(get(`/v1/countries?q=${'x'.repeat(65_536)}`))).status, 414);
  assert.equal((await client.raw(get(`/${'x'.repeat(65_536)}`))).status, 414);
  assert.equal((await client.raw(get(`/v1/countries?q=${'%41'.repeat(20_000)}`))).status, 414);
});

test('sizes: 64 KB of fields, in one and in many', async () => {
  assert.equal((await client.raw(get('/healthz', `X: ${'x'.repeat(65_536)}\r\n`))).status, 431);
  assert.equal((await client.raw(get('/healthz', 'X: y\r\n'.repeat(10_000)))).status, 431);
  assert.equal((await client.raw(get('/healthz', `${'x'.repeat(65_536)}: y\r\n`))).status, 431);
});

test('sizes: a body that is announced as endless, negative or no number', async () => {
  for (const length of ['99999999999999999999', '-1', 'abc', '0x10', '5, 5', '']) {
    const { status } = await client.raw(get('/healthz', `Content-Length: ${length}\r\n`), {
      seconds: 3,
    });
    assert.ok([0, 400, 413].includes(status), `Content-Length: ${length}: ${status}`);
  }
});

test('sizes: a request smuggled behind two lengths is not answered', async () => {
  for (const fields of [
    'Content-Length: 6\r\nTransfer-Encoding: chunked\r\n',
    'Transfer-Encoding: chunked\r\nContent-Length: 60\r\n',
    'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n',
    'Content-Length: 0\r\nContent-Length: 40\r\n',
  ]) {
    const bytes = `GET /healthz HTTP/1.1\r\nHost: x\r\n${fields}\r\n0\r\n\r\nGET /v1/countries/SE HTTP/1.1\r\nHost: x\r\n\r\n`;
    const response = await client.raw(bytes);
    assert.ok([0, 400].includes(response.status), `${fields}: ${response.status}`);
    assert.doesNotMatch(response.body, /Sweden/, fields);
    assert.ok(response.closed, fields);
  }
});

test('hostile: percent signs everywhere, and connections that are reset', async () => {
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

test('hostile: what is no HTTP at all', async () => {
  for (const bytes of [
    '\r\n\r\n\r\n',
    'GET\r\n\r\n',
    'GET /\r\n\r\n',
    'GET / HTTP/9.9\r\nHost: x\r\n\r\n',
    '\x16\x03\x01\x02\x00\x01\x00\x01\xfc',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    '\0'.repeat(1000),
    `${'A'.repeat(100_000)}`,
  ]) {
    const { status } = await client.raw(Buffer.from(bytes, 'latin1'), { seconds: 1 });
    assert.ok(status === 0 || status >= 400, `${JSON.stringify(bytes.slice(0, 20))}: ${status}`);
  }
});

test('hostile: fields that try to split the answer come back nowhere', async () => {
  const response = await client.raw(get('/v1/countries/nor?q=%0d%0aSet-Cookie:%20a=b'));
  assert.equal(response.headers['set-cookie'], undefined);
  const id = await client.raw(get('/healthz', 'X-Request-Id: a\r\n Set-Cookie: a=b\r\n'));
  assert.equal(id.headers['set-cookie'], undefined);
});

test('hostile: many connections that say nothing do not keep others out', async () => {
  const silent = Array.from({ length: 200 }, () => client.raw('GET /v1', { seconds: 2 }));
  for (let i = 0; i < 20; i++) assert.equal((await client.send('/v1/countries/NO')).status, 200);
  for (const response of await Promise.all(silent)) assert.ok([0, 408].includes(response.status));
});

test('hostile: pipelined requests are answered one by one, in order', async () => {
  const one = (code: string, last = false): string =>
    `GET /v1/countries/${code} HTTP/1.1\r\nHost: x\r\n${last ? 'Connection: close\r\n' : ''}\r\n`;
  const { body } = await client.raw(one('NO') + one('SE') + one('DK', true));
  const order = ['"Norway"', '"Sweden"', '"Denmark"'].map((name) => body.indexOf(name));
  assert.ok(
    order.every((at, i) => at > (order[i - 1] ?? -1)),
    String(order),
  );
});
