/** What the register knows of one processing activity (GDPR Art. 30): each description holds until the next. */
import type { Envelope } from '../envelope.js';
import type { ActivityData } from './activity.events.js';

export type ActivityDescription = ActivityData['ProcessingActivityRegistered'];

export interface ActivityState {
  readonly registered: boolean;
  readonly controller?: string;
  readonly descriptions: readonly ActivityDescription[];
  /** The last day it went on. */
  readonly retiredTo?: string;
}

export const initialActivity: ActivityState = { registered: false, descriptions: [] };
export const ACTIVITY_PREFIX = 'activity-';

export function evolveActivity(state: ActivityState, event: Envelope): ActivityState {
  const type = event.type as keyof ActivityData;
  switch (type) {
    case 'ProcessingActivityRegistered':
    case 'ProcessingActivityChanged': {
      const { retiredTo: _again, ...rest } = state;
      return { ...rest, registered: true, ...(event.controller !== undefined && { controller: event.controller }), descriptions: [...state.descriptions, event.data as ActivityDescription] };
    }
    case 'ProcessingActivityRetired':
      return { ...state, retiredTo: (event.data as ActivityData['ProcessingActivityRetired']).to };
    default: {
      const never: never = type;
      return never;
    }
  }
}

/** How it was described on a day; undefined when it did not go on then. */
export function describedOn({ descriptions, retiredTo }: ActivityState, day: string): ActivityDescription | undefined {
  if (retiredTo !== undefined && retiredTo < day) return undefined;
  return descriptions.filter(({ from }) => from <= day).reduce<ActivityDescription | undefined>((found, one) => (found === undefined || one.from >= found.from ? one : found), undefined);
}
