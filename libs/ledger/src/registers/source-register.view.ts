/**
 * The source register: each sourcing with its batch, what it brought, and until when the person had to be told of it (GDPR Art. 14(3));
 * and for each source on which days data was taken from it.
 */
import type { StoredEvent } from '#event-store/event-store.js';
import type { Change, Row, RowRef, Table, View } from '#projection/view.js';
import { decode } from '../encoding.js';
import type { Envelope } from '../envelope.js';
import { evolveSource, initialSource, SOURCE_PREFIX, type SourceState } from '../source/source.state.js';
import type { HoldingData } from '../subject/holding/holding.events.js';
import type { NoticeData } from '../subject/notice/notice.events.js';
import { SUBJECT_PREFIX, subjectOf } from '../subject/subject.js';
import { dayOf, entered, lineIn, lineOf, refOf, registerOf, type Line } from './register.js';

export interface SourcingLine extends Line {
  readonly subject: string;
  readonly source: string;
  readonly sourceKind: string;
  readonly publiclyAccessible: boolean;
  readonly relationship: string;
  readonly categories: readonly string[];
  readonly holdings: readonly string[];
  readonly purposes: readonly string[];
  readonly batch?: string;
  readonly sourcePurpose?: string;
  readonly conference?: string;
  /** Served at once, with the sourcing. */
  readonly notice?: { readonly id: string; readonly version: number };
  readonly obligation?: string;
}

/** When the person was to be told, and was. */
export interface Duty {
  readonly dueOn?: string;
  readonly dueAt?: string;
  readonly servedAt?: string;
  readonly servedNotice?: { readonly id: string; readonly version: number };
}

export const sourceRegister = registerOf<SourcingLine>(
  'source_register',
  { subject: ({ subject }) => subject, batch: ({ batch }) => batch, source: ({ source }) => source },
  {
    kind: ({ sourceKind }) => sourceKind,
    purpose: ({ purposes }) => purposes,
    category: ({ categories }) => categories,
    conference: ({ conference }) => conference,
    verdict: ({ verdict }) => verdict,
    service: ({ service }) => service,
    controller: ({ controller }) => controller,
  },
);

export const sourceRegisterColumns = ['position', 'event', 'type', 'subject', 'source', 'sourceKind', 'batch', 'publiclyAccessible', 'sourcePurpose', 'categories', 'holdings', 'purposes', 'occurredAt', 'recordedAt', 'controller', 'service', 'conference', 'relationship', 'notice', 'obligation', 'dueOn', 'dueAt', 'servedAt', 'servedNotice', 'verdict', 'failed', 'system', 'actor', 'annulled'] as const;

export const DUTY_TABLE = 'source_duty';
const duties: Table = { name: DUTY_TABLE, columns: { obligation: 'text', body: 'text' }, key: ['obligation'] };

/** On which days each source was in use: it may have been taken up again. */
export const SOURCE_TABLE = 'source_use';
const uses: Table = { name: SOURCE_TABLE, columns: { source: 'text', body: 'text' }, key: ['source'] };
export type SourceUse = Pick<SourceState, 'kind' | 'publiclyAccessible' | 'purposes' | 'used'>;

/** How many sourcings there were from a source on each day, in Sweden. */
export const SOURCE_DAY_TABLE = 'source_day';
const days: Table = { name: SOURCE_DAY_TABLE, columns: { source: 'text', day: 'text', sourcings: 'integer' }, key: ['source', 'day'] };

