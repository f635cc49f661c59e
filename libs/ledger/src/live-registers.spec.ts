import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EventStore } from '#event-store/event-store.js';
import { MemoryEventStore } from '#event-store/memory/memory-event-store.js';
import { RegisterActivity, RetireActivity } from './activity/activity.commands.js';
import type { Command } from './command.js';
import { AddConferenceParty, RemoveConferenceParty } from './conference/party.commands.js';
import { CancelConference, RegisterConference, RescheduleConference } from './conference/conference.commands.js';
import { LiveRegisters, STALE_AFTER_MS, type Timekeeper } from './live-registers.js';
import { publishPolicy } from './policy/publish-policy.js';
import { MoveRecipient, RegisterRecipient } from './recipient/recipient.commands.js';
import { AssignRecipientRole, EndRecipientRole } from './recipient/role.commands.js';
import { Refusal, Unavailable } from './refusals.js';
import { WithdrawConsent } from './subject/consent/withdraw-consent.command.js';
import type { RegisterKind, Registers } from './registers.js';
import { EndSource, RegisterSource, ResumeSource } from './source/source.commands.js';
import { NOW, type Fields } from './testing/decider.fixture.js';
import { FaultyLog, memoryEngines, Teller, type Engines } from './testing/ledger.fixture.js';
import { firstModel } from './testing/registers.fixture.js';

/** Time that passes when the test says so. */
class ToldTime implements Timekeeper {
  #nowMs = 1_000;
  readonly #waiting: { readonly atMs: number; readonly wake: () => void }[] = [];

  elapsedMs(): number {
    return this.#nowMs;
  }

