/** Whom a person has taken in, and into whom they went: from the person's own stream alone. */
import type { Envelope } from '../../envelope.js';
import { withEntry } from '../../persistent.js';
import type { MergeData } from './merge.events.js';

/** A merge of which this person is the survivor. */
export interface Taking {
  readonly merge: string;
  readonly from: string;
  /** The event that started it. */
  readonly started: { readonly event: string; readonly revision: number; readonly correlationId: string };
  readonly absorbed?: { readonly event: string; readonly revision: number };
  readonly abandoned?: { readonly event: string; readonly revision: number };
  readonly released?: { readonly event: string; readonly revision: number };
}

/** A merge that closed this person's stream. */
export interface Closing {
  readonly merge: string;
  readonly into: string;
  /** Of `SubjectMergedInto`. */
  readonly revision: number;
  /** Of `SubjectMergeReversed`. */
  readonly reversed?: number;
}

export interface MergeState {
  readonly takings: ReadonlyMap<string, Taking>;
  readonly closings: ReadonlyMap<string, Closing>;
  /** Everybody who is part of this person, through others too; not themselves. Known only where their events were folded as well. */
  readonly family: readonly string[];
}

export const initialMerge: MergeState = { takings: new Map(), closings: new Map(), family: [] };

export function evolveMerge(state: MergeState, event: Envelope): MergeState {
  const type = event.type as keyof MergeData;
  const here = { event: event.id, revision: event.revision };
  switch (type) {
    case 'MergeStarted': {
      const { merge, from } = event.data as MergeData['MergeStarted'];
      return { ...state, takings: withEntry(state.takings, merge, { merge, from, started: { ...here, correlationId: event.correlationId } }) };
    }
    case 'SubjectAbsorbed':
      return withTaking(state, event, { absorbed: here });
    case 'MergeAbandoned':
      return withTaking(state, event, { abandoned: here });
    case 'SubjectReleased':
      return withTaking(state, event, { released: here });
    case 'SubjectMergedInto': {
      const { merge, into } = event.data as MergeData['SubjectMergedInto'];
      return { ...state, closings: withEntry(state.closings, merge, { merge, into, revision: event.revision }) };
    }
    case 'SubjectMergeReversed': {
      const { merge } = event.data as MergeData['SubjectMergeReversed'];
      const closing = state.closings.get(merge);
      return closing === undefined ? state : { ...state, closings: withEntry(state.closings, merge, { ...closing, reversed: event.revision }) };
    }
    default: {
      const never: never = type;
      return never;
    }
  }
}

function withTaking(state: MergeState, { data }: Envelope, step: Partial<Taking>): MergeState {
  const { merge } = data as MergeData['MergeAbandoned'];
  const taking = state.takings.get(merge);
  return taking === undefined ? state : { ...state, takings: withEntry(state.takings, merge, { ...taking, ...step }) };
}

/** The merge that has begun and neither absorbed nor been abandoned; a survivor has one at a time. */
export function openTaking({ takings }: MergeState): Taking | undefined {
  return [...takings.values()].find(({ absorbed, abandoned }) => absorbed === undefined && abandoned === undefined);
}

/** Whom the person's events belong to besides: taken in and not handed back. */
export function absorbedBy({ takings }: MergeState): readonly Taking[] {
  return [...takings.values()].filter(({ absorbed, released }) => absorbed !== undefined && released === undefined);
}

/** What closed the stream, while it is closed. */
export function closedBy({ closings }: MergeState): Closing | undefined {
  return [...closings.values()].find(({ reversed }) => reversed === undefined);
}
