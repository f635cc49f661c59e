/**
 * The demo's load on one process with SQLite, and on two API nodes and two projectors over EventStoreDB's protocol and PostgreSQL: the same keys,
 * the same systems one after the other, then the desk and the asks. Every person's record and audit trail, and every register, is then the
 * same, trails in the same order. What may differ, and is put as one thing before they are compared:
 * - positions (another engine's numbers), and with them cursors;
 * - what the clock of each run said (instants while it ran, and days after these), for both runs cannot be at one time;
 * - the ids of tokens, which are drawn at random: an actor is put as the name of its token;
 * - in registers over all people, the order of lines, which is that of their positions: people are told of side by side.
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readConfiguration } from '#nest/configuration.js';
import { sendLines } from '../../apps/cli/src/send-lines.js';
import type { Server } from '../../apps/cli/src/server.js';
import { freePort, ServerProcess } from '../crash/server.js';
import { askFinally } from '../demo/asking.js';
import { readCodes } from '../demo/codes.js';
import { workAtTheDesk } from '../demo/desk.js';
import { SENDERS } from '../demo/step.js';
import { tokensOf } from '../demo/tokens.js';
import { generateUpstream } from '../demo/upstream.js';
import { ask, until } from './asking.js';
import { describeCluster, LONG } from './cluster.suite.js';
import type { Cluster } from './cluster.js';
import { eventsIn, faultsIn, reading } from './kept.js';

/** The fewest of whom every kind of line can be told. */
const PEOPLE = 60;
/** After all that is told with a time of its own. */
const VALID = 'valid=2022-01-15';
const REGISTERS = ['consents', 'disclosures', 'transfers', 'sourcings', 'recipient-register', 'deviations', 'decisions/recorded', 'secret-disclosures'];
const KINDS = ['recipients', 'conferences', 'sources', 'activities'];

const directory = mkdtempSync(join(tmpdir(), 'same-answers-'));
const embeddedEnv = { LIGGARE_DATA: join(directory, 'data'), LIGGARE_MASTER_KEY: join(directory, 'keys') };
const sharedKeys = join(directory, 'shared-keys');
let embedded: ServerProcess;
let wholeBeganMs = 0;
afterAll(async () => {
  await embedded.kill();
  rmSync(directory, { recursive: true, force: true });
}, LONG);

async function startEmbedded(): Promise<{ readonly apis: number; readonly projectors: number; readonly env: Readonly<Record<string, string>>; readonly stop: () => Promise<void> }> {
  wholeBeganMs = Date.now();
  mkdirSync(embeddedEnv.LIGGARE_DATA);
  embedded = await ServerProcess.ready({ data: embeddedEnv.LIGGARE_DATA, port: await freePort(), env: embeddedEnv });
  cpSync(embeddedEnv.LIGGARE_MASTER_KEY, sharedKeys, { recursive: true });
  return { apis: 2, projectors: 2, env: { LIGGARE_MASTER_KEY: sharedKeys }, stop: async () => undefined };
}

const serverOf = (node: ServerProcess): Server => ({ url: new URL(`http://127.0.0.1:${node.start.port}`), token: node.officer });

/** Each system's lines go to one node, the next system's to the next. */
async function tellAll(nodes: readonly ServerProcess[], data: string): Promise<readonly object[]> {
  const officer = (n: number): Server => serverOf(nodes[n % nodes.length] as ServerProcess);
  const tokens = await tokensOf(officer(0), data);
  const upstream = generateUpstream({ people: PEOPLE, seed: 1, from: '2019-01-15', until: '2022-01-15', codes: readCodes(readConfiguration({}).policy) });
  const reports: object[] = [];
  for (const [n, system] of SENDERS.entries()) {
    const lines = [...upstream.lines(system)].map(({ text }) => `${text}\n`);
    const tally = await sendLines({ url: officer(n).url, token: tokens[system] }, Readable.from([Buffer.from(lines.join(''))], { objectMode: false }));
    reports.push({ system, ...tally.report() });
  }
  reports.push(await workAtTheDesk(officer(1), await headOf(officer(0), nodes)));
  const asked = await askFinally(officer(1), tokens);
  return [...reports, ...asked];
}

async function headOf(_: Server, [node]: readonly ServerProcess[]): Promise<string> {
  return String(((await ask(node as ServerProcess, '/v1/status')).body as { position: string }).position);
}

interface Answers {
  readonly people: ReadonlyMap<string, { readonly trail: string; readonly record: string }>;
  readonly registers: ReadonlyMap<string, string>;
}

