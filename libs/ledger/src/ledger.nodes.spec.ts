/** What several nodes over one log and vault owe each other. */
import { describe, expect, it } from '@jest/globals';
import { MemoryEventStore } from '#event-store/memory/memory-event-store.js';
import { StoreUnavailable, type AppendRequest } from '#event-store/event-store.js';
import { VaultUnavailable } from '#vault/unusable.js';
import type { Vault } from '#vault/vault.js';
import { AccessLog } from './access/access-log.js';
import { requireOneTime } from './reconcile.js';
import { FlagProtectedIdentity } from './subject/identity/protection.commands.js';
import { LinkIdentifier } from './subject/identity/link-identifier.command.js';
import { RegisterSubject } from './subject/identity/register-subject.command.js';
import { ends, evolveConsent, initialConsent, type ConsentState } from './subject/consent/consent.state.js';
import { GiveConsent } from './subject/consent/give-consent.command.js';
import { WithdrawConsent } from './subject/consent/withdraw-consent.command.js';
import { FaultyLog, memoryEngines, Teller, type Engines } from './testing/ledger.fixture.js';
import { EMAIL, evidence, PHONE } from './testing/subject.fixture.js';

const LATER = '2021-03-04T05:06:07.890Z';

async function registered(teller: Teller): Promise<string> {
  const { about } = await teller.tell(RegisterSubject, { identifiers: [{ kind: 'phone', value: PHONE }] });
  return about[0] ?? '';
}

const consent = (subject: string) => ({ subject, service: 'letters', purposes: ['letter'], type: 'expressed', ...evidence }) as const;

/** The vault as one node has it; another node's is well. */
function awayVault(vault: Vault): { readonly vault: Vault; isAway: boolean } {
  const node = { isAway: false, vault };
  node.vault = new Proxy(vault, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      const isLocal = name === 'commandHmac' || name === 'blindIndex';
      return (...given: unknown[]): unknown => {
        if (!node.isAway || isLocal) return member.apply(target, given);
        return Promise.reject(new VaultUnavailable('the vault cannot be reached'));
      };
    },
  });
  return node;
}

describe('the same command told to two nodes', () => {
  it('is recorded by the first, and the second answers with what that recorded', async () => {
    const engines = await memoryEngines();
    const [here, there] = [new Teller(engines), new Teller(engines)];
    const subject = await registered(here);
    // Both remember the stream as it is now.
    for (const node of [here, there]) await node.tell(FlagProtectedIdentity, { subject, protection: 'secrecy-marking' });
    const first = await here.tell(GiveConsent, consent(subject), { commandId: 'both' });
    const second = await there.tell(GiveConsent, consent(subject), { commandId: 'both', now: LATER });
    expect(first.status).toBe('recorded');
    expect(second).toEqual({ ...first, status: 'duplicate' });
    expect((await there.events(subject)).filter(({ type }) => type === 'ConsentGiven')).toHaveLength(1);
    // What it goes on with is what the log has, not what it would have written itself.
    const next = await there.tell(FlagProtectedIdentity, { subject, protection: 'protected-registration' });
    expect(next.events[0]?.revision).toBe((first.events.at(-1)?.revision ?? 0) + 1);
  });
});

