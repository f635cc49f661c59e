import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { Command, IsLedgerId } from '../command.js';
import type { Decision } from '../decision.js';
import { UNREGISTERED } from '../gate/act.js';
import type { Days } from '../period.js';
import { Refusal } from '../refusals.js';
import { beginningOf, codes, dayAfter, endingOf, IsDay, isToldAgain, ownSlots, requireOrder } from '../register-facts.js';
import { told } from '../told.js';
import { REGISTERED_SOURCE_KINDS, type SourceData } from './source.events.js';
import type { SourceState } from './source.state.js';

export abstract class SourceCommand extends Command {
  /** A source of the register. */
  @IsLedgerId()
  source!: string;
}

/** Refuses what is told of a source that is not registered. */
export function requireSource({ registered }: SourceState): void {
  if (!registered) throw new Refusal('NotRegistered', { pointer: '/source' });
}

/** Somebody whom personal data is obtained from (GDPR Art. 14(2)(f)). They vary over time; each stays known with its days (S032). */
export class RegisterSource extends SourceCommand {
  @IsIn(REGISTERED_SOURCE_KINDS)
  kind!: SourceData['SourceRegistered']['kind'];

  /** Sealed; not compared when the same is told again. */
  @IsString()
  @MinLength(1)
  @MaxLength(400)
  name!: string;

  /** Whether anybody may read it (GDPR Art. 14(2)(f)). Default: no. */
  @IsOptional()
  @IsBoolean()
  publiclyAccessible?: boolean;

  /** What an extract may be ordered for, where the source asks that (SPAR: `kontroll`, `urval`). */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(20)
  @IsLedgerId(true)
  purposes?: string[];

  /** The first day it was used. Default: the Swedish day of `occurredAt`. */
  @IsOptional()
  @IsDay()
  from?: string;
}

export const registerSource: Decision<RegisterSource, SourceState> = {
  seals: () => true,
  decide(command, state, context) {
    const { source, kind, name } = command;
    if (source === UNREGISTERED) throw new Refusal('UnusableId', { pointer: '/source' });
    const known = state.registered ? { kind: state.kind, publiclyAccessible: state.publiclyAccessible, purposes: state.purposes, from: state.used[0]?.from } : undefined;
    const from = command.from ?? known?.from ?? beginningOf(context.when);
    const data = { kind, publiclyAccessible: command.publiclyAccessible ?? false, purposes: codes(command.purposes ?? []), from };
    if (isToldAgain(known, data, '/source')) return [];
    return [{ type: 'SourceRegistered', data, ...told({}, context), ...ownSlots(context, [['name', 'company', name]]) }];
  },
};

/** We use it no more. */
export class EndSource extends SourceCommand {
  /** The last day. Default: the Swedish day of `occurredAt`. */
  @IsOptional()
  @IsDay()
  to?: string;
}

export const endSource: Decision<EndSource, SourceState> = {
  decide({ to }, state, context) {
    const last = lastUse(state);
    const day = to ?? endingOf(context.when);
    if (state.used.some((days) => days.to === day)) return [];
    requireOrder(last.from, day);
    return last.to !== undefined && last.to <= day ? [] : [{ type: 'SourceEnded', data: { to: day }, ...told({}, context) }];
  },
};

/** We use it again. */
export class ResumeSource extends SourceCommand {
  /** Default: the Swedish day of `occurredAt`. */
  @IsOptional()
  @IsDay()
  from?: string;
}

export const resumeSource: Decision<ResumeSource, SourceState> = {
  decide({ from }, state, context) {
    const last = lastUse(state);
    const day = from ?? beginningOf(context.when);
    if (state.used.some((days) => days.from === day) || (last.to === undefined && day >= last.from)) return [];
    // It was in use that day: it is ended first, or was taken up again later.
    const free = last.to === undefined ? last.from : dayAfter(last.to);
    requireOrder(free, day, '/from');
    return [{ type: 'SourceResumed', data: { from: day }, ...told({}, context) }];
  },
};

function lastUse(state: SourceState): Days {
  requireSource(state);
  return state.used.at(-1) as Days;
}
