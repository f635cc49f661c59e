import { IsIn, IsISO8601, IsOptional, Matches } from 'class-validator';
import { SubjectCommand } from '../../command.js';
import type { Decision } from '../../decision.js';
import { told } from '../../told.js';
import type { SubjectState } from '../subject.js';
import { PROTECTIONS } from './identity.events.js';

/** The person has a protected identity (folkbokföringslagen 16 §, offentlighets- och sekretesslagen 22 kap. 1 §, or an assumed one). */
export class FlagProtectedIdentity extends SubjectCommand {
  @IsIn(PROTECTIONS)
  protection!: (typeof PROTECTIONS)[number];
}

export const flagProtectedIdentity: Decision<FlagProtectedIdentity, SubjectState> = {
  decide: (command, state, context) =>
    state.identity.protection === command.protection
      ? []
      : [{ type: 'ProtectedIdentityFlagged', data: { protection: command.protection }, ...told(command, context) }],
};

export class LiftProtectedIdentity extends SubjectCommand {}

export const liftProtectedIdentity: Decision<LiftProtectedIdentity, SubjectState> = {
  decide: (command, state, context) => (state.identity.protection === undefined ? [] : [{ type: 'ProtectedIdentityLifted', data: {}, ...told(command, context) }]),
};

/** The person has died: what the GDPR protects ends (recital 27), what secrecy and holds protect does not. */
export class RecordDeath extends SubjectCommand {
  @IsOptional()
  @Matches(/^\d{4}-\d\d-\d\d$/, { message: '$property is a calendar date, YYYY-MM-DD' })
  @IsISO8601({ strict: true })
  diedOn?: string;
}

export const recordDeath: Decision<RecordDeath, SubjectState> = {
  decide: (command, state, context) =>
    state.identity.died ? [] : [{ type: 'DeathRecorded', data: { ...(command.diedOn !== undefined && { diedOn: command.diedOn }) }, ...told(command, context) }],
};
