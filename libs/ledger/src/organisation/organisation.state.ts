/** What is known of one customer company: its agreements, and the services that it has had, with their days. */
import type { Envelope } from '../envelope.js';
import { endedBy, type Days } from '../period.js';
import { withEntry } from '../persistent.js';
import type { OrganisationData } from './organisation.events.js';

export type OrganisationAgreement = Omit<OrganisationData['OrganisationAgreementSigned'], 'to'> & Days & { readonly told: OrganisationData['OrganisationAgreementSigned'] };
/** One time that it had a service. */
export type ServicePeriod = Days & { readonly agreement?: string };

export interface OrganisationState {
  readonly registered: boolean;
  readonly agreements: ReadonlyMap<string, OrganisationAgreement>;
  /** By service, in the order told: it may come back. */
  readonly services: ReadonlyMap<string, readonly ServicePeriod[]>;
}

export const initialOrganisation: OrganisationState = { registered: false, agreements: new Map(), services: new Map() };
export const ORGANISATION_PREFIX = 'organisation-';

export function evolveOrganisation(state: OrganisationState, event: Envelope): OrganisationState {
  const type = event.type as keyof OrganisationData;
  switch (type) {
    case 'OrganisationRegistered':
      return { ...state, registered: true };
    case 'OrganisationRenamed':
      return state;
    case 'OrganisationAgreementSigned': {
      const data = event.data as OrganisationData['OrganisationAgreementSigned'];
      return { ...state, agreements: withEntry(state.agreements, data.agreement, { ...data, told: data }) };
    }
    case 'OrganisationAgreementEnded': {
      const { agreement, to } = event.data as OrganisationData['OrganisationAgreementEnded'];
      const known = state.agreements.get(agreement);
      return known === undefined ? state : { ...state, agreements: withEntry(state.agreements, agreement, { ...known, to: endedBy(known.to, to) }) };
    }
    case 'OrganisationServiceStarted': {
      const { service, ...period } = event.data as OrganisationData['OrganisationServiceStarted'];
      return { ...state, services: withEntry(state.services, service, [...(state.services.get(service) ?? []), period]) };
    }
    case 'OrganisationServiceEnded': {
      const { service, to } = event.data as OrganisationData['OrganisationServiceEnded'];
      return { ...state, services: withEntry(state.services, service, endedPeriods(state.services.get(service) ?? [], to)) };
    }
    default: {
      const never: never = type;
      return never;
    }
  }
}

/** The last time ends; those before have. */
export function endedPeriods<P extends Days>(periods: readonly P[], to: string): readonly P[] {
  return periods.map((period, i) => (i === periods.length - 1 ? { ...period, to: endedBy(period.to, to) } : period));
}
