/** What a command is answered with. */
import type { Envelope, Verdict } from './envelope.js';

export interface RecordedEvent {
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: string;
}

export interface Answer {
  readonly commandId: string;
  readonly status: 'recorded' | 'unchanged' | 'duplicate';
  /** Ids of the people (or the organisation) it was recorded on. */
  readonly about: readonly string[];
  readonly verdict?: Verdict;
  readonly events: readonly RecordedEvent[];
}

export function verdictIn(envelopes: readonly Envelope[]): { verdict?: Verdict } {
  if (envelopes.some(({ verdict }) => verdict === 'unjustified')) return { verdict: 'unjustified' };
  return envelopes.some(({ verdict }) => verdict === 'justified') ? { verdict: 'justified' } : {};
}

/** One answer of those of several streams. */
export function joined(answers: readonly Answer[]): Answer {
  const first = answers[0] as Answer;
  const status = answers.some((answer) => answer.status === 'recorded') ? 'recorded' : first.status;
  return { ...first, status, about: answers.flatMap(({ about }) => about), events: answers.flatMap(({ events }) => events) };
}

/** The id in a stream's name: what follows its kind. */
export function aboutOf(stream: string): string {
  return stream.slice(stream.indexOf('-') + 1);
}
