/**
 * What is asked of the ledger about people. Each answer says which position it reflects; each that opens values writes its access
 * line first, and gives nothing when that line cannot be written.
 */
import type { EventStore, Position, StoredEvent } from '#event-store/event-store.js';
import { parseCanonical } from '#audit/canonical.js';
import { RULES_VERSION } from '#law/data/rules-version.js';
import { parseWhen } from '#law/when.js';
import type { Row, ViewReader } from '#projection/view.js';
import type { IdentifierKind, Opened, SealedRef, Vault } from '#vault/vault.js';
import type { accessEvents, AccessPurpose } from './access/access.events.js';
import type { AccessLog } from './access/access-log.js';
import { decode } from './encoding.js';
import { disclosuresAfterSecrecy } from './authority/after-secrecy.js';
import { entryIn, ORGANISATION_TABLE, organisationView, type OrganisationEntry } from './organisation/organisation.view.js';
import { lookUp, rowsOf, subjectsOf, wholeOf, type Annulment } from './people/look-up.js';
import { survivorIn } from './people/people.view.js';
import { entryOf, RECORD_TABLE, recordView } from './record/record.view.js';
import { recordAnswer, type WholePerson } from './record/record.answer.js';
import { covers, swedishDay, type Days } from './period.js';
import { Refusal } from './refusals.js';
import type { Registers } from './registers.js';
import { annulmentsIn, foldPerson, type Person } from './subject/merge/person.js';
import { protectionAt } from './subject/merge/restrict.js';
import { subjectOf, subjectStream } from './subject/subject.js';
import { sentenceOf, type Label, type Language } from './trail/sentences.js';
import { TRAIL_TABLE, trailView } from './trail/trail.view.js';

export interface QueryParts {
  readonly log: EventStore;
  readonly vault: Vault;
  readonly views: ViewReader;
  readonly registers: Registers;
  readonly access: AccessLog;
}

/** Who asks, for what, and when. */
export interface Asker {
  readonly actor: string;
  readonly system: string;
  readonly purpose: AccessPurpose;
  readonly case?: string;
  readonly now: string;
}

export interface AsOf {
  /** What was known then (an instant). Default: all. */
  readonly known?: string;
  /** What was so in the world then (an instant). Default: now. */
  readonly valid?: string;
}

/** Where an opened value stands in the answer; a value that is gone or unreadable says so instead. */
export type Shown = { readonly value: unknown } | { readonly erased: true } | { readonly broken: string };

export interface RecordReply {
  readonly position: Position | null;
  readonly known: string | null;
  readonly valid: string;
  readonly rules: string;
  /** Who the person is now, when they were merged away: their record is part of that one's. */
  readonly mergedInto?: string;
  /** The answer with each reference replaced by `Shown`. */
  readonly record: Readonly<Record<string, unknown>>;
}

/** One person's record; undefined when nobody of this id was registered (by then). */
export async function readRecord(parts: QueryParts, subject: string, asOf: AsOf, asker: Asker): Promise<RecordReply | undefined> {
  const valid = asOf.valid ?? asker.now;
  const { position, person, mergedInto } = await lookUp(parts, subject, recordView, asOf.known);
  const rows = (person === undefined ? await parts.views.rows(RECORD_TABLE, [subject]) : rowsOf(recordView, RECORD_TABLE, person)).flatMap((row) => entryOf(row) ?? []);
  const secret = mergedInto === undefined ? await disclosuresAfterSecrecy(parts, { subjects: subjectsOf(subject, person), valid, position: asOf.known === undefined ? undefined : position }) : [];
  const answer = recordAnswer(subject, mergedInto === undefined ? [...rows, ...secret] : rows.filter(({ kind }) => kind === 'registered'), valid, parts.registers, person && wholeAt(person, valid));
  if (answer === undefined) return undefined;
  // What is held without its value is not opened.
  const opened = answer.holdings.filter(({ values }) => values.some(({ value }) => value !== undefined));
  const categories = [...new Set([...answer.identifiers.map(({ kind }) => kind), ...opened.map(({ category }) => category)])].sort();
  await recordAccess(parts, asker, { subject, query: 'record', categories });
  return { position: position ?? null, known: asOf.known ?? null, valid, rules: RULES_VERSION, ...(mergedInto !== undefined && { mergedInto }), record: await shown(answer, parts.vault) };
}

