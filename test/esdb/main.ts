/**
 * A server that speaks EventStoreDB's protocol, for tests: by hand, in a container, or as a test's child with orders over its IPC channel.
 *
 *     node dist/test/esdb/main.js --directory D [--port 2113] [--host 127.0.0.1] [--advertise NAME] [--fsync] [--follow] [--certificate FILE --key FILE] [--user NAME:PASSWORD]…
 */
import { parseArgs } from 'node:util';
import { answer, type Order } from './orders.js';
import { EsdbServer } from './server.js';

const { values } = parseArgs({
  options: {
    directory: { type: 'string' },
    port: { type: 'string', default: '2113' },
    host: { type: 'string', default: '127.0.0.1' },
    advertise: { type: 'string' },
    fsync: { type: 'boolean', default: false },
    follow: { type: 'boolean', default: false },
    certificate: { type: 'string' },
    key: { type: 'string' },
    user: { type: 'string', multiple: true, default: [] },
  },
});
if (values.directory === undefined) {
  console.error('esdb: --directory is missing');
  process.exit(2);
}
const { directory, host, advertise, fsync, follow, certificate, key } = values;
const users = new Map(values.user.map((user) => [user.slice(0, user.indexOf(':')), user.slice(user.indexOf(':') + 1)]));
const server = await EsdbServer.start({
  directory,
  host,
  port: Number(values.port),
  fsync,
  follow,
  users,
  ...(advertise !== undefined && { advertise }),
  ...(certificate !== undefined && key !== undefined && { tls: { certificateFile: certificate, keyFile: key } }),
});
process.on('message', (order: Order) => void answer(server, order));
// A test that ends without stopping its server must not leave it behind.
process.on('disconnect', () => process.exit(0));
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.on(signal, () => {
    server.stop();
    process.exit(0);
  });
if (process.send === undefined) console.log(`esdb: listening on ${host}:${server.port}`);
else process.send({ kind: 'ready', port: server.port, id: server.id });
