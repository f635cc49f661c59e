/**
 * The transfer register: what left the EEA, was to leave it, or is read from outside it, and what that rests on (GDPR Art. 30(1)(e),
 * 44–49). A disclosure that is received there is a transfer too.
 */
import type { StoredEvent } from '#event-store/event-store.js';
import type { Change, Row, RowRef, Table, View } from '#projection/view.js';
import { decode } from '../encoding.js';
import { SUBJECT_PREFIX } from '../subject/subject.js';
import type { TransferData } from '../subject/transfer/transfer.events.js';
import { actColumns, actLine, actOf, rulesOf, type ActLine } from './act-line.js';
import { entered, registerOf } from './register.js';

export type TransferLine = ActLine & {
  /** The how manieth transfer to this recipient on this derogation: they are not for repeated ones (EDPB Guidelines 2/2018). */
  readonly derogationCount?: number;
};

export const transferRegister = registerOf<TransferLine>(
  'transfer_register',
  { subject: ({ subject }) => subject, rule: rulesOf, country: ({ country }) => country, recipient: ({ recipient }) => recipient },
  {
    purpose: ({ purpose }) => purpose,
    conference: ({ conference }) => conference,
    mechanism: ({ mechanism }) => mechanism,
    adequacy: ({ adequacy }) => adequacy,
    arrangement: ({ arrangement }) => arrangement,
    derogation: ({ derogation }) => derogation,
    stage: ({ stage }) => stage,
    verdict: ({ verdict }) => verdict,
    service: ({ service }) => service,
    controller: ({ controller }) => controller,
  },
);

export const transferRegisterColumns = [...actColumns, 'derogationCount', 'annulled'] as const;

/** How often data went to a recipient on each derogation, by controller. */
export const DEROGATIONS_TABLE = 'transfer_derogation';
const derogations: Table = { name: DEROGATIONS_TABLE, columns: { recipient: 'text', derogation: 'text', controller: 'text', times: 'integer' }, key: ['recipient', 'derogation', 'controller'] };

export const transferRegisterView: View = {
  name: 'transfer-register',
  version: 1,
  tables: [transferRegister.entries, transferRegister.keys, derogations],
  streamPrefixes: [SUBJECT_PREFIX],
  touches(event: StoredEvent): readonly RowRef[] {
    const counter = counterOf(event);
    return counter === undefined ? [] : [counter];
  },
  apply(event: StoredEvent, read: (ref: RowRef) => Row | undefined): readonly Change[] {
    const act = actOf(event.type);
    if (act === undefined || act[0] === 'use') return [];
    const line = actLine(decode(event), event.position, act);
    if (line.act === 'disclosure' && line.country === undefined) return [];
    const counter = counterOf(event);
    if (counter === undefined) return entered(transferRegister, event.id, line);
    const times = Number(read(counter)?.['times'] ?? 0) + 1;
    const [recipient, derogation, controller] = counter.key;
    const row: Row = { recipient: recipient ?? null, derogation: derogation ?? null, controller: controller ?? null, times };
    return [...entered(transferRegister, event.id, { ...line, derogationCount: times }), { op: 'put', table: DEROGATIONS_TABLE, row }];
  },
};

function counterOf(event: StoredEvent): RowRef | undefined {
  if (event.type !== 'TransferPerformed') return undefined;
  const { controller, data } = decode(event);
  const { recipient, derogation } = data as TransferData['TransferPerformed'];
  return derogation === undefined ? undefined : { table: DEROGATIONS_TABLE, key: [recipient, derogation, controller ?? ''] };
}
