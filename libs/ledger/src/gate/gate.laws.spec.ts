import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MemoryEventStore } from '#event-store/memory/memory-event-store.js';
import { formatInstant, millisecondsOf } from '#law/instant.js';
import type { Answer } from '../answer.js';
import type { Envelope } from '../envelope.js';
import { Refusal } from '../refusals.js';
import type { Caller } from '../command.js';
import { GiveConsent } from '../subject/consent/give-consent.command.js';
import { WithdrawConsent } from '../subject/consent/withdraw-consent.command.js';
import { AuthoriseDisclosure } from '../subject/disclosure/disclosure.commands.js';
import { CollectPersonalData } from '../subject/holding/collect-personal-data.command.js';
import { DisputePersonalData, ResolveDispute } from '../subject/holding/correct.commands.js';
import type { HeldItem } from '../subject/holding/holding.events.js';
import { SourcePersonalData } from '../subject/holding/source-personal-data.command.js';
import { RecordAgeBand } from '../subject/identity/age.command.js';
import { FlagProtectedIdentity, LiftProtectedIdentity } from '../subject/identity/protection.commands.js';
import { RegisterSubject } from '../subject/identity/register-subject.command.js';
import { ServeNotice } from '../subject/notice/serve-notice.command.js';
import { ObjectToProcessing } from '../subject/objection/object-to-processing.command.js';
import { AuthoriseUse } from '../subject/use/use.commands.js';
import { event, idOf, type Fields } from '../testing/decider.fixture.js';
import { memoryEngines, Teller } from '../testing/ledger.fixture.js';
import { CONTROLLER } from '../testing/person-gate.fixture.js';
import { asurgentModel, registersWith, wordingHash } from '../testing/registers.fixture.js';
import type { ActItem } from './reasoning.members.js';

const ACME = 'recipient-acme';
/** A supplier that may have all it is asked for, as far as its own register says. */
const registers = registersWith(
  {
    [ACME]: [
      event({ type: 'RecipientRegistered', data: { kind: 'marketing-services', country: 'SE', from: '2018-01-01' } }, 0, ACME),
      event({ type: 'RecipientRoleAssigned', data: { assignment: 'letters', role: 'processor', purposes: ['direct-marketing', 'prospecting'], from: '2018-01-01' } }, 1, ACME),
      event({ type: 'RecipientAgreementSigned', data: { agreement: 'contract', kind: 'processor-contract', from: '2018-01-01' } }, 2, ACME),
    ],
  },
  asurgentModel,
);
const subject = idOf('laws');
const CONSENT = idOf('laws consent');
const PURPOSES = ['newsletter', 'direct-marketing', 'prospecting', 'customer-relationship', 'purchase', 'product-improvement'] as const;
const CATEGORIES = ['email', 'name', 'phone', 'postal', 'company', 'page-view'] as const;
const STEPS = [
  'give', 'give', 'withdraw', 'withdraw-all', 'object', 'object', 'serve', 'serve', 'collect', 'collect', 'source', 'dispute', 'resolve', 'flag', 'lift', 'child', 'adult',
  'sign-up', 'sign-up', 'ask', 'ask', 'ask', 'ask', 'use', 'use', 'use', 'use', 'disclose', 'disclose', 'disclose',
] as const;

interface Step {
  readonly what: (typeof STEPS)[number];
  /** Hours that the clock moves on before it is told; it may run backwards. */
  readonly later: number;
  /** Days before it is told, of what is told. */
  readonly ago: number;
  readonly byDate: boolean;
  readonly n: number;
  /** Told at once with the one before it. */
  readonly together: boolean;
}

const scripts: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    what: fc.constantFrom(...STEPS),
    later: fc.integer({ min: -2, max: 60 }),
    ago: fc.oneof(fc.constant(0), fc.nat({ max: 20 })),
    byDate: fc.boolean(),
    n: fc.nat({ max: 5 }),
    together: fc.boolean(),
  }),
  { minLength: 40, maxLength: 70 },
);

