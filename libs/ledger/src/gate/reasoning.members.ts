/** Storage format: names and shapes below are on disk; change them only by adding a version. */
import { date, id, integer, list, object, oneOf, optional, uuid, type DataOf } from '../schema.js';

export const REGISTER_KINDS = ['policy', 'recipient', 'source', 'conference', 'activity'] as const;
export const RESULTS = ['passed', 'failed', 'remarked'] as const;

/**
 * One rule as it was applied: what it said, of which categories, and what it rests on. `events` are the person's own, `registers` the
 * entries of registers (and the id within it, where it has one); dates are those on which the answer would change.
 */
export const applied = object({
  rule: id,
  result: oneOf(...RESULTS),
  categories: optional(list(id)),
  events: optional(list(uuid)),
  registers: optional(list(object({ kind: oneOf(...REGISTER_KINDS), id, entry: optional(id) }))),
  clause: optional(id),
  from: optional(date),
  to: optional(date),
  count: optional(integer),
});

/** Which data an act is about: a category, and the holding it is in where one is held. */
export const actItem = object({ category: id, holding: optional(uuid) });

export type Applied = DataOf<{ readonly of: typeof applied }>['of'];
export type ActItem = DataOf<{ readonly of: typeof actItem }>['of'];
