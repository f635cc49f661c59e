/** A participant for the specs: writes down what it is asked, one line each, and fails when its rider says so. */
import { appendFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { WriterParticipant } from '../writer-participant.js';

export interface RecordingOptions {
  readonly record: string;
  readonly log: string;
}

export type RecordingRider = { readonly name: string; readonly fault?: 'refuse' | 'apply' | 'commit' | 'end-thread' };

export function openParticipant({ record, log }: RecordingOptions): WriterParticipant {
  let group: RecordingRider[] = [];
  const say = (line: string) => appendFileSync(record, `${line}\n`);
  const failAt = (fault: RecordingRider['fault']) => {
    if (group.some((rider) => rider.fault === fault)) throw new Error(`the disk of the participant failed at ${fault}`);
  };
  return {
    begin: () => {
      group = [];
      say('begin');
    },
    check: (rider: RecordingRider) => {
      say(`check ${rider.name}`);
      return rider.fault === 'refuse' ? { kind: 'refused', name: rider.name } : undefined;
    },
    apply: (rider: RecordingRider) => {
      say(`apply ${rider.name}`);
      group.push(rider);
      if (rider.fault === 'end-thread') process.exit(1);
      failAt('apply');
    },
    commit: () => {
      failAt('commit');
      say(`commit while the log has ${sizeOf(log)}`);
    },
    rollback: () => say('rollback'),
    run: (job) => {
      say(`run while the log has ${sizeOf(log)}`);
      if (job === 'fail') throw new Error('another process reads on');
      return { did: job };
    },
    close: () => say('close'),
  };
}

/** What another connection sees of the log. */
function sizeOf(log: string): number {
  const db = new DatabaseSync(log, { readOnly: true });
  const size = Number(db.prepare('SELECT count(*) AS n FROM events').get()?.['n']);
  db.close();
  return size;
}
