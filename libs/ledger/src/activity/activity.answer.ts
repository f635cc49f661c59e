/** A processing activity of the register as an answer: how it was described on a day. */
import { describedOn, type ActivityState } from './activity.state.js';

export function activityAnswer(state: ActivityState, day: string): object {
  return heldOn(state, day);
}

export function activitySummary(state: ActivityState, day: string): object {
  const { description, ...summary } = heldOn(state, day);
  return { ...summary, ...(description !== undefined && { role: description.role, purposes: description.purposes }) };
}

function heldOn(state: ActivityState, day: string) {
  const description = describedOn(state, day);
  return { ...(state.controller !== undefined && { controller: state.controller }), isGoingOn: description !== undefined, ...(description !== undefined && { description }) };
}
