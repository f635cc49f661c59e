/** What the register knows of one source of personal data: they vary over time, and each stays known with the days it was used (S032). */
import type { Envelope } from '../envelope.js';
import { endedBy, type Days } from '../period.js';
import { withEntry } from '../persistent.js';
import type { SourceData } from './source.events.js';

export type SourceAgreement = Omit<SourceData['SourceAgreementSigned'], 'to'> & Days & { readonly told: SourceData['SourceAgreementSigned'] };

export interface SourceState {
  readonly registered: boolean;
  readonly kind?: SourceData['SourceRegistered']['kind'];
  readonly publiclyAccessible: boolean;
  readonly purposes: readonly string[];
  /** When it was used: it may be taken up again. */
  readonly used: readonly Days[];
  readonly agreements: ReadonlyMap<string, SourceAgreement>;
}

export const initialSource: SourceState = { registered: false, publiclyAccessible: false, purposes: [], used: [], agreements: new Map() };
export const SOURCE_PREFIX = 'source-';

export function evolveSource(state: SourceState, event: Envelope): SourceState {
  const type = event.type as keyof SourceData;
  switch (type) {
    case 'SourceRegistered': {
      const { kind, publiclyAccessible, purposes, from } = event.data as SourceData['SourceRegistered'];
      return { ...state, registered: true, kind, publiclyAccessible, purposes, used: [{ from }] };
    }
    case 'SourceEnded': {
      const { to } = event.data as SourceData['SourceEnded'];
      return { ...state, used: state.used.map((days, i) => (i === state.used.length - 1 ? { ...days, to: endedBy(days.to, to) } : days)) };
    }
    case 'SourceResumed':
      return { ...state, used: [...state.used, event.data as SourceData['SourceResumed']] };
    case 'SourceAgreementSigned': {
      const data = event.data as SourceData['SourceAgreementSigned'];
      return { ...state, agreements: withEntry(state.agreements, data.agreement, { ...data, told: data }) };
    }
    case 'SourceAgreementEnded': {
      const { agreement, to } = event.data as SourceData['SourceAgreementEnded'];
      const known = state.agreements.get(agreement);
      return known === undefined ? state : { ...state, agreements: withEntry(state.agreements, agreement, { ...known, to: endedBy(known.to, to) }) };
    }
    default: {
      const never: never = type;
      return never;
    }
  }
}
