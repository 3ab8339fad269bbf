// Several requests on a connection, and connection fields.
import { coded } from './hostile_bodies.js';
import {
  type Outcome,
  type Row,
  SMUGGLED,
  NEXT,
  PATH,
  LINE,
  PLAIN,
  LAST,
  get,
  to,
  by,
  message,
  bytes,
  around,
  section,
  lines,
} from './hostile_row.js';

const connections = section('RFC 9112, section 9.3 and 9.6', [
  ['closes on close', get('Connection: close'), '200 closed'],
  ['closes on close in capitals', get('Connection: CLOSE'), '200 closed'],
  ['closes on close in a list', get('Connection: close, x'), '200 closed'],
  ['closes on close at the end of a list', get('Connection: x ,\tclose'), '200 closed'],
  ['closes on close in a second field', get('Connection: x', 'Connection: close'), '200 closed'],
  ['closes on close together with keep-alive', get('Connection: keep-alive, close'), '200 closed'],
  ['stays open on keep-alive', get('Connection: keep-alive'), '200 open'],
  ['stays open on a list of others', get('Connection: x, y'), '200 open'],
  ['stays open on an empty list', get('Connection: , ,'), '200 open'],
  [
    'stays open on a word that begins like close',
    get('Connection: closed'),
    '200 open',
    '200 closed',
  ],
  [
    'stays open on a word that ends like close',
    get('Connection: xclose'),
    '200 open',
    '200 closed',
  ],
  ['ignores what follows a request that closes', LAST + SMUGGLED, '200 closed'],
  ['ignores a length behind a request that closes', LAST + around(), '200 closed'],
  ['closes HTTP/1.0 on close', message(`GET ${PATH} HTTP/1.0`, 'Connection: close'), '200 closed'],
  [
    'ignores what follows a request of HTTP/1.0',
    message(`GET ${PATH} HTTP/1.0`) + SMUGGLED,
    '200 closed',
  ],
  ['serves a client that half-closes', PLAIN, '200 closed', '200 closed', 'half-close'],
  [
    'serves two requests of a client that half-closes',
    PLAIN + PLAIN,
    '200 200 closed',
    '200 200 closed',
    'half-close',
  ],
  [
    'closes on a client that half-closes within a head',
    `${LINE}Host: x\r\n`,
    'closed',
    'closed',
    'half-close',
  ],
  ['closes on a client that half-closes at once', '', 'closed', 'closed', 'half-close'],
]);

const pipelines = section('RFC 9112, section 9.3.2', [
  ['serves ten requests in order', PLAIN.repeat(10), ('200 '.repeat(10) + 'open') as Outcome],
  [
    'serves methods in order',
    by('HEAD') + PLAIN + by('OPTIONS') + by('POST') + PLAIN,
    '200 200 204 405 200 open',
  ],
  [
    'serves addresses in order',
    to('/nowhere') + PLAIN + to('/v1/countries/nor') + to('/v1/countries?colour=red') + PLAIN,
    '404 200 308 400 200 open',
  ],
  [
    'refuses a malformed request behind two',
    PLAIN + PLAIN + get('X : y') + SMUGGLED,
    '200 200 400 closed',
    '200 200 400 closed',
  ],
  [
    'refuses a body behind two requests',
    PLAIN + PLAIN + around(),
    '200 200 400 closed',
    '200 200 400 open',
  ],
  [
    'refuses chunks behind two requests',
    PLAIN + by('HEAD') + coded(' chunked'),
    '200 200 411 closed',
    '200 200 200 404 open',
  ],
  [
    'refuses a version behind a request',
    `${PLAIN}GET / HTTP/3.0\r\n\r\n${SMUGGLED}`,
    '200 505 closed',
  ],
  [
    'refuses an unknown method behind a request',
    PLAIN + by('BREW') + NEXT,
    '200 501 closed',
    '200 501 404 open',
  ],
  [
    'refuses a long target behind a request',
    PLAIN + to(`/${'x'.repeat(9000)}`) + NEXT,
    '200 414 closed',
    '200 414 404 open',
  ],
  [
    'refuses many fields behind a request',
    PLAIN + get(...lines(70)) + NEXT,
    '200 431 closed',
    '200 431 404 open',
  ],
  [
    'refuses POST with a body behind a request',
    `${PLAIN}${by('POST', `Content-Length: ${SMUGGLED.length}`)}${SMUGGLED}`,
    '200 405 closed',
    '200 405 open',
  ],
  ['waits for the rest behind a request', `${PLAIN}GET ${PATH}`, '200 waiting'],
  ['serves a request in bytes', bytes(get('X: y')), '200 open'],
  ['serves a pipeline in bytes', bytes(PLAIN + by('HEAD') + LAST), '200 200 200 closed'],
  ['refuses a malformed request in bytes', bytes(get('X : y')), '400 closed'],
  ['refuses a length with a sign in bytes', bytes(get('Content-Length: +5')), '400 closed'],
  ['serves a request cut before its last byte', [PLAIN.slice(0, -1), '\n'], '200 open'],
  [
    'serves two requests cut in the second',
    [PLAIN + PLAIN.slice(0, 10), PLAIN.slice(10)],
    '200 200 open',
  ],
  ['survives a reset in a head', `${LINE}Host: x\r\n`, 'reset', 'reset', 'reset'],
  ['survives a reset behind a request', PLAIN, 'reset', 'reset', 'reset'],
  ['survives a reset in a pipeline', PLAIN.repeat(20) + LINE, 'reset', 'reset', 'reset'],
  [
    'survives a reset in a body',
    `${by('POST', 'Content-Length: 5000')}abc`,
    'reset',
    'reset',
    'reset',
  ],
]);

