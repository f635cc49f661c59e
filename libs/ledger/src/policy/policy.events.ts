/** Storage format: names and shapes below are on disk; change them only by adding a version. */
import type { EventType } from '../envelope.js';
import { date, id, instant, sha256, type DataOf } from '../schema.js';

export const policyEvents = {
  /** The document is kept whole in the vault under its hash, and never erased; the texts in it likewise. */
  PolicyVersionPublished: {
    version: 1,
    members: { policyVersion: id, publishedOn: date, effectiveFromAt: instant, document: sha256 },
  },
} as const satisfies Record<string, EventType>;

export type PolicyVersionPublished = DataOf<(typeof policyEvents)['PolicyVersionPublished']['members']>;
