/** What an app does as a process: listens, stops on signals, and tells what stands against it in one sentence. */
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { StoresFault } from './stores-fault.js';

/** Of an error's message. */
export function sentenceOf(error: unknown, otherwise: string): string {
  return error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : otherwise;
}

/** The first signal stops in order, a second at once. */
export function stopOnSignals(close: () => Promise<void>): void {
  let isStopping = false;
  const onSignal = (): void => {
    if (isStopping) process.exit(1);
    isStopping = true;
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`liggare: could not stop in order: ${sentenceOf(error, 'no reason told')}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
}

/** Gives where it listens, without a slash at the end. Throws `StoresFault` where it cannot. `another`: who may have the port. */
export async function listenAt(app: NestFastifyApplication, { host, port }: { readonly host: string; readonly port: number }, another: string): Promise<string> {
  try {
    await app.listen(port, host);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE') throw new StoresFault(`port ${port} on ${host} is taken (hint: another ${another} may be running; LIGGARE_PORT names another port)`, { cause: error });
    if (code === 'EACCES') throw new StoresFault(`port ${port} on ${host} needs rights that this user does not have (hint: LIGGARE_PORT names another port)`, { cause: error });
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') throw new StoresFault(`"${host}" is no address of this machine (hint: LIGGARE_HOST)`, { cause: error });
    throw error;
  }
  const address = app.getHttpServer().address() as { readonly port: number };
  return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
}