  after(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push({ atMs: this.#nowMs + ms, wake: resolve });
    return promise;
  }

  async pass(ms: number): Promise<void> {
    await turn();
    this.#nowMs += ms;
    for (const { atMs, wake } of this.#waiting) if (atMs <= this.#nowMs) wake();
    await turn();
  }
}

type Trouble = 'none' | 'head hangs' | 'head fails' | 'reading hangs' | 'reading fails';

/** A log as one node reads it: another node's is well. */
class TroubledLog extends FaultyLog {
  trouble: Trouble = 'none';
  heads = 0;
  #mended = Promise.withResolvers<void>();

  mend(): void {
    this.trouble = 'none';
    this.#mended.resolve();
    this.#mended = Promise.withResolvers();
  }

  override async head(): ReturnType<EventStore['head']> {
    this.heads += 1;
    // As it was when it was asked for: the answer comes late.
    const head = await super.head();
    if (this.trouble === 'head hangs') await this.#mended.promise;
    if (this.trouble === 'head fails') throw new Error('the connection was lost');
    return head;
  }

  override async *readAll(...given: Parameters<EventStore['readAll']>): ReturnType<EventStore['readAll']> {
    for await (const batch of super.readAll(...given)) {
      for (const one of batch) {
        yield [one];
        if (this.trouble === 'reading hangs') await this.#mended.promise;
        if (this.trouble === 'reading fails') throw new Error('the connection was lost');
      }
    }
  }
}

interface Node {
  readonly time: ToldTime;
  readonly log: TroubledLog;
  readonly registers: LiveRegisters;
  readonly teller: Teller;
}

function liveOver(log: EventStore, time: Timekeeper = new ToldTime()): LiveRegisters {
  return new LiveRegisters(log, async () => firstModel, time);
}

/** Processes over one memory log. */
async function nodes(count: number): Promise<{ readonly engines: Engines; readonly nodes: readonly Node[] }> {
  const store = new MemoryEventStore();
  const engines = await memoryEngines(store);
  await publishPolicy(store, engines.vault, { model: { ...firstModel, effectiveFromAt: '2020-01-31T23:00:00.000Z' }, texts: [], document: firstModel.documentHash }, '2020-01-01T00:00:00.000Z');
  const made = Array.from({ length: count }, (): Node => {
    const time = new ToldTime();
    const log = new TroubledLog(store);
    const registers = liveOver(log, time);
    return { time, log, registers, teller: new Teller(engines, registers) };
  });
  return { engines, nodes: made };
}

const acme = { recipient: 'acme', kind: 'printer', name: 'Acme Exempel AB', country: 'SE', from: '2020-03-01' } as const;
const letters = { recipient: 'acme', assignment: 'letters', role: 'processor', purposes: ['letter'], from: '2020-03-01' } as const;
const meeting = { conference: 'meeting', service: 'dinners', name: 'Mötet', startsOn: '2021-09-01', endsOn: '2021-09-02' } as const;

async function oneNode(): Promise<Node> {
  const [node] = (await nodes(1)).nodes;
  return node as Node;
}

describe('registers in memory', () => {
  it('are stale before they were read, and fresh for a stated time after', async () => {
    const { time, registers } = await oneNode();
    expect(registers.freshened()).toBeInstanceOf(Promise);
    await registers.freshened();
    expect(registers.freshened()).toBeUndefined();
    await time.pass(STALE_AFTER_MS);
    expect(registers.freshened()).toBeUndefined();
    await time.pass(1);
    expect(registers.freshened()).toBeInstanceOf(Promise);
    await registers.freshened();
    expect(registers.freshened()).toBeUndefined();
  });

  it('are as fresh as the moment at which their reading began', async () => {
    const { time, log, registers } = await oneNode();
    log.trouble = 'head hangs';
    const refreshed = registers.refresh();
    await time.pass(STALE_AFTER_MS + 1);
    log.mend();
    await refreshed;
    expect(registers.freshened()).toBeInstanceOf(Promise);
  });

  it.each(['head hangs', 'reading hangs'] as const)('refuse to decide after a stated time while the %s, and then decide again', async (trouble) => {
    const { time, log, registers, teller } = await oneNode();
    await teller.tell(RegisterRecipient, acme);
    await time.pass(STALE_AFTER_MS + 1);
    log.trouble = trouble;
    // Something new has to be there for reading to hang.
    const { teller: other } = await another(teller);
    await other.tell(MoveRecipient, { recipient: 'acme', country: 'NO', from: '2021-01-01' });
    const told = teller.tell(MoveRecipient, { recipient: 'acme', country: 'US', from: '2021-02-01' }).catch((fault: unknown) => fault);
    await time.pass(STALE_AFTER_MS - 1);
    expect(await Promise.race([told, turn('waiting')])).toBe('waiting');
    await time.pass(1);
    expect(await told).toBeInstanceOf(Unavailable);
    log.mend();
    expect(await teller.tell(MoveRecipient, { recipient: 'acme', country: 'US', from: '2021-02-01' })).toMatchObject({ status: 'recorded' });
    expect(registers.registered('recipient', 'acme')?.state.countries.map(({ country }) => country)).toEqual(['SE', 'NO', 'US']);
  });

  it.each(['head fails', 'reading fails'] as const)('refuse at once when the %s, say why, and take no event twice afterwards', async (trouble) => {
    const { time, log, registers, teller } = await oneNode();
    await teller.tell(RegisterRecipient, acme);
    const { teller: other } = await another(teller);
    await other.tell(MoveRecipient, { recipient: 'acme', country: 'NO', from: '2021-01-01' });
    await other.tell(MoveRecipient, { recipient: 'acme', country: 'US', from: '2021-02-01' });
    await time.pass(STALE_AFTER_MS + 1);
    log.trouble = trouble;
    const fault = await registers.freshened()?.catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(Unavailable);
    expect((fault as Unavailable).cause).toMatchObject({ message: 'the connection was lost' });
    log.mend();
    await registers.freshened();
    expect(registers.registered('recipient', 'acme')).toMatchObject({ register: { stream: 'recipient-acme', revision: 2 }, state: { countries: [{ country: 'SE' }, { country: 'NO' }, { country: 'US' }] } });
  });

  it('have all that was acknowledged before they are refreshed, also while a reading is under way', async () => {
    const { log, registers, teller } = await oneNode();
    await registers.refresh();
    log.trouble = 'head hangs';
    const early = registers.refresh();
    await turn();
    const { teller: other } = await another(teller);
    await other.tell(RegisterRecipient, acme);
    const before = log.heads;
    const late = Array.from({ length: 20 }, () => registers.refresh());
    log.mend();
    await early;
    expect(registers.registered('recipient', 'acme')).toBeUndefined();
    await Promise.all(late);
    expect(registers.registered('recipient', 'acme')).toBeDefined();
    // Who comes while one is under way shares the one after it.
    expect(log.heads).toBe(before + 1);
  });

  it('are read again after a reading that failed', async () => {
    const { log, registers } = await oneNode();
    log.trouble = 'head fails';
    const failing = [registers.refresh(), registers.refresh()].map((one) => one.catch((error: unknown) => error));
    expect(await Promise.all(failing)).toEqual([expect.any(Error), expect.any(Error)]);
    log.mend();
    await registers.refresh();
    expect(registers.controllers()).toEqual(['north', 'south']);
  });

  it('see what their own node recorded before its answer is given', async () => {
    const { registers, teller } = await oneNode();
    await teller.tell(RegisterRecipient, acme);
    expect(registers.idsOf('recipient')).toEqual(['acme']);
  });
});

describe('two nodes, of which one has stale registers', () => {
  it('decide apart: the stale one refuses until it has caught up, and then by what the other recorded', async () => {
    const [well, stale] = (await nodes(2)).nodes as readonly [Node, Node];
    await stale.teller.tell(RegisterConference, meeting);
    stale.log.trouble = 'head fails';
    await well.teller.tell(RegisterRecipient, acme);
    // Fresh enough still: it decides by what it knows.
    await expect(stale.teller.tell(AddConferenceParty, { conference: 'meeting', recipient: 'acme', role: 'sponsor' })).rejects.toMatchObject({ code: 'UnknownRecipient' });
    await stale.time.pass(STALE_AFTER_MS + 1);
    const before = (await stale.teller.stored()).length;
    const add = { conference: 'meeting', recipient: 'acme', role: 'sponsor', from: '2021-06-01' } as const;
    await expect(stale.teller.tell(AddConferenceParty, add)).rejects.toThrow(Unavailable);
    expect((await stale.teller.stored()).length).toBe(before);
    // A no is taken all the same (GDPR Art. 7(3)).
    expect((await stale.teller.tell(WithdrawConsent, { identifier: { kind: 'email', value: 'anna.exempel@example.se' } })).status).toBe('recorded');
    stale.log.mend();
    await stale.teller.tell(AddConferenceParty, add);
    expect((await stale.teller.stored('conference-meeting')).at(-1)?.data).toContain('"registers":[{"revision":0,"stream":"policy-north"},{"revision":0,"stream":"recipient-acme"}]');
  });
});

/** Another node over the same log. */
async function another({ engines }: Teller): Promise<{ readonly registers: LiveRegisters; readonly teller: Teller }> {
  const registers = liveOver(engines.log);
  await registers.refresh();
  return { registers, teller: new Teller(engines, registers) };
}

type Told = (teller: Teller) => Promise<unknown>;
const telling = <C extends Command>(type: new () => C, fields: Fields<C>): Told => (teller) => teller.tell(type, fields, { now: NOW });
const day = fc.constantFrom('2020-01-01', '2020-06-01', '2021-01-01', '2021-04-01', '2021-12-31');
const recipient = fc.constantFrom('acme', 'bolt');

const first: readonly Told[] = [
  telling(RegisterRecipient, acme),
  telling(RegisterConference, meeting),
  telling(RegisterSource, { source: 'lists', kind: 'broker', name: 'Listorna', from: '2020-01-01' }),
];

/** Register commands in any order: many are refused, which is as good. */
const commands: fc.Arbitrary<readonly Told[]> = fc.array(
  fc.oneof(
    fc.record({ recipient, from: day }).map((fields) => telling(RegisterRecipient, { ...acme, ...fields })),
    fc.record({ recipient, from: day, country: fc.constantFrom('SE', 'US') }).map((fields) => telling(MoveRecipient, fields)),
    fc.record({ recipient, from: day, assignment: fc.constantFrom('one', 'two') }).map((fields) => telling(AssignRecipientRole, { ...letters, ...fields })),
    fc.record({ recipient, to: day, assignment: fc.constantFrom('one', 'two') }).map((fields) => telling(EndRecipientRole, fields)),
    fc.constant(telling(RegisterConference, meeting)),
    fc.record({ startsOn: day, endsOn: day }).map((fields) => telling(RescheduleConference, { conference: 'meeting', ...fields })),
    fc.record({ recipient, from: day }).map((fields) => telling(AddConferenceParty, { conference: 'meeting', role: 'sponsor', ...fields })),
    fc.record({ recipient, to: day }).map((fields) => telling(RemoveConferenceParty, { conference: 'meeting', role: 'sponsor', ...fields })),
    fc.record({ on: day }).map((fields) => telling(CancelConference, { conference: 'meeting', ...fields })),
    fc.record({ from: day }).map((fields) => telling(RegisterSource, { source: 'lists', kind: 'broker', name: 'Listorna', ...fields })),
    fc.record({ to: day }).map((fields) => telling(EndSource, { source: 'lists', ...fields })),
    fc.record({ from: day }).map((fields) => telling(ResumeSource, { source: 'lists', ...fields })),
    fc.record({ from: day }).map((fields) => telling(RegisterActivity, { activity: 'post', controller: 'north', role: 'controller', name: 'Post', purposes: ['letter'], categories: ['email'], relationshipKinds: ['guest'], ...fields })),
    fc.record({ to: day }).map((fields) => telling(RetireActivity, { activity: 'post', ...fields })),
  ),
  { minLength: 5, maxLength: 30, size: 'max' },
).map((more) => [...first, ...more]);

function contents(registers: Registers): object {
  const kinds: readonly RegisterKind[] = ['recipient', 'conference', 'source', 'activity'];
  return { policies: registers.controllers().map((controller) => registers.newestPolicy(controller)?.register), kept: kinds.map((kind) => registers.idsOf(kind).map((id) => [id, registers.registered(kind, id)])) };
}

describe('every history of registers', () => {
  it('gives one state: as it happened, after a restart, and however its reading is split', async () => {
    let recorded = 0;
    await fc.assert(
      fc.asyncProperty(commands, fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }), async (script, splits) => {
        const { engines, nodes: [node] } = await nodes(1);
        for (const tell of script)
          await tell((node as Node).teller).catch((refusal: unknown) => {
            if (!(refusal instanceof Refusal)) throw refusal;
          });
        const live = contents((node as Node).registers);
        const { registers: restarted } = await another((node as Node).teller);
        expect(contents(restarted)).toEqual(live);

        const copy = new MemoryEventStore();
        const split = liveOver(copy);
        const events = await (node as Node).teller.stored();
        for (const [i, { id, type, data, stream, revision }] of events.entries()) {
          await copy.append({ stream, expected: revision === 0 ? 'none' : revision - 1, events: [{ id, type, data }] });
          if (splits[i] === true) await split.refresh();
        }
        await split.refresh();
        expect(contents(split)).toEqual(live);
        recorded += events.length;
        await engines.close();
      }),
      { numRuns: 60, seed: 20261122 },
    );
    expect(recorded).toBeGreaterThan(500);
  });
});

describe('registers that follow the log', () => {
  it('have what another node registered without reading for it, and are no fresher for that', async () => {
    const [here, there] = (await nodes(2)).nodes as [Node, Node];
    await here.registers.refresh();
    const ending = new AbortController();
    const following = here.registers.follow(ending.signal);
    const { heads } = here.log;
    await there.teller.tell(RegisterRecipient, acme);
    for (let turns = 0; here.registers.registered('recipient', 'acme') === undefined && turns < 1_000; turns += 1) await turn();
    expect(here.registers.registered('recipient', 'acme')?.register.revision).toBe(0);
    expect(here.log.heads).toBe(heads);
    await here.time.pass(STALE_AFTER_MS + 1);
    expect(here.registers.isFresh()).toBe(false);
    await here.registers.refresh();
    expect(here.registers.isFresh()).toBe(true);
    ending.abort();
    await following;
  });

  it('are the same as those that only read, whatever came by both ways at once', async () => {
    const [here, there, reading] = (await nodes(3)).nodes as [Node, Node, Node];
    const ending = new AbortController();
    const following = here.registers.follow(ending.signal);
    await there.teller.tell(RegisterRecipient, acme);
    for (const country of ['NO', 'DK', 'FI', 'DE', 'FR']) {
      const told = there.teller.tell(MoveRecipient, { recipient: 'acme', country, from: '2021-01-01' });
      await Promise.all([told, here.registers.refresh(), here.registers.refresh()]);
    }
    await Promise.all([here.registers.refresh(), reading.registers.refresh()]);
    expect(here.registers.registered('recipient', 'acme')).toEqual(reading.registers.registered('recipient', 'acme'));
    expect(here.registers.everyPolicy(firstModel.policy.controllers[0]?.id ?? '')).toHaveLength(1);
    ending.abort();
    await following;
  });

  it('have a published policy once, though both ways loaded it', async () => {
    const { log, time } = await oneNode();
    const loaded = Promise.withResolvers<typeof firstModel>();
    let loads = 0;
    const registers = new LiveRegisters(log, () => ((loads += 1), loaded.promise), time);
    const ending = new AbortController();
    const following = registers.follow(ending.signal);
    const refreshed = registers.refresh();
    while (loads < 2) await turn();
    loaded.resolve(firstModel);
    await refreshed;
    await turn();
    expect(registers.everyPolicy(firstModel.policy.controllers[0]?.id ?? '')).toHaveLength(1);
    ending.abort();
    await following;
  });
});