/** What no single row says of somebody who was two people. */
function wholeAt(person: Person, at: string): WholePerson {
  const protection = protectionAt(person, annulmentsIn(person), at);
  const { consent, identity } = foldPerson(person);
  const covers = new Map(consent.endings.flatMap(({ event, covers: given }) => (given === undefined ? [] : [[event, given] as const])));
  return { covers, ...(protection !== undefined && { protection }), ...(person.absorbed.length > 0 && identity.ageBand !== undefined && { ageBand: identity.ageBand }) };
}

export interface TrailLine {
  readonly position: Position;
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly sentence: string;
  readonly occurredAt: string;
  readonly recordedAt: string;
  readonly actor?: string;
  readonly system: string;
  readonly onBehalfOf?: string;
  readonly controller?: string;
  readonly service?: string;
  readonly policy?: string;
  readonly rules: string;
  readonly verdict?: string;
  readonly failed?: readonly string[];
  readonly correlationId: string;
  /** The case that values were opened for, where one was named. */
  readonly case?: Shown;
  /** It was recorded in error and does not count. */
  readonly annulled?: Annulment;
}

export interface TrailReply {
  readonly subject: string;
  readonly position: Position | null;
  readonly known: string | null;
  readonly valid: string | null;
  /** Who the person is now, when they were merged away: that one's trail has these lines too. */
  readonly mergedInto?: string;
  readonly lines: readonly TrailLine[];
  /** Give it as `after` for the next page; absent on the last. */
  readonly next?: Position;
}

/** One page of a person's audit trail; undefined when nobody of this id is registered. */
export async function readTrail(
  parts: QueryParts,
  subject: string,
  asOf: AsOf & { readonly language: Language; readonly after?: Position; readonly limit: number },
  asker: Asker,
): Promise<TrailReply | undefined> {
  const { log, vault, views, registers } = parts;
  if ((await log.revisionOf(subjectStream(subject))) === 'none') return undefined;
  const { position, person, mergedInto, annulled } = await lookUp(parts, subject, trailView, asOf.known);
  const page = await trailPage(views, subjectsOf(subject, person), asOf);
  const events: StoredEvent[] = [];
  for (const row of page) {
    const at = String(row['position']);
    if (asOf.known !== undefined && (position === undefined || at > position)) break;
    const event = await eventAt(log, String(row['stream']), Number(row['revision']));
    if (asOf.valid === undefined || earliestOf(decode(event).occurredAt) <= asOf.valid) events.push(event);
  }
  const cases = events.flatMap(caseIn);
  await recordAccess(parts, asker, { subject, query: 'audit-trail', categories: cases.length > 0 ? ['case-reference'] : [] });
  const opened = await vault.open(cases);
  const caseOf = new Map(cases.map(({ event }, i) => [event, show(opened[i])]));
  const lines = events.map((event): TrailLine => {
    const about = caseOf.get(event.id);
    const wrong = annulled.get(event.id);
    return { ...trailLine(event, asOf.language, labelsFrom(registers, asOf.language)), ...(about !== undefined && { case: about }), ...(wrong !== undefined && { annulled: wrong }) };
  });
  const last = page.at(-1);
  const isMore = page.length === asOf.limit && (asOf.known === undefined || (position !== undefined && String(last?.['position']) < position));
  return { subject, position: position ?? null, known: asOf.known ?? null, valid: asOf.valid ?? null, ...(mergedInto !== undefined && { mergedInto }), lines, ...(isMore && { next: String(last?.['position']) }) };
}

