import { IsBoolean, IsIn, IsOptional, IsString, MaxLength, MinLength, ValidateIf } from 'class-validator';
import { COUNTRIES } from '#law/data/countries.js';
import { IsLedgerId, IsLedgerUuid } from '../../command.js';
import type { Context, Decision, SlotToSeal } from '../../decision.js';
import { UNREGISTERED } from '../../gate/act.js';
import { actFact, actOf, ActCommand, asked, itemsOf, requireNow, type Asked } from '../../gate/act.commands.js';
import { requireSameAct } from '../../gate/told-act.js';
import { Refusal } from '../../refusals.js';
import type { Registers } from '../../registers.js';
import type { SubjectState } from '../subject.js';
import { sealedSlot } from '../../told.js';

export abstract class DisclosureCommand extends ActCommand {
  /** Where it is received. Default: the country of the recipient's register. */
  @IsOptional()
  @IsIn(COUNTRIES)
  country?: string;

  /** Data stays where it is and is read from there. */
  @IsOptional()
  @IsBoolean()
  remoteAccess?: boolean;

  /** A transfer arrangement of the recipient. Default: whichever fits. */
  @IsOptional()
  @IsLedgerId()
  arrangement?: string;

  /** For an authority, or to protect people and systems: a ground of the policy. */
  @IsOptional()
  @IsLedgerId()
  ground?: string;

  /** For a merger or a sale of assets: a plan of the recipient's register. */
  @IsOptional()
  @IsLedgerId()
  plan?: string;
}

/** May this data go to this recipient, now and once? The answer is recorded and binds. */
export class AuthoriseDisclosure extends DisclosureCommand {
  /** A recipient of the register. */
  @IsLedgerId()
  recipient!: string;
}

/** This data went to this recipient. Never refused on legal grounds: judged as of its day. */
export class ReportDisclosure extends DisclosureCommand {
  /** A recipient of the register, or `unregistered` for one that really is not. */
  @IsLedgerId()
  recipient!: string;

  /** Who the unregistered recipient is; sealed. */
  @ValidateIf((command: ReportDisclosure) => command.recipient === UNREGISTERED || command.recipientName !== undefined)
  @IsString()
  @MinLength(1)
  @MaxLength(400)
  recipientName?: string;

  /** The authorisation it was done on; absent: none was asked for. */
  @IsOptional()
  @IsLedgerUuid()
  authorisation?: string;

  /** The disclosure's own id; the ledger makes one when absent. */
  @IsOptional()
  @IsLedgerUuid()
  disclosure?: string;

  /** Number of the authority's or our own case; sealed. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  case?: string;

  @IsOptional()
  @IsString()
  @MaxLength(2_000)
  reason?: string;
}

export const authoriseDisclosure: Decision<AuthoriseDisclosure, SubjectState> = {
  asks: true,
  advise: (command, state, context) => askedOf(command, state, context).reasoning,
  decide(command, state, context) {
    requireNow(command);
    const answer = askedOf(command, state, context);
    const { outcome } = answer.reasoning;
    const data = dataOf(answer);
    if (outcome === 'blocked') return [{ type: 'DisclosureBlocked', data, ...actFact(command, context, answer) }];
    return [{ type: 'DisclosureAuthorised', data: { authorisation: context.newId('authorisation'), outcome, ...data }, ...actFact(command, context, answer) }];
  },
};

export const reportDisclosure: Decision<ReportDisclosure, SubjectState> = {
  seals: (command) => command.recipientName !== undefined || command.case !== undefined || command.reason !== undefined,
  decide(command, state, context) {
    const disclosure = command.disclosure ?? context.newId('disclosure');
    const known = state.disclosure.disclosures.get(disclosure);
    if (known !== undefined) {
      requireSameAct(command, known, state, context.when.text, '/disclosure');
      return [];
    }
    const { authorisation } = command;
    const answer = askedOf(command, state, context, authorisation === undefined ? undefined : { id: authorisation, found: state.disclosure.authorisations.get(authorisation) });
    const data = { disclosure, ...(authorisation !== undefined && { authorisation }), ...dataOf(answer) };
    const sealed = sealedOf(command, context);
    return [{ type: 'PersonalDataDisclosed', data, ...actFact(command, context, answer), ...(sealed.length > 0 && { sealed }) }];
  },
};

function askedOf(command: DisclosureCommand & { readonly recipient: string }, state: SubjectState, context: Pick<Context, 'registers' | 'when'>, authorisation?: Parameters<typeof asked>[4]): Asked {
  const { recipient, country, remoteAccess, arrangement, ground, plan } = command;
  requireCodes(command, context.registers, context.when.latest);
  const details = {
    ...(command instanceof AuthoriseDisclosure && { isAsk: true as const }),
    recipient,
    ...(country !== undefined && { country }),
    ...(remoteAccess !== undefined && { remoteAccess }),
    ...(arrangement !== undefined && { arrangement }),
    ...(ground !== undefined && { ground }),
    ...(plan !== undefined && { plan }),
  };
  return asked(command, actOf('disclosure', command, details, state, context), state, context, authorisation);
}

/** Codes within the recipient's register and the policy; an unknown one is the sender's mistake. */
function requireCodes({ recipient, arrangement, plan, ground }: DisclosureCommand & { readonly recipient: string }, registers: Registers, at: string): void {
  const known = registers.registered('recipient', recipient)?.state;
  if (arrangement !== undefined && known?.arrangements.has(arrangement) !== true) throw new Refusal('UnknownArrangement', { pointer: '/arrangement', alternatives: [...(known?.arrangements.keys() ?? [])] });
  if (plan !== undefined && known?.plans.has(plan) !== true) throw new Refusal('UnknownPlan', { pointer: '/plan', alternatives: [...(known?.plans.keys() ?? [])] });
  if (ground === undefined) return;
  const models = registers.controllers().flatMap((controller) => (registers.policyAt(controller, at) ?? registers.newestPolicy(controller))?.model ?? []);
  if (!models.some((model) => model.has('disclosure-ground', ground))) throw new Refusal('UnknownGround', { pointer: '/ground', alternatives: models.flatMap((model) => model.alternatives('disclosure-ground')) });
}

function dataOf(answer: Asked): Readonly<Record<string, unknown>> {
  const { act, question, reasoning } = answer;
  return {
    recipient: act.recipient,
    ...(question.role !== undefined && { role: question.role }),
    purpose: act.purpose,
    items: itemsOf(answer),
    ...(act.conference !== undefined && { conference: act.conference }),
    ...(question.thirdCountries[0] !== undefined && { country: question.thirdCountries[0] }),
    ...(act.remoteAccess !== undefined && { remoteAccess: act.remoteAccess }),
    ...(act.arrangement !== undefined && { arrangement: act.arrangement }),
    ...(act.ground !== undefined && { ground: act.ground }),
    ...(act.plan !== undefined && { plan: act.plan }),
    rules: reasoning.rules,
  };
}

function sealedOf(command: ReportDisclosure, context: Context): readonly SlotToSeal[] {
  return [...sealedSlot('recipient-name', 'free-text', command.recipientName, context), ...sealedSlot('case', 'case-reference', command.case, context), ...sealedSlot('reason', 'free-text', command.reason, context)];
}

