/**
 * What the ledger began and has not finished: merges between two of their appends, and what was recorded in error and is destroyed again
 * at every start (`architecture.md` §4).
 */
import type { EventStore } from '#event-store/event-store.js';
import type { Row, ViewReader } from '#projection/view.js';
import { peopleView, WORK_TABLE, type WorkKind } from './people.view.js';

export interface Work {
  readonly kind: WorkKind;
  /** The merge; the event that told of the mistake. */
  readonly id: string;
  readonly subject: string;
  /** Of the event that began it. */
  readonly revision: number;
}

const TYPES = ['MergeStarted', 'MergeAbandoned', 'SubjectAbsorbed', 'SubjectReleased', 'SubjectMergeReversed', 'RecordedInError'];

/**
 * The view's rows, and what the events that it has not seen yet change of them. Costs a row for each piece of work, and the log from the
 * view's checkpoint on: nearly nothing, but where the views are being rebuilt the log is passed over once.
 */
export async function openWork(log: EventStore, views: ViewReader): Promise<readonly Work[]> {
  const checkpoint = await views.checkpoint(peopleView.name);
  const rows = new Map((await views.rows(WORK_TABLE, [])).map((row) => [nameOf(row['kind'], row['id']), row]));
  for await (const batch of log.readAll({ ...(checkpoint !== undefined && { from: checkpoint }), filter: { types: TYPES } }))
    for (const change of batch.flatMap((event) => peopleView.apply(event, () => undefined))) {
      if (change.table !== WORK_TABLE) continue;
      if (change.op === 'put') rows.set(nameOf(change.row['kind'], change.row['id']), change.row);
      else rows.delete(nameOf(...change.key));
    }
  return [...rows.values()].map(workIn);
}

function nameOf(...key: readonly unknown[]): string {
  return key.join(' ');
}

function workIn(row: Row): Work {
  return { kind: String(row['kind']) as WorkKind, id: String(row['id']), subject: String(row['subject']), revision: Number(row['revision']) };
}
