import { IsOptional, IsString, MaxLength } from 'class-validator';
import { Command, IsLedgerUuid } from '../../command.js';
import type { Decision } from '../../decision.js';
import { Refusal } from '../../refusals.js';
import { told, sealedSlot } from '../../told.js';
import { subjectOf, type SubjectState } from '../subject.js';
import { absorbedBy, openTaking } from './merge.state.js';

abstract class TwoPeople extends Command {
  /** The survivor, who keeps their id; told of somebody merged away, it is their survivor. */
  @IsLedgerUuid()
  subject!: string;

  /** The other. */
  @IsLedgerUuid()
  from!: string;
}

/** Two registered people are one (GDPR Art. 5(1)(d)). What is told of the other from now on is recorded on the survivor. */
export class MergeSubjects extends TwoPeople {
  /** How that is known; sealed. */
  @IsOptional()
  @IsString()
  @MaxLength(4_000)
  evidence?: string;
}

export const mergeSubjects: Decision<MergeSubjects, SubjectState> = {
  seals: (command) => command.evidence !== undefined,
  reads: (command) => ({ people: [command.from] }),
  decide(command, state, context) {
    requireRest(state);
    const survivor = subjectOf(context.stream);
    if (command.from === command.subject) throw new Refusal('MergeWithItself', { pointer: '/from' });
    const other = context.person(command.from);
    if (other === undefined) throw new Refusal('SubjectNotRegistered', { pointer: '/from' });
    if (other.survivor === survivor) return [];
    if (other.survivor !== command.from) throw new Refusal('MergedAway', { pointer: '/from', alternatives: [other.survivor] });
    const sealed = sealedSlot('evidence', 'free-text', command.evidence, context);
    return [{ type: 'MergeStarted', data: { merge: context.newId('merge'), from: command.from }, ...told({}, context), ...(sealed.length > 0 && { sealed }) }];
  },
};

/** They were two after all: each has their own events again, and what restricts both stays on both. */
export class UnmergeSubjects extends TwoPeople {
  /** Why; sealed. */
  @IsOptional()
  @IsString()
  @MaxLength(4_000)
  reason?: string;
}

export const unmergeSubjects: Decision<UnmergeSubjects, SubjectState> = {
  seals: (command) => command.reason !== undefined,
  decide(command, state, context) {
    requireRest(state);
    const absorbed = absorbedBy(state.merge);
    const taking = absorbed.find(({ from }) => from === command.from);
    if (taking === undefined) {
      if ([...state.merge.takings.values()].some(({ from, released }) => from === command.from && released !== undefined)) return [];
      throw new Refusal('NotMerged', { pointer: '/from', alternatives: absorbed.map(({ from }) => from) });
    }
    const sealed = sealedSlot('reason', 'free-text', command.reason, context);
    return [{ type: 'SubjectReleased', data: { merge: taking.merge, from: taking.from }, ...told({}, context), ...(sealed.length > 0 && { sealed }) }];
  },
};

/** The ledger finishes a merge before it decides on another of the same person; whoever still finds it under way asks again. */
function requireRest({ merge }: SubjectState): void {
  if (openTaking(merge) !== undefined) throw new Refusal('MergeUnderWay', { pointer: '/subject' });
}
