// Header fields: names, values, folded lines, sizes.
import { type Row, SMUGGLED, PATH, LINE, get, message, lines, section } from './hostile_row.js';

const names = section('RFC 9112, section 5.1, and RFC 9110, section 5.1', [
  ['refuses a space before the colon', get('X : y'), '400 closed', '400 closed'],
  ['refuses a tab before the colon', get('X\t: y'), '400 closed', '400 closed'],
  [
    'refuses a space before the colon of a length',
    get(`Content-Length : ${SMUGGLED.length}`) + SMUGGLED,
    '400 closed',
  ],
  [
    'refuses a tab before the colon of a length',
    get(`Content-Length\t: ${SMUGGLED.length}`) + SMUGGLED,
    '400 closed',
  ],
  [
    'refuses a space before the colon of a transfer coding',
    get('Transfer-Encoding : chunked') + `0\r\n\r\n${SMUGGLED}`,
    '400 closed',
  ],
  ['refuses an empty name', get(': y'), '400 closed'],
  ['refuses a line without a colon', get('X'), '400 closed', '200 open'],
  ['refuses a colon alone', get(':'), '400 closed'],
  ['refuses a name with a zero', get('X\0Y: z'), '400 closed'],
  ['refuses a name with a control character', get('X\x01Y: z'), '400 closed'],
  ['refuses a name with DEL', get('X\x7fY: z'), '400 closed'],
  ['refuses a name with a byte above 127', get('X\xe9Y: z'), '400 closed', '400 open'],
  ['refuses a name with a space', get('X Y: z'), '400 closed'],
  ['refuses a name with a slash', get('X/Y: z'), '400 closed', '400 open'],
  ['refuses a name with a parenthesis', get('X(Y: z'), '400 closed', '400 open'],
  ['refuses a name with a quote', get('"X": z'), '400 closed', '400 open'],
  ['refuses a name with an at sign', get('X@Y: z'), '400 closed', '400 open'],
  ['serves a name with every special character', get("X!#$%&'*+-.^_`|~: z"), '200 open'],
  ['serves a name without a value', get('X:'), '200 open'],
  ['serves equal names', get('X: a', 'X: b', 'x: c'), '200 open'],
]);

const values = section('RFC 9110, section 5.5', [
  ['refuses a value with a zero', get('X: a\0b'), '400 closed'],
  ['refuses a value that is a zero', get('X: \0'), '400 closed'],
  [
    'refuses a value with a zero before a length',
    get(`X: a\0Content-Length: ${SMUGGLED.length}`) + SMUGGLED,
    '400 closed',
  ],
  ['refuses a value with a bell', get('X: a\x07b'), '400 closed', '400 open'],
  ['refuses a value with a vertical tab', get('X: a\x0bb'), '400 closed', '400 open'],
  ['refuses a value with a form feed', get('X: a\x0cb'), '400 closed', '400 open'],
  ['refuses a value with DEL', get('X: a\x7fb'), '400 closed', '400 open'],
  ['serves a value with a tab', get('X: a\tb'), '200 open'],
  ['serves a value with bytes above 127', get('X: caf\xe9 \x80\xff'), '200 open'],
  ['serves a value between spaces and tabs', get('X: \t  a \t '), '200 open'],
  [
    'refuses 20,000 blanks before a value',
    get(`X:${' '.repeat(20_000)}a`),
    '431 closed',
    '400 closed',
  ],
  [
    'refuses 20,000 blanks before a value in two segments',
    [
      get(`X:${' '.repeat(20_000)}a`).slice(0, 20_000),
      get(`X:${' '.repeat(20_000)}a`).slice(20_000),
    ],
    '431 closed',
    '400 closed',
  ],
  ['serves a value of blanks', get('X: \t  '), '200 open'],
  ['serves a value with colons and commas', get('X: a:b, "c:d",,'), '200 open'],
]);

const folded = section('RFC 9112, section 5.2', [
  ['refuses a folded line', get('X: a', ' b'), '400 closed', '400 closed'],
  ['refuses a line folded by a tab', get('X: a', '\tb'), '400 closed', '400 closed'],
  ['refuses a folded line that is blank', get('X: a', ' '), '400 closed', '400 closed'],
  [
    'refuses a folded line that looks like a field',
    get('X: a', ` Content-Length: ${SMUGGLED.length}`) + SMUGGLED,
    '400 closed',
  ],
  [
    'refuses a folded transfer coding',
    get('Transfer-Encoding:', ' chunked') + `0\r\n\r\n${SMUGGLED}`,
    '400 closed',
  ],
  [
    'refuses a transfer coding built of folded lines',
    get('X: a', ' Transfer-Encoding', ' : chunked') + `0\r\n\r\n${SMUGGLED}`,
    '400 closed',
  ],
  [
    'refuses a folded Host',
    message(`GET ${PATH} HTTP/1.1`, 'Host:', ' x'),
    '400 closed',
    '400 closed',
  ],
]);

const sizes = section('RFC 6585, section 5', [
  ['serves 64 field lines', get(...lines(63)), '200 open', '200 open'],
  ['refuses 65 field lines', get(...lines(64)), '431 closed', '431 open'],
  ['refuses 10,000 field lines', get(...lines(10_000)), '431 closed', '400 closed'],
  ['refuses 64 KiB in one field', get(`X: ${'x'.repeat(65_536)}`), '431 closed', '400 closed'],
  ['refuses a name of 64 KiB', get(`${'x'.repeat(65_536)}: y`), '431 closed', '400 closed'],
  [
    'refuses 64 KiB in one field before its end',
    `${LINE}Host: x\r\nX: ${'x'.repeat(65_536)}`,
    '431 closed',
    '400 closed',
  ],
  [
    'refuses two lengths behind 64 lines',
    get(...lines(64), 'Content-Length: 0', `Content-Length: ${SMUGGLED.length}`) + SMUGGLED,
    '431 closed',
    '400 closed',
  ],
]);

export const rows: Row[] = [...names, ...values, ...folded, ...sizes];
