/** An append whose answer is late, lost or never comes: sent again with the same ids until it is known, and then answered; written once. */
import { expect, it } from '@jest/globals';
import { decode } from '#ledger/encoding.js';
import type { ServerProcess } from '../crash/server.js';
import type { Faults } from '../esdb/faults.js';
import { addressOf, consent, recordedIn, tell, until, type Recorded } from './asking.js';
import { describeCluster, LONG } from './cluster.suite.js';
import { eventsIn, faultsIn, reading } from './kept.js';

/** The attempt of an append is given up after 10 s. */
const OUTCOMES: readonly (readonly [string, Faults])[] = [
  ['comes late', { answerAppendsAfterMs: 3_000, times: 1 }],
  ['comes after it was given up', { answerAppendsAfterMs: 12_000, times: 1 }],
  ['never comes', { answerAppendsAfterMs: 'never', times: 1 }],
  ['is lost with the connection', { dropAfterAppend: true, times: 1 }],
  ['is lost three times', { dropAfterAppend: true, times: 3 }],
  ['is a time-out, and nothing was written', { failAppends: true, times: 2 }],
];

describeCluster('an append whose answer', { apis: 2, projectors: 1 }, (cluster) => {
  const api = (): ServerProcess => cluster().apis[0] as ServerProcess;
  let token: string;
  let made = 0;

  /** A fault strikes this command; both what was answered and what is there afterwards are given. */
  async function struck(fault: Faults, command: string, body: object): Promise<{ readonly told: Recorded; readonly again: Recorded; readonly id: string }> {
    token ??= await api().upstream('crm');
    const id = `struck-${made++}`;
    await cluster().esdb.fault(fault);
    const told = recordedIn(await tell(api(), token, command, id, body));
    await cluster().esdb.fault({});
    return { told, again: recordedIn(await tell(api(), token, command, id, body)), id };
  }

  async function timesThere({ events }: Recorded): Promise<readonly number[]> {
    const there = await reading(cluster(), (stores) => eventsIn(stores));
    return events.map(({ id }) => there.filter((event) => event.id === id).length);
  }

  it.each(OUTCOMES)('%s: a sealing command is written once, with its first salt', async (_how, fault) => {
    const address = addressOf(`struck-${made}`);
    const { told, again } = await struck(fault, 'RegisterSubject', { identifiers: [address] });
    expect(told.status).toBe('recorded');
    expect(again).toEqual({ ...told, status: 'duplicate' });
    expect(await timesThere(told)).toEqual(told.events.map(() => 1));
    // Every commitment in the log opens with the salt in the vault.
    expect(await faultsIn(cluster())).toEqual([]);
  }, LONG);

  it.each(OUTCOMES.slice(3, 4))('%s: one that seals nothing is written once', async (_how, fault) => {
    const { about } = recordedIn(await tell(api(), token, 'RegisterSubject', `person-${made}`, { identifiers: [addressOf(`person-${made}`)] }));
    const { told, again } = await struck(fault, 'GiveConsent', { subject: about[0], ...consent });
    expect([told.status, again.status]).toEqual(['recorded', 'duplicate']);
    expect(await timesThere(told)).toEqual(told.events.map(() => 1));
  }, LONG);

  it('is on its way when its node is killed: another node sends the same bytes', async () => {
    const [first, second] = cluster().apis as [ServerProcess, ServerProcess];
    const body = { identifiers: [addressOf('killed-on-the-way')] };
    await cluster().esdb.fault({ answerAppendsAfterMs: 'never' });
    const before = await reading(cluster(), async ({ log }) => log.head());
    const lost = tell(first, token, 'RegisterSubject', 'on-its-way', body).then(() => 'answered', () => 'lost');
    await until('it is written', () => reading(cluster(), async ({ log }) => (await log.head()) !== before));
    await first.kill();
    expect(await lost).toBe('lost');
    await cluster().esdb.fault({});
    const told = recordedIn(await tell(second, token, 'RegisterSubject', 'on-its-way', body));
    expect(told.status).toBe('duplicate');
    expect(await timesThere(told)).toEqual(told.events.map(() => 1));
    await cluster().restart(first);
    expect(await faultsIn(cluster())).toEqual([]);
  }, LONG);

  it('is late for many at once: each is written once, and the sealed ones open', async () => {
    await cluster().esdb.fault({ dropAfterAppend: true, times: 10 });
    const sent = Array.from({ length: 40 }, (_, n) => [`many-${n}`, addressOf(`many-${n % 13}`)] as const);
    const answers = await Promise.all(sent.map(async ([id, address], n) => recordedIn(await tell(cluster().apis[n % 2] as ServerProcess, token, 'GiveConsent', id, { identifier: address, createIfMissing: true, ...consent }))));
    await cluster().esdb.fault({});
    const there = await reading(cluster(), (stores) => eventsIn(stores));
    for (const { events } of answers) for (const { id } of events) expect(there.filter((event) => event.id === id)).toHaveLength(1);
    // Thirteen addresses, thirteen people.
    expect(new Set(answers.flatMap(({ about }) => about)).size).toBe(13);
    const registered = there.filter(({ type }) => type === 'SubjectRegistered').map((event) => decode(event).stream);
    expect(new Set(registered).size).toBe(registered.length);
    expect(await faultsIn(cluster())).toEqual([]);
  }, LONG);
});
