/**
 * The decision register: what the gate answered and every fact that was judged, with the register revisions it rests on. `superseded`
 * where a newer revision of such a register stood before it in the log: registers are allowed to lag by a stated limit, and this says
 * which decisions met it (`architecture.md` §2).
 */
import type { StoredEvent } from '#event-store/event-store.js';
import type { Change, Row, RowRef, Table, View } from '#projection/view.js';
import { decode } from '../encoding.js';
import type { RegisterRevision } from '../envelope.js';
import { POLICY_PREFIX } from '../policy/policy-versions.js';
import { REGISTER_PREFIXES } from '../live-registers.js';
import { SUBJECT_PREFIX, subjectOf } from '../subject/subject.js';
import { actOf } from './act-line.js';
import { isBlockedAsk } from './deviation-register.view.js';
import { entered, lineOf, registerOf, type Line } from './register.js';

export interface UsedRegister extends RegisterRevision {
  /** The newest revision before the decision in the log, where that is another. */
  readonly newest?: number;
}

export interface DecisionLine extends Line {
  readonly stream: string;
  readonly revision: number;
  readonly subject?: string;
  /** Of an ask; a told fact has its verdict. */
  readonly outcome?: 'allowed' | 'allowed-with-remarks' | 'blocked';
  readonly policy?: string;
  readonly rules: string;
  readonly registers: readonly UsedRegister[];
  readonly superseded: boolean;
}

export const decisionRegister = registerOf<DecisionLine>(
  'decision_register',
  {
    superseded: ({ superseded }) => (superseded ? 'true' : undefined),
    subject: ({ subject }) => subject,
    // Every decision rests on a policy: that would be a row each to find nothing by.
    register: ({ registers }) => registers.map(({ stream }) => stream).filter((stream) => !stream.startsWith(POLICY_PREFIX)),
  },
  { type: ({ type }) => type, outcome: ({ outcome }) => outcome, verdict: ({ verdict }) => verdict, rule: ({ failed }) => failed, policy: ({ policy }) => policy, service: ({ service }) => service, controller: ({ controller }) => controller },
);

export const decisionRegisterColumns = ['position', 'event', 'type', 'stream', 'revision', 'subject', 'outcome', 'verdict', 'failed', 'superseded', 'registers', 'policy', 'rules', 'occurredAt', 'recordedAt', 'controller', 'service', 'system', 'actor', 'annulled'] as const;

/** The newest revision of each register's stream. */
const HEAD_TABLE = 'register_head';
const heads: Table = { name: HEAD_TABLE, columns: { stream: 'text', revision: 'integer' }, key: ['stream'] };

export const decisionRegisterView: View = {
  name: 'decision-register',
  version: 1,
  tables: [decisionRegister.entries, decisionRegister.keys, heads],
  streamPrefixes: [SUBJECT_PREFIX, ...REGISTER_PREFIXES],
  touches: (event: StoredEvent): readonly RowRef[] => (isRegisters(event) ? [] : (decode(event).registers ?? []).map(({ stream }) => headRef(stream))),
  apply(event: StoredEvent, read: (ref: RowRef) => Row | undefined): readonly Change[] {
    const line = decisionIn(event, read);
    const head: readonly Change[] = isRegisters(event) ? [{ op: 'put', table: HEAD_TABLE, row: { stream: event.stream, revision: event.revision } }] : [];
    return [...head, ...(line === undefined ? [] : entered(decisionRegister, event.id, line))];
  },
};

function decisionIn(event: StoredEvent, read: (ref: RowRef) => Row | undefined): DecisionLine | undefined {
  if (isRegisters(event)) return undefined;
  const envelope = decode(event);
  const isAsk = actOf(event.type) !== undefined;
  if (!isAsk && envelope.verdict === undefined && envelope.registers === undefined) return undefined;
  const registers = (envelope.registers ?? []).map(({ stream, revision }): UsedRegister => {
    const newest = read(headRef(stream))?.['revision'];
    return { stream, revision, ...(typeof newest === 'number' && newest !== revision && { newest }) };
  });
  const { outcome } = envelope.data as { readonly outcome?: DecisionLine['outcome'] };
  return {
    ...lineOf(envelope, event.position),
    stream: event.stream,
    revision: event.revision,
    subject: subjectOf(event.stream),
    ...(isBlockedAsk(event.type) ? { outcome: 'blocked' } : isAsk && outcome !== undefined && { outcome }),
    ...(envelope.policy !== undefined && { policy: envelope.policy }),
    rules: envelope.rules,
    registers,
    superseded: registers.some(({ revision, newest }) => newest !== undefined && newest > revision),
  };
}

function isRegisters({ stream }: StoredEvent): boolean {
  return !stream.startsWith(SUBJECT_PREFIX);
}

function headRef(stream: string): RowRef {
  return { table: HEAD_TABLE, key: [stream] };
}
