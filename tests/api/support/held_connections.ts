// Connections that are held open, as clients with bad manners do.
import net from 'node:net';

export interface HeldConnection {
  socket: net.Socket;
  /** All that came back so far. */
  text: () => string;
  /** True once the service has closed it. */
  closed: () => boolean;
}

/** Connects and sends `bytes` at once; `from` is the address of this machine to call from. */
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
