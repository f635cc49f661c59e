/** Storage format: names and shapes below are on disk; change them only by adding a version. */
import type { EventType } from '../envelope.js';

export const organisationEvents = {
  /** Sealed under the stream's key: `number` (a sole trader's is a personnummer) and `name`. */
  OrganisationRegistered: { version: 1, members: {} },
  /** Sealed under the stream's key: `name`. */
  OrganisationRenamed: { version: 1, members: {} },
} as const satisfies Record<string, EventType>;
