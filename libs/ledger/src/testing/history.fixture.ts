/** Random histories of real commands: what may happen to two people in some years, told late, early, wrongly and again. */
import fc from 'fast-check';
import { formatInstant, millisecondsOf } from '#law/instant.js';
import { MILLISECONDS_PER_DAY } from '#law/local-date.js';
import type { EventStore } from '#event-store/event-store.js';
import type { Caller } from '../command.js';
import { Refusal } from '../refusals.js';
import type { Registers } from '../registers.js';
import { ExpireConsent, RefuseConsent, RequestConsent } from '../subject/consent/consent-asked.commands.js';
import { GiveConsent, RenewConsent } from '../subject/consent/give-consent.command.js';
import { WithdrawConsent } from '../subject/consent/withdraw-consent.command.js';
import { CollectPersonalData, ObservePersonalData } from '../subject/holding/collect-personal-data.command.js';
import { CompletePersonalData, DisputePersonalData, RectifyPersonalData, ResolveDispute } from '../subject/holding/correct.commands.js';
import type { HeldItem } from '../subject/holding/holding.events.js';
import { SourcePersonalData } from '../subject/holding/source-personal-data.command.js';
import { LinkIdentifier } from '../subject/identity/link-identifier.command.js';
import { FlagProtectedIdentity, LiftProtectedIdentity, RecordDeath } from '../subject/identity/protection.commands.js';
import { RegisterSubject } from '../subject/identity/register-subject.command.js';
import { EndRelationship, StartRelationship } from '../subject/identity/relationship.commands.js';
import { EndRepresentation, StartRepresentation } from '../subject/identity/representation.commands.js';
import { UnlinkIdentifier } from '../subject/identity/unlink-identifier.command.js';
import { RegisterOrganisation } from '../organisation/organisation.commands.js';
import { idOf } from './decider.fixture.js';
import { memoryEngines, Teller, type Engines } from './ledger.fixture.js';
import { twoVersions } from './registers.fixture.js';
import { evidence, foodEvidence } from './subject.fixture.js';

export const PEOPLE = [idOf('history 0'), idOf('history 1')] as const;
const STEPS = [
  'link', 'link', 'unlink', 'start', 'end', 'represent', 'unrepresent', 'flag', 'lift', 'die', 'request', 'give', 'give', 'give', 'give-food', 'renew', 'renew', 'refuse', 'withdraw', 'withdraw-all',
  'expire', 'collect', 'collect', 'collect-food', 'collect-log', 'observe', 'source', 'rectify', 'complete', 'dispute', 'resolve',
] as const;

export interface Step {
  readonly what: (typeof STEPS)[number];
  readonly person: 0 | 1;
  /** Days before it is told; said as an instant or as a date. */
  readonly ago: number;
  readonly byDate: boolean;
  /** Hours that the clock moves on before it is told; it may run backwards. */
  readonly later: number;
  /** Which of several. */
  readonly n: number;
}

export const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom(...STEPS),
  person: fc.constantFrom(0 as const, 1 as const),
  ago: fc.oneof(fc.constant(0), fc.nat({ max: 20 }), fc.nat({ max: 400 })),
  byDate: fc.boolean(),
  later: fc.integer({ min: -3, max: 500 }),
  n: fc.nat({ max: 3 }),
});

export const steps: fc.Arbitrary<readonly Step[]> = fc.array(step, { minLength: 40, maxLength: 80 });

export interface Lived {
  readonly engines: Engines;
  readonly teller: Teller;
  /** The clock at the end. */
  readonly now: string;
}

/** Tells the steps to a new ledger in memory. Refused ones are left out, as an upstream's mistakes are. */
export async function live(script: readonly Step[]): Promise<Lived> {
  return liveWith(script, take);
}

/** The same with steps of other kinds among them: `how` tells one step, given the company's id and the clock. */
export async function liveWith<S extends { readonly later: number }>(script: readonly S[], how: (teller: Teller, step: S, organisation: string, clock: number) => Promise<unknown>, log?: EventStore, registersOf: (log: EventStore) => Registers = () => twoVersions): Promise<Lived> {
  const engines = await memoryEngines(log);
  const teller = new Teller(engines, registersOf(engines.log));
  let clock = millisecondsOf('2020-06-01T12:00:00.000Z');
  const organisation = (await teller.tell(RegisterOrganisation, { number: '999900-0004', name: 'Norra Exempel AB' }, { now: formatInstant(clock) })).about[0];
  for (const [i, subject] of PEOPLE.entries())
    await teller.tell(RegisterSubject, { subject, identifiers: [{ kind: 'customer-number', value: `K-${i}-0000` }], occurredAt: '2019-12-31' }, { now: formatInstant(clock) });
  for (const step of script) {
    clock += step.later * 3_600_000;
    try {
      await how(teller, step, organisation ?? '', clock);
    } catch (fault) {
      if (!(fault instanceof Refusal)) throw fault;
    }
  }
  return { engines, teller, now: formatInstant(clock) };
}

