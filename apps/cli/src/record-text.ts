/** A person's record for a terminal. */
import type { RecordReply } from '#ledger/queries.js';
import type { HeldPurpose, HeldValue, HoldingLine, RecordAnswer, Sealed } from '#ledger/record/record.answer.js';
import { ruleText } from '#ledger/rules.js';
import { actTexts } from './acts-text.js';
import { padded, paint, wrap, type Colour, type Style } from './layout.js';
import { day, shownText, type Shown } from './shown-text.js';
import { statusWord, word, type Language, type Word } from './words.js';

export type AsShown<T> = T extends Sealed ? Shown : T extends readonly (infer U)[] ? readonly AsShown<U>[] : T extends object ? { readonly [K in keyof T]: AsShown<T[K]> } : T;
export type ShownRecord = AsShown<RecordAnswer>;
export type ShownReply = Omit<RecordReply, 'record'> & { readonly record: ShownRecord };

export function recordText(reply: ShownReply, language: Language, style: Style): string {
  const { record } = reply;
  const page = new Page(language, style);
  page.head(record.subject, heading(reply, page));
  identifiers(record, page);
  relationships(record, page);
  consents(record, page);
  holdings(record, page);
  acts(record, page);
  duties(record, page);
  return page.text();
}

class Page {
  readonly #lines: string[] = [];
  constructor(
    readonly language: Language,
    readonly style: Style,
  ) {}

  say(name: Word): string {
    return word(name, this.language);
  }

  paint(colour: Colour, text: string): string {
    return paint(this.style, colour, text);
  }

  head(title: string, rest: readonly string[]): void {
    this.#lines.push(this.paint('bold', title), ...rest.flatMap((line) => wrap(line, this.style.width, 2)).map((line) => this.paint('dim', line)));
  }

  section(name: Word, isEmpty: boolean): boolean {
    this.#lines.push('', this.paint('cyan', `${this.say(name)}${isEmpty ? `: ${this.say('none')}` : ''}`));
    return !isEmpty;
  }

  /** A line that begins at `indent` and goes on two further in. */
  line(indent: number, text: string, colour?: Colour): void {
    for (const part of wrap(text, this.style.width - indent, 2)) this.#lines.push(' '.repeat(indent) + (colour === undefined ? part : this.paint(colour, part)));
  }

  text(): string {
    return this.#lines.join('\n');
  }
}

function heading({ record, known, valid, rules, position, mergedInto }: ShownReply, page: Page): readonly string[] {
  const person = [`${page.say('registered')} ${day(record.registeredAt)}`];
  if (record.protection !== undefined) person.push(`${page.say('protection')}: ${record.protection}`);
  if (record.death !== undefined) person.push(`${page.say('died')} ${record.death.diedOn ?? day(record.death.at)}`);
  if (mergedInto !== undefined) person.push(`${page.say('mergedInto')} ${mergedInto}`);
  const asOf = [`${page.say('known')} ${known ?? '–'}`, `${page.say('valid')} ${valid}`, `${page.say('rules')} ${rules}`, `${page.say('position')} ${position ?? '–'}`];
  return [person.join('  '), asOf.join('  ')];
}

function identifiers({ identifiers: all }: ShownRecord, page: Page): void {
  if (!page.section('identifiers', all.length === 0)) return;
  for (const { kind, use, from, to, value } of all) page.line(2, `${padded(kind, 16)} ${shown(value, page)}  ${statusWord(use, page.language)}  ${span(from, to, page)}`);
}

function relationships({ relationships: all, representations }: ShownRecord, page: Page): void {
  if (page.section('relationships', all.length === 0))
    for (const { kind, capacity, service, conference, startedAt, endedAt, reason, ended } of all) {
      const about = [service, conference, capacity === 'consumer' ? undefined : capacity].filter((part) => part !== undefined).join(', ');
      page.line(2, `${padded(kind, 22)}  ${padded(span(startedAt, endedAt, page), 23)}  ${about}${reason === undefined ? '' : `  (${reason})`}`, ended ? 'dim' : undefined);
    }
  if (representations.length === 0) return;
  page.section('companies', false);
  for (const { organisation, position, startedAt, endedAt } of representations)
    page.line(2, `${organisation}  ${position === undefined ? '' : `${shown(position, page)}  `}${span(startedAt, endedAt, page)}`);
}

function consents({ consents: all, withdrawals }: ShownRecord, page: Page): void {
  if (page.section('consents', all.length === 0))
    for (const { purposes, status, occurredAt, endings, onBehalfOf, details } of all) {
      const isValid = status === 'given' || status === 'renewed';
      const { type, method, language } = details as { readonly type?: string; readonly method?: string; readonly language?: string };
      const behalf = onBehalfOf === undefined || onBehalfOf === 'subject' ? undefined : `${page.say('by')} ${onBehalfOf}`;
      const how = [type, method, language, behalf].filter((part) => part !== undefined).join(', ');
      const first = `${padded(purposes.join(', '), 28)}  ${padded(statusWord(status, page.language), 14)} ${day(occurredAt)}`;
      page.line(2, `${first}${how === '' ? '' : `  ${how}`}`, isValid ? 'green' : 'yellow');
      // The day above is when it was given.
      for (const end of endings) page.line(6, `${statusWord(end.status, page.language)} ${day(end.at)}${end.purposes.length < purposes.length ? `: ${end.purposes.join(', ')}` : ''}`, 'yellow');
    }
  const unreadable = withdrawals.filter(({ unusable }) => unusable);
  if (unreadable.length === 0) return;
  page.section('unreadable', false);
  for (const { occurredAt, purposes, references } of unreadable)
    page.line(2, `${day(occurredAt)}  ${purposes?.join(', ') ?? page.say('all')}; ${references.map((one) => `${one.slot}: ${shown(one, page)}`).join('; ')}`, 'yellow');
}