const evidence = { notice: { id: 'privacy-notice', version: 1 }, wording: wordingHash('newsletter-consent', asurgentModel), language: 'sv', method: 'web', indicatedBy: 'subject' } as const;
const newsletter = { service: 'newsletter', purposes: ['newsletter'] } as const;

async function take(teller: Teller, { what, ago, byDate, n, later }: Step, clock: number): Promise<unknown> {
  const caller: Partial<Caller> = { now: formatInstant(clock) };
  const at = formatInstant(clock - ago * 86_400_000);
  const told = { subject, occurredAt: byDate ? at.slice(0, 10) : at };
  const category = CATEGORIES[n] ?? 'email';
  const purpose = PURPOSES[(n + Math.abs(later)) % PURPOSES.length] ?? 'purchase';
  const collecting = { ...told, controller: CONTROLLER, relationshipKind: 'customer', context: 'purchase', notice: evidence.notice } as const;
  switch (what) {
    case 'give':
      return teller.tell(GiveConsent, { ...told, ...newsletter, ...(n > 2 ? {} : evidence), type: 'expressed', ...(n < 2 && { consent: idOf(`${CONSENT} ${clock}`) }) }, caller);
    case 'withdraw':
      return teller.tell(WithdrawConsent, { ...told, ...newsletter }, caller);
    case 'withdraw-all':
      return teller.tell(WithdrawConsent, n > 2 ? { subject } : told, caller);
    case 'object':
      return teller.tell(ObjectToProcessing, { ...told, kind: n % 2 === 0 ? 'direct-marketing' : 'processing', ...(n > 1 && { purposes: [purpose] }), ...(n === 4 && { recipientKinds: ['marketing-services'] }) }, caller);
    case 'serve':
      return teller.tell(ServeNotice, { ...told, controller: CONTROLLER, notice: { id: n > 1 ? 'indirect-notice' : 'privacy-notice', version: 1 } }, caller);
    case 'collect':
      return teller.tell(CollectPersonalData, { ...collecting, ...(n === 4 && { notice: undefined }), purposes: category === 'page-view' ? ['product-improvement'] : [purpose === 'product-improvement' ? 'purchase' : purpose], values: [{ category, value: `marker-${n}` }] }, caller);
    case 'source':
      return teller.tell(SourcePersonalData, { ...told, controller: CONTROLLER, relationshipKind: 'customer', source: 'bisnode', purposes: ['prospecting'], values: [{ category: n > 2 ? 'phone' : 'name', value: 'marker-bought' }] }, caller);
    case 'flag':
      return teller.tell(FlagProtectedIdentity, { ...told, protection: 'secrecy-marking' }, caller);
    case 'lift':
      return teller.tell(LiftProtectedIdentity, told, caller);
    case 'child':
      return teller.tell(RecordAgeBand, { ...told, band: n > 1 ? 'below-13' : 'from-13-to-17' }, caller);
    case 'adult':
      return teller.tell(RecordAgeBand, { ...told, band: 'adult' }, caller);
    case 'sign-up':
      return teller.tell(CollectPersonalData, { ...told, ...newsletter, relationshipKind: 'subscriber', context: 'newsletter-signup', notice: evidence.notice, values: [{ category: 'email', value: 'marker-mail' }] }, caller);
    case 'ask':
      return teller.tell(AuthoriseUse, { subject, service: 'newsletter', purpose: 'newsletter', categories: ['email'] }, caller);
    case 'use':
      return teller.tell(AuthoriseUse, { subject, ...(purpose === 'newsletter' ? { service: 'newsletter' } : { controller: CONTROLLER }), purpose, categories: [category] }, caller);
    case 'disclose':
      return teller.tell(AuthoriseDisclosure, { subject, controller: CONTROLLER, recipient: 'acme', purpose: n % 2 === 0 ? 'direct-marketing' : 'prospecting', categories: [category === 'page-view' ? 'email' : category] }, caller);
    default: {
      const holdings = (await teller.events(subject)).flatMap(({ data }) => ((data['items'] ?? []) as readonly (HeldItem | ActItem)[]).flatMap(({ holding }) => holding ?? []));
      const of = { ...told, holding: holdings[(n * 5) % Math.max(holdings.length, 1)] ?? idOf('nothing') };
      return what === 'dispute' ? teller.tell(DisputePersonalData, of, caller) : teller.tell(ResolveDispute, { ...of, outcome: 'rejected' }, caller);
    }
  }
}

