// Load by Node, for responses that wrk cannot read: after a 304 with Content-Length it waits for a
// body. (RFC 9110, section 8.6)
import net from 'node:net';

import { type Sample, cpuSeconds } from './measure.js';
import type { Server } from './servers.js';

const END = '\r\n\r\n';

/** Repeats a request on a connection until the time is over; returns the number of responses. */
function repeat(port: number, request: string, status: number, until: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write(request));
    let responses = 0;
    let head = '';
    let missing = 0;

    const finish = (): void => {
      socket.destroy();
      resolve(responses);
    };
    const answered = (): void => {
      responses++;
      head = '';
      if (Date.now() >= until) finish();
      else socket.write(request);
    };
    socket.setNoDelay(true);
    socket.setTimeout(10_000, () => reject(new Error('No response within 10 s.')));
    socket.on('error', reject);
    socket.on('close', () => (Date.now() < until ? reject(new Error('Closed.')) : finish()));
    socket.on('data', (part: Buffer) => {
      if (missing > 0) {
        missing -= part.length;
        if (missing <= 0) answered();
        return;
      }
      head += part.toString('latin1');
      const end = head.indexOf(END);
      if (end < 0) return;
      if (!head.startsWith(`HTTP/1.1 ${status} `)) reject(new Error(head.slice(0, end)));
      const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
      missing = status === 304 ? 0 : length - (head.length - end - END.length);
      if (missing <= 0) answered();
    });
  });
}

/** The cost of a request that returns this status. */
export async function samplePlainly(
  server: Server,
  target: string,
  headers: Record<string, string>,
  { status, connections, seconds }: { status: number; connections: number; seconds: number },
): Promise<Sample> {
  const fields = Object.entries({ Host: 'localhost', ...headers });
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const request = `GET ${target} HTTP/1.1\r\n${lines}\r\n`;
  const before = cpuSeconds([server.pid]);
  const began = Date.now();
  const counts = await Promise.all(
    Array.from({ length: connections }, () =>
      repeat(server.port, request, status, began + seconds * 1000),
    ),
  );
  const responses = counts.reduce((sum, count) => sum + count, 0);
  return {
    cpu: ((cpuSeconds([server.pid]) - before) * 1e6) / responses,
    rate: (responses * 1000) / (Date.now() - began),
  };
}
