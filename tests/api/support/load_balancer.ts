// A small HTTP balancer in front of replicas, with the manners of a usual one: a replica that
// refuses a connection, or closes an idle one before a byte of the answer, is passed over for
// another. Whatever else goes wrong is a lost answer.
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export class LoadBalancer {
  /** What was lost, in words. */
  readonly lost: string[] = [];
  /** Requests that had to go to another replica. */
  passedOn = 0;

  readonly #agents = new Map<number, http.Agent>();
  #next = 0;

  private constructor(
    readonly ports: number[],
    readonly server: http.Server,
  ) {
    for (const port of ports)
      this.#agents.set(port, new http.Agent({ keepAlive: true, maxSockets: 64 }));
    server.on('request', (request, response) => this.#relay(request, response, this.#next++, 0));
  }

  static async start(ports: number[]): Promise<LoadBalancer> {
    const server = http.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new LoadBalancer(ports, server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const agent of this.#agents.values()) agent.destroy();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  #relay(
    request: http.IncomingMessage,
    response: http.ServerResponse,
    turn: number,
    attempt: number,
  ): void {
    const port = this.ports[turn % this.ports.length] ?? 0;
    const upstream = http.request(
      {
        host: '127.0.0.1',
        port,
        agent: this.#agents.get(port),
        method: request.method,
        path: request.url,
        headers: { Host: 'balancer' },
      },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('error', (error) => this.#lose(response, `cut off: ${error.message}`));
        answer.on('end', () => {
          if (!answer.complete) return;
          response.writeHead(answer.statusCode ?? 502);
          response.end(Buffer.concat(parts));
        });
      },
    );
    upstream.on('error', (error: NodeJS.ErrnoException) => {
      if (response.writableEnded) return;
      const refused = error.code === 'ECONNREFUSED';
      const idleEnded = upstream.reusedSocket && ['ECONNRESET', 'EPIPE'].includes(error.code ?? '');
      // An idle connection may be found ended several times, a port refused once for each replica.
      if ((refused && attempt < 2 * this.ports.length) || (idleEnded && attempt < 80)) {
        this.passedOn++;
        this.#relay(request, response, turn + 1, attempt + 1);
      } else {
        this.#lose(response, `${error.message}${upstream.reusedSocket ? ', used before' : ''}`);
      }
    });
    upstream.end();
  }

  #lose(response: http.ServerResponse, why: string): void {
    this.lost.push(why);
    response.writeHead(502);
    response.end();
  }
}
