/** PostgreSQL from the programs of this machine. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Machine } from './postgres.fixture.js';

const run = promisify(execFile);
const DEBIAN = '/usr/lib/postgresql';

/** The folder of initdb and postgres, in PATH or where Debian keeps them, the newest first. */
export function programsOf(): string | undefined {
  const debian = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((one, two) => Number(two) - Number(one)).map((version) => join(DEBIAN, version, 'bin')) : [];
  return [...(process.env['PATH'] ?? '').split(delimiter), ...debian].find((folder) => ['initdb', 'postgres'].every((program) => existsSync(join(folder, program))));
}

export async function startPrograms(durable: boolean): Promise<Machine | undefined> {
  const programs = programsOf();
  if (programs === undefined) return undefined;
  const user = unprivileged();
  const directory = mkdtempSync(join(tmpdir(), 'liggare-postgres-'));
  if (user) {
    chownSync(directory, user.uid, user.gid);
    // The run's own temporary directory is root's; the server has to get through it.
    if (dirname(directory) !== '/tmp') chmodSync(dirname(directory), 0o711);
  }
  const data = join(directory, 'data');
  await run(join(programs, 'initdb'), ['-D', data, '-U', 'liggare', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync', '--no-instructions'], { ...user, cwd: directory });
  const port = await freePort();
  const settings = { listen_addresses: '127.0.0.1', port, unix_socket_directories: '', fsync: durable ? 'on' : 'off', shared_buffers: '64MB', max_connections: 100, log_min_messages: 'fatal' };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const start = async (): Promise<ChildProcess> => {
    const server = spawn(join(programs, 'postgres'), ['-D', data, ...flags], { ...user, cwd: directory, stdio: 'ignore' });
    await untilReady(server, join(data, 'postmaster.pid'));
    return server;
  };
  let server = await start();
  const end = async (signal: 'SIGINT' | 'SIGQUIT'): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    server.kill(signal);
    await once(server, 'exit');
  };
  return {
    url: `postgres://liggare@127.0.0.1:${port}`,
    files: async () => readdirSync(data, { recursive: true, withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [readFileSync(join(entry.parentPath, entry.name))] : [])),
    restart: async (mode, whileDown = async () => undefined) => {
      await end(mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
      try {
        await whileDown();
      } finally {
        server = await start();
      }
    },
    stop: async () => {
      await end('SIGQUIT');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The server refuses to run as root. */
function unprivileged(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = new Map(readFileSync('/etc/passwd', 'utf8').split('\n').map((line) => [line.split(':')[0], line.split(':')] as const));
  const [, , uid, gid] = users.get('postgres') ?? users.get('nobody') ?? [];
  if (uid === undefined || gid === undefined) throw new Error('there is no unprivileged user to run PostgreSQL as');
  return { uid: Number(uid), gid: Number(gid) };
}

/** The last line of its pid file says `ready` when it takes connections. */
async function untilReady(server: ChildProcess, pidFile: string): Promise<void> {
  for (let waited = 0; waited < 30_000; waited += 20) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL did not start (exit code ${server.exitCode})`);
    if (existsSync(pidFile)) {
      const lines = readFileSync(pidFile, 'utf8').split('\n');
      if (Number(lines[0]) === server.pid && lines.some((line) => line.trim() === 'ready')) return;
    }
    await delay(20);
  }
  server.kill('SIGKILL');
  throw new Error('PostgreSQL did not get ready in 30 s');
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('a server that listens has an address');
  return address.port;
}
