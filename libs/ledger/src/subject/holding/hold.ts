/** What collecting, observing and sourcing have in common: values become holdings, each judged for each of its purposes. */
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsObject, IsOptional, registerDecorator, ValidateNested } from 'class-validator';
import { CAPACITIES, IDENTIFIER_KINDS, IsLedgerId, IsLedgerUuid, SubjectCommand, type Capacity, type PersonIdentifierKind } from '../../command.js';
import type { Context, Decision, Fact, LinkChange, SlotToSeal } from '../../decision.js';
import { Refusal } from '../../refusals.js';
import { answerableFor, type Answerable, type Registers } from '../../registers.js';
import { verdictOf, type RuleCode } from '../../rules.js';
import { requireKnown, told } from '../../told.js';
import { NoticeRef, requireNotice } from '../consent/consent-evidence.js';
import { relationshipFor } from '../identity/relationship.commands.js';
import type { SubjectState } from '../subject.js';
import { NECESSITIES, type HeldItem } from './holding.events.js';
import { holdingOf } from './holding.state.js';
import { hasGround, judge } from './judge.js';

/** A string of up to 8 000 characters, a finite number or a flag. */
export function IsPlainValue(): PropertyDecorator {
  return (target, propertyName) =>
    registerDecorator({
      name: 'plainValue',
      target: target.constructor,
      propertyName: String(propertyName),
      validator: { validate: isPlainValue, defaultMessage: () => '$property is a non-empty string of up to 8000 characters, a number, true or false' },
    });
}

function isPlainValue(value: unknown): boolean {
  if (typeof value === 'string') return value.length > 0 && value.length <= 8_000 && value.isWellFormed();
  return typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value)));
}

export class ToldValue {
  /** A leaf of the policy's category tree. */
  @IsLedgerId()
  category!: string;

  @IsPlainValue()
  value!: string | number | boolean;

  @IsOptional()
  @IsIn(NECESSITIES)
  necessity?: (typeof NECESSITIES)[number];

  /** Where this value serves other purposes than the command's. */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @IsLedgerId(true)
  purposes?: string[];
}

export abstract class HoldCommand extends SubjectCommand {
  /** The purposes it is held for, declared now; each is judged by itself. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @IsLedgerId(true)
  purposes!: string[];

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  @Type(() => ToldValue)
  values!: ToldValue[];

  /** The relationship it belongs to. Default: the person's only open one of this service. */
  @IsOptional()
  @IsLedgerUuid()
  relationship?: string;

  /** Starts a relationship of this kind when there is none. */
  @IsOptional()
  @IsLedgerId()
  relationshipKind?: string;

  @IsOptional()
  @IsIn(CAPACITIES)
  capacity?: Capacity;

  @IsOptional()
  @IsLedgerId()
  conference?: string;

  /** The notice that the person was served; absent: none was. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => NoticeRef)
  notice?: NoticeRef;
}

export interface Held {
  readonly started: readonly Fact[];
  /** Members of the event's data that all three have. */
  readonly data: { readonly relationship: string; readonly items: readonly HeldItem[]; readonly notice?: { readonly id: string; readonly version: number } };
  readonly rest: Omit<Fact, 'type' | 'data'>;
}

/** Judges the values and says where each is sealed. `origin` keeps what came from elsewhere in holdings of their own. */
export function hold(command: HoldCommand, origin: string, failedAnyway: readonly RuleCode[], references: readonly SlotToSeal[], state: SubjectState, context: Context): Held {
  const answerable = answerableFor(command, context.when.latest, context.registers);
  requireCodes(command, answerable, context.registers);
  const { relationship, started } = relationshipFor(command, state, answerable, context);
  const conference = command.conference ?? state.identity.relationships.get(relationship)?.conference;
  const items: HeldItem[] = [];
  const sealed: SlotToSeal[] = [...references];
  const links: LinkChange[] = [];
  for (const [i, told] of command.values.entries()) {
    const holding = holdingOf(state.holding, told.category, origin, relationship)?.holding ?? context.newId(`holding:${told.category}`);
    const purposes = (told.purposes ?? command.purposes).map((purpose) =>
      judge({ purpose, category: told.category, relationship, conference, consent: state.consent, ages: state.identity.ages, answerable, at: context.when.latest, failedAnyway }),
    );
    const place = hasGround(purposes) ? placeOf(told, i, holding, answerable, state, context, sealed, links) : {};
    items.push({ holding, category: told.category, ...place, ...(told.necessity !== undefined && { necessity: told.necessity }), purposes });
  }
  const failed = items.flatMap(({ purposes }) => purposes.flatMap((judged) => judged.failed ?? [])) as RuleCode[];
  return {
    started,
    data: { relationship, items, ...(command.notice !== undefined && { notice: { id: command.notice.id, version: command.notice.version } }) },
    rest: { ...told(command, context, answerable), ...verdictOf(failed), ...(sealed.length > 0 && { sealed }), ...(links.length > 0 && { links }) },
  };
}

/** A value that is the person's own identifier points to it; any other is sealed here. A name is indexed for search. */
function placeOf(
  told: ToldValue,
  i: number,
  holding: string,
  { model }: Answerable,
  state: SubjectState,
  context: Context,
  sealed: SlotToSeal[],
  links: LinkChange[],
): Pick<HeldItem, 'slot' | 'identifier'> {
  const kind = model.category(told.category)?.identifier;
  const value = String(told.value);
  if (isPersonKind(kind)) {
    const known = state.identity.identifiers.get(context.identifierOf(kind, value) ?? '');
    if (known !== undefined) return { identifier: { identifier: known.identifier, event: known.event } };
    if (kind === 'personnummer' && !context.isWellFormed(kind, value)) throw new Refusal('ValueUnusable', { pointer: `/values/${i}/value` });
  }
  const slot = `value/${i}`;
  sealed.push({ slot, holding, category: told.category, value: told.value });
  if (kind === 'name') links.push({ change: 'link', kind, value, identifier: holding, from: context.when.earliest, shared: true, claim: false });
  return { slot };
}

function isPersonKind(kind: string | undefined): kind is PersonIdentifierKind {
  return (IDENTIFIER_KINDS as readonly (string | undefined)[]).includes(kind);
}

function requireCodes(command: HoldCommand, answerable: Answerable, registers: Registers): void {
  const { model, controller } = answerable;
  const isPurpose = (id: string): boolean => model.has('purpose', id) || registers.everyPolicy(controller).some((version) => version.has('purpose', id));
  requireKnown(command.purposes, '/purposes', 'UnknownPurpose', isPurpose, () => model.alternatives('purpose'));
  command.values.forEach((told, i) => {
    requireKnown(told.purposes, `/values/${i}/purposes`, 'UnknownPurpose', isPurpose, () => model.alternatives('purpose'));
    if (!model.isLeaf(told.category))
      throw new Refusal('UnknownCategory', { pointer: `/values/${i}/category`, alternatives: model.alternatives('category').filter((id) => model.isLeaf(id)) });
  });
  requireNotice(command.notice, answerable);
}

/** The identifier look-ups that a decision on these values needs. */
export function identifyingValues(command: HoldCommand, registers: Registers): ReturnType<NonNullable<Decision<HoldCommand, SubjectState>['identifying']>> {
  const models = registers.controllers().flatMap((id) => registers.newestPolicy(id)?.model ?? []);
  return command.values.flatMap((told) => {
    for (const model of models) {
      const kind = model.category(told.category)?.identifier;
      if (isPersonKind(kind)) return [{ kind, value: String(told.value) }];
    }
    return [];
  });
}
