import { cpSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { catalogue } from '#ledger/catalogue.js';
import { readConfiguration, type Configuration } from '#nest/configuration.js';
import { commandFrom } from '#nest/recording.js';
import { startServer } from './server.js';
import { temporaryData } from './server.fixture.js';

const { data, remove } = temporaryData();
const at = (name: string): Configuration => readConfiguration({ LIGGARE_DATA: join(dirname(data), name), LIGGARE_MASTER_KEY: `${data}.keys`, LIGGARE_PORT: '0' });
afterAll(remove);

/** Starts, registers some people, stops. */
async function live(people: readonly string[]): Promise<void> {
  const { parts, close } = await startServer(at('data'), { writeLog: () => undefined });
  const type = catalogue.get('RegisterSubject')?.type ?? Object;
  for (const name of people) await parts.record(commandFrom(type, { identifiers: [{ kind: 'email', value: `${name}@example.se` }] }, { commandId: name, system: 'crm', actor: '00000000-0000-4000-8000-000000000001', role: 'upstream', now: new Date().toISOString() }));
  await close();
}

/** A ledger put together of two times, without views. */
function made(name: string, log: string, vault: string): Configuration {
  const to = at(name);
  mkdirSync(to.data);
  for (const [file, from] of [['log.db', log], ['vault.db', vault], ['ledger.json', vault]] as const) cpSync(join(at(from).data, file), join(to.data, file));
  return to;
}

/** `started`, or why not; whatever started is stopped again. */
async function start(configuration: Configuration): Promise<string> {
  try {
    await (await startServer(configuration, { writeLog: () => undefined })).close();
    return 'started';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

beforeAll(async () => {
  await live(['a', 'b', 'c']);
  cpSync(data, join(dirname(data), 'older'), { recursive: true });
  await live(['d', 'e']);
});

it('is refused with an older log beside the vault, before anything is answered as a duplicate that the log lacks', async () => {
  expect(await start(made('log', 'older', 'data'))).toContain('an older log stands beside it');
});

it('is refused with an older vault beside the log', async () => {
  expect(await start(made('vault', 'data', 'older'))).toContain('an older vault stands beside it');
});

it('starts with log and vault of one time, the newer and the older', async () => {
  for (const time of ['data', 'older']) expect(await start(made(`both-${time}`, time, time))).toBe('started');
});
