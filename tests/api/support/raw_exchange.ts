// Sends bytes unchanged on one connection, reads every response by its framing, and reports the
// final state of the connection.
import net from 'node:net';

export interface Script {
  /** Bytes, a character each; each part is a segment. */
  send: string[];
  then: 'wait' | 'half-close' | 'reset';
}

export interface RawResponse {
  status: number;
  version: string;
  /** Each line as it came. */
  fields: { name: string; value: string }[];
  body: Buffer;
}

export interface RawExchange {
  /** Statuses and the end of the connection, as hostile_table.ts writes them. */
  outcome: string;
  responses: RawResponse[];
}

/** Milliseconds between two segments, so that the kernel does not join them. */
const BETWEEN_SEGMENTS = 2;
/** Milliseconds without a response after which the request counts as unfinished. */
const UNFINISHED = 700;
/** Milliseconds for a response, or for the end of a connection, that is expected. */
const LATEST = 2500;

const HEAD_END = '\r\n\r\n';

export const fieldOf = (response: RawResponse, name: string): string | undefined =>
  response.fields.find((field) => field.name.toLowerCase() === name)?.value;

function hasBody(status: number, method: string | undefined): boolean {
  return method !== 'HEAD' && status >= 200 && status !== 204 && status !== 304;
}

/** The length of a chunked body with its last line; undefined while a part is missing. */
function chunkedLength(bytes: Buffer): number | undefined {
  for (let at = 0; ;) {
    const end = bytes.indexOf('\r\n', at);
    if (end < 0) return undefined;
    const size = parseInt(bytes.subarray(at, end).toString('latin1'), 16);
    at = end + 2 + size + 2;
    if (at > bytes.length) return undefined;
    if (size === 0) return at;
  }
}

