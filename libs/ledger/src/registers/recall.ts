/**
 * What was asked of a recipient after a disclosure, and what it answered. Kept by the disclosure's id and the person, and put to its line
 * when that is read: whoever disclosed may have been merged into another before the recall.
 */
import type { StoredEvent } from '#event-store/event-store.js';
import type { Change, Row, Table, ViewReader } from '#projection/view.js';
import { decode } from '../encoding.js';
import type { ActItem } from '../gate/reasoning.members.js';
import { survivorIn } from '../people/people.view.js';
import type { DisclosureData } from '../subject/disclosure/disclosure.events.js';
import { subjectOf } from '../subject/subject.js';

export interface Recalled {
  readonly event: string;
  readonly occurredAt: string;
  readonly items: readonly ActItem[];
}

export interface Confirmed {
  readonly event: string;
  readonly occurredAt: string;
  readonly outcome: string;
  readonly on?: string;
}

export interface Recalls {
  readonly recalls?: readonly Recalled[];
  readonly confirmations?: readonly Confirmed[];
}

const TABLE = 'disclosure_recall';
/** Ids of disclosures that senders choose are unique within a person: one may stand for a whole mailing. */
export const recallTable: Table = { name: TABLE, columns: { disclosure: 'text', subject: 'text', position: 'text', kind: 'text', body: 'text' }, key: ['disclosure', 'subject', 'position'] };

/** The row of a recall, or of what the recipient said of it; nothing for every other event. */
export function recallIn(event: StoredEvent): readonly Change[] {
  if (event.type !== 'DisclosureRecalled' && event.type !== 'DisclosureRecallConfirmed') return [];
  const { occurredAt, data } = decode(event);
  const { disclosure, ...told } = data as DisclosureData['DisclosureRecalled' | 'DisclosureRecallConfirmed'];
  const row: Row = { disclosure, subject: subjectOf(event.stream), position: event.position, kind: event.type, body: JSON.stringify({ event: event.id, occurredAt, ...told }) };
  return [{ op: 'put', table: TABLE, row }];
}

/** The lines with what came after each of their disclosures. O(disclosures among them). */
export async function withRecalls<L extends { readonly subject: string; readonly stage: string; readonly disclosure?: string }>(views: ViewReader, lines: readonly L[]): Promise<readonly (L & Recalls)[]> {
  const told: (L & Recalls)[] = [];
  const survivors = new Map<string, string>();
  for (const line of lines) told.push(line.disclosure === undefined || line.stage !== 'told' ? line : { ...line, ...(await recallsOf(views, line.disclosure, line.subject, survivors)) });
  return told;
}

async function recallsOf(views: ViewReader, disclosure: string, subject: string, survivors: Map<string, string>): Promise<Recalls> {
  const survivor = survivors.get(subject) ?? (await survivorIn(views, subject));
  survivors.set(subject, survivor);
  const rows: Row[] = [];
  for (const whom of new Set([subject, survivor])) rows.push(...(await views.rows(TABLE, [disclosure, whom])));
  const of = <T>(kind: keyof DisclosureData): readonly T[] => rows.filter((row) => row['kind'] === kind).map((row) => JSON.parse(String(row['body'])) as T);
  const [recalls, confirmations] = [of<Recalled>('DisclosureRecalled'), of<Confirmed>('DisclosureRecallConfirmed')];
  return { ...(recalls.length > 0 && { recalls }), ...(confirmations.length > 0 && { confirmations }) };
}
