import { IsBoolean, IsOptional, IsString, MaxLength, ValidateIf } from 'class-validator';
import { noticeDue } from '#law/article-14.js';
import type { PolicyModel } from '#policy/model.js';
import { IsLedgerId, IsLedgerUuid } from '../../command.js';
import type { Context, Decision, Fact, SlotToSeal } from '../../decision.js';
import type { RegisterRevision } from '../../envelope.js';
import { covers, daysOf, type Days } from '../../period.js';
import { UNREGISTERED } from '../../gate/act.js';
import { Refusal } from '../../refusals.js';
import { codes } from '../../register-facts.js';
import { answerableFor, type Answerable, type Registers } from '../../registers.js';
import type { RuleCode } from '../../rules.js';
import { told } from '../../told.js';
import type { SubjectState } from '../subject.js';
import { hold, HoldCommand, identifyingValues } from './hold.js';
import type { HoldingData } from './holding.events.js';

/** Data about the person came from somebody else: a broker, a public register, a profile, a partner or sponsor (GDPR Art. 14). */
export class SourcePersonalData extends HoldCommand {
  /** A source of the register or the policy, or `unregistered` for one that really is not registered. */
  @IsLedgerId()
  source!: string;

  /** Who the unregistered source is; sealed. */
  @ValidateIf((command: SourcePersonalData) => command.source === UNREGISTERED)
  @IsString()
  @MaxLength(400)
  sourceName?: string;

  /** The purchase or delivery it came with. */
  @IsOptional()
  @IsLedgerUuid()
  batch?: string;

  /** Whether it came from a publicly accessible source (GDPR Art. 14(2)(f)). Default: what the source register says. */
  @IsOptional()
  @IsBoolean()
  publiclyAccessible?: boolean;

  /** For a source with purposes of its own (SPAR: `kontroll`, `urval`). */
  @IsOptional()
  @IsLedgerId()
  sourcePurpose?: string;

  /** Address of the profile it was read from; sealed. */
  @IsOptional()
  @IsString()
  @MaxLength(2_000)
  profile?: string;
}

export const sourcePersonalData: Decision<SourcePersonalData, SubjectState> = {
  seals: () => true,
  identifying: identifyingValues,
  decide(command, state, context) {
    const answerable = answerableFor(command, context.when.latest, context.registers);
    const source = sourceOf(command, answerable, context);
    const held = hold(command, command.source, source.failed, references(command, context), state, context);
    const data = {
      source: command.source,
      sourceKind: source.kind,
      ...(command.batch !== undefined && { batch: command.batch }),
      publiclyAccessible: command.publiclyAccessible ?? source.publiclyAccessible,
      ...(command.sourcePurpose !== undefined && { sourcePurpose: command.sourcePurpose }),
      ...(command.conference !== undefined && { conference: command.conference }),
      ...held.data,
    };
    const registers = [...(held.rest.registers ?? []), ...source.registers];
    return [...held.started, { type: 'PersonalDataSourced', data, ...held.rest, ...(registers.length > 0 && { registers }) }, ...obligation(command, held.started.length, answerable, context)];
  },
};

interface SourceFacts {
  readonly kind: HoldingData['PersonalDataSourced']['sourceKind'];
  readonly publiclyAccessible: boolean;
  readonly failed: readonly RuleCode[];
  readonly registers: readonly RegisterRevision[];
}

function sourceOf(command: SourcePersonalData, { model }: Answerable, context: Context): SourceFacts {
  const { source, sourcePurpose } = command;
  if (source === UNREGISTERED) return { kind: UNREGISTERED, publiclyAccessible: false, failed: ['source-registered'], registers: [] };
  const known = knownSource(source, model, context.registers);
  if (known === undefined) throw new Refusal('UnknownSource', { pointer: '/source', alternatives: [...codes([...model.alternatives('source'), ...context.registers.idsOf('source')]), UNREGISTERED] });
  const failed: RuleCode[] = [];
  const days = daysOf(context.when);
  if (!known.used.some((used) => covers(used, days))) failed.push('source-of-the-day');
  if (sourcePurpose !== undefined && !known.purposes.includes(sourcePurpose)) throw new Refusal('UnknownSourcePurpose', { pointer: '/sourcePurpose', alternatives: known.purposes });
  if (known.purposes.length > 0 && sourcePurpose === undefined) failed.push('source-purpose');
  return { ...known, failed };
}

interface KnownSource extends Pick<SourceFacts, 'kind' | 'publiclyAccessible' | 'registers'> {
  /** What an extract may be ordered for, where the source asks that. */
  readonly purposes: readonly string[];
  /** When it was in use: on every day that it may have been, or the fact is none of that day. */
  readonly used: readonly Days[];
}

/** As the register has it; else as the policy does. */
function knownSource(id: string, model: PolicyModel, registers: Registers): KnownSource | undefined {
  const registered = registers.registered('source', id);
  if (registered?.state.kind !== undefined) {
    const { kind, publiclyAccessible, purposes, used } = registered.state;
    return { kind, publiclyAccessible, purposes, used, registers: [registered.register] };
  }
  const source = model.source(id);
  if (source === undefined) return undefined;
  const { kind, publiclyAccessible, sparPurposes, from, to } = source;
  return { kind, publiclyAccessible, purposes: sparPurposes, used: [{ from, ...(to !== undefined && { to }) }], registers: [] };
}

function references(command: SourcePersonalData, context: Context): readonly SlotToSeal[] {
  return [
    ...(command.source === UNREGISTERED ? [{ slot: 'source-name', holding: context.newId('source-name'), category: 'free-text', value: command.sourceName }] : []),
    ...(command.profile === undefined ? [] : [{ slot: 'profile', holding: context.newId('profile'), category: 'profile-url', value: command.profile }]),
  ];
}

/** Opens the duty to tell the person (Art. 14(3)), and closes it where the notice came with the data. */
function obligation(command: SourcePersonalData, before: number, answerable: Answerable, context: Context): readonly Fact[] {
  const sourcing = context.eventId(before);
  const due = noticeDue({ obtained: context.when, causingEventIds: [sourcing] });
  const id = context.newId('obligation');
  const opened: Fact = {
    type: 'IndirectNoticeObligationOpened',
    data: { obligation: id, sourcing, obtainedAt: context.when.earliest, dueAt: due.endsAt, dueOn: due.endsOn, rule: due.rule, calendar: due.calendarVersion },
    ...told(command, context, answerable),
  };
  if (command.notice === undefined) return [opened];
  const notice = { id: command.notice.id, version: command.notice.version };
  return [opened, { type: 'IndirectNoticeServed', data: { obligation: id, notice, servedAt: context.when.latest }, ...told(command, context, answerable) }];
}
