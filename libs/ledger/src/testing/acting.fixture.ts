/** Random histories in which the gate is asked, acts are told, recalled and objected to, and a printer's register changes meanwhile. */
import fc from 'fast-check';
import type { EventStore } from '#event-store/event-store.js';
import { formatInstant } from '#law/instant.js';
import { MILLISECONDS_PER_DAY } from '#law/local-date.js';
import type { Caller } from '../command.js';
import { LiveRegisters } from '../live-registers.js';
import { EndRecipientAgreement, SignRecipientAgreement } from '../recipient/agreement.commands.js';
import { AuditRecipient } from '../recipient/audit-recipient.command.js';
import { MoveRecipient, RegisterRecipient } from '../recipient/recipient.commands.js';
import { AssignRecipientRole, EndRecipientRole } from '../recipient/role.commands.js';
import type { Registers } from '../registers.js';
import { DealWithDeviation } from '../subject/deviation/deal-with-deviation.command.js';
import { AuthoriseDisclosure, ReportDisclosure } from '../subject/disclosure/disclosure.commands.js';
import { ConfirmRecall, RecallDisclosure } from '../subject/disclosure/recall.commands.js';
import { ServeNotice } from '../subject/notice/serve-notice.command.js';
import { ObjectToProcessing } from '../subject/objection/object-to-processing.command.js';
import { AuthoriseTransfer, ReportTransfer } from '../subject/transfer/transfer.commands.js';
import { AuthoriseUse, ReportUse } from '../subject/use/use.commands.js';
import { idOf } from './decider.fixture.js';
import { liveWith, PEOPLE, step, take, type Lived, type Step } from './history.fixture.js';
import type { Teller } from './ledger.fixture.js';
import { twoVersions } from './registers.fixture.js';
import { evidence } from './subject.fixture.js';

const ACTS = ['ask', 'ask', 'disclose', 'disclose', 'disclose', 'recall', 'confirm', 'ask-transfer', 'transfer', 'ask-use', 'use', 'notice', 'object', 'deal', 'deal', 'register', 'role', 'role', 'end-role', 'contract', 'contract', 'end-contract', 'move', 'audit'] as const;

interface Acted {
  readonly act: (typeof ACTS)[number];
  readonly person: 0 | 1;
  readonly ago: number;
  readonly later: number;
  readonly n: number;
}

const acted: fc.Arbitrary<Acted> = fc.record({ act: fc.constantFrom(...ACTS), person: fc.constantFrom(0 as const, 1 as const), ago: fc.oneof(fc.constant(0), fc.nat({ max: 60 })), later: fc.integer({ min: -3, max: 300 }), n: fc.nat({ max: 3 }) });

export type Acting = readonly (Step | Acted)[];
export const actingSteps: fc.Arbitrary<Acting> = fc.array(fc.oneof(step, acted), { minLength: 80, maxLength: 140 });

/** Tells the steps to a new ledger in memory, by registers that follow its log. Refused ones are left out. */
export async function liveActing(script: Acting): Promise<Lived> {
  const how = (teller: Teller, one: Step | Acted, organisation: string, clock: number): Promise<unknown> => ('act' in one ? actOn(teller, one, clock) : take(teller, one, organisation, clock));
  const begin = { person: 0, ago: 60, later: 0, n: 0 } as const;
  return liveWith([...(['register', 'role', 'contract'] as const).map((act) => ({ act, ...begin })), ...script], how, undefined, registersIn);
}

/** Policies as they stand in a file, and the other registers as the log has them. */
function registersIn(log: EventStore): Registers {
  const live = new LiveRegisters(log, () => Promise.reject(new Error('no policy is published here')), { elapsedMs: () => 0, after: () => Promise.resolve() });
  return { ...twoVersions, refresh: () => live.refresh(), registered: (kind, id) => live.registered(kind, id), idsOf: (kind) => live.idsOf(kind) };
}

