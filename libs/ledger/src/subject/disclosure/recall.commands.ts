/** What follows a disclosure: it is called back, the recipient answers, or the matter goes to the police. */
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsISO8601, IsOptional, IsString, Matches, MaxLength, MinLength } from 'class-validator';
import { authorityIds } from '#law/authorities.js';
import { IsLedgerId, IsLedgerUuid, SubjectCommand } from '../../command.js';
import type { Context, Decision } from '../../decision.js';
import { isAuthority } from '../../gate/authority.js';
import type { ActItem } from '../../gate/reasoning.members.js';
import { Refusal } from '../../refusals.js';
import { answerableFor, type Answerable, type Registers } from '../../registers.js';
import { verdictOf, type RuleCode } from '../../rules.js';
import { requireKnown, told, sealedSlot } from '../../told.js';
import type { SubjectState } from '../subject.js';
import { RECALL_OUTCOMES } from './disclosure.events.js';
import { referralKey, type Disclosure } from './disclosure.state.js';

/** The recipient was asked to erase or return what it had been given. */
export class RecallDisclosure extends SubjectCommand {
  @IsLedgerUuid()
  disclosure!: string;

  /** Only these of what was disclosed. Default: all of it. */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @IsLedgerId(true)
  categories?: string[];

  /** Sealed. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(2_000)
  reason?: string;
}

export const recallDisclosure: Decision<RecallDisclosure, SubjectState> = {
  seals: ({ reason }) => reason !== undefined,
  decide(command, state, context) {
    const known = disclosureIn(state, command.disclosure);
    const disclosed = [...new Set(known.items.map(({ category }) => category))];
    requireKnown(command.categories, '/categories', 'UnknownCategory', (id) => disclosed.includes(id), () => disclosed.sort());
    const isAsked = ({ category }: ActItem): boolean => command.categories?.includes(category) ?? true;
    const items = known.items.filter((item) => isAsked(item) && !known.recalled.some((one) => one.category === item.category && one.holding === item.holding));
    if (items.length === 0 && known.recalls.length > 0) return [];
    const sealed = sealedSlot('reason', 'free-text', command.reason, context);
    return [{ type: 'DisclosureRecalled', data: { disclosure: command.disclosure, items }, ...told(command, context, answering(command, context)), ...(sealed.length > 0 && { sealed }) }];
  },
};

/** What the recipient says that it did. */
export class ConfirmRecall extends SubjectCommand {
  @IsLedgerUuid()
  disclosure!: string;

  @IsIn(RECALL_OUTCOMES)
  outcome!: (typeof RECALL_OUTCOMES)[number];

  /** The day on which it says that it did. */
  @IsOptional()
  @Matches(/^(?:19|[2-9]\d)\d\d-\d\d-\d\d$/, { message: '$property is a calendar date, YYYY-MM-DD' })
  @IsISO8601({ strict: true })
  on?: string;
}

export const confirmRecall: Decision<ConfirmRecall, SubjectState> = {
  decide(command, state, context) {
    const { disclosure, outcome, on } = command;
    const last = disclosureIn(state, disclosure).confirmed;
    if (last !== undefined && last.outcome === outcome && last.on === on) return [];
    return [{ type: 'DisclosureRecallConfirmed', data: { disclosure, outcome, ...(on !== undefined && { on }) }, ...told(command, context, answering(command, context)) }];
  },
};

/** The matter was handed to the police or another authority (S058). What was disclosed with it is told as a disclosure. */
export class ReferMatterToPolice extends SubjectCommand {
  /** An authority of the law data, or a recipient of the register that is one. */
  @IsLedgerId()
  authority!: string;

  /** A ground of the policy. */
  @IsLedgerId()
  ground!: string;

  /** The disclosure that went with it. */
  @IsOptional()
  @IsLedgerUuid()
  disclosure?: string;

  /** Number of the case; sealed. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  case?: string;

  /** Sealed. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(2_000)
  reason?: string;
}

export const referMatterToPolice: Decision<ReferMatterToPolice, SubjectState> = {
  seals: (command) => command.case !== undefined || command.reason !== undefined,
  decide(command, state, context) {
    const { authority, ground, disclosure } = command;
    const answerable = answerableFor(command, context.when.latest, context.registers);
    requireAuthority(authority, answerable, context.registers);
    requireGround(ground, context.registers);
    if (disclosure !== undefined) disclosureIn(state, disclosure);
    const data = { ...(disclosure !== undefined && { disclosure }), authority, ground };
    if (state.disclosure.referrals.has(referralKey(data, context.when.text))) return [];
    const sealed = [...sealedSlot('case', 'case-reference', command.case, context), ...sealedSlot('reason', 'free-text', command.reason, context)];
    return [{ type: 'MatterReferredToPolice', data, ...told(command, context, answerable), ...verdictOf(faultsOf(ground, answerable)), ...(sealed.length > 0 && { sealed }) }];
  },
};

/** By the policy of the day: whether it had the ground, and for authorities. */
function faultsOf(ground: string, { inForce }: Answerable): readonly RuleCode[] {
  if (inForce === undefined) return ['policy-in-force'];
  const found = inForce.model.disclosureGround(ground);
  if (found === undefined) return ['authority-ground'];
  return found.recipientKinds.some((kind) => inForce.model.recipientKind(kind)?.role === 'authority') ? [] : ['ground-for-recipient'];
}

/** Refuses an id that neither the law nor the register knows as an authority's, with those that they do. */
export function requireAuthority(id: string, { model }: Answerable, registers: Registers): void {
  if (isAuthority(id, model, registers)) return;
  const alternatives = [...new Set([...authorityIds(), ...registers.idsOf('recipient').filter((known) => isAuthority(known, model, registers))])].sort();
  throw new Refusal('UnknownAuthority', { pointer: '/authority', alternatives });
}

/** Refuses a ground that no version of a policy has. */
export function requireGround(ground: string | undefined, registers: Registers): void {
  const models = registers.controllers().flatMap((controller) => registers.everyPolicy(controller));
  if (ground === undefined || models.some((model) => model.has('disclosure-ground', ground))) return;
  throw new Refusal('UnknownGround', { pointer: '/ground', alternatives: [...new Set(models.flatMap((model) => model.alternatives('disclosure-ground')))].sort() });
}

function disclosureIn(state: SubjectState, id: string): Disclosure {
  const known = state.disclosure.disclosures.get(id);
  if (known === undefined) throw new Refusal('DisclosureNotFound', { pointer: '/disclosure' });
  return known;
}

/** Whose it is, where the sender says so: a recall is about a disclosure, whose event knows its controller. */
function answering(command: SubjectCommand, { when, registers }: Context): Answerable | undefined {
  return command.service === undefined && command.controller === undefined ? undefined : answerableFor(command, when.latest, registers);
}