/** Tells the script to two processes over one log, in turn; what is told together races. */
async function live(script: readonly Step[]): Promise<readonly Envelope[]> {
  const engines = await memoryEngines(new MemoryEventStore());
  const tellers = [new Teller(engines, registers), new Teller(engines, registers)] as const;
  let clock = millisecondsOf('2021-01-01T12:00:00.000Z');
  await tellers[0].tell(RegisterSubject, { subject, identifiers: [{ kind: 'customer-number', value: 'K-0-0000' }] }, { now: formatInstant(clock) });
  let racing: Promise<unknown>[] = [];
  for (const [i, step] of script.entries()) {
    if (!step.together) {
      await Promise.all(racing);
      racing = [];
    }
    clock += step.later * 3_600_000;
    racing.push(take(tellers[i % 2 === 0 ? 0 : 1], step, clock).catch(onlyRefusals));
  }
  await Promise.all(racing);
  const events = await tellers[0].events(subject);
  await engines.close();
  return events;
}

function onlyRefusals(fault: unknown): void {
  if (!(fault instanceof Refusal)) throw fault;
}

/** When it may have happened, by the calendar that people in Sweden use in this winter, and never after it was recorded. */
function times({ occurredAt, recordedAt }: Envelope): { readonly first: string; readonly last: string } {
  const day = /^(\d{4}-\d\d-\d\d)\[/.exec(occurredAt)?.[1];
  if (day === undefined) return { first: occurredAt, last: occurredAt };
  const midnight = (plus: number): string => formatInstant(millisecondsOf(`${day}T00:00:00.000Z`) + plus * 86_400_000 - offset(day) * 3_600_000);
  const last = formatInstant(millisecondsOf(midnight(1)) - 1);
  return { first: midnight(0), last: last < recordedAt ? last : recordedAt };
}

function offset(day: string): number {
  return day >= '2021-03-28' && day < '2021-10-31' ? 2 : 1;
}

interface Acted {
  readonly purpose: string;
  readonly items: readonly ActItem[];
}
const MARKETING = ['newsletter', 'direct-marketing', 'prospecting'];
const BY_INTEREST = ['direct-marketing', 'prospecting', 'customer-relationship', 'product-improvement'];

/** Why an authorisation should not be there, as someone would say who reads what was recorded before it, event by event. */
function against(authorised: Envelope, before: readonly Envelope[]): readonly string[] {
  const { purpose, items } = authorised.data as Envelope['data'] & Acted;
  const now = authorised.recordedAt;
  const isOut = authorised.type === 'DisclosureAuthorised';
  const of = (...types: readonly string[]): readonly Envelope[] => before.filter(({ type }) => types.includes(type));
  const holdings = items.flatMap(({ holding }) => holding ?? []);
  const reasons: string[] = [];

  const stands = of('ConsentGiven').some((given) => {
    const { missing, purposes, from } = given.data as { readonly missing: readonly string[]; readonly purposes: readonly string[]; readonly from: string };
    if (missing.length > 0 || !purposes.includes(purpose) || from > now) return false;
    const tooYoung = (): boolean => {
      const told = of('AgeBandRecorded').map((one) => ({ band: one.data['band'], from: one.data['band'] === 'below-13' ? times(one).first : times(one).last }));
      const then = told.filter((one) => one.from <= from).sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0)).at(-1);
      return then?.band === 'below-13' || told.some((one) => one.from > from && one.band === 'below-13');
    };
    if (tooYoung()) return false;
    return !of('ConsentWithdrawn').some((no) => ((no.data['purposes'] ?? [purpose]) as readonly string[]).includes(purpose) && (times(no).last >= times(given).first || (no.data['at'] as string) >= times(given).first));
  });
  if (purpose === 'newsletter' && !stands) reasons.push('no consent stands');

  for (const objection of of('DataSubjectObjected')) {
    const { kind, purposes, recipientKinds } = objection.data as { readonly kind: string; readonly purposes?: readonly string[]; readonly recipientKinds?: readonly string[] };
    const stops = (kind === 'direct-marketing' ? MARKETING : BY_INTEREST).includes(purpose);
    if (stops && (purposes ?? [purpose]).includes(purpose) && (recipientKinds === undefined || (isOut && recipientKinds.includes('marketing-services')))) reasons.push('the person objected');
  }

  for (const holding of holdings) {
    const disputes = of('PersonalDataDisputed').filter(({ data }) => data['holding'] === holding).map(({ data }) => data['dispute']);
    const resolved = of('DisputeResolved').map(({ data }) => data['dispute']);
    if (disputes.some((dispute) => !resolved.includes(dispute))) reasons.push('it is in dispute');
    const tellings = of('PersonalDataCollected', 'PersonalDataSourced', 'PersonalDataObserved').flatMap(({ data }) => (data['items'] as readonly HeldItem[]).filter((item) => item.holding === holding));
    if (!tellings.some((item) => item.purposes.some(({ verdict }) => verdict === 'justified'))) reasons.push('it is held without justification');
    for (const sourcing of of('PersonalDataSourced').filter(({ data }) => (data['items'] as readonly HeldItem[]).some((item) => item.holding === holding))) {
      const duty = of('IndirectNoticeObligationOpened').find(({ data }) => data['sourcing'] === sourcing.id)?.data['obligation'];
      const isServed = of('NoticeServed').some(({ data }) => (data['obligations'] as readonly unknown[]).includes(duty) && (data['servedAt'] as string) <= now);
      if (!isServed) reasons.push('the person was not told where it came from');
    }
  }

  const flags = of('ProtectedIdentityFlagged', 'ProtectedIdentityLifted');
  if (isOut && flags.at(-1)?.type === 'ProtectedIdentityFlagged' && items.some(({ category }) => category === 'phone' || category === 'postal')) reasons.push('the identity is protected');
  if (items.some(({ category }) => (category === 'page-view') !== (purpose === 'product-improvement'))) reasons.push('the purpose does not need it');
  const ages = of('AgeBandRecorded');
  if (ages.length > 0 && ages.every(({ data }) => data['band'] !== 'adult') && MARKETING.includes(purpose) && purpose !== 'newsletter') reasons.push('it is marketing to a child');
  return reasons;
}

