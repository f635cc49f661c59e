/** Storage format: names and shapes below are on disk; change them only by adding a version. */
import type { EventType } from '../../envelope.js';
import { actItem, applied } from '../../gate/reasoning.members.js';
import { id, list, oneOf, optional, uuid, type DataOf } from '../../schema.js';

/** For a purpose; data from several origins put together (dpv:Combine); analysis. */
export const USE_KINDS = ['purpose', 'combination', 'analytics'] as const;

const using = {
  kind: oneOf(...USE_KINDS),
  purpose: id,
  items: list(actItem),
  conference: optional(id),
  /** A vendor uses it (S051); absent: we do. */
  recipient: optional(id),
  rules: list(applied),
};

export const useEvents = {
  UseAuthorised: { version: 1, members: { authorisation: uuid, outcome: oneOf('allowed', 'allowed-with-remarks'), ...using } },
  UseBlocked: { version: 1, members: using },
  /** Told. Sealed: `recipient-name` of one that no register knows, `reason`, when told. */
  PersonalDataUsed: { version: 1, members: { use: uuid, authorisation: optional(uuid), ...using } },
} as const satisfies Record<string, EventType>;

export type UseData = { readonly [T in keyof typeof useEvents]: DataOf<(typeof useEvents)[T]['members']> };
