/** A customer company as an answer: its sealed number and names, and who represents it (told on the persons' own streams). */
import type { StoredEvent } from '#event-store/event-store.js';
import type { Change, Row, RowRef, View } from '#projection/view.js';
import type { SealedRef } from '#vault/vault.js';
import { decode } from '../encoding.js';
import { SUBJECT_PREFIX, subjectOf } from '../subject/subject.js';
import { ORGANISATION_PREFIX } from './organisation.state.js';

export const ORGANISATION_TABLE = 'organisation_entry';

export type OrganisationEntry =
  | { readonly kind: 'name' | 'number'; readonly sealed: SealedRef; readonly occurredAt: string }
  | { readonly kind: 'representative'; readonly subject: string; readonly startedAt: string; readonly endedAt?: string };

export const organisationView: View = {
  name: 'organisation',
  version: 1,
  tables: [{ name: ORGANISATION_TABLE, columns: { organisation: 'text', entry: 'text', body: 'text' }, key: ['organisation', 'entry'] }],
  streamPrefixes: [ORGANISATION_PREFIX, SUBJECT_PREFIX],
  touches(event: StoredEvent): readonly RowRef[] {
    return event.type === 'OrganisationRepresentationEnded' ? [representative(event)] : [];
  },
  apply(event: StoredEvent, read: (ref: RowRef) => Row | undefined): readonly Change[] {
    switch (event.type) {
      case 'OrganisationRegistered':
      case 'OrganisationRenamed':
        return (decode(event).sealed ?? []).map(({ slot, holding }) => put(event.stream.slice(ORGANISATION_PREFIX.length), `${slot}:${String(event.revision).padStart(10, '0')}`, { kind: slot as 'name' | 'number', sealed: { event: event.id, slot, holding }, occurredAt: decode(event).occurredAt }));
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

function representative(event: StoredEvent): RowRef {
  return { table: ORGANISATION_TABLE, key: [organisationIn(event), `representative:${subjectOf(event.stream)}`] };
}

function organisationIn(event: StoredEvent): string {
  return decode(event).data['organisation'] as string;
}

function put(organisation: string, entry: string, body: OrganisationEntry): Change {
  return { op: 'put', table: ORGANISATION_TABLE, row: { organisation, entry, body: JSON.stringify(body) } };
}
