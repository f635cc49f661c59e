/** Storage format: names and shapes below are on disk; change them only by adding a version. */
import type { EventType } from '../envelope.js';
import { id, list, oneOf, uuid, type DataOf } from '../schema.js';

/** What values are opened for; every query that opens some names one (header `Liggare-Purpose`). */
export const ACCESS_PURPOSES = ['rights-request', 'customer-case', 'accuracy-check', 'deviation', 'internal-audit', 'supervision', 'incident', 'operations'] as const;
export type AccessPurpose = (typeof ACCESS_PURPOSES)[number];

export const accessEvents = {
  /** Sealed under the stream's key: `case`, when told. */
  PersonalDataAccessed: {
    version: 1,
    members: {
      subject: uuid,
      query: oneOf('record', 'audit-trail', 'search'),
      purpose: oneOf(...ACCESS_PURPOSES),
      /** Whose values were opened, by category; none for an answer without values. */
      categories: list(id),
    },
  },
  /** A company's number and name were opened (a sole trader's are personal data). Sealed under the stream's key: `case`, when told. */
  OrganisationAccessed: { version: 1, members: { organisation: uuid, purpose: oneOf(...ACCESS_PURPOSES) } },
  /** A register's sealed strings were opened (a sole trader's number is personal data). Sealed under the stream's key: `case`, when told. */
  RegisterAccessed: { version: 1, members: { register: oneOf('recipient', 'conference', 'source', 'activity'), id, purpose: oneOf(...ACCESS_PURPOSES) } },
  /** A search that found nobody; its term is not kept. Sealed under the stream's key: `case`, when told. */
  SearchFoundNobody: { version: 1, members: { kind: id, purpose: oneOf(...ACCESS_PURPOSES) } },
} as const satisfies Record<string, EventType>;

export type PersonalDataAccessed = DataOf<(typeof accessEvents)['PersonalDataAccessed']['members']>;