const isAuthorisation = ({ type }: Envelope): boolean => type === 'UseAuthorised' || type === 'DisclosureAuthorised';

describe('every authorisation', () => {
  it('is one that no rule forbade when it was given, in any history', async () => {
    let authorised = 0;
    const blocked = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(scripts, async (script) => {
        const events = await live(script);
        for (const [i, one] of events.entries()) {
          if (isAuthorisation(one)) {
            authorised += 1;
            expect([one.data['purpose'], one.data['items'], against(one, events.slice(0, i))]).toEqual([one.data['purpose'], one.data['items'], []]);
          }
          if (/Blocked$/.test(one.type)) for (const code of one.failed ?? []) blocked.set(code, (blocked.get(code) ?? 0) + 1);
        }
      }),
      { numRuns: 120, seed: 20261122, endOnFailure: true },
    );
    // The histories ask something: acts are allowed, and each of the rules that are restated here blocks some.
    expect(authorised).toBeGreaterThan(20);
    for (const code of ['consent-given', 'consent-withdrawn', 'consent-proven', 'no-objection', 'not-restricted', 'indirect-notice', 'holding-justified', 'protected-identity', 'category-allowed', 'marketing-to-child', 'consent-by-guardian'])
      expect([code, blocked.get(code) ?? 0]).not.toEqual([code, 0]);
  }, 120_000);
});

