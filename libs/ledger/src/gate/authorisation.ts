/** What an ask was answered with, as a later told fact finds it. */
import type { Envelope } from '../envelope.js';
import { withEntry } from '../persistent.js';
import type { SubjectState } from '../subject/subject.js';
import type { ActItem } from './reasoning.members.js';

export interface Authorisation {
  readonly authorisation: string;
  readonly event: string;
  readonly kind: 'disclosure' | 'transfer' | 'use';
  readonly at: string;
  readonly controller?: string;
  readonly purpose: string;
  readonly recipient?: string;
  readonly conference?: string;
  readonly country?: string;
  readonly remoteAccess?: boolean;
  readonly ground?: string;
  readonly items: readonly ActItem[];
  /** The event that told of the act it was for. */
  readonly usedBy?: string;
}

export type Authorisations = ReadonlyMap<string, Authorisation>;

interface Authorised {
  readonly authorisation: string;
  readonly purpose: string;
  readonly items: readonly ActItem[];
  readonly recipient?: string;
  readonly conference?: string;
  readonly country?: string;
  readonly remoteAccess?: boolean;
  readonly ground?: string;
}

export function authorised(known: Authorisations, event: Envelope, kind: Authorisation['kind']): Authorisations {
  const { authorisation, purpose, items, recipient, conference, country, remoteAccess, ground } = event.data as Readonly<Record<string, unknown>> & Authorised;
  return withEntry(known, authorisation, {
    authorisation,
    event: event.id,
    kind,
    at: event.recordedAt,
    ...(event.controller !== undefined && { controller: event.controller }),
    purpose,
    items,
    ...(recipient !== undefined && { recipient }),
    ...(conference !== undefined && { conference }),
    ...(country !== undefined && { country }),
    ...(remoteAccess !== undefined && { remoteAccess }),
    ...(ground !== undefined && { ground }),
  });
}

/** The first act that names an authorisation uses it up. */
export function used(known: Authorisations, event: Envelope): Authorisations {
  const { authorisation } = event.data as { readonly authorisation?: string };
  const found = authorisation === undefined ? undefined : known.get(authorisation);
  return found === undefined || found.usedBy !== undefined ? known : withEntry(known, found.authorisation, { ...found, usedBy: event.id });
}

/** The authorisation of this id, whatever kind of act it was for: one that was for another kind does not fit, but it is known. */
export function authorisationOf({ use, disclosure, transfer }: SubjectState, id: string): Authorisation | undefined {
  return use.authorisations.get(id) ?? disclosure.authorisations.get(id) ?? transfer.authorisations.get(id);
}
