/** What the register knows of one recipient, with the days on which each thing held: asked as of any date. */
import type { Envelope } from '../envelope.js';
import { covers, endedBy, type ActDays, type Days } from '../period.js';
import { withEntry } from '../persistent.js';
import type { RecipientData } from './recipient.events.js';

type Open<T> = Omit<T, 'to'> & Days;
/** With what was told when it began: an end changes the days only. */
type Entry<T> = Open<T> & { readonly told: T };
export type RoleAssignment = Entry<RecipientData['RecipientRoleAssigned']>;
export type Agreement = Entry<RecipientData['RecipientAgreementSigned']>;
export type SubProcessor = Entry<RecipientData['SubProcessorAdded']> & { readonly objectedFrom?: string };
export type Certification = Open<RecipientData['RecipientCertified']>;
export type BusinessTransfer = Entry<RecipientData['BusinessTransferPlanned']>;
export type Audit = RecipientData['RecipientAudited'];
export type ImpactAssessment = Open<RecipientData['TransferImpactAssessed']>;
export type Arrangement = Open<RecipientData['TransferArrangementSigned']> & {
  readonly assessments: readonly ImpactAssessment[];
  /** In the order told: from that day on it was suspended, or in use again. */
  readonly suspensions: readonly { readonly from: string; readonly suspended: boolean }[];
};

export interface RecipientState {
  readonly registered: boolean;
  readonly kind: string;
  readonly from: string;
  /** Where it is, by the day from which it was there. */
  readonly countries: readonly { readonly country: string; readonly from: string }[];
  readonly roles: ReadonlyMap<string, RoleAssignment>;
  readonly agreements: ReadonlyMap<string, Agreement>;
  readonly subProcessors: ReadonlyMap<string, SubProcessor>;
  readonly audits: readonly Audit[];
  readonly certifications: readonly Certification[];
  readonly arrangements: ReadonlyMap<string, Arrangement>;
  readonly plans: ReadonlyMap<string, BusinessTransfer>;
}

export const initialRecipient: RecipientState = {
  registered: false,
  kind: '',
  from: '',
  countries: [],
  roles: new Map(),
  agreements: new Map(),
  subProcessors: new Map(),
  audits: [],
  certifications: [],
  arrangements: new Map(),
  plans: new Map(),
};

export const RECIPIENT_PREFIX = 'recipient-';

type Data<T extends keyof RecipientData> = RecipientData[T];