/** Trails before records: reading is recorded too, and would stand in the next trail. */
async function answersOf(nodes: readonly ServerProcess[], subjects: readonly string[]): Promise<Answers> {
  const node = nodes.at(-1) as ServerProcess;
  const head = await headOf(serverOf(node), nodes);
  await until('the views have it', async () => (await ask(node, `/v1/deviations?atLeast=${head}`)).status === 200);
  const { tokens } = (await ask(node, '/v1/tokens')).body as { tokens: readonly { id: string; name: string }[] };
  const plain = plainer(new Map(tokens.map(({ id, name }) => [id, name])), Date.now());
  const people = new Map<string, { trail: string; record: string }>();
  for (const subject of subjects) {
    const lines = await pages(node, `/v1/subjects/${subject}/audit-trail?limit=200&lang=en`);
    people.set(subject, { trail: plain(lines), record: plain(await given(node, `/v1/subjects/${subject}/record?${VALID}`)) });
  }
  const registers = new Map<string, string>();
  for (const name of REGISTERS) registers.set(name, (await pages(node, `/v1/${name}?limit=200`)).map((line) => plain(line)).sort().join('\n'));
  for (const kind of KINDS) {
    const body = await given(node, `/v1/${kind}`);
    registers.set(kind, plain(body));
    for (const id of JSON.stringify(body).match(/(?<="id":")[a-z0-9-]+(?=")/g) ?? []) registers.set(`${kind}/${id}`, plain(await given(node, `/v1/${kind}/${id}`)));
  }
  return { people, registers };
}

async function given(node: ServerProcess, path: string): Promise<unknown> {
  const { status, body } = await ask(node, path);
  if (status !== 200) throw new Error(`${path} was answered ${status}: ${JSON.stringify(body)}`);
  return body;
}

async function pages(node: ServerProcess, path: string): Promise<readonly unknown[]> {
  const lines: unknown[] = [];
  let next: string | undefined;
  do {
    const page = (await given(node, next === undefined ? path : `${path}&after=${encodeURIComponent(next)}`)) as { lines: readonly unknown[]; next?: string };
    lines.push(...page.lines);
    next = page.next;
  } while (next !== undefined);
  return lines;
}

/** An answer without what may differ. Members keep their order: bytes are compared. */
function plainer(actors: ReadonlyMap<string, string>, endedMs: number): (answer: unknown) => string {
  return (answer) =>
    JSON.stringify(answer, (key, value: unknown) => {
      if (key === 'position' || key === 'next') return value === null ? null : '<position>';
      if (typeof value !== 'string') return value;
      const name = actors.get(value);
      if (name !== undefined) return `<${name}>`;
      const atMs = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? Date.parse(value) : Number.NaN;
      return atMs >= wholeBeganMs && atMs <= endedMs ? '<during the run>' : value;
    });
}

describeCluster('the demo on one process, and on a cluster', startEmbedded, (cluster) => {
  let [told, toldCluster]: (readonly object[])[] = [];
  let [one, many]: (Answers | undefined)[] = [];
  let subjects: readonly string[];
  beforeAll(async () => {
    told = await tellAll([embedded], embeddedEnv.LIGGARE_DATA);
    subjects = await subjectsIn({ env: embeddedEnv });
    one = await answersOf([embedded], subjects);
    toldCluster = await tellAll(cluster().apis, cluster().directory);
    many = await answersOf(cluster().apis, subjects);
  }, LONG);

  const subjectsIn = (of: Pick<Cluster, 'env'>): Promise<readonly string[]> =>
    reading(of, async (stores) => [...new Set((await eventsIn(stores, ['subject-'])).map(({ stream }) => stream.slice('subject-'.length)))].sort());

  it('has every line answered the same', () => {
    expect(JSON.stringify(toldCluster?.slice(0, SENDERS.length + 1))).toBe(JSON.stringify(told?.slice(0, SENDERS.length + 1)));
  });

  it('knows the same people, with the same events in the same order', async () => {
    const ids = (of: Pick<Cluster, 'env'>): Promise<string> =>
      reading(of, async (stores) => [...Map.groupBy(await eventsIn(stores, ['subject-', 'organisation-', 'recipient-', 'source-', 'conference-', 'activity-', 'policy-', 'authority-']), ({ stream }) => stream)].map(([stream, events]) => `${stream}: ${events.map(({ id, type }) => `${type} ${id}`).join(', ')}`).sort().join('\n'));
    expect(await subjectsIn(cluster())).toEqual(subjects);
    expect(await ids(cluster())).toBe(await ids({ env: embeddedEnv }));
  }, LONG);

  it('tells each person’s record and trail byte for byte', () => {
    expect(one?.people.size).toBeGreaterThanOrEqual(PEOPLE);
    for (const { trail, record } of one?.people.values() ?? []) expect([trail.includes('"sentence"'), record.includes('"record"')]).toEqual([true, true]);
    for (const [subject, { trail, record }] of one?.people ?? []) {
      expect([subject, many?.people.get(subject)?.trail]).toEqual([subject, trail]);
      expect([subject, many?.people.get(subject)?.record]).toEqual([subject, record]);
    }
  });

  it('shows the same registers and deviations', () => {
    expect(one?.registers.size).toBeGreaterThan(REGISTERS.length + KINDS.length + 20);
    expect([...(many?.registers.keys() ?? [])]).toEqual([...(one?.registers.keys() ?? [])]);
    for (const [name, text] of one?.registers ?? []) expect([name, many?.registers.get(name)]).toEqual([name, text]);
    expect(one?.registers.get('deviations')?.length).toBeGreaterThan(100);
  });

  it('keeps the same promises', async () => {
    // What was told of the wrong person was destroyed there.
    expect((await faultsIn(cluster())).filter((fault) => !fault.endsWith(' is erased'))).toEqual([]);
  }, LONG);
});
