import { IsBoolean, IsIn, IsOptional, IsString, MaxLength, MinLength, ValidateIf } from 'class-validator';
import { COUNTRIES } from '#law/data/countries.js';
import { IsLedgerId, IsLedgerUuid } from '../../command.js';
import type { Context, Decision, SlotToSeal } from '../../decision.js';
import { UNREGISTERED } from '../../gate/act.js';
import { actFact, actOf, ActCommand, asked, itemsOf, requireNow, type Asked } from '../../gate/act.commands.js';
import { transferBasis } from '../../gate/transfer-basis.js';
import { requireSameAct } from '../../gate/told-act.js';
import { countryOn } from '../../recipient/recipient.state.js';
import { Refusal } from '../../refusals.js';
import type { SubjectState } from '../subject.js';
import { DEROGATIONS } from './transfer.events.js';
import { sealedSlot } from '../../told.js';

export abstract class TransferCommand extends ActCommand {
  /** A recipient of the register; when told, `unregistered` for one that really is not. */
  @IsLedgerId()
  recipient!: string;

  /** Where it is received. Default: the country of the recipient's register; of one that is not registered it is always told. */
  @ValidateIf(({ recipient, country }: TransferCommand) => recipient === UNREGISTERED || country !== undefined)
  @IsIn(COUNTRIES)
  country?: string;

  /** Data stays where it is and is read from there: a transfer all the same. Default: no. */
  @IsOptional()
  @IsBoolean()
  remoteAccess?: boolean;

  /** A transfer arrangement of the recipient. Default: whichever fits. */
  @IsOptional()
  @IsLedgerId()
  arrangement?: string;

  /** A derogation of Article 49, where there is neither adequacy nor an arrangement. */
  @IsOptional()
  @IsIn(DEROGATIONS)
  derogation?: (typeof DEROGATIONS)[number];
}

/** May this data go there, or be read from there, now and once? The answer is recorded and binds. */
export class AuthoriseTransfer extends TransferCommand {}

/** This data went there, or was read from there. Never refused on legal grounds: judged by the facts of its own day. */
export class ReportTransfer extends TransferCommand {
  /** Who the unregistered recipient is; sealed. */
  @ValidateIf((command: ReportTransfer) => command.recipient === UNREGISTERED || command.recipientName !== undefined)
  @IsString()
  @MinLength(1)
  @MaxLength(400)
  recipientName?: string;

  /** The authorisation it was done on; absent: none was asked for. */
  @IsOptional()
  @IsLedgerUuid()
  authorisation?: string;

  /** The transfer's own id; the ledger makes one when absent. */
  @IsOptional()
  @IsLedgerUuid()
  transfer?: string;

  @IsOptional()
  @IsString()
  @MaxLength(2_000)
  reason?: string;
}

export const authoriseTransfer: Decision<AuthoriseTransfer, SubjectState> = {
  asks: true,
  advise: (command, state, context) => askedOf(command, state, context).reasoning,
  decide(command, state, context) {
    requireNow(command);
    const answer = askedOf(command, state, context);
    const { outcome } = answer.reasoning;
    const data = dataOf(answer);
    if (outcome === 'blocked') return [{ type: 'TransferBlocked', data, ...actFact(command, context, answer) }];
    return [{ type: 'TransferAuthorised', data: { authorisation: context.newId('authorisation'), outcome, ...data }, ...actFact(command, context, answer) }];
  },
};

export const reportTransfer: Decision<ReportTransfer, SubjectState> = {
  seals: (command) => command.recipientName !== undefined || command.reason !== undefined,
  decide(command, state, context) {
    const transfer = command.transfer ?? context.newId('transfer');
    const known = state.transfer.transfers.get(transfer);
    if (known !== undefined) {
      requireSameAct(command, known, state, context.when.text, '/transfer');
      return [];
    }
    const { authorisation } = command;
    const answer = askedOf(command, state, context, authorisation === undefined ? undefined : { id: authorisation, found: state.transfer.authorisations.get(authorisation) });
    const data = { transfer, ...(authorisation !== undefined && { authorisation }), ...dataOf(answer) };
    const sealed = sealedOf(command, context);
    return [{ type: 'TransferPerformed', data, ...actFact(command, context, answer), ...(sealed.length > 0 && { sealed }) }];
  },
};

function askedOf(command: TransferCommand, state: SubjectState, context: Pick<Context, 'registers' | 'when'>, authorisation?: Parameters<typeof asked>[4]): Asked {
  const { recipient, arrangement, derogation } = command;
  const known = context.registers.registered('recipient', recipient)?.state;
  if (arrangement !== undefined && known?.arrangements.has(arrangement) !== true) throw new Refusal('UnknownArrangement', { pointer: '/arrangement', alternatives: [...(known?.arrangements.keys() ?? [])] });
  const details = {
    ...(command instanceof AuthoriseTransfer && { isAsk: true as const }),
    recipient,
    remoteAccess: command.remoteAccess ?? false,
    ...(command.country !== undefined && { country: command.country }),
    ...(arrangement !== undefined && { arrangement }),
    ...(derogation !== undefined && { derogation }),
  };
  return asked(command, actOf('transfer', command, details, state, context), state, context, authorisation);
}

function dataOf({ act, question, reasoning, ...rest }: Asked): Readonly<Record<string, unknown>> {
  const { state } = question.recipient ?? {};
  const basis = transferBasis(question);
  return {
    recipient: act.recipient,
    ...(question.role !== undefined && { role: question.role }),
    purpose: act.purpose,
    items: itemsOf({ act, question, reasoning, ...rest }),
    ...(act.conference !== undefined && { conference: act.conference }),
    country: act.country ?? (state && (countryOn(state, question.days.last) ?? state.countries[0]?.country)),
    remoteAccess: act.remoteAccess ?? false,
    mechanism: basis?.mechanism ?? 'none',
    ...(basis?.adequacy !== undefined && { adequacy: basis.adequacy }),
    ...(basis?.arrangement !== undefined && { arrangement: basis.arrangement }),
    ...(basis?.derogation !== undefined && { derogation: basis.derogation }),
    rules: reasoning.rules,
  };
}

function sealedOf(command: ReportTransfer, context: Context): readonly SlotToSeal[] {
  return [...sealedSlot('recipient-name', 'free-text', command.recipientName, context), ...sealedSlot('reason', 'free-text', command.reason, context)];
}
