// A small HTTP load balancer in front of replicas. Like others, it retries a request at another replica
// when the first refuses the connection, or closes an idle one before it sends a byte. Any other
// failure is a lost response.
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export class LoadBalancer {
  /** The reasons for lost responses. */
  readonly lost: string[] = [];
  /** Requests that were retried at another replica. */
  retried = 0;

  readonly #agents = new Map<number, http.Agent>();
  #next = 0;

  private constructor(
    readonly ports: number[],
    readonly server: http.Server,
  ) {
    for (const port of ports)
      this.#agents.set(port, new http.Agent({ keepAlive: true, maxSockets: 64 }));
    server.on('request', (request, response) => this.#forward(request, response, this.#next++, 0));
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

  #forward(
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
      (received) => {
        const parts: Buffer[] = [];
        received.on('data', (part: Buffer) => parts.push(part));
        received.on('error', (error) => this.#reportLoss(response, `truncated: ${error.message}`));
        received.on('end', () => {
          if (!received.complete) return;
          response.writeHead(received.statusCode ?? 502);
          response.end(Buffer.concat(parts));
        });
      },
    );
    upstream.on('error', (error: NodeJS.ErrnoException) => {
      if (response.writableEnded) return;
      const refused = error.code === 'ECONNREFUSED';
      const idleEnded = upstream.reusedSocket && ['ECONNRESET', 'EPIPE'].includes(error.code ?? '');
      // Several idle connections in the pool may have been closed; each replica may refuse once.
      if ((refused && attempt < 2 * this.ports.length) || (idleEnded && attempt < 80)) {
        this.retried++;
        this.#forward(request, response, turn + 1, attempt + 1);
      } else {
        this.#reportLoss(
          response,
          `${error.message}${upstream.reusedSocket ? ', used before' : ''}`,
        );
      }
    });
    upstream.end();
  }

  #reportLoss(response: http.ServerResponse, why: string): void {
    this.lost.push(why);
    response.writeHead(502);
    response.end();
  }
}
