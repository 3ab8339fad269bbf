// Body length: transfer codings, Content-Length, chunks.
import {
  type Entry,
  type Outcome,
  type Row,
  SMUGGLED,
  NEXT,
  PATH,
  get,
  by,
  message,
  section,
} from './hostile_row.js';

const CHUNKS = `0\r\n\r\n${NEXT}`;
export const coded = (value: string, ...more: string[]): string =>
  get(`Transfer-Encoding:${value}`, ...more) + CHUNKS;

const codings = section('RFC 9112, section 6.1', [
  ['refuses chunked', coded(' chunked'), '411 closed', '200 404 open'],
  ['refuses chunked in capitals', coded(' CHUNKED'), '411 closed', '200 404 open'],
  ['refuses chunked between tabs', coded('\tchunked\t'), '411 closed', '501 closed'],
  [
    'refuses chunked with HEAD',
    by('HEAD', 'Transfer-Encoding: chunked') + CHUNKS,
    '411 closed',
    '200 404 open',
  ],
  [
    'refuses chunked with POST',
    by('POST', 'Transfer-Encoding: chunked') + CHUNKS,
    '411 closed',
    '405 404 open',
  ],
  ['refuses chunked before a length', coded(' chunked', 'Content-Length: 5'), '400 closed'],
  [
    'refuses chunked behind a length',
    get('Content-Length: 5', 'Transfer-Encoding: chunked') + CHUNKS,
    '400 closed',
  ],
  ['refuses chunked with a length of zero', coded(' chunked', 'Content-Length: 0'), '400 closed'],
  ['refuses gzip', coded(' gzip'), '400 closed', '501 closed'],
  ['refuses gzip before chunked', coded(' gzip, chunked'), '400 closed', '501 closed'],
  ['refuses chunked twice', coded(' chunked, chunked'), '400 closed', '501 closed'],
  ['refuses chunked before identity', coded(' chunked, identity'), '400 closed', '501 closed'],
  ['refuses identity', coded(' identity'), '400 closed', '501 closed'],
  ['refuses two fields', coded(' chunked', 'Transfer-Encoding: chunked'), '400 closed'],
  [
    'refuses two fields of which one is identity',
    coded(' chunked', 'Transfer-Encoding: identity'),
    '400 closed',
  ],
  ['refuses an empty coding', coded(''), '400 closed', '501 closed'],
  ['refuses a comma', coded(' ,'), '400 closed', '501 closed'],
  ['refuses chunked behind a comma', coded(' , chunked'), '400 closed', '501 closed'],
  ['refuses chunked with a parameter', coded(' chunked;a=b'), '400 closed', '501 closed'],
  ['refuses quoted chunked', coded(' "chunked"'), '400 closed', '501 closed'],
  ['refuses xchunked', coded(' xchunked'), '400 closed', '501 closed'],
  ['refuses chunked cut short', coded(' chunke'), '400 closed', '501 closed'],
  ['refuses chunked behind a vertical tab', coded(' \x0bchunked'), '400 closed', '501 closed'],
  [
    'refuses chunked in HTTP/1.0',
    message(`GET ${PATH} HTTP/1.0`, 'Transfer-Encoding: chunked') + CHUNKS,
    '400 closed',
  ],
]);

/** The route has no POST: a length that is read leads to 405, and one that is refused to 400. */
const post = (...lines: string[]): string => by('POST', ...lines);

const lengths = section('RFC 9112, section 6.3, and RFC 9110, section 8.6', [
  ['serves a length of zero', get('Content-Length: 0'), '200 open'],
  ['serves a length of zeros', get('Content-Length: 000'), '200 open'],
  ['serves two requests with a length of zero', get('Content-Length: 0').repeat(2), '200 200 open'],
  [
    'refuses two unequal lengths',
    post('Content-Length: 0', `Content-Length: ${SMUGGLED.length}`) + SMUGGLED,
    '400 closed',
  ],
  [
    'refuses two equal lengths',
    post('Content-Length: 5', 'Content-Length: 5') + 'hello',
    '400 closed',
  ],
  ['refuses two lengths of zero', post('Content-Length: 0', 'content-length: 0'), '400 closed'],
  ['refuses a list of equal lengths', post('Content-Length: 5, 5') + 'hello', '400 closed'],
  ['refuses a list of zeros', post('Content-Length: 0,0'), '400 closed'],
  ['refuses two numbers', post('Content-Length: 5 5') + 'hello', '400 closed'],
  ['refuses a length with a sign', post('Content-Length: +5') + 'hello', '400 closed'],
  ['refuses a negative length', post('Content-Length: -1'), '400 closed'],
  ['refuses a negative length of zero', post('Content-Length: -0'), '400 closed'],
  ['refuses a hexadecimal length', post('Content-Length: 0x5') + 'hello', '400 closed'],
  ['refuses a length with a point', post('Content-Length: 5.0') + 'hello', '400 closed'],
  ['refuses a length with an exponent', post('Content-Length: 1e1') + '1234567890', '400 closed'],
  ['refuses a length in words', post('Content-Length: five') + 'hello', '400 closed'],
  ['refuses a quoted length', post('Content-Length: "5"') + 'hello', '400 closed'],
  ['refuses an empty length', post('Content-Length:'), '400 closed'],
  ['refuses a length of blanks', post('Content-Length: \t '), '400 closed'],
  [
    'refuses a length of 20 digits',
    post('Content-Length: 99999999999999999999'),
    '400 closed',
    '400 closed',
  ],
  [
    'refuses a length of 2 to the 64th',
    post('Content-Length: 18446744073709551616'),
    '400 closed',
    '400 closed',
  ],
  [
    'reads a length with leading zeros as decimal',
    post(`Content-Length: 0${SMUGGLED.length}`) + SMUGGLED,
    '405 closed',
    '405 open',
  ],
]);

/** The library that reads chunks is never reached; nginx reads them, and sends a body with a length. */
const chunk = (text: string, proxied: Outcome, send: string): Entry => [
  `refuses chunks ${text} without reading them`,
  get('Transfer-Encoding: chunked') + send + NEXT,
  '411 closed',
  proxied,
];

const chunks = section('RFC 9112, section 7.1', [
  chunk('that are well-formed', '400 404 open', '5\r\nhello\r\n0\r\n\r\n'),
  chunk('with an extension', '400 404 open', '5;a=b\r\nhello\r\n0\r\n\r\n'),
  chunk('with a line feed in an extension', '400 closed', '5;a\nb\r\nhello\r\n0\r\n\r\n'),
  chunk('with a trailer', '400 404 open', '5\r\nhello\r\n0\r\nX: y\r\n\r\n'),
  chunk('with leading zeros', '400 404 open', '0005\r\nhello\r\n000\r\n\r\n'),
  chunk('with a sign', '400 closed', '+5\r\nhello\r\n0\r\n\r\n'),
  chunk('with a hexadecimal prefix', '400 closed', '0x5\r\nhello\r\n0\r\n\r\n'),
  chunk('of 17 digits', '400 closed', 'fffffffffffffffff\r\nhello\r\n0\r\n\r\n'),
  chunk('without a size', '400 closed', '\r\nhello\r\n0\r\n\r\n'),
  chunk('that end with line feeds', '400 404 open', '5\nhello\n0\n\n'),
  chunk('that are longer than their size', '400 closed', '5\r\nhello!\r\n0\r\n\r\n'),
]);

export const rows: Row[] = [...codings, ...lengths, ...chunks];
