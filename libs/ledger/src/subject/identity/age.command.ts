import { IsIn } from 'class-validator';
import { SubjectCommand } from '../../command.js';
import type { Decision } from '../../decision.js';
import { told } from '../../told.js';
import type { SubjectState } from '../subject.js';
import { AGE_BANDS } from './identity.events.js';
import { ageAt } from './identity.state.js';

/** Whether the person is a child, and too young to consent alone; never when they were born (GDPR Art. 8(1); dataskyddslagen 2 kap. 4 §). */
export class RecordAgeBand extends SubjectCommand {
  /** What was so at `occurredAt`. */
  @IsIn(AGE_BANDS)
  band!: (typeof AGE_BANDS)[number];
}

export const recordAgeBand: Decision<RecordAgeBand, SubjectState> = {
  decide({ band, ...command }, { identity }, context) {
    const { latest } = context.when;
    const by = identity.ages.filter(({ from }) => from <= latest);
    if (ageAt(by, latest)?.band === band) return [];
    return [{ type: 'AgeBandRecorded', data: { band }, ...told(command, context) }];
  },
};
