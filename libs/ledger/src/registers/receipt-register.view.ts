/**
 * What each recipient has received of whom: told disclosures and transfers, and uses by a vendor. Beside it what leads from an id to
 * the person's own stream, where lineage is read: which person a holding is of, and which events were recorded in error.
 */
import type { StoredEvent } from '#event-store/event-store.js';
import type { Change, Row, RowRef, Table, View } from '#projection/view.js';
import { decode } from '../encoding.js';
import type { HeldItem } from '../subject/holding/holding.events.js';
import { SUBJECT_PREFIX, subjectOf } from '../subject/subject.js';
import { actColumns, actLine, actOf, type ActLine } from './act-line.js';
import { disclosureEntry, withRecall, type Recalls } from './recall.js';
import { entered, lineIn, refOf, registerOf } from './register.js';

export type Receipt = ActLine & Recalls;

export const receiptRegister = registerOf<Receipt>(
  'receipt_register',
  { recipient: ({ recipient }) => recipient },
  {
    subject: ({ subject }) => subject,
    purpose: ({ purpose }) => purpose,
    conference: ({ conference }) => conference,
    category: ({ categories }) => categories,
    country: ({ country }) => country,
    act: ({ act }) => act,
    verdict: ({ verdict }) => verdict,
    controller: ({ controller }) => controller,
  },
);

export const receiptColumns = [...actColumns, 'recalls', 'confirmations', 'inError'] as const;

export const HOLDER_TABLE = 'holding_subject';
const holders: Table = { name: HOLDER_TABLE, columns: { holding: 'text', subject: 'text' }, key: ['holding'] };

/** One row an event that was recorded in error, by its id: every register marks its line when it is read. */
export const IN_ERROR_TABLE = 'recorded_in_error';
const inError: Table = { name: IN_ERROR_TABLE, columns: { event: 'text', by: 'text', code: 'text' }, key: ['event'] };
export const RECORDED_IN_ERROR = 'RecordedInError';

export const receiptRegisterView: View = {
  name: 'receipt-register',
  version: 1,
  tables: [receiptRegister.entries, receiptRegister.keys, holders, inError],
  streamPrefixes: [SUBJECT_PREFIX],
  touches(event: StoredEvent): readonly RowRef[] {
    const entry = /^(PersonalDataDisclosed|DisclosureRecall)/.test(event.type) ? disclosureEntry(decode(event)) : undefined;
    return entry === undefined ? [] : [refOf(receiptRegister, entry)];
  },
  apply(event: StoredEvent, read: (ref: RowRef) => Row | undefined): readonly Change[] {
    switch (event.type) {
      case 'PersonalDataCollected':
      case 'PersonalDataObserved':
      case 'PersonalDataSourced':
        return holdingsIn(event).map((holding) => ({ op: 'put', table: HOLDER_TABLE, row: { holding, subject: subjectOf(event.stream) } }));
      case RECORDED_IN_ERROR: {
        const { event: about, code } = decode(event).data as { readonly event: string; readonly code: string };
        return [{ op: 'put', table: IN_ERROR_TABLE, row: { event: about, by: event.id, code } }];
      }
      case 'PersonalDataDisclosed':
      case 'DisclosureRecalled':
      case 'DisclosureRecallConfirmed':
      case 'TransferPerformed':
      case 'PersonalDataUsed':
        return receipt(event, read);
      default:
        // The rest of a person's stream reaches nobody.
        return [];
    }
  },
};

function receipt(event: StoredEvent, read: (ref: RowRef) => Row | undefined): readonly Change[] {
  const envelope = decode(event);
  const entry = disclosureEntry(envelope);
  const before = entry === undefined ? undefined : lineIn(receiptRegister, read(refOf(receiptRegister, entry)));
  const act = actOf(event.type);
  const line: Receipt | undefined = act === undefined ? before && withRecall(before, envelope) : actLine(envelope, event.position, act);
  // What we use ourselves is received by nobody.
  return line?.recipient === undefined ? [] : entered(receiptRegister, entry ?? event.id, line, before);
}

function holdingsIn(event: StoredEvent): readonly string[] {
  const { items } = decode(event).data as { readonly items: readonly HeldItem[] };
  return [...new Set(items.map(({ holding }) => holding))];
}