const expectations = section('RFC 9110, section 10.1.1', [
  ['ignores Expect without a body', get('Expect: 100-continue'), '200 open', '100 200 open'],
  [
    'ignores Expect with a length of zero',
    get('Expect: 100-continue', 'Content-Length: 0'),
    '200 open',
    '100 200 open',
  ],
  [
    'ignores Expect between requests',
    PLAIN + get('Expect: 100-continue') + PLAIN,
    '200 200 200 open',
    '200 100 200 200 open',
  ],
  [
    'ignores Expect in HTTP/1.0',
    message(`GET ${PATH} HTTP/1.0`, 'Expect: 100-continue'),
    '200 closed',
  ],
  ['ignores an unknown expectation', get('Expect: 200-ok'), '200 open'],
  ['ignores an empty expectation', get('Expect:'), '200 open'],
  [
    'ignores an unknown expectation together with 100-continue',
    get('Expect: x, 100-continue'),
    '200 open',
  ],
  [
    'ignores an expectation in two fields',
    get('Expect: x', 'Expect: 100-continue'),
    '200 open',
    '400 closed',
  ],
  [
    'refuses a body with an unknown expectation',
    by('POST', 'Expect: x', 'Content-Length: 5') + 'hello',
    '405 closed',
    '405 open',
  ],
  [
    'refuses a body at once instead of asking for it',
    get('Expect: 100-continue', 'Content-Length: 5'),
    '400 closed',
    '100 400 closed',
  ],
  [
    'refuses POST at once instead of asking for its body',
    by('POST', 'Expect: 100-continue', 'Content-Length: 5'),
    '405 closed',
    '100 405 closed',
  ],
  [
    'refuses POST at once whatever the letters',
    by('POST', 'Expect: 100-CONTINUE', 'Content-Length: 5'),
    '405 closed',
    '100 405 closed',
  ],
  [
    'refuses chunks at once instead of asking for them',
    by('POST', 'Expect: 100-continue', 'Transfer-Encoding: chunked'),
    '411 closed',
    '100 411 closed',
  ],
]);

const upgrades = section('RFC 9110, section 7.8', [
  [
    'ignores Upgrade to h2c',
    get('Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABk'),
    '200 open',
  ],
  [
    'ignores Upgrade to WebSocket',
    get('Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'),
    '200 open',
  ],
  [
    'ignores Upgrade and serves what follows',
    get('Connection: Upgrade', 'Upgrade: h2c') + PLAIN,
    '200 200 open',
  ],
  ['ignores an empty Upgrade', get('Upgrade:'), '200 open'],
]);

const coding = section('RFC 9110, section 6.6.2 and 10.1.4', [
  ['ignores TE', get('TE: trailers, deflate;q=0.5', 'Connection: TE'), '200 open'],
  ['ignores Trailer', get('Trailer: X'), '200 open'],
]);

export const rows: Row[] = [...connections, ...pipelines, ...expectations, ...upgrades, ...coding];
