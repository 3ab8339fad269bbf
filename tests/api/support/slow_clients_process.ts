// A process that runs slow clients: node slow_clients_process.js PORT CLIENTS. It sends its counts to its
// parent every second.
//
// The clients send one byte a second, in the request line, in a field, in a body or in chunks; or they
// request large responses and never read. Each reconnects when the service has disconnected it.
import { type HeldConnection, hold } from './held_connections.js';

export interface SlowClientCounts {
  open: number;
  /** The longest life of a connection that sends, in milliseconds. */
  oldest: number;
  /** How many connections the service has closed. */
  ended: number;
}

const [port = 0, clients = 0] = process.argv.slice(2).map(Number);
const HEAD = 'GET /v1/countries/NO HTTP/1.1\r\nHost: x\r\n';
const LARGE = 'GET /openapi.yaml HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(100);
const kinds: { start: string; more: (n: number) => string }[] = [
  { start: 'G', more: (n) => HEAD[n] ?? 'x' },
  { start: `${HEAD}X-Long: `, more: () => 'x' },
  { start: `${HEAD}Content-Length: 60000\r\n\r\n`, more: () => 'x' },
  { start: `${HEAD}Transfer-Encoding: chunked\r\n\r\n`, more: () => '1\r\nx\r\n' },
  { start: LARGE, more: () => 'x' },
];
const READING = kinds.length - 1;

const state: SlowClientCounts = { open: 0, oldest: 0, ended: 0 };

async function runClient(i: number): Promise<void> {
  const kind = i % kinds.length;
  const { start, more } = kinds[kind] as (typeof kinds)[number];
  const one: HeldConnection = await hold(port, start, `127.0.1.${1 + (i % 8)}`);
  const began = Date.now();

  state.open++;
  if (kind === READING) one.socket.pause();
  for (let n = 1; !one.closed(); n++) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    if (kind !== READING) state.oldest = Math.max(state.oldest, Date.now() - began);
    one.socket.write(more(n));
  }
  state.open--;
  state.ended++;
}

for (let i = 0; i < clients; i++)
  void (async () => {
    // Staggered, so that the rate of new connections is not measured.
    await new Promise((resolve) => setTimeout(resolve, 5 * i));
    for (;;) await runClient(i);
  })();
setInterval(() => process.send?.(state), 1000);
process.on('disconnect', () => process.exit());
