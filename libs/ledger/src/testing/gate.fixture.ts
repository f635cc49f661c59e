/** Acts as the gate is asked about them on a day, and the registers' events that they rest on, for specs. */
import { parseWhen } from '#law/when.js';
import { dayOf, formatLocalDate } from '#law/local-date.js';
import type { PolicyModel } from '#policy/model.js';
import type { ConferenceData } from '../conference/conference.events.js';
import type { Envelope } from '../envelope.js';
import type { Act, Question } from '../gate/act.js';
import { questionOf } from '../gate/gate.js';
import type { Applied } from '../gate/reasoning.members.js';
import type { RecipientData } from '../recipient/recipient.events.js';
import type { SubjectState } from '../subject/subject.js';
import { event, given, type Happened } from './decider.fixture.js';
import { asurgentModel, registersWith, type RegisterHistory } from './registers.fixture.js';

export type RecipientFact = { readonly [T in keyof RecipientData]: readonly [type: T, data: RecipientData[T]] }[keyof RecipientData];
export type ConferenceFact = { readonly [T in keyof ConferenceData]: readonly [type: T, data: ConferenceData[T]] }[keyof ConferenceData];

/** A register's stream, as `registersWith` takes it. */
export function streamOf(stream: string, ...facts: readonly (RecipientFact | ConferenceFact)[]): readonly Envelope[] {
  return facts.map(([type, data], i) => event({ type, data, controller: 'asurgent-ab', service: 'conferences' }, i, stream));
}

export interface Asking {
  readonly act: Partial<Act> & Pick<Act, 'kind' | 'purpose'>;
  /** A date, an instant or an interval. */
  readonly on: string;
  readonly history?: RegisterHistory;
  readonly past?: readonly Happened[];
  readonly state?: SubjectState;
  readonly model?: PolicyModel;
}

export function questionOn({ act, on, history = {}, past = [], state = given(...past).state, model = asurgentModel }: Asking): Question {
  const when = parseWhen(on);
  if (when === undefined) throw new Error(`${on} is no time`);
  return questionOf({}, { items: [], ...act }, state, { registers: registersWith(history, model), when });
}

/** Each finding as `rule result`, for tables. */
export function said(rules: readonly Applied[]): readonly string[] {
  return rules.map(({ rule, result }) => `${rule} ${result}`);
}

export function daysFrom(day: string, n: number): string {
  return formatLocalDate(dayOf(day) + n);
}