async function actOn(teller: Teller, { act, person, ago, n }: Acted, clock: number): Promise<unknown> {
  const caller: Partial<Caller> = { now: formatInstant(clock) };
  const at = formatInstant(clock - ago * MILLISECONDS_PER_DAY);
  const day = at.slice(0, 10);
  const subject = PEOPLE[person];
  const asked = { subject, service: 'letters', purpose: n === 3 ? 'account' : 'letter', categories: n === 3 ? ['log'] : n === 2 ? ['name', 'email'] : ['name'] };
  const told = { ...asked, occurredAt: at };
  const [recipient, recipientName] = n === 2 ? ['unregistered', 'marker-recipient'] : ['print-house', undefined];
  const to = { recipient, ...(recipientName !== undefined && { recipientName }) };
  const printer = { recipient: 'print-house', occurredAt: at };
  const disclosure = idOf(`history disclosure ${person} ${n % 2}`);
  switch (act) {
    case 'register':
      return teller.tell(RegisterRecipient, { ...printer, kind: 'printer', name: 'marker-printer', country: 'SE', from: '2019-01-01' }, caller);
    case 'role':
      return teller.tell(AssignRecipientRole, { ...printer, assignment: `print-${n}`, role: 'processor', purposes: ['letter'], from: day }, caller);
    case 'end-role':
      return teller.tell(EndRecipientRole, { ...printer, assignment: `print-${n}`, to: day }, caller);
    case 'contract':
      return teller.tell(SignRecipientAgreement, { ...printer, agreement: `contract-${n}`, kind: 'processor-contract', from: day }, caller);
    case 'end-contract':
      return teller.tell(EndRecipientAgreement, { ...printer, agreement: `contract-${n}`, to: day }, caller);
    case 'move':
      return teller.tell(MoveRecipient, { ...printer, country: n === 3 ? 'US' : 'SE', from: day }, caller);
    case 'audit':
      return teller.tell(AuditRecipient, { ...printer, on: day, outcome: 'passed' }, caller);
    case 'ask':
      return teller.tell(AuthoriseDisclosure, { ...asked, recipient: 'print-house' }, caller);
    case 'disclose':
      return teller.tell(ReportDisclosure, { ...told, ...to, disclosure, ...(n === 1 && { authorisation: await lastAuthorisation(teller, subject) }) }, caller);
    case 'recall':
      return teller.tell(RecallDisclosure, { subject, occurredAt: at, disclosure, reason: 'marker-reason' }, caller);
    case 'confirm':
      return teller.tell(ConfirmRecall, { subject, occurredAt: at, disclosure, outcome: n > 1 ? 'erased' : 'refused' }, caller);
    case 'ask-transfer':
      return teller.tell(AuthoriseTransfer, { ...asked, recipient: 'print-house', country: 'US' }, caller);
    case 'transfer':
      return teller.tell(ReportTransfer, { ...told, ...to, country: 'US', ...(n > 0 && { derogation: 'a49-1-a' }) }, caller);
    case 'ask-use':
      return teller.tell(AuthoriseUse, asked, caller);
    case 'use':
      return teller.tell(ReportUse, { ...told, ...(n > 1 && to) }, caller);
    case 'notice':
      return teller.tell(ServeNotice, { subject, service: 'letters', occurredAt: at, notice: evidence.notice }, caller);
    case 'object':
      return teller.tell(ObjectToProcessing, { subject, service: 'letters', occurredAt: at, kind: n > 1 ? 'direct-marketing' : 'processing' }, caller);
    case 'deal': {
      const wrong = (await teller.events(subject)).filter(({ verdict }) => verdict === 'unjustified');
      return teller.tell(DealWithDeviation, { subject, occurredAt: at, event: wrong[n % Math.max(wrong.length, 1)]?.id ?? idOf('nothing'), measure: 'corrected' }, caller);
    }
    default: {
      const never: never = act;
      return never;
    }
  }
}

async function lastAuthorisation(teller: Teller, subject: string): Promise<string> {
  const asks = (await teller.events(subject)).filter(({ type }) => type === 'DisclosureAuthorised');
  return String(asks.at(-1)?.data['authorisation'] ?? idOf('no authorisation'));
}
