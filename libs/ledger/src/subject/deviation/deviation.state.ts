import type { Envelope } from '../../envelope.js';
import type { DeviationData } from './deviation.events.js';

export interface DeviationState {
  /** Facts of this stream that were recorded as unjustified. */
  readonly unjustified: ReadonlySet<string>;
  /** Of these, what was done about each, as events. */
  readonly dealtWith: ReadonlyMap<string, readonly string[]>;
}

export const initialDeviation: DeviationState = { unjustified: new Set(), dealtWith: new Map() };

/** Told of every event of the stream: any fact may be a deviation. */
export function evolveDeviation(state: DeviationState, event: Envelope): DeviationState {
  if (event.verdict === 'unjustified') return { ...state, unjustified: new Set([...state.unjustified, event.id]) };
  if (event.type !== 'DeviationDealtWith') return state;
  const { event: about } = event.data as DeviationData['DeviationDealtWith'];
  return { ...state, dealtWith: new Map([...state.dealtWith, [about, [...(state.dealtWith.get(about) ?? []), event.id]]]) };
}