export async function take(teller: Teller, { what, person, ago, byDate, n }: Step, organisation: string, clock: number): Promise<unknown> {
  const caller: Partial<Caller> = { now: formatInstant(clock) };
  const at = formatInstant(clock - ago * MILLISECONDS_PER_DAY);
  const subject = PEOPLE[person];
  const told = { subject, occurredAt: byDate ? at.slice(0, 10) : at };
  const letters = { ...told, service: 'letters', purposes: ['letter'] } as const;
  const dinners = { ...told, service: 'dinners', relationshipKind: 'guest', context: 'form', purposes: ['dinner'], notice: evidence.notice } as const;
  const consent = idOf(`history consent ${person} ${n % 2}`);
  const relationship = idOf(`history relationship ${person} ${n % 2}`);
  const identifier = { kind: 'email', value: `marker-${person}-${n}@example.com` } as const;
  switch (what) {
    case 'link':
      return teller.tell(LinkIdentifier, { ...told, added: identifier }, caller);
    case 'unlink':
      return teller.tell(UnlinkIdentifier, { ...told, ended: identifier }, caller);
    case 'start':
      return teller.tell(StartRelationship, { ...told, service: 'letters', kind: 'guest', relationship, ...(n > 1 && { conference: 'autumn-2021' }) }, caller);
    case 'end':
      return teller.tell(EndRelationship, { ...told, relationship }, caller);
    case 'represent':
      return teller.tell(StartRepresentation, { ...told, organisation, position: 'marker-position' }, caller);
    case 'unrepresent':
      return teller.tell(EndRepresentation, { ...told, organisation }, caller);
    case 'flag':
      return teller.tell(FlagProtectedIdentity, { ...told, protection: n % 2 === 0 ? 'secrecy-marking' : 'assumed-identity' }, caller);
    case 'lift':
      return teller.tell(LiftProtectedIdentity, told, caller);
    case 'die':
      return teller.tell(RecordDeath, told, caller);
    case 'request':
      return teller.tell(RequestConsent, { ...letters, ...evidence }, caller);
    case 'give':
      return teller.tell(GiveConsent, { ...letters, ...(n === 3 ? {} : evidence), type: 'expressed', consent, order: 'marker-order', ...(n === 2 && { validUntil: '2021-12-31', relationship }), ...(n === 1 && { conference: 'autumn-2021' }) }, caller);
    case 'give-food':
      return teller.tell(GiveConsent, { ...told, service: 'dinners', purposes: ['dinner'], ...foodEvidence, type: 'explicit' }, caller);
    case 'renew':
      return teller.tell(RenewConsent, { ...letters, ...evidence, type: 'expressed', consent }, caller);
    case 'refuse':
      return teller.tell(RefuseConsent, letters, caller);
    case 'withdraw':
      return teller.tell(WithdrawConsent, { ...letters, ...(n > 1 && { consent }), ...(n === 3 && { method: 'marker-pigeon' }) }, caller);
    case 'withdraw-all':
      return teller.tell(WithdrawConsent, told, caller);
    case 'expire':
      return teller.tell(ExpireConsent, { ...told, consent }, caller);
    case 'collect':
      return teller.tell(CollectPersonalData, { ...dinners, service: 'letters', purposes: n > 1 ? ['letter', 'account'] : ['letter'], values: [{ category: 'name', value: 'marker-name' }, { category: 'email', value: identifier.value }], order: 'marker-order' }, caller);
    case 'collect-food':
      return teller.tell(CollectPersonalData, { ...dinners, values: [{ category: 'allergy', value: 'marker-nuts' }, { category: 'name', value: 'marker-name' }] }, caller);
    case 'collect-log':
      return teller.tell(CollectPersonalData, { ...dinners, values: [{ category: 'log', value: 'marker-log' }] }, caller);
    case 'observe':
      return teller.tell(ObservePersonalData, { ...told, service: 'letters', relationshipKind: 'guest', purposes: ['account'], technology: 'server-log', values: [{ category: 'log', value: 'marker-log' }] }, caller);
    case 'source':
      return teller.tell(SourcePersonalData, { ...told, service: 'dinners', relationshipKind: 'guest', purposes: ['dinner'], source: n > 1 ? 'unregistered' : 'register', ...(n > 1 && { sourceName: 'marker-source' }), ...(n === 0 && { notice: evidence.notice }), values: [{ category: 'name', value: 'marker-name' }] }, caller);
    default: {
      const holdings = (await teller.events(subject)).flatMap(({ data }) => ((data['items'] ?? []) as readonly HeldItem[]).map(({ holding }) => holding));
      const of = { ...told, holding: holdings[n % Math.max(holdings.length, 1)] ?? idOf('nothing') };
      if (what === 'rectify') return teller.tell(RectifyPersonalData, { ...of, value: 'marker-right', reason: 'marker-reason' }, caller);
      if (what === 'complete') return teller.tell(CompletePersonalData, { ...of, value: 'marker-more' }, caller);
      return what === 'dispute' ? teller.tell(DisputePersonalData, of, caller) : teller.tell(ResolveDispute, { ...of, outcome: 'upheld' }, caller);
    }
  }
}
