// Connections that a client holds open.
import net from 'node:net';

export interface HeldConnection {
  socket: net.Socket;
  /** All that the service has sent so far. */
  text: () => string;
  /** True once the service has closed the connection. */
  closed: () => boolean;
}

/** Connects from the local address `from` and sends `bytes`. */
export function hold(port: number, bytes: string, from = '127.0.0.1'): Promise<HeldConnection> {
  return new Promise((resolve) => {
    let text = '';
    let closed = false;
    const socket = net.connect({ port, host: '127.0.0.1', localAddress: from }, () => {
      if (bytes) socket.write(bytes);
      resolve({ socket, text: () => text, closed: () => closed });
    });

    socket.on('data', (part) => (text += part.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('end', () => socket.destroy());
    socket.on('close', () => {
      closed = true;
      resolve({ socket, text: () => text, closed: () => closed });
    });
  });
}

export function release(held: HeldConnection[]): void {
  for (const { socket } of held) socket.destroy();
}