export function evolveRecipient(state: RecipientState, event: Envelope): RecipientState {
  const type = event.type as keyof RecipientData;
  switch (type) {
    case 'RecipientRegistered': {
      const { kind, country, from } = event.data as Data<'RecipientRegistered'>;
      return { ...state, registered: true, kind, from, countries: [{ country, from }] };
    }
    case 'RecipientMoved':
      return { ...state, countries: [...state.countries, event.data as Data<'RecipientMoved'>] };
    case 'RecipientRoleAssigned': {
      const data = event.data as Data<'RecipientRoleAssigned'>;
      return { ...state, roles: withEntry(state.roles, data.assignment, { ...data, told: data }) };
    }
    case 'RecipientRoleEnded': {
      const { assignment, to } = event.data as Data<'RecipientRoleEnded'>;
      return { ...state, roles: ended(state.roles, assignment, to) };
    }
    case 'RecipientAgreementSigned': {
      const data = event.data as Data<'RecipientAgreementSigned'>;
      return { ...state, agreements: withEntry(state.agreements, data.agreement, { ...data, told: data }) };
    }
    case 'RecipientAgreementEnded': {
      const { agreement, to } = event.data as Data<'RecipientAgreementEnded'>;
      return { ...state, agreements: ended(state.agreements, agreement, to) };
    }
    case 'SubProcessorAdded': {
      const data = event.data as Data<'SubProcessorAdded'>;
      return { ...state, subProcessors: withEntry(state.subProcessors, data.subProcessor, { ...data, told: data }) };
    }
    case 'SubProcessorObjectedTo': {
      const { subProcessor, from } = event.data as Data<'SubProcessorObjectedTo'>;
      return { ...state, subProcessors: changed(state.subProcessors, subProcessor, (known) => ({ ...known, objectedFrom: endedBy(known.objectedFrom, from) })) };
    }
    case 'SubProcessorRemoved': {
      const { subProcessor, to } = event.data as Data<'SubProcessorRemoved'>;
      return { ...state, subProcessors: ended(state.subProcessors, subProcessor, to) };
    }
    case 'RecipientAudited':
      return { ...state, audits: [...state.audits, event.data as Audit] };
    case 'RecipientCertified':
      return { ...state, certifications: [...state.certifications, event.data as Data<'RecipientCertified'>] };
    case 'RecipientCertificationEnded': {
      const { decision, to } = event.data as Data<'RecipientCertificationEnded'>;
      return { ...state, certifications: state.certifications.map((one) => (one.decision === decision && one.from <= to ? { ...one, to: endedBy(one.to, to) } : one)) };
    }
    case 'TransferArrangementSigned': {
      const data = event.data as Data<'TransferArrangementSigned'>;
      return { ...state, arrangements: withEntry(state.arrangements, data.arrangement, { ...data, assessments: [], suspensions: [] }) };
    }
    case 'TransferArrangementEnded': {
      const { arrangement, to } = event.data as Data<'TransferArrangementEnded'>;
      return { ...state, arrangements: ended(state.arrangements, arrangement, to) };
    }
    case 'TransferArrangementSuspended':
    case 'TransferArrangementResumed': {
      const { arrangement, from } = event.data as Data<'TransferArrangementSuspended'>;
      const turn = { from, suspended: type === 'TransferArrangementSuspended' };
      return { ...state, arrangements: changed(state.arrangements, arrangement, (known) => ({ ...known, suspensions: [...known.suspensions, turn] })) };
    }
    case 'TransferImpactAssessed': {
      const data = event.data as Data<'TransferImpactAssessed'>;
      return { ...state, arrangements: changed(state.arrangements, data.arrangement, (known) => ({ ...known, assessments: [...known.assessments, data] })) };
    }
    case 'BusinessTransferPlanned': {
      const data = event.data as Data<'BusinessTransferPlanned'>;
      return { ...state, plans: withEntry(state.plans, data.plan, { ...data, told: data }) };
    }
    default: {
      const never: never = type;
      return never;
    }
  }
}

/** Where it is on a day: of several told for that day or before, the one with the latest beginning, and of those the last told. */
export function countryOn(state: RecipientState, day: string): string | undefined {
  let found: { readonly country: string; readonly from: string } | undefined;
  for (const one of state.countries) if (one.from <= day && (found === undefined || one.from >= found.from)) found = one;
  return found?.country;
}

/** The roles in force on all these days for a purpose: those of the conference asked for, and those that name none. */
export function rolesFor(state: RecipientState, purpose: string, conference: string | undefined, days: ActDays): readonly RoleAssignment[] {
  return [...state.roles.values()].filter(
    (role) => role.purposes.includes(purpose) && (role.conference === undefined || role.conference === conference) && covers(role, days),
  );
}

/** Whether a suspension lay on the arrangement on any of these days. */
export function isSuspended({ suspensions }: Arrangement, { first, last }: ActDays): boolean {
  const before = suspensions.filter(({ from }) => from <= first).sort((a, b) => (a.from < b.from ? -1 : 1)).at(-1);
  return (before?.suspended ?? false) || suspensions.some(({ from, suspended }) => suspended && from > first && from <= last);
}

function ended<T extends Days>(map: ReadonlyMap<string, T>, key: string, to: string): ReadonlyMap<string, T> {
  return changed(map, key, (known) => ({ ...known, to: endedBy(known.to, to) }));
}

function changed<T>(map: ReadonlyMap<string, T>, key: string, how: (known: T) => T): ReadonlyMap<string, T> {
  const known = map.get(key);
  return known === undefined ? map : withEntry(map, key, how(known));
}
