/**
 * The recipient register: for each recipient a line a thing that the register knows of it (where it is, its roles, agreements,
 * arrangements, sub-suppliers, audits), each with its days. What is in force follows from the day that is asked about.
 */
import type { StoredEvent } from '#event-store/event-store.js';
import type { Change, Row, RowRef, View } from '#projection/view.js';
import { decode } from '../encoding.js';
import { endedBy } from '../period.js';
import type { RecipientData } from '../recipient/recipient.events.js';
import { RECIPIENT_PREFIX, type ImpactAssessment } from '../recipient/recipient.state.js';
import { entered, lineIn, lineOf, refOf, registerOf, type Line } from './register.js';

export const RECIPIENT_PARTS = ['registration', 'place', 'role', 'agreement', 'sub-processor', 'audit', 'certification', 'arrangement', 'plan'] as const;
export type RecipientPart = (typeof RECIPIENT_PARTS)[number];

type Told = Partial<Omit<RecipientData['RecipientRoleAssigned'] & RecipientData['TransferArrangementSigned'] & RecipientData['RecipientAudited'] & RecipientData['BusinessTransferPlanned'], 'on' | 'outcome'>>;

export type RecipientLine = Line &
  Told & {
    readonly recipient: string;
    readonly part: RecipientPart;
    /** Of the thing, within the recipient: an assignment, an agreement, an arrangement, a decision. */
    readonly id?: string;
    readonly kind?: string;
    readonly outcome?: string;
    readonly auditedOn?: string;
    readonly objectedFrom?: string;
    readonly suspensions?: readonly { readonly from: string; readonly suspended: boolean }[];
    readonly assessments?: readonly Omit<ImpactAssessment, 'arrangement'>[];
  };

export const recipientRegister = registerOf<RecipientLine>(
  'recipient_register',
  { recipient: ({ recipient }) => recipient },
  {
    part: ({ part }) => part,
    kind: ({ kind }) => kind,
    role: ({ role }) => role,
    purpose: ({ purposes }) => purposes,
    conference: ({ conference }) => conference,
    country: ({ country }) => country,
    mechanism: ({ mechanism }) => mechanism,
    outcome: ({ outcome }) => outcome,
  },
);

export const recipientRegisterColumns = ['position', 'event', 'type', 'recipient', 'part', 'id', 'kind', 'role', 'purposes', 'conference', 'categories', 'country', 'from', 'to', 'mechanism', 'decision', 'module', 'exporterRole', 'importerRole', 'annexes', 'remoteAccess', 'signedOn', 'essencePublished', 'subProcessor', 'auditedOn', 'outcome', 'nextOn', 'objectedFrom', 'suspensions', 'assessments', 'noticePublishedOn', 'occurredAt', 'recordedAt', 'system', 'actor'] as const;

export const recipientRegisterView: View = {
  name: 'recipient-register',
  version: 1,
  tables: [recipientRegister.entries, recipientRegister.keys],
  streamPrefixes: [RECIPIENT_PREFIX],
  touches: (event: StoredEvent): readonly RowRef[] => [refOf(recipientRegister, entryOf(event))],
  apply(event: StoredEvent, read: (ref: RowRef) => Row | undefined): readonly Change[] {
    const entry = entryOf(event);
    const before = lineIn(recipientRegister, read(refOf(recipientRegister, entry)));
    const line = lineAfter(event, before);
    return line === undefined ? [] : entered(recipientRegister, entry, line, before);
  },
};

type Type = keyof RecipientData;
type Data<T extends Type> = RecipientData[T];

/** Which part of the register an event is about, and the thing's id within it. */
function partOf(event: StoredEvent): readonly [part: RecipientPart, id: string | undefined] {
  const type = event.type as Type;
  const { data } = decode(event);
  switch (type) {
    case 'RecipientRegistered':
      return ['registration', undefined];
    case 'RecipientMoved':
      return ['place', (data as Data<'RecipientMoved'>).from];
    case 'RecipientRoleAssigned':
    case 'RecipientRoleEnded':
      return ['role', (data as Data<'RecipientRoleEnded'>).assignment];
    case 'RecipientAgreementSigned':
    case 'RecipientAgreementEnded':
      return ['agreement', (data as Data<'RecipientAgreementEnded'>).agreement];
    case 'SubProcessorAdded':
    case 'SubProcessorObjectedTo':
    case 'SubProcessorRemoved':
      return ['sub-processor', (data as Data<'SubProcessorRemoved'>).subProcessor];
    case 'RecipientAudited':
      return ['audit', event.id];
    case 'RecipientCertified':
    case 'RecipientCertificationEnded':
      return ['certification', (data as Data<'RecipientCertified'>).decision];
    case 'TransferArrangementSigned':
    case 'TransferArrangementEnded':
    case 'TransferArrangementSuspended':
    case 'TransferArrangementResumed':
    case 'TransferImpactAssessed':
      return ['arrangement', (data as Data<'TransferArrangementEnded'>).arrangement];
    case 'BusinessTransferPlanned':
      return ['plan', (data as Data<'BusinessTransferPlanned'>).plan];
    default: {
      const never: never = type;
      return never;
    }
  }
}

function entryOf(event: StoredEvent): string {
  const [part, id] = partOf(event);
  return [event.stream.slice(RECIPIENT_PREFIX.length), part, ...(id === undefined ? [] : [id])].join('.');
}

/** The line after an event; undefined where an end, a suspension or an assessment is of something that was never told. */
function lineAfter(event: StoredEvent, before: RecipientLine | undefined): RecipientLine | undefined {
  const type = event.type as Type;
  const { data } = decode(event);
  switch (type) {
    case 'RecipientRoleEnded':
    case 'RecipientAgreementEnded':
    case 'SubProcessorRemoved':
    case 'TransferArrangementEnded':
    case 'RecipientCertificationEnded':
      return before && { ...before, to: endedBy(before.to, (data as { readonly to: string }).to) };
    case 'SubProcessorObjectedTo':
      return before && { ...before, objectedFrom: (data as Data<'SubProcessorObjectedTo'>).from };
    case 'TransferArrangementSuspended':
    case 'TransferArrangementResumed': {
      const turn = { from: (data as Data<'TransferArrangementSuspended'>).from, suspended: type === 'TransferArrangementSuspended' };
      return before && { ...before, suspensions: [...(before.suspensions ?? []), turn] };
    }
    case 'TransferImpactAssessed': {
      const { arrangement: _arrangement, ...assessment } = data as Data<'TransferImpactAssessed'>;
      return before && { ...before, assessments: [...(before.assessments ?? []), assessment] };
    }
    case 'RecipientAudited': {
      const { on, ...audit } = data as Data<'RecipientAudited'>;
      return { ...newLine(event), ...audit, auditedOn: on };
    }
    case 'RecipientRegistered':
    case 'RecipientMoved':
    case 'RecipientRoleAssigned':
    case 'RecipientAgreementSigned':
    case 'SubProcessorAdded':
    case 'RecipientCertified':
    case 'TransferArrangementSigned':
    case 'BusinessTransferPlanned':
      return { ...newLine(event), ...(data as Told & { readonly kind?: string }) };
    default: {
      const never: never = type;
      return never;
    }
  }
}

function newLine(event: StoredEvent): RecipientLine {
  const [part, id] = partOf(event);
  return { ...lineOf(decode(event), event.position), recipient: event.stream.slice(RECIPIENT_PREFIX.length), part, ...(id !== undefined && { id }) };
}
