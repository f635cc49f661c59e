/** Between one node and its log: connections stand, and nothing comes through while it is paused. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface PausableProxy {
  readonly port: number;
  pause(): void;
  resume(): void;
  close(): Promise<void>;
}

/** On a loopback port of the system's choice, to one on loopback. */
export async function startPausableProxy(target: number): Promise<PausableProxy> {
  const sockets = new Set<Socket>();
  let isPaused = false;
  const join = (from: Socket, to: Socket): void => {
    sockets.add(from);
    from.on('data', (part) => {
      if (!to.write(part)) from.pause();
    });
    to.on('drain', () => {
      if (!isPaused) from.resume();
    });
    from.once('error', () => to.destroy());
    from.once('close', () => {
      sockets.delete(from);
      to.destroy();
    });
    if (isPaused) from.pause();
  };
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    join(near, far);
    join(far, near);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const all = (act: 'pause' | 'resume'): void => {
    isPaused = act === 'pause';
    for (const socket of sockets) socket[act]();
  };
  return {
    port,
    pause: () => all('pause'),
    resume: () => all('resume'),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
