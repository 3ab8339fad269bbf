// An HTTP client for a service. It checks every response against the contract.
import assert from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';

import type { operations as Operations } from '../generated/contract.js';
import { type Exchange, contractErrors, operations } from './contract.js';
import { record } from './coverage.js';

export interface ClientResponse extends Exchange {
  text: string;
  /** The body as JSON; throws when it is not valid. */
  json: <T = Record<string, any>>() => T; // eslint-disable-line @typescript-eslint/no-explicit-any
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  request_id: string;
  errors?: { parameter?: string; pointer?: string; detail: string }[];
  reason?: string;
  replaced_by?: string | null;
}

export interface Options {
  method?: string;
  headers?: Record<string, string | string[]>;
  body?: string | Buffer;
}

type Id = keyof Operations;
type Success<K extends Id> = Operations[K]['responses'] extends {
  200: { content: { 'application/json': infer T } };
}
  ? T
  : never;
type Path<K extends Id> = Operations[K]['parameters'] extends { path: infer P }
  ? { path: P }
  : { path?: never };
type Query<K extends Id> = Operations[K]['parameters'] extends { query?: infer Q }
  ? { query?: Q }
  : { query?: never };
export type Input<K extends Id> = Path<K> & Query<K>;
export type Data<K extends Id> = Success<K> extends { data: infer D } ? D : never;

function readResponse(exchange: Exchange): ClientResponse {
  const text = exchange.body.toString('utf8');
  return { ...exchange, text, json: () => JSON.parse(text) };
}

/** Records a response and throws when it breaks the contract. */
export function checkContract(received: Exchange): void {
  record(received.method, received.target, received.status);
  const wrong = contractErrors(received);
  assert.equal(
    wrong.length,
    0,
    `${received.method} ${received.target.slice(0, 200)} ${received.status} breaks the contract:\n  ${wrong.join('\n  ')}`,
  );
}

/** Checks the response to the first of the requests in a text, when its request line is valid. */
export function checkRawContract(
  sent: string,
  received: Omit<Exchange, 'method' | 'target'>,
): void {
  const [, method, target] = /^([A-Z]+) (\/\S*) HTTP\/\d\.\d\r\n/.exec(sent) ?? [];
  if (method !== undefined && target !== undefined) checkContract({ method, target, ...received });
}

export class Client {
  readonly #agent = new http.Agent({ keepAlive: true, maxSockets: 8 });

  constructor(readonly url: string) {}

