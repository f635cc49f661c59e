/** What is kept of an act that was told, so that its id names no other: a fact under a used id would be lost if it passed for a repeat. */
import type { Envelope } from '../envelope.js';
import { Refusal } from '../refusals.js';
import type { SubjectState } from '../subject/subject.js';
import type { ActCommand } from './act.commands.js';
import type { ActItem } from './reasoning.members.js';

export interface ToldAct {
  readonly purpose: string;
  readonly recipient?: string;
  readonly items: readonly ActItem[];
  readonly occurredAt: string;
}

export function toldAct({ data, occurredAt }: Envelope): ToldAct {
  const { purpose, recipient, items } = data as Omit<ToldAct, 'occurredAt'>;
  return { purpose, ...(recipient !== undefined && { recipient }), items, occurredAt };
}

/** Refuses an act of other content under the id of one that was told. A command that gives no time says nothing of when it was. */
export function requireSameAct(command: ActCommand & { readonly recipient?: string }, known: ToldAct, { holding }: SubjectState, when: string, pointer: string): void {
  const named = (command.holdings ?? []).flatMap((id) => holding.holdings.get(id)?.category ?? []);
  const isSameData = sorted([...(command.categories ?? []), ...named]) === sorted(known.items.map(({ category }) => category));
  const isSameTime = command.occurredAt === undefined || known.occurredAt === when;
  if (command.purpose !== known.purpose || command.recipient !== known.recipient || !isSameData || !isSameTime) throw new Refusal('OtherAct', { pointer });
}

function sorted(categories: readonly string[]): string {
  return [...new Set(categories)].sort().join(' ');
}
