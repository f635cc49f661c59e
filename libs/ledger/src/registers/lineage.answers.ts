/** Lineage and reasons, read from the people's own streams: nothing is opened but what the log itself says. */
import type { Position, StoredEvent } from '#event-store/event-store.js';
import type { Envelope } from '../envelope.js';
import { decode } from '../encoding.js';
import { positionKnownAt } from '../known-time/known-time.view.js';
import { survivorIn } from '../people/people.view.js';
import { eventAt, labelsFrom, type QueryParts } from '../queries.js';
import { everyEvent, readPerson } from '../subject/merge/person.js';
import { subjectStream } from '../subject/subject.js';
import { decisionRegister, decisionRegisterView } from './decision-register.view.js';
import { joined, lineageOf, lineagePage, type Lineage } from './lineage.js';
import { citedBy, reasonsOf, type PlacedReasons } from './reasoning.js';
import { HOLDER_TABLE, receiptRegister, receiptRegisterView } from './receipt-register.view.js';
import { linesOf, type Asked } from './register.query.js';
import { lineIn, refOf } from './register.js';

type Parts = Pick<QueryParts, 'log' | 'views' | 'registers'>;

export interface LineageReply extends Lineage {
  readonly position: Position | null;
  readonly known: string | null;
  readonly subject?: string;
  /** Who the person is now, when they were merged away: it is the lineage of all that one is. */
  readonly mergedInto?: string;
  readonly holding?: string;
  readonly recipient?: string;
  readonly next?: string;
}

export interface LineageAsOf {
  readonly known?: string;
  readonly limit: number;
  readonly after?: Position;
}

/** Where what is held of a person came from and who got it; undefined when nobody of this id is registered. O(events of the person). */
export async function readLineage(parts: Parts, subject: string, asOf: LineageAsOf, holding?: string): Promise<LineageReply | undefined> {
  if ((await parts.log.revisionOf(subjectStream(subject))) === 'none') return undefined;
  const position = asOf.known === undefined ? await parts.views.checkpoint(receiptRegisterView.name) : await positionKnownAt(parts.views, parts.log, asOf.known);
  const survivor = await survivorIn(parts.views, subject);
  const graph = lineageOf(await eventsOf(parts, survivor, position), holding === undefined ? {} : { holdings: new Set([holding]) });
  return {
    position: position ?? null,
    known: asOf.known ?? null,
    subject,
    ...(survivor !== subject && { mergedInto: survivor }),
    ...(holding !== undefined && { holding }),
    ...lineagePage(graph, asOf.limit, asOf.after),
  };
}

/** The same of one holding, whoever's it is; undefined when no holding of this id was told of. */
export async function readHoldingLineage(parts: Parts, holding: string, asOf: LineageAsOf): Promise<LineageReply | undefined> {
  const [holder] = await parts.views.fetch([{ table: HOLDER_TABLE, key: [holding] }]);
  return holder === undefined ? undefined : readLineage(parts, String(holder.row['subject']), asOf, holding);
}

/** Backwards: a page of what a recipient received, and where each of it came from. O(people on the page × events of each). */
export async function readRecipientLineage({ log, views }: Parts, recipient: string, asked: Omit<Asked, 'rank'>): Promise<LineageReply> {
  const position = await views.checkpoint(receiptRegisterView.name);
  const { lines, next } = await linesOf(views, receiptRegister, { ...asked, filters: { ...asked.filters, recipient } });
  const whole = new Map<string, Set<string>>();
  for (const { subject, event } of lines) {
    const survivor = await survivorIn(views, subject);
    whole.set(survivor, (whole.get(survivor) ?? new Set()).add(event));
  }
  const graphs: Lineage[] = [];
  for (const [person, acts] of whole) graphs.push(lineageOf(await eventsOf({ log }, person, position), { recipient, acts }));
  return { position: position ?? null, known: null, recipient, ...joined(graphs), ...(next !== undefined && { next }) };
}

/** One decision with its reasons; undefined when no event of this id holds one. O(events of the person up to it), for what it cites. */
export async function readReasons(parts: Parts, id: string): Promise<PlacedReasons | undefined> {
  const position = await parts.views.checkpoint(decisionRegisterView.name);
  const [found] = await parts.views.fetch([refOf(decisionRegister, id)]);
  const decision = lineIn(decisionRegister, found?.row);
  if (decision === undefined) return undefined;
  const event = decode(await eventAt(parts.log, decision.stream, decision.revision));
  const cited = await citedIn(parts, event);
  return { position: position ?? null, ...reasonsOf(event, decision, cited, { sv: labelsFrom(parts.registers, 'sv'), en: labelsFrom(parts.registers, 'en') }) };
}

/** Rules rest on what was recorded before, on the person's own stream or on that of somebody they had taken in. */
async function citedIn({ log }: Parts, event: Envelope): Promise<ReadonlyMap<string, Envelope>> {
  const wanted = citedBy(event);
  if (wanted.size === 0) return new Map();
  const known = everyEvent(await readPerson(log, event.stream, { revision: event.revision }));
  return new Map(known.filter(({ id }) => wanted.has(id)).map((stored) => [stored.id, decode(stored)]));
}

/** Of the whole person: also of whom they took in, and what was recorded in error, which is shown as such. */
async function eventsOf({ log }: Pick<Parts, 'log'>, subject: string, upTo: Position | undefined): Promise<readonly StoredEvent[]> {
  return upTo === undefined ? [] : everyEvent(await readPerson(log, subjectStream(subject), { position: upTo }));
}
