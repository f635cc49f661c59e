/** What the registers' commands have in common: days, entries told again, codes of the policies, the register's own sealed strings. */
import { IsISO8601, Matches } from 'class-validator';
import { canonical } from '#audit/canonical.js';
import { dayOf, formatLocalDate } from '#law/local-date.js';
import type { When } from '#law/when.js';
import type { PolicyModel } from '#policy/model.js';
import type { Kind } from '#policy/policy.js';
import type { Context, SlotToSeal } from './decision.js';
import { daysOf, type Days } from './period.js';
import { Refusal, type RefusalCode } from './refusals.js';
import type { Registers } from './registers.js';
import { requireKnown } from './told.js';

/** A calendar date that exists, as the law's arithmetic takes it: years 1900 to 9999. */
export function IsDay(): PropertyDecorator {
  return (target, property) => {
    IsISO8601({ strict: true })(target, property);
    Matches(/^(?:19|[2-9]\d)\d\d-\d\d-\d\d$/, { message: '$property is a calendar date, YYYY-MM-DD' })(target, property);
  };
}

/** The day from which something holds, where none was told: of an interval the last, for it may not have held before. */
export function beginningOf(when: When): string {
  return daysOf(when).last;
}

/** The day with which something ended, where none was told: of an interval the first, for it may not have held after. */
export function endingOf(when: When): string {
  return daysOf(when).first;
}

/** Refuses an end that lies before its beginning, with the first day that would do. */
export function requireOrder(from: string, to: string | undefined, pointer = '/to'): void {
  if (to !== undefined && to < from) throw new Refusal('EndBeforeStart', { pointer, alternatives: [from] });
}

/** Whether the entry was told before. Refuses another under its id: an entry that was wrong is ended, and told anew under another. */
export function isToldAgain(known: object | undefined, entry: object, pointer: string): boolean {
  if (known === undefined) return false;
  if (canonical(known) !== canonical(entry)) throw new Refusal('OtherEntry', { pointer });
  return true;
}

/** The last day of an entry that ends; undefined when it had ended by then. Refuses unknown entries and ends before their beginning. */
export function endOfEntry(entries: ReadonlyMap<string, Days>, { entry, pointer }: { readonly entry: string; readonly pointer: string }, to: string | undefined, when: When): string | undefined {
  const known = entries.get(entry);
  if (known === undefined) throw new Refusal('UnknownEntry', { pointer, alternatives: [...entries.keys()].sort() });
  const last = to ?? endingOf(when);
  requireOrder(known.from, last);
  return known.to !== undefined && known.to <= last ? undefined : last;
}

/** The day after. */
export function dayAfter(day: string): string {
  return formatLocalDate(dayOf(day) + 1);
}

/** The members that have a value. */
export function present(members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

/** Codes as an entry keeps them: each once, sorted, so that their order makes no other entry. */
export function codes(told: readonly string[]): readonly string[] {
  return [...new Set(told)].sort();
}

/** Refuses codes that no version of any controller's policy has; the newest say what would do, beside `others`. */
export function requireInPolicies(kind: Kind, told: string | readonly string[] | undefined, pointer: string, refusal: RefusalCode, registers: Registers, others: readonly string[] = []): void {
  const controllers = registers.controllers();
  if (controllers.length === 0) throw new Refusal('NoPolicy');
  const isKnown = (code: string): boolean => controllers.some((controller) => registers.everyPolicy(controller).some((model) => model.has(kind, code)));
  const alternatives = (): readonly string[] => codes([...others, ...newestPolicies(registers).flatMap((model) => model.alternatives(kind))]);
  if (typeof told !== 'string') requireKnown(told, pointer, refusal, isKnown, alternatives);
  else if (!isKnown(told)) throw new Refusal(refusal, { pointer, alternatives: alternatives() });
}

export function newestPolicies(registers: Registers): readonly PolicyModel[] {
  return registers.controllers().flatMap((controller) => registers.newestPolicy(controller)?.model ?? []);
}

/** What is told of the register itself is sealed under its stream's key. */
export function ownSlots(context: Context, slots: readonly (readonly [slot: string, category: string, value: string | undefined])[]): { sealed?: readonly SlotToSeal[] } {
  const sealed = slots.flatMap(([slot, category, value]) => (value === undefined ? [] : [{ slot, holding: context.stream, category, value }]));
  return sealed.length === 0 ? {} : { sealed };
}
