import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsObject, IsOptional, ValidateIf, ValidateNested } from 'class-validator';
import { canonical } from '#audit/canonical.js';
import { IsLedgerId } from '../command.js';
import type { Decision } from '../decision.js';
import { Refusal } from '../refusals.js';
import { beginningOf, codes, IsDay, isToldAgain, present, requireInPolicies, requireOrder } from '../register-facts.js';
import type { Registers } from '../registers.js';
import { NoticeRef } from '../subject/consent/consent-evidence.js';
import { told } from '../told.js';
import { RecipientCommand, requireRecipient } from './recipient.commands.js';
import type { BusinessTransfer, RecipientState } from './recipient.state.js';

/** A merger or sale of assets: the recipient takes over this data for these purposes (S053). Its notice may be told later, the rest stands. */
export class PlanBusinessTransfer extends RecipientCommand {
  /** The entry's id in the recipient's register. */
  @IsLedgerId()
  plan!: string;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @IsLedgerId(true)
  purposes!: string[];

  /** Categories of the policy, each with what is under it. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @IsLedgerId(true)
  categories!: string[];

  /** The notice that tells people of it (GDPR Art. 13(3), 14(4)). */
  @ValidateIf((command: PlanBusinessTransfer) => command.notice !== undefined || command.noticePublishedOn !== undefined)
  @IsObject()
  @ValidateNested()
  @Type(() => NoticeRef)
  notice?: NoticeRef;

  @IsOptional()
  @IsDay()
  noticePublishedOn?: string;

  /** Default: the Swedish day of `occurredAt`. */
  @IsOptional()
  @IsDay()
  from?: string;

  /** The last day. Default: no end. */
  @IsOptional()
  @IsDay()
  to?: string;
}

export const planBusinessTransfer: Decision<PlanBusinessTransfer, RecipientState> = {
  decide(command, state, context) {
    const { plan, notice, noticePublishedOn, to } = command;
    requireRecipient(state);
    requireInPolicies('purpose', command.purposes, '/purposes', 'UnknownPurpose', context.registers);
    requireInPolicies('category', command.categories, '/categories', 'UnknownCategory', context.registers);
    requirePublished(notice, context.registers);
    const known = state.plans.get(plan)?.told;
    const from = command.from ?? known?.from ?? beginningOf(context.when);
    requireOrder(from, to);
    const planned = { plan, purposes: codes(command.purposes), categories: codes(command.categories), from, to };
    const data = present({ ...planned, notice: notice && { id: notice.id, version: notice.version }, noticePublishedOn });
    if (known !== undefined && isNoticeAdded(known, present(planned), data)) return [{ type: 'BusinessTransferPlanned', data, ...told({}, context) }];
    return isToldAgain(known, data, '/plan') ? [] : [{ type: 'BusinessTransferPlanned', data, ...told({}, context) }];
  },
};

/** The same plan, of which more of the notice is known now than before; what was known of it stays. */
function isNoticeAdded({ notice, noticePublishedOn, ...known }: BusinessTransfer['told'], planned: object, data: Readonly<Record<string, unknown>>): boolean {
  const before = present({ notice, noticePublishedOn });
  const keeps = Object.entries(before).every(([member, value]) => canonical(data[member] ?? null) === canonical(value));
  const adds = ['notice', 'noticePublishedOn'].some((member) => data[member] !== undefined && before[member] === undefined);
  return keeps && adds && canonical(known) === canonical(planned);
}

/** Refuses a notice that no controller's policy has published in this version. */
function requirePublished(notice: NoticeRef | undefined, registers: Registers): void {
  if (notice === undefined) return;
  const versions = registers.controllers().flatMap((controller) => registers.everyPolicy(controller)).flatMap((model) => model.noticeVersions.map(({ of }) => of));
  if (!versions.some(({ id, version }) => id === notice.id && version === notice.version))
    throw new Refusal('UnknownNotice', { pointer: '/notice', alternatives: codes(versions.map(({ id, version }) => `${id}/${version}`)) });
}
