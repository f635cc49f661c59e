import type { Envelope } from '../../envelope.js';
import { withEntry } from '../../persistent.js';
import type { DeviationData } from './deviation.events.js';

type Measure = DeviationData['DeviationDealtWith']['measure'];

export interface DeviationState {
  /** Facts of this stream that were recorded as unjustified. */
  readonly unjustified: ReadonlySet<string>;
  /** Of these, what was done about each, as events. */
  readonly dealtWith: ReadonlyMap<string, readonly string[]>;
  readonly measures: ReadonlyMap<string, readonly Measure[]>;
}

export const initialDeviation: DeviationState = { unjustified: new Set(), dealtWith: new Map(), measures: new Map() };

/** Told of every event of the stream: any fact may be a deviation. */
export function evolveDeviation(state: DeviationState, event: Envelope): DeviationState {
  if (event.verdict === 'unjustified') return { ...state, unjustified: new Set([...state.unjustified, event.id]) };
  if (event.type !== 'DeviationDealtWith') return state;
  const { event: about, measure } = event.data as DeviationData['DeviationDealtWith'];
  return {
    ...state,
    dealtWith: withEntry(state.dealtWith, about, [...(state.dealtWith.get(about) ?? []), event.id]),
    measures: withEntry(state.measures, about, [...(state.measures.get(about) ?? []), measure]),
  };
}
