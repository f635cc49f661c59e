import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { IsLedgerUuid, SubjectCommand } from '../../command.js';
import type { Decision } from '../../decision.js';
import { Refusal } from '../../refusals.js';
import { told } from '../../told.js';
import type { SubjectState } from '../subject.js';
import { MEASURES } from './deviation.events.js';

/** An officer dealt with a fact that was recorded as unjustified. It stays what it was; what was done about it stands beside it. */
export class DealWithDeviation extends SubjectCommand {
  /** The event that was recorded as unjustified. */
  @IsLedgerUuid()
  event!: string;

  @IsIn(MEASURES)
  measure!: (typeof MEASURES)[number];

  /** What was found and why this was done; sealed. */
  @IsOptional()
  @IsString()
  @MaxLength(4_000)
  note?: string;
}

export const dealWithDeviation: Decision<DealWithDeviation, SubjectState> = {
  seals: ({ note }) => note !== undefined,
  decide(command, { deviation }, context) {
    const { event, measure, note } = command;
    if (!deviation.unjustified.has(event)) throw new Refusal('NoDeviation', { pointer: '/event' });
    // The same again says nothing new, but for a note of its own.
    if (note === undefined && deviation.measures.get(event)?.includes(measure) === true) return [];
    const sealed = note === undefined ? [] : [{ slot: 'note', holding: context.newId('note'), category: 'free-text', value: note }];
    return [{ type: 'DeviationDealtWith', data: { event, measure }, ...told(command, context), ...(sealed.length > 0 && { sealed }) }];
  },
};
