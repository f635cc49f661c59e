/** What the register knows of one processing activity (GDPR Art. 30): each description holds until the next. */
import type { Envelope } from '../envelope.js';
import type { ActivityData } from './activity.events.js';

export type ActivityDescription = ActivityData['ProcessingActivityRegistered'];

export interface ActivityState {
  readonly registered: boolean;
  readonly controller?: string;
  readonly descriptions: readonly ActivityDescription[];
  /** Last days on which it went on: it may have been taken up again by a later description. */
  readonly retired: readonly string[];
}

export const initialActivity: ActivityState = { registered: false, descriptions: [], retired: [] };
export const ACTIVITY_PREFIX = 'activity-';

export function evolveActivity(state: ActivityState, event: Envelope): ActivityState {
  const type = event.type as keyof ActivityData;
  switch (type) {
    case 'ProcessingActivityRegistered':
    case 'ProcessingActivityChanged':
      return { ...state, registered: true, ...(event.controller !== undefined && { controller: event.controller }), descriptions: [...state.descriptions, event.data as ActivityDescription] };
    case 'ProcessingActivityRetired':
      return { ...state, retired: [...state.retired, (event.data as ActivityData['ProcessingActivityRetired']).to] };
    default: {
      const never: never = type;
      return never;
    }
  }
}

/** How it was described on a day; undefined when it did not go on then. Of two descriptions from one day, the one told last stands. */
export function describedOn({ descriptions, retired }: ActivityState, day: string): ActivityDescription | undefined {
  const found = descriptions.filter(({ from }) => from <= day).reduce<ActivityDescription | undefined>((last, one) => (last === undefined || one.from >= last.from ? one : last), undefined);
  return found === undefined || retired.some((to) => found.from <= to && to < day) ? undefined : found;
}