describe('after a withdrawal is acknowledged', () => {
  const ask = { subject, service: 'newsletter', purpose: 'newsletter', categories: ['email'] } as const satisfies Fields<AuthoriseUse>;
  const start = millisecondsOf('2021-02-01T12:00:00.000Z');
  const at = (ms: number): Partial<Caller> => ({ now: formatInstant(start + ms) });

  async function subscriber(): Promise<readonly [Teller, Teller, () => Promise<void>]> {
    const engines = await memoryEngines();
    const tellers = [new Teller(engines, registers), new Teller(engines, registers)] as const;
    const told = { subject, service: 'newsletter', occurredAt: '2021-01-10T08:00:00Z' } as const;
    await tellers[0].tell(RegisterSubject, { subject, identifiers: [{ kind: 'email', value: 'laws@example.com' }] }, at(-1_000));
    await tellers[0].tell(GiveConsent, { ...told, purposes: ['newsletter'], type: 'expressed', ...evidence }, at(-900));
    await tellers[0].tell(CollectPersonalData, { ...told, relationshipKind: 'subscriber', context: 'newsletter-signup', purposes: ['newsletter'], notice: evidence.notice, values: [{ category: 'email', value: 'laws@example.com' }] }, at(-800));
    return [...tellers, () => engines.close()];
  }

  it('nothing is authorised, from any number of callers, whatever their clocks say', async () => {
    let allowed = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ process: fc.constantFrom(0 as const, 1 as const), ms: fc.integer({ min: -500, max: 500 }) }), { minLength: 60, maxLength: 80 }),
        fc.nat({ max: 60 }),
        fc.constantFrom('withdraw' as const, 'object' as const),
        async (asks, when, no) => {
          const [one, other, close] = await subscriber();
          const tellers = [one, other] as const;
          let isAcknowledged = false;
          const answers: Promise<{ readonly sent: boolean; readonly answer: Answer }>[] = [];
          const send = ({ process, ms }: (typeof asks)[number]): void => {
            const sent = isAcknowledged;
            answers.push(tellers[process].tell(AuthoriseUse, ask, at(ms)).then((answer) => ({ sent, answer })));
          };
          asks.slice(0, when).forEach(send);
          const type = no === 'withdraw' ? other.tell(WithdrawConsent, { subject, ...newsletter }, at(0)) : other.tell(ObjectToProcessing, { subject, kind: 'direct-marketing' }, at(0));
          const acknowledged = type.then((answer) => {
            isAcknowledged = true;
            return answer;
          });
          asks.slice(when, when + 10).forEach(send);
          await acknowledged;
          asks.slice(when + 10).forEach(send);
          const heard = await Promise.all(answers);
          const events = await one.events(subject);
          const end = events.findIndex(({ type: happened }) => happened === 'ConsentWithdrawn' || happened === 'DataSubjectObjected');
          expect(events.slice(end).map(({ type: happened }) => happened)).not.toContain('UseAuthorised');
          for (const { sent, answer } of heard) if (sent) expect(answer.decision?.outcome).toBe('blocked');
          allowed += heard.filter(({ answer }) => answer.decision?.outcome === 'allowed').length;
          await close();
        },
      ),
      { numRuns: 15, seed: 20261122, endOnFailure: true },
    );
    expect(allowed).toBeGreaterThan(15);
  }, 120_000);
});