export const sourceRegisterView: View = {
  name: 'source-register',
  version: 1,
  tables: [sourceRegister.entries, sourceRegister.keys, duties, uses, days],
  streamPrefixes: [SUBJECT_PREFIX, SOURCE_PREFIX],
  touches(event: StoredEvent): readonly RowRef[] {
    if (event.stream.startsWith(SOURCE_PREFIX)) return [useRef(event)];
    switch (event.type) {
      case 'PersonalDataSourced':
        return [dayRef(decode(event))];
      case 'IndirectNoticeObligationOpened':
        return [refOf(sourceRegister, (decode(event).data as HoldingData['IndirectNoticeObligationOpened']).sourcing)];
      case 'IndirectNoticeServed':
      case 'NoticeServed':
        return servedIn(decode(event)).map(dutyRef);
      default:
        // The rest of a person's stream says nothing of sources.
        return [];
    }
  },
  apply(event: StoredEvent, read: (ref: RowRef) => Row | undefined): readonly Change[] {
    if (event.stream.startsWith(SOURCE_PREFIX)) return used(event, read(useRef(event)));
    switch (event.type) {
      case 'PersonalDataSourced':
        return sourced(event, read);
      case 'IndirectNoticeObligationOpened': {
        const { obligation, sourcing, dueOn, dueAt } = decode(event).data as HoldingData['IndirectNoticeObligationOpened'];
        const line = lineIn(sourceRegister, read(refOf(sourceRegister, sourcing)));
        return [putDuty(obligation, { dueOn, dueAt }), ...(line === undefined ? [] : entered(sourceRegister, sourcing, { ...line, obligation }, line))];
      }
      case 'IndirectNoticeServed':
      case 'NoticeServed': {
        const { servedAt, notice } = decode(event).data as NoticeData['NoticeServed'];
        return servedIn(decode(event)).flatMap((obligation) => {
          const duty = dutyIn(read(dutyRef(obligation)));
          // What was served first closed it.
          return duty === undefined || duty.servedAt !== undefined ? [] : [putDuty(obligation, { ...duty, servedAt, servedNotice: notice })];
        });
      }
      default:
        return [];
    }
  },
};

export function dutyIn(row: Row | undefined): Duty | undefined {
  return row === undefined ? undefined : (JSON.parse(String(row['body'])) as Duty);
}

export function dutyRef(obligation: string): RowRef {
  return { table: DUTY_TABLE, key: [obligation] };
}

function putDuty(obligation: string, duty: Duty): Change {
  return { op: 'put', table: DUTY_TABLE, row: { obligation, body: JSON.stringify(duty) } };
}

function sourced(event: StoredEvent, read: (ref: RowRef) => Row | undefined): readonly Change[] {
  const envelope = decode(event);
  const { items, ...told } = envelope.data as HoldingData['PersonalDataSourced'];
  const line: SourcingLine = {
    ...lineOf(envelope, event.position),
    subject: subjectOf(event.stream),
    ...told,
    categories: [...new Set(items.map(({ category }) => category))],
    holdings: [...new Set(items.map(({ holding }) => holding))],
    purposes: [...new Set(items.flatMap(({ purposes }) => purposes.map(({ purpose }) => purpose)))],
  };
  const day = dayRef(envelope);
  const sourcings = Number(read(day)?.['sourcings'] ?? 0) + 1;
  return [...entered(sourceRegister, event.id, line), { op: 'put', table: SOURCE_DAY_TABLE, row: { source: line.source, day: dayOf(line.occurredAt), sourcings } }];
}

export function useIn(row: Row | undefined): SourceUse | undefined {
  return row === undefined ? undefined : (JSON.parse(String(row['body'])) as SourceUse);
}

/** The register's own fold, of which the days of use are kept. */
function used(event: StoredEvent, row: Row | undefined): readonly Change[] {
  const { kind, publiclyAccessible, purposes, used: times } = evolveSource({ ...initialSource, ...useIn(row) }, decode(event));
  const use: SourceUse = { ...(kind !== undefined && { kind }), publiclyAccessible, purposes, used: times };
  return [{ op: 'put', table: SOURCE_TABLE, row: { source: event.stream.slice(SOURCE_PREFIX.length), body: JSON.stringify(use) } }];
}

function useRef({ stream }: StoredEvent): RowRef {
  return { table: SOURCE_TABLE, key: [stream.slice(SOURCE_PREFIX.length)] };
}

function dayRef({ data, occurredAt }: Envelope): RowRef {
  return { table: SOURCE_DAY_TABLE, key: [(data as HoldingData['PersonalDataSourced']).source, dayOf(occurredAt)] };
}

function servedIn({ type, data }: Envelope): readonly string[] {
  return type === 'NoticeServed' ? [...new Set((data as NoticeData['NoticeServed']).obligations)] : [(data as HoldingData['IndirectNoticeServed']).obligation];
}
