/** What a command is answered with. */
import type { Envelope, Verdict } from './envelope.js';
import type { Applied } from './gate/reasoning.members.js';

export interface RecordedEvent {
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: string;
}

/** What an ask was answered with; its reasons as recorded. The edge shows of them what the caller may see. */
export interface AskAnswer {
  readonly outcome: 'allowed' | 'allowed-with-remarks' | 'blocked';
  /** Names it when the act is told. */
  readonly authorisation?: string;
  readonly rules: readonly Applied[];
}

export interface Answer {
  readonly commandId: string;
  readonly status: 'recorded' | 'unchanged' | 'duplicate';
  /** Ids of the people (or the organisation, or the register) it was recorded on. */
  readonly about: readonly string[];
  readonly verdict?: Verdict;
  /** Only of an ask. */
  readonly decision?: AskAnswer;
  readonly events: readonly RecordedEvent[];
}

/** What the events say that an ask was answered with; nothing where none was asked. The same for a repeat. */
export function decisionIn(envelopes: readonly Envelope[]): { decision?: AskAnswer } {
  const answered = envelopes.find(({ type }) => /(?:Authorised|Blocked)$/.test(type));
  if (answered === undefined) return {};
  const { authorisation, outcome, rules } = answered.data as { readonly authorisation?: string; readonly outcome?: AskAnswer['outcome']; readonly rules: readonly Applied[] };
  return { decision: { outcome: outcome ?? 'blocked', ...(authorisation !== undefined && { authorisation }), rules } };
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
