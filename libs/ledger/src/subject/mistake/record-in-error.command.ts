import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { Command, IsLedgerUuid } from '../../command.js';
import type { Decision } from '../../decision.js';
import { Refusal } from '../../refusals.js';
import { told } from '../../told.js';
import { mergeEvents } from '../merge/merge.events.js';
import { subjectOf, type SubjectState } from '../subject.js';
import { MISTAKE_CODES, mistakeEvents } from './mistake.events.js';

/**
 * An event about the person should not have been recorded. Nothing is rewritten: it stays where it is, marked, and counts no longer; what
 * it sealed is destroyed (GDPR Art. 5(1)(d), 17(1)(d)).
 */
export class RecordInError extends Command {
  @IsLedgerUuid()
  subject!: string;

  /** As the audit trail names it. */
  @IsLedgerUuid()
  event!: string;

  @IsIn(MISTAKE_CODES)
  code!: (typeof MISTAKE_CODES)[number];

  /** What happened; sealed. */
  @IsOptional()
  @IsString()
  @MaxLength(4_000)
  note?: string;
}

/** A person stays registered, and how people became one is taken back by what takes it back, not by not having happened. */
const STANDING: ReadonlySet<string> = new Set(['SubjectRegistered', ...Object.keys(mergeEvents), ...Object.keys(mistakeEvents)]);

export const recordInError: Decision<RecordInError, SubjectState> = {
  seals: (command) => command.note !== undefined,
  reads: (command) => ({ events: [command.event] }),
  decide(command, state, context) {
    const wrong = context.event(command.event);
    if (wrong === undefined) throw new Refusal('EventNotFound', { pointer: '/event' });
    if (STANDING.has(wrong.type)) throw new Refusal('NotAnnullable', { pointer: '/event' });
    if (state.mistake.annulled.has(wrong.id)) return [];
    return [
      {
        type: 'RecordedInError',
        data: { event: wrong.id, on: subjectOf(wrong.stream), revision: wrong.revision, code: command.code },
        ...told({}, context),
        ...(wrong.controller !== undefined && { controller: wrong.controller }),
        ...(wrong.service !== undefined && { service: wrong.service }),
        ...(command.note !== undefined && { sealed: [{ slot: 'note', holding: context.newId('note'), category: 'free-text', value: command.note }] }),
      },
    ];
  },
};
