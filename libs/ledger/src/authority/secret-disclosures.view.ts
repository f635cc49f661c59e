/**
 * What is told on authorities' streams, in log order: all of it, each authority's, and each person's. For officers only, and made from
 * no other stream, as no other view is made from these.
 */
import type { StoredEvent } from '#event-store/event-store.js';
import type { Change, View } from '#projection/view.js';
import { decode } from '../encoding.js';
import { AUTHORITY_PREFIX } from './authority.state.js';

export const SECRET_TABLE = 'secret_disclosure';

/** The rows of one question: everything, or what one authority or one person has part in. */
export const scopes = {
  all: 'all',
  authority: (id: string): string => `authority:${id}`,
  subject: (id: string): string => `subject:${id}`,
} as const;

export const secretDisclosuresView: View = {
  name: 'secret-disclosures',
  version: 1,
  tables: [{ name: SECRET_TABLE, columns: { scope: 'text', position: 'text', stream: 'text', revision: 'integer' }, key: ['scope', 'position'] }],
  streamPrefixes: [AUTHORITY_PREFIX],
  touches: () => [],
  apply(event: StoredEvent): readonly Change[] {
    const { subject } = decode(event).data as { readonly subject?: string };
    const seen = [scopes.all, scopes.authority(event.stream.slice(AUTHORITY_PREFIX.length)), ...(subject === undefined ? [] : [scopes.subject(subject)])];
    return seen.map((scope) => ({ op: 'put', table: SECRET_TABLE, row: { scope, position: event.position, stream: event.stream, revision: event.revision } }));
  },
};
