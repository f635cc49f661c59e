/**
 * What is asked of the ledger about people. Each answer says which position it reflects; each that opens values writes its access
 * line first, and gives nothing when that line cannot be written.
 */
import type { EventStore, Position, StoredEvent } from '#event-store/event-store.js';
import { parseCanonical } from '#audit/canonical.js';
import { RULES_VERSION } from '#law/data/rules-version.js';
import { parseWhen } from '#law/when.js';
import { foldView } from '#projection/rows.js';
import type { Row, ViewReader } from '#projection/view.js';
import type { IdentifierKind, Opened, SealedRef, Vault } from '#vault/vault.js';
import type { accessEvents, AccessPurpose } from './access/access.events.js';
import type { AccessLog } from './access/access-log.js';
import { decode } from './encoding.js';
import { positionKnownAt } from './known-time/known-time.view.js';
import { entryIn, ORGANISATION_TABLE, organisationView } from './organisation/organisation.view.js';
import { entryOf, RECORD_TABLE, recordView } from './record/record.view.js';
import { recordAnswer } from './record/record.answer.js';
import type { RecordEntry } from './record/record.entries.js';
import { covers, swedishDay, type Days } from './period.js';
import { Refusal } from './refusals.js';
import type { Registers } from './registers.js';
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
  /** The answer with each reference replaced by `Shown`. */
  readonly record: Readonly<Record<string, unknown>>;
}

/** One person's record; undefined when nobody of this id was registered (by then). */
export async function readRecord(parts: QueryParts, subject: string, asOf: AsOf, asker: Asker): Promise<RecordReply | undefined> {
  const valid = asOf.valid ?? asker.now;
  const { rows, position } = asOf.known === undefined ? await rowsNow(parts, subject) : await rowsKnownAt(parts, subject, asOf.known);
  const answer = recordAnswer(subject, rows, valid, parts.registers);
  if (answer === undefined) return undefined;
  // What is held without its value is not opened.
  const opened = answer.holdings.filter(({ values }) => values.some(({ value }) => value !== undefined));
  const categories = [...new Set([...answer.identifiers.map(({ kind }) => kind), ...opened.map(({ category }) => category)])].sort();
  await recordAccess(parts, asker, { subject, query: 'record', categories });
  return { position: position ?? null, known: asOf.known ?? null, valid, rules: RULES_VERSION, record: await shown(answer, parts.vault) };
}

async function rowsNow({ views }: QueryParts, subject: string): Promise<{ rows: readonly RecordEntry[]; position: Position | undefined }> {
  const position = await views.checkpoint(recordView.name);
  const rows = await views.rows(RECORD_TABLE, [subject]);
  return { rows: rows.flatMap((row) => entryOf(row) ?? []), position };
}

/** Folds the person's own events up to what was known, with the view's own function. O(events of the person). */
async function rowsKnownAt({ log, views }: QueryParts, subject: string, known: string): Promise<{ rows: readonly RecordEntry[]; position: Position | undefined }> {
  const position = await positionKnownAt(views, log, known);
  const events: StoredEvent[] = [];
  if (position !== undefined) for await (const batch of log.readStream(subjectStream(subject))) events.push(...batch.filter((event) => event.position <= position));
  const rows = foldView(recordView, events).get(RECORD_TABLE) ?? new Map<string, Row>();
  const sorted = [...rows.values()].sort((a, b) => (String(a['entry']) < String(b['entry']) ? -1 : 1));
  return { rows: sorted.flatMap((row) => entryOf(row) ?? []), position };
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
}

export interface TrailReply {
  readonly subject: string;
  readonly position: Position | null;
  readonly known: string | null;
  readonly valid: string | null;
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
  const position = asOf.known === undefined ? await views.checkpoint(trailView.name) : await positionKnownAt(views, log, asOf.known);
  const page = await views.rows(TRAIL_TABLE, [subject], { limit: asOf.limit, ...(asOf.after !== undefined && { after: [subject, asOf.after] }) });
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
    return { ...trailLine(event, asOf.language, labelsFrom(registers, asOf.language)), ...(about !== undefined && { case: about }) };
  });
  const last = page.at(-1);
  const isMore = page.length === asOf.limit && (asOf.known === undefined || (position !== undefined && String(last?.['position']) < position));
  return { subject, position: position ?? null, known: asOf.known ?? null, valid: asOf.valid ?? null, lines, ...(isMore && { next: String(last?.['position']) }) };
}

async function eventAt(log: EventStore, stream: string, revision: number): Promise<StoredEvent> {
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
function labelsFrom(registers: Registers, language: Language): Label {
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
    hits.set(owner, { subject: subjectOf(owner), matchedBy: term.kind, shared });
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
    representatives: entries.filter((entry) => entry.kind === 'representative').map(({ kind: _kind, ...entry }) => entry),
    agreements: entries
      .filter((entry) => entry.kind === 'agreement')
      .map(({ kind: _kind, reference, ...entry }) => ({ ...entry, inForce: isInForce(entry), ...(reference !== undefined && { reference: { sealed: reference } }) })),
    services: entries.filter((entry) => entry.kind === 'service').flatMap(({ service, periods }) => periods.map((period) => ({ service, ...period, inForce: isInForce(period) }))),
  };
  return { position: position ?? null, organisation: await shown(answer, parts.vault) };
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
