/**
 * What each recipient has received of whom: told disclosures and transfers, and uses by a vendor. Beside it what leads from an id to
 * the person's own stream, where lineage is read: which person a holding is of, and which events were recorded in error.
 */
import type { StoredEvent } from '#event-store/event-store.js';
import type { Change, Row, RowRef, Table, View } from '#projection/view.js';
import { decode } from '../encoding.js';
import type { HeldItem } from '../subject/holding/holding.events.js';
import type { MistakeData } from '../subject/mistake/mistake.events.js';
import { SUBJECT_PREFIX, subjectOf } from '../subject/subject.js';
import { actColumns, actLine, actOf, type ActLine } from './act-line.js';
import { entered, registerOf } from './register.js';

export const receiptRegister = registerOf<ActLine>(
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

export const receiptColumns = [...actColumns, 'recalls', 'confirmations', 'annulled'] as const;

export const HOLDER_TABLE = 'holding_subject';
const holders: Table = { name: HOLDER_TABLE, columns: { holding: 'text', subject: 'text' }, key: ['holding'] };

/** One row an event that was recorded in error, by its id: every register marks its line when it is read. */
export const IN_ERROR_TABLE = 'recorded_in_error';
const inError: Table = { name: IN_ERROR_TABLE, columns: { event: 'text', by: 'text', code: 'text' }, key: ['event'] };

export const receiptRegisterView: View = {
  name: 'receipt-register',
  version: 1,
  tables: [receiptRegister.entries, receiptRegister.keys, holders, inError],
  streamPrefixes: [SUBJECT_PREFIX],
  touches: (event: StoredEvent): readonly RowRef[] => (event.type === 'RecordedInError' ? [errorRef(event)] : []),
  apply(event: StoredEvent, read: (ref: RowRef) => Row | undefined): readonly Change[] {
    switch (event.type) {
      case 'PersonalDataCollected':
      case 'PersonalDataObserved':
      case 'PersonalDataSourced':
        return holdingsIn(event).map((holding) => ({ op: 'put', table: HOLDER_TABLE, row: { holding, subject: subjectOf(event.stream) } }));
      case 'RecordedInError': {
        const { event: about, code } = decode(event).data as MistakeData['RecordedInError'];
        // Whatever said so first stands for all.
        return read(errorRef(event)) === undefined ? [{ op: 'put', table: IN_ERROR_TABLE, row: { event: about, by: event.id, code } }] : [];
      }
      default: {
        // The rest of a person's stream reaches nobody; neither does what we use ourselves.
        const act = actOf(event.type);
        const line = act?.[1] === 'told' ? actLine(decode(event), event.position, act) : undefined;
        return line?.recipient === undefined ? [] : entered(receiptRegister, event.id, line);
      }
    }
  },
};

function errorRef(event: StoredEvent): RowRef {
  return { table: IN_ERROR_TABLE, key: [(decode(event).data as MistakeData['RecordedInError']).event] };
}

function holdingsIn(event: StoredEvent): readonly string[] {
  const { items } = decode(event).data as { readonly items: readonly HeldItem[] };
  return [...new Set(items.map(({ holding }) => holding))];
}
