/** How a rule says what it found. */
import type { RuleCode } from '../rules.js';
import { rules as catalogue } from '../rules.js';
import type { Question } from './act.js';
import type { Applied } from './reasoning.members.js';

/** What a rule found rests on. */
export type Grounds = Omit<Applied, 'rule' | 'result'>;

/** A rule of the gate: what it says of the question; nothing where it does not concern it. */
export type GateRule = (question: Question) => readonly Applied[];

export function passed(rule: RuleCode, grounds: Grounds = {}): Applied {
  return { rule, result: 'passed', ...grounds };
}

/** Failed; only remarked where the law asks for no more. */
export function failed(rule: RuleCode, grounds: Grounds = {}): Applied {
  return { rule, result: 'effect' in catalogue[rule] ? 'remarked' : 'failed', ...grounds };
}

export function applied(rule: RuleCode, isKept: boolean, grounds: Grounds = {}): Applied {
  return isKept ? passed(rule, grounds) : failed(rule, grounds);
}

/** An entry of a register that a finding rests on. */
export function entry(kind: NonNullable<Applied['registers']>[number]['kind'], id: string, of?: string): NonNullable<Applied['registers']>[number] {
  return { kind, id, ...(of !== undefined && { entry: of }) };
}

/** One finding for all the categories of which a rule says the same, in the order in which they were asked about. */
export function perCategory({ held }: Question, say: (one: Question['held'][number]) => readonly Applied[]): readonly Applied[] {
  const said = new Map<string, { readonly finding: Applied; readonly categories: string[] }>();
  for (const one of held)
    for (const finding of say(one)) {
      const key = keyOf(finding);
      const same = said.get(key);
      if (same === undefined) said.set(key, { finding, categories: [one.category] });
      else if (!same.categories.includes(one.category)) same.categories.push(one.category);
    }
  return [...said.values()].map(({ finding, categories }) => ({ ...finding, categories }));
}

/** What tells one finding from another. Every ask has some dozens of them: as JSON they were a fifth of what it costs to judge one. */
function keyOf({ rule, result, categories, events, registers, clause, from, to, count, ...unsaid }: Applied): string {
  // A member that is added to findings has to be said below.
  unsaid satisfies Record<string, never>;
  const rest = registers === undefined && categories === undefined ? '' : JSON.stringify([registers, categories]);
  return `${rule} ${result} ${clause ?? '-'} ${from ?? '-'} ${to ?? '-'} ${count ?? '-'} ${events?.join() ?? ''} ${rest}`;
}

/** The events that a finding rests on, each once; no member where it rests on none. */
export function restingOn(...events: readonly (string | undefined)[]): Pick<Applied, 'events'> {
  const each: string[] = [];
  for (const event of events) if (event !== undefined && !each.includes(event)) each.push(event);
  return each.length === 0 ? {} : { events: each };
}
