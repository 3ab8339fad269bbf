// The rows of hostile_table.ts, and the requests in them.
//
// Texts are bytes: each character is one, so '\xff' is the byte 255.

/** `refuses ...`, `serves ...`: what the service does, as the name of a test. */
export interface Row {
  does: string;
  /** The rule that the row is about. */
  rule: string;
  /** Bytes to send; each part is a segment. */
  send: string[];
  /** What the client does once all is sent; by default it waits. */
  then: 'wait' | 'half-close' | 'reset';
  outcome: Outcome;
  /** The outcome behind a proxy, nginx, which refuses some requests itself and repairs others. */
  proxied: Outcome;
}

/**
 * The statuses of all responses in order (0 for HTTP/0.9, which has none), then the state of the connection:
 * - open: a further request on it gets its own response;
 * - closed: the service closed it, and the client could read everything before;
 * - reset: the service reset it;
 * - waiting: it is open and the request has no response yet.
 */
export type Outcome = `${string}${'open' | 'closed' | 'reset' | 'waiting'}`;

/** No response and no log line may be for this path, since it is never the target of a request. */
export const SMUGGLED_PATH = '/smuggled';
/** Bytes of a request in a place where the service must not read one. */
export const SMUGGLED = `GET ${SMUGGLED_PATH} HTTP/1.1\r\nHost: x\r\n\r\n`;

/** A further request, which a reader of chunks may find. */
export const NEXT = 'GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n';

export const PATH = '/v1/treaties/185';
export const LINE = `GET ${PATH} HTTP/1.1\r\n`;
export const PLAIN = `${LINE}Host: x\r\n\r\n`;
export const LAST = `${LINE}Host: x\r\nConnection: close\r\n\r\n`;

/** A GET of HTTP/1.1 with Host and further lines. */
export const get = (...lines: string[]): string =>
  message(`GET ${PATH} HTTP/1.1`, 'Host: x', ...lines);
export const to = (target: string): string => message(`GET ${target} HTTP/1.1`, 'Host: x');
export const by = (method: string, ...lines: string[]): string =>
  message(`${method} ${PATH} HTTP/1.1`, 'Host: x', ...lines);
export const host = (value: string): string => message(`GET ${PATH} HTTP/1.1`, `Host:${value}`);

export function message(...lines: string[]): string {
  return lines.map((line) => `${line}\r\n`).join('') + '\r\n';
}

export const lines = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `F${i}: x`);
export const bytes = (text: string): string[] => [...text];
/** A request that holds another one as its body. */
export const around = (...fields: string[]): string =>
  get(...fields, `Content-Length: ${SMUGGLED.length}`) + SMUGGLED;

export type Entry =
  | [does: string, send: string | string[], outcome: Outcome, proxied?: Outcome]
  | [does: string, send: string | string[], outcome: Outcome, proxied: Outcome, then: Row['then']];

export const section = (rule: string, entries: Entry[]): Row[] =>
  entries.map(([does, send, outcome, proxied = outcome, then = 'wait']) => ({
    does,
    rule,
    send: [send].flat(),
    then,
    outcome,
    proxied,
  }));
