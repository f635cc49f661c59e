/** Storage format: names and shapes below are on disk; change them only by adding a version. */
import type { EventType } from '../../envelope.js';
import { integer, uuid, type DataOf } from '../../schema.js';

/** A merge takes three appends on two streams, and ends before the next begins on the same survivor (`architecture.md` §2). */
export const mergeEvents = {
  /** On the survivor: `from` is the same person. Sealed: `evidence`, when told. Until it has absorbed, the survivor authorises nothing. */
  MergeStarted: { version: 1, members: { merge: uuid, from: uuid } },
  /** On the other: nothing is recorded here after it, until the merge is reversed. */
  SubjectMergedInto: { version: 1, members: { merge: uuid, into: uuid } },
  /** On the survivor: the other's events up to `revision`, that of `SubjectMergedInto`, are its own from here on. */
  SubjectAbsorbed: { version: 1, members: { merge: uuid, from: uuid, revision: integer } },
  /** On the survivor: the other could not be closed; it went elsewhere, or was itself to take the survivor in. */
  MergeAbandoned: { version: 1, members: { merge: uuid } },
  /** On the survivor: `from` was somebody else; its events are its own again. Sealed: `reason`, when told. */
  SubjectReleased: { version: 1, members: { merge: uuid, from: uuid } },
  /** On the other: it is open again, after copies of what has to stay on both. */
  SubjectMergeReversed: { version: 1, members: { merge: uuid, survivor: uuid } },
} as const satisfies Record<string, EventType>;

export type MergeData = { readonly [T in keyof typeof mergeEvents]: DataOf<(typeof mergeEvents)[T]['members']> };
