/** A customer company as an answer: its sealed number and names, its agreements and services, and who represents it (told on the persons' own streams). */
import type { StoredEvent } from '#event-store/event-store.js';
import type { Change, Row, RowRef, View } from '#projection/view.js';
import type { SealedRef } from '#vault/vault.js';
import { decode } from '../encoding.js';
import { SUBJECT_PREFIX, subjectOf } from '../subject/subject.js';
import { endedBy } from '../period.js';
import type { OrganisationData } from './organisation.events.js';
import { endedPeriods, ORGANISATION_PREFIX, type OrganisationAgreement, type ServicePeriod } from './organisation.state.js';

export const ORGANISATION_TABLE = 'organisation_entry';

export type OrganisationEntry =
  | { readonly kind: 'name'; readonly sealed: SealedRef; readonly occurredAt: string }
  | { readonly kind: 'number'; readonly sealed: SealedRef; readonly occurredAt: string }
  | ({ readonly kind: 'agreement'; readonly reference?: SealedRef } & Omit<OrganisationAgreement, 'told'>)
  | { readonly kind: 'service'; readonly service: string; readonly periods: readonly ServicePeriod[] }
  | { readonly kind: 'representative'; readonly subject: string; readonly startedAt: string; readonly endedAt?: string };

export const organisationView: View = {
  name: 'organisation',
  version: 2,
  tables: [{ name: ORGANISATION_TABLE, columns: { organisation: 'text', entry: 'text', body: 'text' }, key: ['organisation', 'entry'] }],
  streamPrefixes: [ORGANISATION_PREFIX, SUBJECT_PREFIX],
  touches(event: StoredEvent): readonly RowRef[] {
    switch (event.type) {
      case 'OrganisationRepresentationEnded':
        return [representative(event)];
      case 'OrganisationAgreementEnded':
        return [ownRow(event, 'agreement')];
      case 'OrganisationServiceStarted':
      case 'OrganisationServiceEnded':
        return [ownRow(event, 'service')];
      default:
        return [];
    }
  },
  apply(event: StoredEvent, read: (ref: RowRef) => Row | undefined): readonly Change[] {
    switch (event.type) {
      case 'OrganisationRegistered':
      case 'OrganisationRenamed':
        return (decode(event).sealed ?? []).map(({ slot, holding }) => put(event.stream.slice(ORGANISATION_PREFIX.length), `${slot}:${String(event.revision).padStart(10, '0')}`, { kind: slot as 'name' | 'number', sealed: { event: event.id, slot, holding }, occurredAt: decode(event).occurredAt }));
      case 'OrganisationAgreementSigned': {
        const { data, sealed } = decode(event);
        const reference = sealed?.map(({ slot, holding }) => ({ event: event.id, slot, holding }))[0];
        return [putOwn(event, 'agreement', { kind: 'agreement', ...(data as OrganisationData['OrganisationAgreementSigned']), ...(reference !== undefined && { reference }) })];
      }
      case 'OrganisationAgreementEnded': {
        const known = entryIn(read(ownRow(event, 'agreement')));
        const { to } = decode(event).data as OrganisationData['OrganisationAgreementEnded'];
        return known?.kind === 'agreement' ? [putOwn(event, 'agreement', { ...known, to: endedBy(known.to, to) })] : [];
      }
      case 'OrganisationServiceStarted':
      case 'OrganisationServiceEnded': {
        const known = entryIn(read(ownRow(event, 'service')));
        return [putOwn(event, 'service', serviceAfter(event, known?.kind === 'service' ? known.periods : []))];
      }
      case 'OrganisationRepresentationStarted':
        return [put(organisationIn(event), `representative:${subjectOf(event.stream)}`, { kind: 'representative', subject: subjectOf(event.stream), startedAt: decode(event).occurredAt })];
      case 'OrganisationRepresentationEnded': {
        const known = entryIn(read(representative(event)));
        if (known?.kind !== 'representative') return [];
        return [put(organisationIn(event), `representative:${known.subject}`, { ...known, endedAt: decode(event).occurredAt })];
      }
      default:
        // The rest of a person's stream says nothing of companies.
        return [];
    }
  },
};

export function entryIn(row: Row | undefined): OrganisationEntry | undefined {
  return row === undefined ? undefined : (JSON.parse(String(row['body'])) as OrganisationEntry);
}

function serviceAfter(event: StoredEvent, periods: readonly ServicePeriod[]): OrganisationEntry {
  const { data } = decode(event);
  if (event.type === 'OrganisationServiceEnded') {
    const { service, to } = data as OrganisationData['OrganisationServiceEnded'];
    return { kind: 'service', service, periods: endedPeriods(periods, to) };
  }
  const { service, ...period } = data as OrganisationData['OrganisationServiceStarted'];
  return { kind: 'service', service, periods: [...periods, period] };
}

/** The row of an agreement or a service, told on the company's own stream. */
function ownRow(event: StoredEvent, kind: 'agreement' | 'service'): RowRef {
  return { table: ORGANISATION_TABLE, key: [event.stream.slice(ORGANISATION_PREFIX.length), `${kind}:${decode(event).data[kind] as string}`] };
}

function putOwn(event: StoredEvent, kind: 'agreement' | 'service', body: OrganisationEntry): Change {
  const { key: [organisation, entry] } = ownRow(event, kind);
  return put(String(organisation), String(entry), body);
}

function representative(event: StoredEvent): RowRef {
  return { table: ORGANISATION_TABLE, key: [organisationIn(event), `representative:${subjectOf(event.stream)}`] };
}

function organisationIn(event: StoredEvent): string {
  return decode(event).data['organisation'] as string;
}

function put(organisation: string, entry: string, body: OrganisationEntry): Change {
  return { op: 'put', table: ORGANISATION_TABLE, row: { organisation, entry, body: JSON.stringify(body) } };
}
