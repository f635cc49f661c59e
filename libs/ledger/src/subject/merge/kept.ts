/** What stays on both when a merge is taken back: whatever the person restricted while they were one, and what was found to be wrong. */
import type { Envelope } from '../../envelope.js';
import type { MistakeData } from '../mistake/mistake.events.js';

/** A no that was told of the one person may have been either's (`architecture.md` §2: "keeps objections on both"). */
const STAYING: ReadonlySet<string> = new Set(['ConsentWithdrawn', 'ConsentRefused', 'DataSubjectObjected']);

export interface Apart {
  /** Whoever is handed back, and whoever is part of them. */
  readonly people: readonly string[];
  /** Events that do not count. */
  readonly annulled: ReadonlySet<string>;
}

/** Of the events that were told of the survivor in the meantime, those that the other gets copies of, in order. */
export function keptOnBoth(meantime: readonly Envelope[], { people, annulled }: Apart): readonly Envelope[] {
  const counted = meantime.filter(({ id }) => !annulled.has(id));
  const lifted = counted.findLast(({ type }) => type === 'ProtectedIdentityLifted')?.revision ?? -1;
  return counted.filter(({ type, data, revision }) => {
    if (type === 'RecordedInError') return people.includes((data as MistakeData['RecordedInError']).on);
    return STAYING.has(type) || (type === 'ProtectedIdentityFlagged' && revision > lifted);
  });
}
