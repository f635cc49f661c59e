/** Storage format: names and shapes below are on disk; change them only by adding a version. */
import type { EventType } from '../../envelope.js';
import { integer, oneOf, uuid, type DataOf } from '../../schema.js';

export const MISTAKE_CODES = ['wrong-person', 'never-happened', 'duplicate', 'wrong-content'] as const;

export const mistakeEvents = {
  /**
   * The event should not have been recorded: no fold and no view takes it into account. `on` and `revision` say where it stands: on this
   * person's stream, or on that of somebody taken in. Sealed: `note`, when told. It is the intent of the destruction of what the event sealed.
   */
  RecordedInError: { version: 1, members: { event: uuid, on: uuid, revision: integer, code: oneOf(...MISTAKE_CODES) } },
} as const satisfies Record<string, EventType>;

export type MistakeData = { readonly [T in keyof typeof mistakeEvents]: DataOf<(typeof mistakeEvents)[T]['members']> };
