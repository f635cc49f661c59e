/** `GET /health/live` on the port of the services, as the real server has it; without TLS only. Everything else is gRPC's. */
import type { Socket } from 'node:net';

const LIVE = 'HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n';

/** Looks at what a connection begins with: HTTP/2 begins with `PRI`, a health check with `GET`. */
export function answerHealth(socket: Socket, otherwise: (socket: Socket) => void): void {
  socket.once('data', (begin: Buffer) => {
    if (begin.toString('latin1', 0, 4) === 'GET ') return void socket.end(LIVE);
    socket.pause();
    socket.unshift(begin);
    otherwise(socket);
  });
}