/** The next rows of all who are the person, in log order. */
async function trailPage(views: ViewReader, subjects: readonly string[], { after, limit }: { readonly after?: Position; readonly limit: number }): Promise<readonly Row[]> {
  const pages: Row[] = [];
  for (const subject of subjects) pages.push(...(await views.rows(TRAIL_TABLE, [subject], { limit, ...(after !== undefined && { after: [subject, after] }) })));
  return pages.sort((a, b) => (String(a['position']) < String(b['position']) ? -1 : 1)).slice(0, limit);
}

export async function eventAt(log: EventStore, stream: string, revision: number): Promise<StoredEvent> {
  for await (const [event] of log.readStream(stream, { from: revision, limit: 1 })) if (event !== undefined) return event;
  throw new Error(`${stream}@${revision} is in a view but not in the log (hint: rebuild the views)`);
}

/** The sealed case of a line of access; a person's own events show no values here. */
function caseIn(event: StoredEvent): readonly SealedRef[] {
  if (event.type !== 'PersonalDataAccessed') return [];
  return (decode(event).sealed ?? []).filter(({ slot }) => slot === 'case').map(({ slot, holding }) => ({ event: event.id, slot, holding }));
}

function trailLine(event: StoredEvent, language: Language, label: Label): TrailLine {
  const { data: _data, sealed: _sealed, version: _version, fingerprint: _fingerprint, registers: _registers, causationId: _causationId, ...line } = decode(event);
  return { ...line, position: event.position, sentence: sentenceOf(decode(event), language, label) };
}

/** Labels of the newest policies: a name may have changed, the code has not. */
export function labelsFrom(registers: Registers, language: Language): Label {
  const models = registers.controllers().flatMap((id) => registers.newestPolicy(id)?.model ?? []);
  return (kind, code) => models.find((model) => model.has(kind, code))?.label(kind, code, language) ?? code;
}

export interface SearchHit {
  readonly subject: string;
  readonly matchedBy: IdentifierKind;
  readonly shared: boolean;
}

/** People whom an identifier or a whole name fits now. The term is in no log: a search that finds nobody is recorded without it. */
export async function searchSubjects(parts: QueryParts, term: { kind: IdentifierKind; value: string }, asker: Asker): Promise<readonly SearchHit[]> {
  const index = parts.vault.blindIndex(term.kind, term.value);
  if (index === undefined) throw new Refusal('IdentifierUnusable', { pointer: '/value' });
  const matches = await parts.vault.matches(term.kind, index, asker.now);
  const hits = new Map<string, SearchHit>();
  for (const { owner, shared } of matches) {
    if (!owner.startsWith('subject-') || (await parts.log.revisionOf(owner)) === 'none') continue;
    const subject = await survivorIn(parts.views, subjectOf(owner));
    hits.set(subject, { subject, matchedBy: term.kind, shared: shared && (hits.get(subject)?.shared ?? true) });
  }
  if (hits.size === 0) await record(parts, asker, 'SearchFoundNobody', { kind: term.kind });
  for (const { subject } of hits.values()) await recordAccess(parts, asker, { subject, query: 'search', categories: [] });
  return [...hits.values()];
}

export interface OrganisationReply {
  readonly position: Position | null;
  readonly organisation: Readonly<Record<string, unknown>>;
}

/**
 * A company: its number, its names (the last one stands), who represents it, and its agreements and services with their days; undefined
 * when none of this id is registered. `valid`: the day on which they are said to be in force or not.
 */
export async function readOrganisation(parts: QueryParts, organisation: string, asker: Asker, valid: string = swedishDay(asker.now)): Promise<OrganisationReply | undefined> {
  const position = await parts.views.checkpoint(organisationView.name);
  const entries = (await parts.views.rows(ORGANISATION_TABLE, [organisation])).flatMap((row) => entryIn(row) ?? []);
  const number = entries.find((entry) => entry.kind === 'number');
  if (number === undefined) return undefined;
  await record(parts, asker, 'OrganisationAccessed', { organisation });
  const isInForce = (days: Days): boolean => covers(days, { first: valid, last: valid });
  const answer = {
    organisation,
    valid,
    number: { sealed: number.sealed },
    names: entries.filter((entry) => entry.kind === 'name').map(({ sealed, occurredAt }) => ({ value: { sealed }, occurredAt })),
    representatives: await representativesOf(parts, organisation, entries, position),
    agreements: entries
      .filter((entry) => entry.kind === 'agreement')
      .map(({ kind: _kind, reference, ...entry }) => ({ ...entry, inForce: isInForce(entry), ...(reference !== undefined && { reference: { sealed: reference } }) })),
    services: entries.filter((entry) => entry.kind === 'service').flatMap(({ service, periods }) => periods.map((period) => ({ service, ...period, inForce: isInForce(period) }))),
  };
  return { position: position ?? null, organisation: await shown(answer, parts.vault) };
}

