/** What is asked of the registers, by name: a page as JSON, or the whole as CSV. No value is opened, so no access line is written. */
import type { EventStore, Position } from '#event-store/event-store.js';
import type { ViewReader } from '#projection/view.js';
import { subjectsOf, type Annulment } from '../people/look-up.js';
import { marksOf } from '../people/people.view.js';
import { readPerson } from '../subject/merge/person.js';
import { subjectStream } from '../subject/subject.js';
import { consentRegister, consentRegisterColumns, consentRegisterView } from './consent-register.view.js';
import { csvLine, csvRow } from './csv.js';
import { decisionRegister, decisionRegisterColumns, decisionRegisterView } from './decision-register.view.js';
import { deviationRegister, deviationRegisterColumns, deviationRegisterView } from './deviation-register.view.js';
import { disclosureRegister, disclosureRegisterColumns, disclosureRegisterView } from './disclosure-register.view.js';
import { IN_ERROR_TABLE, receiptColumns, receiptRegister, receiptRegisterView } from './receipt-register.view.js';
import { recipientRegister, recipientRegisterColumns, recipientRegisterView } from './recipient-register.view.js';
import { allLines, filtersOf, linesOf, type Asked } from './register.query.js';
import { withRecalls } from './recall.js';
import type { Line, Register } from './register.js';
import { dutyIn, dutyRef, SOURCE_DAY_TABLE, SOURCE_TABLE, sourceRegister, sourceRegisterColumns, sourceRegisterView, useIn, type Duty, type SourceUse, type SourcingLine } from './source-register.view.js';
import { DEROGATIONS_TABLE, transferRegister, transferRegisterColumns, transferRegisterView } from './transfer-register.view.js';

export interface Lines {
  readonly lines: readonly object[];
  readonly next?: string;
}

/** A register as it is served: what it may be filtered by, and its lines with what other tables say of them. */
export interface Served {
  readonly view: string;
  readonly filters: readonly string[];
  readonly columns: readonly string[];
  page(views: ViewReader, asked: Asked): Promise<Lines>;
  /** Every line that fits, as it stands while it is read. */
  all(views: ViewReader, asked: Omit<Asked, 'limit' | 'after'>): AsyncGenerator<readonly object[]>;
}

export const servedRegisters = {
  consents: served(consentRegisterView.name, consentRegister, consentRegisterColumns),
  disclosures: served(disclosureRegisterView.name, disclosureRegister, disclosureRegisterColumns, withRecalls),
  transfers: served(transferRegisterView.name, transferRegister, transferRegisterColumns),
  sourcings: served(sourceRegisterView.name, sourceRegister, sourceRegisterColumns, withDuties),
  recipients: served(recipientRegisterView.name, recipientRegister, recipientRegisterColumns),
  receipts: served(receiptRegisterView.name, receiptRegister, receiptColumns, withRecalls),
  deviations: served(deviationRegisterView.name, deviationRegister, deviationRegisterColumns),
  decisions: served(decisionRegisterView.name, decisionRegister, decisionRegisterColumns),
} as const satisfies Record<string, Served>;
export type RegisterName = keyof typeof servedRegisters;

function served<L extends Line>(view: string, register: Register<L>, columns: readonly string[], decorated: (views: ViewReader, lines: readonly L[]) => Promise<readonly L[]> = async (_views, lines) => lines): Served {
  const shown = async (views: ViewReader, lines: readonly L[]): Promise<readonly object[]> => marked(views, await decorated(views, lines));
  return {
    view,
    filters: filtersOf(register),
    columns,
    page: async (views, asked) => {
      const { lines, next } = await linesOf(views, register, asked);
      return { lines: await shown(views, lines), ...(next !== undefined && { next }) };
    },
    all: async function* (views, asked) {
      for await (const lines of allLines(views, register, asked)) yield shown(views, lines);
    },
  };
}

/** Whoever was taken in by a person is that person: a question about one is about all their ids. O(events of whoever took somebody in). */
export async function aboutWhole<A extends Omit<Asked, 'limit' | 'after'>>({ log, views }: { readonly log: EventStore; readonly views: ViewReader }, asked: A): Promise<A> {
  const { subject } = asked.filters;
  if (typeof subject !== 'string' || !(await marksOf(views, subject)).some(({ kind }) => kind === 'absorbed')) return asked;
  const person = await readPerson(log, subjectStream(subject));
  return { ...asked, filters: { ...asked.filters, subject: subjectsOf(subject, person) } };
}

export interface RegisterReply extends Lines {
  readonly position: Position | null;
}