/** Reads the response that the bytes begin with; undefined while a part is missing. */
function readResponse(
  bytes: Buffer,
  method: string | undefined,
): { response: RawResponse; size: number } | undefined {
  const end = bytes.indexOf(HEAD_END);
  if (end < 0) return undefined;

  const [first = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const [, version = '', status] = /^(HTTP\/\d\.\d) (\d{3}) [^\r\n]*$/.exec(first) ?? [];
  if (!status) throw new Error(`No status line: ${JSON.stringify(first.slice(0, 200))}`);
  const fields = lines.map((line) => {
    const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/s.exec(line) ?? [];
    if (name === undefined || value === undefined)
      throw new Error(`No field: ${JSON.stringify(line.slice(0, 200))}`);
    return { name, value };
  });
  const response: RawResponse = { status: Number(status), version, fields, body: bytes };
  const rest = bytes.subarray(end + HEAD_END.length);
  const chunked = fieldOf(response, 'transfer-encoding') === 'chunked';
  const length = !hasBody(response.status, method)
    ? 0
    : chunked
      ? chunkedLength(rest)
      : Number(fieldOf(response, 'content-length') ?? Number.NaN);
  if (Number.isNaN(length)) throw new Error(`A response without a length: ${first}`);
  if (length === undefined || rest.length < length) return undefined;
  response.body = rest.subarray(0, length);
  return { response, size: end + HEAD_END.length + length };
}

class Connection {
  readonly responses: RawResponse[] = [];
  end: 'open' | 'closed' | 'reset' = 'open';
  fault: Error | undefined;
  #unread = Buffer.alloc(0);
  #changed: () => void = () => undefined;

  private constructor(
    readonly socket: net.Socket,
    /** The methods of the requests, in order, as far as they can be told. */
    readonly methods: string[],
  ) {
    socket.setNoDelay(true);
    socket.on('data', (part: Buffer) => {
      this.#unread = Buffer.concat([this.#unread, part]);
      this.#read();
      this.#changed();
    });
    socket.on('end', () => {
      if (this.#unread.length > 0) this.#readBare();
      if (this.end === 'open') this.end = 'closed';
      this.#changed();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // Writing to a connection that the service has closed in good order is no reset.
      if (this.end === 'open' && error.code !== 'EPIPE') this.end = 'reset';
      this.#changed();
    });
    socket.on('close', () => {
      if (this.end === 'open') this.end = 'closed';
      this.#changed();
    });
  }

  static open(host: string, port: number, methods: string[]): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = net.connect({ port, host, allowHalfOpen: true });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new Connection(socket, methods));
      });
    });
  }

  #read(): void {
    try {
      for (;;) {
        const final = this.responses.filter(({ status }) => status >= 200).length;
        const found = readResponse(this.#unread, this.methods[final]);
        if (!found) return;
        this.responses.push(found.response);
        this.#unread = this.#unread.subarray(found.size);
      }
    } catch (error) {
      this.fault ??= error as Error;
    }
  }

  /** The remaining bytes at the end may be a response of HTTP/0.9, which is only a body. */
  #readBare(): void {
    const body = this.#unread;
    if (body.subarray(0, 5).toString('latin1') === 'HTTP/')
      this.fault ??= new Error('A response is cut off.');
    else this.responses.push({ status: 0, version: 'HTTP/0.9', fields: [], body });
  }

  /** Waits until `done`, at most so long. */
  async wait(milliseconds: number, done: () => boolean): Promise<boolean> {
    const late = Date.now() + milliseconds;
    while (!done() && this.fault === undefined) {
      const left = late - Date.now();
      if (left <= 0) return false;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#changed = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return done();
  }
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

let probes = 0;

/** True when a further request on the connection gets its own response. */
async function isOpen(connection: Connection): Promise<boolean> {
  const id = `probe-${process.pid}-${++probes}`;
  const before = connection.responses.length;
  const answered = (): number =>
    connection.responses.findIndex((response) => fieldOf(response, 'x-request-id') === id);

  connection.socket.write(`GET /healthz HTTP/1.1\r\nHost: x\r\nX-Request-Id: ${id}\r\n\r\n`);
  await connection.wait(LATEST, () => answered() >= 0 || connection.end !== 'open');
  const at = answered();
  // Earlier responses belong to the script.
  if (at >= before) connection.responses.splice(at, 1);
  return at >= 0;
}

/** Sends the script. `expected` is the outcome to wait for. */
export async function exchange(
  port: number,
  { send, then }: Script,
  expected: string,
  host = '127.0.0.1',
): Promise<RawExchange> {
  const methods = [...send.join('').matchAll(/^([A-Z]+) \S+ HTTP\//gm)].map(([, name]) => name!);
  const connection = await Connection.open(host, port, methods);
  const { socket, responses } = connection;
  const statuses = expected.split(' ').filter((word) => /^\d/.test(word));
  const wanted = expected.split(' ').at(-1);

  try {
    for (const [i, part] of send.entries()) {
      if (i > 0) await pause(BETWEEN_SEGMENTS);
      socket.write(Buffer.from(part, 'latin1'));
    }
    if (then === 'reset') {
      await pause(BETWEEN_SEGMENTS);
      socket.resetAndDestroy();
      return { outcome: 'reset', responses: [] };
    }
    if (then === 'half-close') socket.end();

    const ended = (): boolean => connection.end !== 'open';
    if (statuses.length > 0)
      await connection.wait(LATEST, () => responses.length >= statuses.length || ended());
    let end: string = 'open';
    if (wanted === 'closed') await connection.wait(LATEST, ended);
    else if (wanted === 'waiting' && !(await connection.wait(UNFINISHED, ended))) end = 'waiting';
    else if (!ended() && !(await isOpen(connection))) end = 'waiting';
    if (ended()) end = connection.end;
    if (connection.fault) throw connection.fault;
    return { outcome: [...responses.map(({ status }) => status), end].join(' '), responses };
  } finally {
    socket.destroy();
  }
}
