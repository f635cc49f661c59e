/** Starts that are to be refused: what they say, and that log, database and keys are as they were. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { freePort, ServerProcess } from '../crash/server.js';
import type { Esdb } from '../esdb/esdb-server.fixture.js';
import { addressOf, ask, consent, recordedIn, tell, until } from './asking.js';
import type { Cluster } from './cluster.js';

export type App = 'api' | 'projector';
export const BOTH: readonly App[] = ['api', 'projector'];
/** In every URL that is to be refused: nowhere to be read. */
export const PASSWORD = 'wrong-but-secret';

export interface Refusal {
  readonly apps: readonly App[];
  /** What these starts are told otherwise. */
  readonly env: Readonly<Record<string, string>>;
  readonly sentence: RegExp;
  readonly code?: 1 | 2;
  /** What must not be touched, where it is another than the cluster's. */
  readonly log?: Esdb;
  readonly database?: string;
}

/** A ledger with values, stopped; its views have all of it. Gives an upstream's token. */
export async function stoppedLedger(cluster: Cluster): Promise<string> {
  const api = cluster.apis[0] as ServerProcess;
  const token = await api.upstream('crm');
  const { about, events } = recordedIn(await tell(api, token, 'RegisterSubject', 'anna', { identifiers: [addressOf('anna')] }));
  recordedIn(await tell(api, token, 'GiveConsent', 'yes', { subject: about[0], ...consent }));
  await until('the views have it', async () => (await ask(api, `/v1/subjects/${about[0]}/record?atLeast=${events.at(-1)?.position}`)).status === 200);
  for (const node of [...cluster.projectors, ...cluster.apis]) await node.stop();
  return token;
}

/** Each of these apps ends with such a sentence, and touches nothing. */
export async function isRefused(cluster: Cluster, { apps, env, sentence, code = 1, log = cluster.esdb, database = databaseOf(cluster) }: Refusal): Promise<void> {
  const before = await standing(cluster, log, database);
  for (const app of apps) {
    const told = await run(app, cluster, env);
    expect([app, told.code, told.stderr]).toEqual([app, code, expect.stringMatching(sentence)]);
    expect(told.stderr).toMatch(/^liggare: [^\n]+\n$/);
    for (const output of [told.stderr, told.stdout]) expect(output).not.toMatch(new RegExp(`${PASSWORD}|(esdb|postgres)://(?!…)|@(127|localhost)`));
    expect([app, await standing(cluster, log, database)]).toEqual([app, before]);
  }
}

export const databaseOf = ({ env }: Cluster): string => env['LIGGARE_VAULT'] ?? '';

interface Told {
  readonly code: number | null;
  readonly stderr: string;
  readonly stdout: string;
}

/** Runs it to its end. Rejects when it does not end by itself. */
async function run(app: App, cluster: Cluster, env: Readonly<Record<string, string>>): Promise<Told> {
  const data = mkdtempSync(join(tmpdir(), 'liggare-refused-'));
  const node = ServerProcess.launch({ data, port: await freePort(), app, env: { ...cluster.env, ...env } });
  const told = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) node.child[name]?.on('data', (text: string) => void (told[name] += text));
  const late = setTimeout(() => void node.kill(), 30_000);
  const { code, signal } = await node.ended;
  clearTimeout(late);
  if (signal !== null) throw new Error(`the ${app} did not end by itself: ${node.output}`);
  expect(readdirSync(data)).toEqual([]);
  rmSync(data, { recursive: true });
  return { code, ...told };
}

/** Everything that a start could have touched. */
async function standing(cluster: Cluster, log: Esdb, database: string): Promise<object> {
  const tables = await cluster.postgres.ask(database, "SELECT schemaname || '.' || tablename AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1");
  const rows: Record<string, unknown> = {};
  for (const { name } of tables) {
    const [found] = await cluster.postgres.ask(database, `SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) AS sum FROM ${String(name)} AS t`);
    rows[String(name)] = found?.['sum'];
  }
  const files = readdirSync(log.directory).map((name) => [name, createHash('sha256').update(readFileSync(join(log.directory, name))).digest('hex')]);
  return { rows, files, keys: readdirSync(cluster.env['LIGGARE_MASTER_KEY'] ?? '', { recursive: true }).map(String).sort() };
}