/** One page, with the position that it reflects at least. */
export async function readRegister(views: ViewReader, name: RegisterName, asked: Asked): Promise<RegisterReply> {
  const register = servedRegisters[name];
  const position = await views.checkpoint(register.view);
  return { position: position ?? null, ...(await register.page(views, asked)) };
}

export interface CsvReply {
  readonly position: Position | null;
  readonly rows: AsyncGenerator<string>;
}

/** The whole register that fits, as CSV with a header; read page by page while it is sent. */
export async function exportRegister(views: ViewReader, name: RegisterName, asked: Omit<Asked, 'limit' | 'after'>): Promise<CsvReply> {
  const register = servedRegisters[name];
  const position = await views.checkpoint(register.view);
  return { position: position ?? null, rows: csvOf(register, views, asked) };
}

async function* csvOf({ columns, all }: Served, views: ViewReader, asked: Omit<Asked, 'limit' | 'after'>): AsyncGenerator<string> {
  yield csvRow(columns);
  for await (const lines of all(views, asked)) if (lines.length > 0) yield lines.map((line) => csvLine(columns, line)).join('');
}

/** Lines of events that were recorded in error say so. */
async function marked<L extends Line>(views: ViewReader, lines: readonly L[]): Promise<readonly (L & { readonly annulled?: Annulment })[]> {
  const found = await views.fetch([...new Set(lines.map(({ event }) => event))].map((event) => ({ table: IN_ERROR_TABLE, key: [event] })));
  const errors = new Map(found.map(({ row }) => [String(row['event']), { by: String(row['by']), code: row['code'] as Annulment['code'] }]));
  return lines.map((line) => {
    const annulled = errors.get(line.event);
    return annulled === undefined ? line : { ...line, annulled };
  });
}

async function withDuties(views: ViewReader, lines: readonly SourcingLine[]): Promise<readonly (SourcingLine & Duty)[]> {
  const found = await views.fetch([...new Set(lines.flatMap(({ obligation }) => obligation ?? []))].map(dutyRef));
  const duties = new Map(found.map(({ row }) => [String(row['obligation']), dutyIn(row)]));
  return lines.map((line) => ({ ...line, ...duties.get(line.obligation ?? '') }));
}

export interface DerogationCount {
  readonly recipient: string;
  readonly derogation: string;
  readonly controller: string;
  readonly times: number;
}

/** How often data went on each derogation to a recipient, or to all: at most eight a recipient and controller. O(rows). */
export async function derogationCounts(views: ViewReader, recipient?: string): Promise<readonly DerogationCount[]> {
  const rows = await views.rows(DEROGATIONS_TABLE, recipient === undefined ? [] : [recipient], { limit: 1_000 });
  return rows.map((row) => ({ recipient: String(row['recipient']), derogation: String(row['derogation']), controller: String(row['controller']), times: Number(row['times']) }));
}

export interface SourceDay {
  readonly source: string;
  readonly day: string;
  readonly sourcings: number;
}

export interface SourceDaysReply {
  readonly position: Position | null;
  /** The sources of these days, with the days on which the register says they were in use; one that no register knows has none. */
  readonly sources: readonly (SourceUse & { readonly source: string })[];
  readonly days: readonly SourceDay[];
  readonly next?: string;
}

/** On which days data was taken from each source, by source and day. `after`: of the same source, where one is asked for. O(limit). */
export async function readSourceDays(views: ViewReader, asked: { readonly source?: string; readonly limit: number; readonly after?: readonly [source: string, day: string] }): Promise<SourceDaysReply> {
  const position = await views.checkpoint(sourceRegisterView.name);
  const prefix = asked.source === undefined ? [] : [asked.source];
  const rows = await views.rows(SOURCE_DAY_TABLE, prefix, { limit: asked.limit + 1, ...(asked.after !== undefined && { after: asked.after }) });
  const days = rows.slice(0, asked.limit).map((row): SourceDay => ({ source: String(row['source']), day: String(row['day']), sourcings: Number(row['sourcings']) }));
  const named = new Set([...days.map(({ source }) => source), ...prefix]);
  const found = await views.fetch([...named].map((source) => ({ table: SOURCE_TABLE, key: [source] })));
  const last = days.at(-1);
  return {
    position: position ?? null,
    sources: found.flatMap(({ row }) => ({ source: String(row['source']), ...(useIn(row) as SourceUse) })),
    days,
    ...(rows.length > asked.limit && last !== undefined && { next: `${last.source}.${last.day}` }),
  };
}
