import type { Envelope } from '../../envelope.js';
import type { MistakeData } from './mistake.events.js';

export interface MistakeState {
  /** Ids of the events that do not count. */
  readonly annulled: ReadonlySet<string>;
}

export const initialMistake: MistakeState = { annulled: new Set() };

export function evolveMistake(state: MistakeState, event: Envelope): MistakeState {
  const type = event.type as keyof MistakeData;
  switch (type) {
    case 'RecordedInError':
      return { annulled: new Set([...state.annulled, (event.data as MistakeData['RecordedInError']).event]) };
    default: {
      const never: never = type;
      return never;
    }
  }
}