function holdings({ holdings: all, relationships: known }: ShownRecord, page: Page): void {
  if (!page.section('held', all.length === 0)) return;
  const groups = Map.groupBy(all, ({ relationship }) => relationship);
  // In the order in which the relationships began; what belongs to none that is known comes last.
  const order = [...known].sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1)).map(({ relationship }) => relationship);
  for (const id of new Set([...order, ...groups.keys()])) {
    const group = groups.get(id) ?? [];
    const about = known.find(({ relationship }) => relationship === id);
    if (group.length > 0) page.line(2, [about?.kind, about?.service ?? group[0]?.service, about?.conference].filter((part) => part !== undefined).join(', '), 'bold');
    for (const holding of [...group].sort((a, b) => (a.category < b.category ? -1 : 1))) held(holding, page);
  }
}

function held(holding: AsShown<HoldingLine>, page: Page): void {
  for (const value of [...holding.values].sort((a, b) => (a.occurredAt < b.occurredAt ? -1 : 1))) {
    const isCurrent = value.status === 'current';
    const state = value.status === 'superseded' ? `  [${page.say('superseded')}]` : '';
    const dispute = holding.disputed && isCurrent ? `  [${page.say('disputed')}]` : '';
    const text = value.value === undefined ? `(${page.say('withoutValue')})` : shown(value.value, page);
    page.line(4, `${padded(holding.category, 24)} ${text}${state}${dispute}`, isCurrent ? (holding.disputed ? 'yellow' : undefined) : 'dim');
    page.line(8, from(holding, value, page), 'dim');
    for (const purpose of value.status === 'superseded' ? [] : value.purposes) use(purpose, page);
  }
}

/** Where the value came from: one line. */
function from(holding: AsShown<HoldingLine>, { occurredAt, system, onBehalfOf, provenance, policy }: AsShown<HeldValue>, page: Page): string {
  const origin = provenance.rectified === true ? page.say('rectified') : provenance.completed === true ? page.say('completed') : (provenance.context ?? provenance.technology ?? holding.origin);
  const { notice } = provenance;
  const told = notice === undefined ? (provenance.rectified === true || provenance.completed === true ? undefined : page.say('noNotice')) : `${page.say('notice')} ${notice.id} ${notice.version}`;
  const references = (provenance.references ?? []).map((one) => `${slotWord(one.slot, page)} ${shown(one, page)}`);
  const behalf = onBehalfOf === undefined || onBehalfOf === 'subject' ? undefined : `${page.say('by')} ${onBehalfOf}`;
  return [`${day(occurredAt)} ${origin} (${system})`, behalf, ...references, told, policy === undefined ? undefined : `${page.say('policy')} ${policy}`].filter((part) => part !== undefined).join('; ');
}

function use({ purpose, basis, specialBasis, consent, carriedBy, stands, fails }: AsShown<HeldPurpose>, page: Page): void {
  const ground = [basis === undefined ? undefined : `6(1)(${basis})`, specialBasis === undefined ? undefined : `9(2)(${specialBasis})`].filter((part) => part !== undefined).join(' ');
  const rest = consent === undefined ? '' : `, ${page.say('consent')} ${(carriedBy ?? consent).slice(0, 8)}`;
  page.line(8, `${stands ? '✓' : '✗'} ${purpose}${ground === '' ? '' : `  ${page.say('basis')} ${ground}${rest}`}${stands ? '' : `  – ${(fails ?? []).map((code) => ruleText(code, page.language)).join('; ')}`}`, stands ? 'green' : 'red');
}

function acts({ acts: all }: ShownRecord, page: Page): void {
  if (!page.section('acts', all.length === 0)) return;
  for (const { first, rest, colour } of actTexts(all, page.language)) {
    page.line(2, first, colour);
    for (const detail of rest) page.line(14, detail, 'dim');
  }
}

function duties({ noticeObligations: all, holdings: held }: ShownRecord, page: Page): void {
  if (all.length === 0) return;
  page.section('duties', false);
  for (const { status, dueOn, obtainedAt, servedAt, sourcing } of [...all].sort((a, b) => (a.obtainedAt < b.obtainedAt ? -1 : 1))) {
    const source = held.find(({ values }) => values.some(({ event }) => event === sourcing))?.origin ?? '';
    const since = status === 'open' || status === 'overdue' || servedAt === undefined ? '' : ` ${day(servedAt)}`;
    page.line(2, `${day(obtainedAt)}  ${padded(source, 16)} ${page.say('due')} ${dueOn}  ${statusWord(status, page.language)}${since}`, status === 'served' ? 'green' : 'yellow');
  }
}

function slotWord(slot: string, page: Page): string {
  const name = slot.split('/')[0] ?? slot;
  const names: Readonly<Record<string, Word>> = { order: 'order', case: 'case', reason: 'reason', profile: 'profile', 'source-name': 'source' };
  const meant = names[name];
  return meant === undefined ? name : page.say(meant);
}

function shown(value: Shown, page: Page): string {
  return shownText(value, page.language);
}

function span(since: string, until: string | undefined, page: Page): string {
  return until === undefined ? `${page.say('since')} ${day(since)}` : `${day(since)} – ${day(until)}`;
}