  /** A client of the service that the runner started on the reference data. */
  static shared(): Client {
    const url = process.env['CYBERTREATY_TEST_SERVICE'];
    if (!url) throw new Error('Start tests with `npm run test:api [-- PART_OF_NAME ...]`.');
    return new Client(url);
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** Sends a request with the target exactly as given. */
  async send(
    target: string,
    { method = 'GET', headers = {}, body }: Options = {},
  ): Promise<ClientResponse> {
    // Node omits Content-Length from a GET with a body.
    const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
    const received = await new Promise<ClientResponse>((resolve, reject) => {
      const request = http.request(
        {
          host: '127.0.0.1',
          port: this.port,
          agent: this.#agent,
          method,
          path: target,
          headers: { ...length, ...headers },
        },
        (response) => {
          const parts: Buffer[] = [];
          response.on('error', reject);
          response.on('data', (part: Buffer) => parts.push(part));
          response.on('end', () => {
            const fields = Object.entries(response.headers).map(([name, value]) => [
              name,
              String(value),
            ]);
            const exchange = {
              method,
              target,
              status: response.statusCode ?? 0,
              headers: Object.fromEntries(fields) as Record<string, string>,
              body: Buffer.concat(parts),
            };
            resolve(readResponse(exchange));
          });
        },
      );
      request.on('error', reject);
      request.end(body);
    });

    checkContract(received);
    return received;
  }

  /** Sends a GET that must return 200; returns the body. */
  async get<T = Record<string, any>>(
    target: string,
    headers: Record<string, string> = {},
  ): Promise<T> {
    const received = await this.send(target, { headers });
    assert.equal(received.status, 200, `GET ${target}: ${received.text.slice(0, 500)}`);
    return received.json<T>();
  }

  /** Sends a request that must return this status; returns the problem document. */
  async problem(status: number, target: string, options: Options = {}): Promise<Problem> {
    const received = await this.send(target, options);
    assert.equal(
      received.status,
      status,
      `${target.slice(0, 200)}: ${received.text.slice(0, 500)}`,
    );
    return received.json<Problem>();
  }

  /** Calls an operation by its name in the contract, with the generated types of input and body. */
  async call<K extends Id>(id: K, input: Input<K>): Promise<Success<K>> {
    return this.get<Success<K>>(this.target(id, input));
  }

  target<K extends Id>(id: K, input: Input<K>): string {
    const operation = operations.find((candidate) => candidate.id === id);
    if (!operation) throw new Error(`The contract has no operation ${id}.`);

    const values = (input.path ?? {}) as Record<string, string>;
    const path = operation.template.replaceAll(/\{([^}]+)\}/g, (_, name: string) =>
      encodeURIComponent(values[name] ?? ''),
    );
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries((input.query ?? {}) as Record<string, unknown>))
      if (value !== undefined) query.set(name, String(value));
    return query.size > 0 ? `${path}?${query}` : path;
  }

  /** Returns all rows of a list: follows links.next from page to page. */
  async walk<T = Record<string, any>>(
    target: string,
    headers: Record<string, string> = {},
  ): Promise<T[]> {
    const rows: T[] = [];

    for (let next: string | undefined = target; next !== undefined;) {
      const page: { data: T[]; links: { next?: string } } = await this.get(next, headers);
      rows.push(...page.data);
      next = page.links.next;
    }
    return rows;
  }

  /** Sends the bytes and returns what the service sent until one complete response has arrived, the
   *  service has closed the connection or the time has run out. */
  raw(bytes: string | Buffer, { seconds = 15, reset = false } = {}): Promise<RawResponse> {
    return new Promise((resolve, reject) => {
      const parts: Buffer[] = [];
      const socket = net.connect(this.port, '127.0.0.1', () => {
        socket.write(bytes, () => {
          if (reset) socket.resetAndDestroy();
        });
      });
      const finish = (closed: boolean): void => {
        socket.destroy();
        const response = readRawResponse(Buffer.concat(parts), closed);
        try {
          if (response.complete && response.status >= 200)
            checkRawContract(bytes.toString('latin1'), {
              ...response,
              body: Buffer.from(response.body),
            });
        } catch (error) {
          reject(error as Error);
        }
        resolve(response);
      };

      socket.setTimeout(seconds * 1000, () => finish(false));
      socket.on('data', (part) => {
        parts.push(part);
        if (readRawResponse(Buffer.concat(parts), false).complete) socket.setTimeout(300);
      });
      socket.on('close', () => finish(true));
      // The service may close while the client still writes; the bytes received before count.
      socket.on('error', (error: NodeJS.ErrnoException) =>
        ['ECONNRESET', 'EPIPE'].includes(error.code ?? '') ? finish(true) : reject(error),
      );
    });
  }
}

export interface RawResponse {
  status: number; // 0: no response
  headers: Record<string, string>;
  body: string;
  /** The whole body was received. */
  complete: boolean;
  /** The service closed the connection. */
  closed: boolean;
}

function readRawResponse(bytes: Buffer, closed: boolean): RawResponse {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return { status: 0, headers: {}, body: '', complete: false, closed };

  const [first = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  ) as Record<string, string>;
  const body = bytes.subarray(end + 4);
  const length = Number(headers['content-length'] ?? Number.NaN);
  return {
    status: Number(first.split(' ')[1]),
    headers,
    body: body.subarray(0, Number.isNaN(length) ? undefined : length).toString('utf8'),
    complete: closed || body.length >= length,
    closed,
  };
}