describe('nodes whose clocks differ', () => {
  const BEHIND = '2021-06-01T10:00:07.000Z';
  const AHEAD = '2021-06-01T10:00:15.000Z';

  const consentsOf = async (teller: Teller, subject: string): Promise<ConsentState> =>
    (await teller.events(subject)).filter(({ type }) => type === 'ConsentGiven' || type === 'ConsentWithdrawn').reduce(evolveConsent, initialConsent);

  async function endingsOf(teller: Teller, subject: string): Promise<unknown> {
    const { given, endings } = await consentsOf(teller, subject);
    return given.map((one) => endings.filter((ending) => ends(ending, one, 'letter')).map(({ kind }) => kind));
  }

  it('let a withdrawal without a time end the consent that was recorded before it', async () => {
    const engines = await memoryEngines();
    const [ahead, behind] = [new Teller(engines), new Teller(engines)];
    const subject = await registered(behind);
    await ahead.tell(GiveConsent, consent(subject), { now: AHEAD });
    await behind.tell(WithdrawConsent, { subject, service: 'letters', purposes: ['letter'] }, { now: BEHIND });
    expect(await endingsOf(behind, subject)).toEqual([['consent-withdrawn']]);
    // And one that tells a time that cannot be used took effect on receipt.
    const other = (await behind.tell(RegisterSubject, { identifiers: [{ kind: 'email', value: EMAIL }] })).about[0] ?? '';
    await ahead.tell(GiveConsent, consent(other), { now: AHEAD });
    await behind.tell(WithdrawConsent, { subject: other, service: 'letters', purposes: ['letter'], occurredAt: 'i tisdags' }, { now: BEHIND });
    expect(await endingsOf(behind, other)).toEqual([['consent-withdrawn']]);
    // So did one whose sender's clock is right.
    const third = (await behind.tell(RegisterSubject, { identifiers: [{ kind: 'phone', value: '+46 70 174 06 07' }] })).about[0] ?? '';
    await ahead.tell(GiveConsent, consent(third), { now: AHEAD });
    await behind.tell(WithdrawConsent, { subject: third, service: 'letters', purposes: ['letter'], occurredAt: BEHIND }, { now: BEHIND });
    expect(await endingsOf(behind, third)).toEqual([['consent-withdrawn']]);
  });

  it('let a consent without a time begin after the withdrawal that was recorded before it', async () => {
    const engines = await memoryEngines();
    const [ahead, behind] = [new Teller(engines), new Teller(engines)];
    const subject = await registered(behind);
    await ahead.tell(WithdrawConsent, { subject, service: 'letters', purposes: ['letter'] }, { now: AHEAD });
    await behind.tell(GiveConsent, consent(subject), { now: BEHIND });
    const [given] = (await consentsOf(behind, subject)).given;
    expect(given?.from).toBe(AHEAD);
  });

  it('and a sender whose clock runs ahead, hold up no withdrawal', async () => {
    const engines = await memoryEngines();
    const desk = new Teller(engines);
    const subject = await registered(desk);
    await desk.tell(GiveConsent, { ...consent(subject), occurredAt: AHEAD }, { now: BEHIND });
    await desk.tell(WithdrawConsent, { subject, service: 'letters', purposes: ['letter'] }, { now: BEHIND });
    expect(await endingsOf(desk, subject)).toEqual([['consent-withdrawn']]);
  });
});

describe('a vault that is away', () => {
  it('leaves commands that need no sealing to go on, and refuses the others until it is back', async () => {
    const engines = await memoryEngines();
    const subject = await registered(new Teller(engines));
    const node = awayVault(engines.vault);
    const desk = new Teller({ ...engines, vault: node.vault });
    node.isAway = true;
    expect((await desk.tell(GiveConsent, consent(subject), { commandId: 'plain' })).status).toBe('recorded');
    expect((await desk.tell(GiveConsent, consent(subject), { commandId: 'plain' })).status).toBe('duplicate');
    await expect(desk.tell(FlagProtectedIdentity, { subject, protection: 'secrecy-marking' }, { commandId: 'plain' })).rejects.toMatchObject({ code: 'CommandIdReused' });
    const link = { subject, added: { kind: 'email', value: EMAIL } } as const;
    await expect(desk.tell(LinkIdentifier, link, { commandId: 'sealed' })).rejects.toMatchObject({ name: 'Unavailable' });
    node.isAway = false;
    expect((await desk.tell(LinkIdentifier, link, { commandId: 'sealed' })).status).toBe('recorded');
  });
});

describe('a withdrawal while the vault is away', () => {
  const withdrawal = (subject: string) => ({ subject, service: 'letters', purposes: ['letter'] });

  it('is recorded once where its codes are known, and one with words of its own waits for the vault', async () => {
    const engines = await memoryEngines();
    const subject = await registered(new Teller(engines));
    const node = awayVault(engines.vault);
    const desk = new Teller({ ...engines, vault: node.vault });
    expect((await desk.tell(WithdrawConsent, withdrawal(subject), { commandId: 'before' })).status).toBe('recorded');
    node.isAway = true;
    const told = await desk.tell(WithdrawConsent, withdrawal(subject), { commandId: 'away' });
    expect(told.status).toBe('recorded');
    expect(await desk.tell(WithdrawConsent, withdrawal(subject), { commandId: 'away' })).toEqual({ ...told, status: 'duplicate' });
    await expect(desk.tell(WithdrawConsent, { ...withdrawal(subject), purposes: ['all of it, please'] }, { commandId: 'words' })).rejects.toMatchObject({ name: 'Unavailable' });
    // Whether it is the same content again only its row can tell.
    await expect(desk.tell(WithdrawConsent, withdrawal(subject), { commandId: 'before' })).rejects.toMatchObject({ name: 'Unavailable' });
    node.isAway = false;
    for (const commandId of ['before', 'away']) expect((await desk.tell(WithdrawConsent, withdrawal(subject), { commandId })).status).toBe('duplicate');
    await expect(desk.tell(WithdrawConsent, { subject, service: 'letters' }, { commandId: 'away' })).rejects.toMatchObject({ code: 'CommandIdReused' });
    expect((await desk.tell(WithdrawConsent, { ...withdrawal(subject), purposes: ['all of it, please'] }, { commandId: 'words' })).status).toBe('recorded');
    expect((await desk.events(subject)).filter(({ type }) => type === 'ConsentWithdrawn')).toHaveLength(3);
  });
});

