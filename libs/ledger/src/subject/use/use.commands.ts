import { IsIn, IsOptional, IsString, MaxLength, MinLength, ValidateIf } from 'class-validator';
import { IsLedgerId, IsLedgerUuid } from '../../command.js';
import type { Context, Decision, SlotToSeal } from '../../decision.js';
import { UNREGISTERED } from '../../gate/act.js';
import { actFact, actOf, ActCommand, asked, itemsOf, requireNow, type Asked } from '../../gate/act.commands.js';
import { authorisationOf } from '../../gate/authorisation.js';
import { requireSameAct } from '../../gate/told-act.js';
import type { SubjectState } from '../subject.js';
import { USE_KINDS } from './use.events.js';
import { sealedSlot } from '../../told.js';

export abstract class UseCommand extends ActCommand {
  /** For the purpose as such; data from several origins put together; analysis. Default `purpose`. */
  @IsOptional()
  @IsIn(USE_KINDS)
  kind?: (typeof USE_KINDS)[number];
}

/** May this data be used for this purpose, now and once? The answer is recorded and binds. */
export class AuthoriseUse extends UseCommand {
  /** A vendor of the register, where it is not we who use it. */
  @IsOptional()
  @IsLedgerId()
  recipient?: string;
}

/** This data was used for this purpose. Never refused on legal grounds: judged as of its day. */
export class ReportUse extends UseCommand {
  /** The vendor who used it, where it was not we; `unregistered` for one that really is not registered. */
  @IsOptional()
  @IsLedgerId()
  recipient?: string;

  /** Who the unregistered vendor is; sealed. */
  @ValidateIf((command: ReportUse) => command.recipient === UNREGISTERED || command.recipientName !== undefined)
  @IsString()
  @MinLength(1)
  @MaxLength(400)
  recipientName?: string;

  /** The authorisation it was done on; absent: none was asked for. */
  @IsOptional()
  @IsLedgerUuid()
  authorisation?: string;

  /** The use's own id; the ledger makes one when absent. */
  @IsOptional()
  @IsLedgerUuid()
  use?: string;

  @IsOptional()
  @IsString()
  @MaxLength(2_000)
  reason?: string;
}

export const authoriseUse: Decision<AuthoriseUse, SubjectState> = {
  asks: true,
  advise: (command, state, context) => askedOf(command, state, context).reasoning,
  decide(command, state, context) {
    requireNow(command);
    const answer = askedOf(command, state, context);
    const { outcome } = answer.reasoning;
    const data = dataOf(answer);
    if (outcome === 'blocked') return [{ type: 'UseBlocked', data, ...actFact(command, context, answer) }];
    return [{ type: 'UseAuthorised', data: { authorisation: context.newId('authorisation'), outcome, ...data }, ...actFact(command, context, answer) }];
  },
};

export const reportUse: Decision<ReportUse, SubjectState> = {
  seals: (command) => command.recipientName !== undefined || command.reason !== undefined,
  decide(command, state, context) {
    const use = command.use ?? context.newId('use');
    const known = state.use.uses.get(use);
    if (known !== undefined) {
      requireSameAct(command, known, state, context.when.text, '/use');
      return [];
    }
    const { authorisation } = command;
    const answer = askedOf(command, state, context, authorisation === undefined ? undefined : { id: authorisation, found: authorisationOf(state, authorisation) });
    const data = { use, ...(authorisation !== undefined && { authorisation }), ...dataOf(answer) };
    const sealed = sealedOf(command, context);
    return [{ type: 'PersonalDataUsed', data, ...actFact(command, context, answer), ...(sealed.length > 0 && { sealed }) }];
  },
};

function askedOf(command: AuthoriseUse | ReportUse, state: SubjectState, context: Pick<Context, 'registers' | 'when'>, authorisation?: Parameters<typeof asked>[4]): Asked {
  const { kind = 'purpose', recipient } = command;
  const details = { ...(command instanceof AuthoriseUse && { isAsk: true as const }), useKind: kind, ...(recipient !== undefined && { recipient }) };
  return asked(command, actOf('use', command, details, state, context), state, context, authorisation);
}

function dataOf(answer: Asked): Readonly<Record<string, unknown>> {
  const { act, reasoning } = answer;
  return {
    kind: act.useKind,
    purpose: act.purpose,
    items: itemsOf(answer),
    ...(act.conference !== undefined && { conference: act.conference }),
    ...(act.recipient !== undefined && { recipient: act.recipient }),
    rules: reasoning.rules,
  };
}

function sealedOf(command: ReportUse, context: Context): readonly SlotToSeal[] {
  return [...sealedSlot('recipient-name', 'free-text', command.recipientName, context), ...sealedSlot('reason', 'free-text', command.reason, context)];
}
