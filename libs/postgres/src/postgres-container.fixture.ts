/** PostgreSQL in a container. The image is LIGGARE_TEST_IMAGE_POSTGRES, else postgres:15-alpine if it is here. */
import { request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Machine } from './postgres.fixture.js';
import { freePort, programsOf } from './postgres-programs.fixture.js';

export const DOCKER_SOCKET = '/var/run/docker.sock';
const DEFAULT_IMAGE = 'postgres:15-alpine';

/** Undefined: no Docker, or an image that would have to be fetched though nobody named it and programs are here. */
export async function startContainer(durable: boolean): Promise<Machine | undefined> {
  const named = process.env['LIGGARE_TEST_IMAGE_POSTGRES'];
  const image = named ?? DEFAULT_IMAGE;
  if ((await dockerAnswers('/_ping')) !== 200) return undefined;
  if (named === undefined && programsOf() !== undefined && (await dockerAnswers(`/images/${image}/json`)) !== 200) return undefined;

  // Its cleaner is one more image; every container is stopped where it was started.
  process.env['TESTCONTAINERS_RYUK_DISABLED'] = 'true';
  const { GenericContainer, Wait } = await import('testcontainers');
  const port = await freePort();
  class OnLoopback extends GenericContainer {
    protected override async beforeContainerCreated(): Promise<void> {
      this.hostConfig.PortBindings = { '5432/tcp': [{ HostIp: '127.0.0.1', HostPort: String(port) }] };
    }
  }
  const container = await new OnLoopback(image)
    .withEnvironment({ POSTGRES_USER: 'liggare', POSTGRES_HOST_AUTH_METHOD: 'trust' })
    .withCommand(['postgres', '-c', `fsync=${durable ? 'on' : 'off'}`])
    .withExposedPorts({ container: 5432, host: port })
    // Once for the server that makes the databases, once for the one that stays.
    .withWaitStrategy(Wait.forLogMessage(/ready to accept connections/, 2))
    .withStartupTimeout(90_000)
    .start();
  return {
    url: `postgres://liggare@127.0.0.1:${port}`,
    // One archive of them all, which is not compressed.
    files: async () => [await buffer(await container.copyArchiveFromContainer('/var/lib/postgresql'))],
    restart: async (mode, whileDown = async () => undefined) => {
      // Docker's time limit: 0 kills it, as `immediate` does.
      await dockerAnswers(`/containers/${container.getId()}/stop?t=${mode === 'fast' ? 10 : 0}&signal=${mode === 'fast' ? 'SIGINT' : 'SIGQUIT'}`, 'POST');
      try {
        await whileDown();
      } finally {
        await dockerAnswers(`/containers/${container.getId()}/start`, 'POST');
      }
      await untilAnswering(`postgres://liggare@127.0.0.1:${port}/postgres`);
    },
    stop: async () => void (await container.stop({ timeout: 0 })),
  };
}

/** The status that Docker answers with; undefined when nobody does. */
async function dockerAnswers(path: string, method = 'GET'): Promise<number | undefined> {
  return new Promise((resolve) => {
    const asked = request({ socketPath: DOCKER_SOCKET, path, method, timeout: method === 'GET' ? 1_000 : 30_000 }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode));
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(undefined));
    asked.end();
  });
}

async function untilAnswering(url: string): Promise<void> {
  for (let waited = 0; waited < 30_000; waited += 100) {
    const client = new pg.Client(url);
    client.on('error', () => undefined);
    try {
      await client.connect();
      return await client.end();
    } catch {
      await delay(100);
    }
  }
  throw new Error('PostgreSQL did not get ready in 30 s');
}