describe('a log that is away', () => {
  it('makes the ledger unavailable; the same command again settles it', async () => {
    const log = new FaultyLog();
    const engines = await memoryEngines(log);
    const desk = new Teller(engines);
    const subject = await registered(desk);
    const { append } = log;
    log.append = () => Promise.reject(new StoreUnavailable('the log cannot be reached', 'unknown'));
    await expect(desk.tell(GiveConsent, consent(subject), { commandId: 'once' })).rejects.toMatchObject({ name: 'Unavailable', cause: { outcome: 'unknown' } });
    log.append = append;
    expect((await desk.tell(GiveConsent, consent(subject), { commandId: 'once' })).status).toBe('recorded');
  });
});

describe('the lines of access of one process', () => {
  const opened = (n: number) => ({ type: 'RegisterAccessed', data: { purpose: 'operations', register: 'recipient', id: `r-${n}` }, actor: 'a', system: 'console', now: LATER }) as const;

  it('are all there when an append whose outcome nobody learned is written after all', async () => {
    const store = new MemoryEventStore();
    const log = new FaultyLog(store);
    const { vault } = await memoryEngines(log);
    const access = new AccessLog({ log, vault, writer: '0c9d1f8e-6a57-4a1c-9a43-3f1d2b7c8e90' });
    await access.record(opened(0));
    let late: AppendRequest | undefined;
    log.append = async (request) => {
      late = request;
      throw new StoreUnavailable('nothing was heard', 'unknown');
    };
    await expect(access.record(opened(1))).rejects.toMatchObject({ name: 'Unavailable' });
    log.append = async (request) => {
      if (late !== undefined) await store.append(late);
      late = undefined;
      return store.append(request);
    };
    await access.record(opened(2));
    await access.record(opened(3));
    const found: string[] = [];
    for await (const batch of store.readAll()) for (const { data } of batch) found.push((JSON.parse(data) as { data: { id: string } }).data.id);
    expect(found).toEqual(['r-0', 'r-1', 'r-2', 'r-3']);
  });
});

describe('the stores of one time', () => {
  async function oneBehind(): Promise<{ readonly engines: Engines; readonly written: () => Promise<void> }> {
    const log = new FaultyLog();
    const engines = await memoryEngines(log);
    const desk = new Teller(engines);
    const subject = await registered(desk);
    let append = async (): Promise<void> => {};
    const { append: forward } = log;
    log.append = async (request) => {
      append = async () => void (await forward.call(log, request));
      throw new StoreUnavailable('on its way', 'unknown');
    };
    await expect(desk.tell(LinkIdentifier, { subject, added: { kind: 'email', value: EMAIL } })).rejects.toThrow();
    log.append = forward;
    return { engines, written: () => append() };
  }

  it('are not called apart for what another node is about to append', async () => {
    const { engines, written } = await oneBehind();
    await expect(requireOneTime(engines.log, engines.vault)).resolves.toBeUndefined();
    await written();
    await expect(requireOneTime(engines.log, engines.vault)).resolves.toBeUndefined();
  });

  it('are apart when nobody is about to append it', async () => {
    const { engines } = await oneBehind();
    for (const { key } of await engines.vault.unsettled()) await engines.vault.write([{ op: 'settle', key }]);
    await expect(requireOneTime(engines.log, engines.vault)).rejects.toMatchObject({ name: 'StoresApart' });
  });

  it('are apart however much came since that sealed nothing', async () => {
    const engines = await memoryEngines();
    const desk = new Teller(engines);
    const subject = await registered(desk);
    for (let n = 0; n < 60; n++) {
      await desk.tell(GiveConsent, consent(subject), { commandId: `given-${n}` });
      await desk.tell(WithdrawConsent, { subject, service: 'letters', purposes: ['letter'] }, { commandId: `withdrawn-${n}` });
    }
    await expect(requireOneTime(engines.log, engines.vault)).resolves.toBeUndefined();
    const { vault: another } = await memoryEngines();
    await expect(requireOneTime(engines.log, another)).rejects.toMatchObject({ name: 'StoresApart' });
  });
});
