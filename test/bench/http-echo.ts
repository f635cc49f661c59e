/** Whole HTTP/1.1 requests, and the bare Fastify echo of the same bodies under the same load: the limit of figures over HTTP. */
import Fastify from 'fastify';
import { httpLoad } from './workers.js';

export const CONNECTIONS = 64;

export function requestOf(path: string, body: object, headers: Readonly<Record<string, string>>): Uint8Array {
  const text = Buffer.from(JSON.stringify(body));
  const told = Object.entries({ host: '127.0.0.1', 'content-type': 'application/json', ...headers, 'content-length': String(text.length) });
  return Buffer.concat([Buffer.from(`POST ${path} HTTP/1.1\r\n${told.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`), text]);
}

/** Requests a second; `route` is the pattern that takes them. */
export async function echoed(route: string, request: (i: number) => Uint8Array, { warmUp, requests }: { readonly warmUp: number; readonly requests: number }): Promise<number> {
  const echo = Fastify();
  echo.post(route, (incoming) => incoming.body);
  await echo.listen({ port: 0, host: '127.0.0.1' });
  const { port } = echo.server.address() as { port: number };
  const load = (count: number): ReturnType<typeof httpLoad> => httpLoad({ port, connections: CONNECTIONS, requests: Array.from({ length: count }, (_, i) => request(i)) });
  await load(warmUp);
  const { seconds } = await load(requests);
  await echo.close();
  return requests / seconds;
}
