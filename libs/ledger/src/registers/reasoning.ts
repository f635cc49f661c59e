/** One decision with all its reasons: every rule that was applied, passed ones too, with article, clause, and what it rests on. */
import type { Position } from '#event-store/event-store.js';
import type { Envelope } from '../envelope.js';
import type { Applied } from '../gate/reasoning.members.js';
import { rules as catalogue, ruleText, type RuleCode } from '../rules.js';
import { sentenceOf, type Label } from '../trail/sentences.js';
import type { DecisionLine } from './decision-register.view.js';

export interface RuleReason extends Omit<Applied, 'events'> {
  readonly article?: string;
  /** Sentence and article, as people read them: what is the case where the rule failed. */
  readonly text: { readonly sv: string; readonly en: string };
  /** The person's events that it rests on. */
  readonly events?: readonly CitedEvent[];
}

export interface CitedEvent {
  readonly event: string;
  readonly type?: string;
  readonly occurredAt?: string;
  readonly revision?: number;
  readonly sentence?: { readonly sv: string; readonly en: string };
}

export interface Reasons {
  readonly decision: DecisionLine;
  readonly sentence: { readonly sv: string; readonly en: string };
  readonly purpose?: string;
  readonly recipient?: string;
  readonly conference?: string;
  readonly country?: string;
  readonly categories: readonly string[];
  readonly rules: readonly RuleReason[];
}

export interface Labels {
  readonly sv: Label;
  readonly en: Label;
}

/** What the event says of its own reasons. `cited`: the events of the same person, by id. A fact that no gate judged lists what it failed. */
export function reasonsOf(event: Envelope, decision: DecisionLine, cited: ReadonlyMap<string, Envelope>, labels: Labels): Reasons {
  const { rules, purpose, recipient, conference, country, items } = event.data as {
    readonly rules?: readonly Applied[];
    readonly purpose?: string;
    readonly recipient?: string;
    readonly conference?: string;
    readonly country?: string;
    readonly items?: readonly { readonly category: string }[];
  };
  const applied = rules ?? (event.failed ?? []).map((rule): Applied => ({ rule, result: 'failed' }));
  return {
    decision,
    sentence: sentence(event, labels),
    ...(purpose !== undefined && { purpose }),
    ...(recipient !== undefined && { recipient }),
    ...(conference !== undefined && { conference }),
    ...(country !== undefined && { country }),
    categories: [...new Set((items ?? []).map(({ category }) => category))],
    rules: applied.map((one) => reason(one, cited, labels)),
  };
}

/** Ids of the events that the rules of an event rest on. */
export function citedBy(event: Envelope): ReadonlySet<string> {
  const { rules } = event.data as { readonly rules?: readonly Applied[] };
  return new Set((rules ?? []).flatMap(({ events }) => events ?? []));
}

export interface PlacedReasons extends Reasons {
  readonly position: Position | null;
}

function reason({ events, ...applied }: Applied, cited: ReadonlyMap<string, Envelope>, labels: Labels): RuleReason {
  const isKnown = Object.hasOwn(catalogue, applied.rule);
  const code = applied.rule as RuleCode;
  return {
    ...applied,
    ...(isKnown && { article: catalogue[code].article }),
    // A rule of a later ledger, in a log that was brought here.
    text: isKnown ? { sv: ruleText(code, 'sv'), en: ruleText(code, 'en') } : { sv: applied.rule, en: applied.rule },
    ...(events !== undefined && { events: events.map((id) => citation(id, cited.get(id), labels)) }),
  };
}

function citation(id: string, event: Envelope | undefined, labels: Labels): CitedEvent {
  return event === undefined ? { event: id } : { event: id, type: event.type, occurredAt: event.occurredAt, revision: event.revision, sentence: sentence(event, labels) };
}

function sentence(event: Envelope, labels: Labels): { readonly sv: string; readonly en: string } {
  return { sv: sentenceOf(event, 'sv', labels.sv), en: sentenceOf(event, 'en', labels.en) };
}