type Representative = Omit<Extract<OrganisationEntry, { kind: 'representative' }>, 'kind'>;

/** Each person once, under the id that is theirs now. */
async function representativesOf(parts: QueryParts, organisation: string, entries: readonly OrganisationEntry[], position: Position | undefined): Promise<readonly Representative[]> {
  const found = new Map<string, Representative>();
  for (const entry of entries) {
    if (entry.kind !== 'representative') continue;
    const { survivor, person } = await wholeOf(parts, entry.subject, position);
    const { subject: _subject, startedAt, endedAt } = entry;
    const times = person === undefined ? { startedAt, endedAt } : foldPerson(person).identity.representations.get(organisation);
    if (times !== undefined) found.set(survivor, { subject: survivor, startedAt: times.startedAt, ...(times.endedAt !== undefined && { endedAt: times.endedAt }) });
  }
  return [...found.values()];
}

async function recordAccess(parts: QueryParts, asker: Asker, data: { subject: string; query: 'record' | 'audit-trail' | 'search'; categories: readonly string[] }): Promise<void> {
  await record(parts, asker, 'PersonalDataAccessed', data);
}

/** Resolves when the line is durable: only then may what it is about be given. */
export async function record({ access }: Pick<QueryParts, 'access'>, asker: Asker, type: keyof typeof accessEvents, data: Readonly<Record<string, unknown>>): Promise<void> {
  const { actor, system, purpose, now } = asker;
  await access.record({ type, data: { ...data, purpose }, actor, system, now, ...(asker.case !== undefined && { case: asker.case }) });
}

/** The answer with its references opened, all in one go. */
export async function shown(answer: object, vault: Vault): Promise<Readonly<Record<string, unknown>>> {
  const refs: SealedRef[] = [];
  collect(answer, refs);
  const opened = await vault.open(refs);
  const byRef = new Map(refs.map((ref, i) => [keyOf(ref), opened[i]]));
  return replaced(answer, byRef) as Readonly<Record<string, unknown>>;
}

function collect(node: unknown, refs: SealedRef[]): void {
  if (typeof node !== 'object' || node === null) return;
  if (isSealed(node)) refs.push(node.sealed);
  else for (const member of Object.values(node)) collect(member, refs);
}

function replaced(node: unknown, opened: ReadonlyMap<string, Opened | undefined>): unknown {
  if (Array.isArray(node)) return node.map((member) => replaced(member, opened));
  if (typeof node !== 'object' || node === null) return node;
  if (isSealed(node)) return { ...node.sealed, ...show(opened.get(keyOf(node.sealed))) };
  return Object.fromEntries(Object.entries(node).map(([name, member]) => [name, replaced(member, opened)]));
}

function show(opened: Opened | undefined): Shown {
  if (opened === undefined) return { broken: 'not asked for' };
  switch (opened.kind) {
    case 'opened':
      return { value: parseCanonical(opened.text) };
    case 'erased':
      return { erased: true };
    case 'broken':
      return { broken: opened.why };
    default: {
      const never: never = opened;
      return never;
    }
  }
}

function isSealed(node: object): node is { readonly sealed: SealedRef } {
  return 'sealed' in node && Object.keys(node).length === 1;
}

function keyOf({ event, slot, holding }: SealedRef): string {
  return `${event} ${slot} ${holding}`;
}

function earliestOf(occurredAt: string): string {
  return parseWhen(occurredAt)?.earliest ?? occurredAt;
}
