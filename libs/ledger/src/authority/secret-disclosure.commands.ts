/**
 * Disclosures to an authority that the person may not be told of (S057): asked, told, no longer secret, dealt with. They are decided on
 * the authority's own stream, and the person's is only read: nothing of them is in the person's stream, record or trail.
 */
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsOptional, IsString, MaxLength, MinLength, ValidateIf } from 'class-validator';
import { Command, IsLedgerId, IsLedgerUuid } from '../command.js';
import type { Context, Decision, Required } from '../decision.js';
import { actFact, actOf, asked, itemsOf, requireNow, type Asked } from '../gate/act.commands.js';
import type { Authorisation } from '../gate/authorisation.js';
import { daysOf } from '../period.js';
import { Refusal } from '../refusals.js';
import { answerableFor } from '../registers.js';
import { told, sealedSlot } from '../told.js';
import { MEASURES } from '../subject/deviation/deviation.events.js';
import { requireAuthority, requireGround } from '../subject/disclosure/recall.commands.js';
import { initialSubject, subjectStream } from '../subject/subject.js';
import { authorisationFor, type AuthorityState } from './authority.state.js';
import { IsDay } from '../register-facts.js';

export abstract class SecretCommand extends Command {
  /** An authority of the law data, or a recipient of the register that is one. */
  @IsLedgerId()
  authority!: string;
}

export abstract class SecretDisclosureCommand extends SecretCommand {
  /** The person's id in the ledger. */
  @IsLedgerUuid()
  subject!: string;

  /** A purpose of the policy. */
  @IsLedgerId()
  purpose!: string;

  /** Categories of the policy: all that is held in each. At least one of `categories` and `holdings` is given. */
  @ValidateIf((command: SecretDisclosureCommand) => command.categories !== undefined || command.holdings === undefined)
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @IsLedgerId(true)
  categories?: string[];

  /** Holdings of the person: these and no others. */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(200)
  @IsLedgerUuid(true)
  holdings?: string[];

  /** A ground of the policy. */
  @IsOptional()
  @IsLedgerId()
  ground?: string;

  /** The last day on which the person may not be told. Default: until further notice. */
  @IsOptional()
  @IsDay()
  gagUntil?: string;

  /** The service it is about; its controller follows from the policy. */
  @IsOptional()
  @IsLedgerId()
  service?: string;

  /** Only where no service is meant. */
  @IsOptional()
  @IsLedgerId()
  controller?: string;
}

/** May this data go to this authority without the person being told, now and once? The answer is recorded and binds. */
export class AuthoriseSecretDisclosure extends SecretDisclosureCommand {}

/** This data went to this authority, and the person may not be told. Never refused on legal grounds. */
export class ReportSecretDisclosure extends SecretDisclosureCommand {
  /** The disclosure's own id; the ledger makes one when absent. */
  @IsOptional()
  @IsLedgerUuid()
  disclosure?: string;

  /** The authorisation it was done on; absent: none was asked for. */
  @IsOptional()
  @IsLedgerUuid()
  authorisation?: string;

  /** Number of the authority's case; sealed. */
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

const ofPerson = ({ subject }: SecretDisclosureCommand): readonly Required[] => [{ stream: subjectStream(subject), refusal: 'SubjectNotRegistered', pointer: '/subject' }];

export const authoriseSecretDisclosure: Decision<AuthoriseSecretDisclosure, AuthorityState> = {
  asks: true,
  requires: ofPerson,
  decide(command, _state, context) {
    requireNow(command);
    const answer = askedOf(command, context);
    const { outcome } = answer.reasoning;
    const data = dataOf(command, answer);
    if (outcome === 'blocked') return [{ type: 'SecretDisclosureBlocked', data, ...actFact(command, context, answer) }];
    return [{ type: 'SecretDisclosureAuthorised', data: { authorisation: context.newId('authorisation'), outcome, ...data }, ...actFact(command, context, answer) }];
  },
};

export const reportSecretDisclosure: Decision<ReportSecretDisclosure, AuthorityState> = {
  requires: ofPerson,
  seals: (command) => command.case !== undefined || command.reason !== undefined,
  decide(command, state, context) {
    const disclosure = command.disclosure ?? context.newId('disclosure');
    const known = state.disclosures.get(disclosure);
    // Under the id of another person's it would be lost without a word.
    if (known !== undefined && known.subject !== command.subject) throw new Refusal('OtherAct', { pointer: '/disclosure' });
    if (known !== undefined) return [];
    const { authorisation } = command;
    const answer = askedOf(command, context, authorisation === undefined ? undefined : { id: authorisation, found: authorisationFor(state, authorisation, command.subject) });
    const data = { disclosure, ...(authorisation !== undefined && { authorisation }), ...dataOf(command, answer) };
    const sealed = [...sealedSlot('case', 'case-reference', command.case, context), ...sealedSlot('reason', 'free-text', command.reason, context)];
    return [{ type: 'SecretDisclosurePerformed', data, ...actFact(command, context, answer), ...(sealed.length > 0 && { sealed }) }];
  },
};

/** From this day on the person may be told. */
export class EndSecrecy extends SecretCommand {
  @IsLedgerUuid()
  disclosure!: string;

  /** Default: the day it happened. */
  @IsOptional()
  @IsDay()
  on?: string;
}

export const endSecrecy: Decision<EndSecrecy, AuthorityState> = {
  decide({ disclosure, on = '' }, state, context) {
    const known = state.disclosures.get(disclosure);
    if (known === undefined) throw new Refusal('DisclosureNotFound', { pointer: '/disclosure' });
    // Of several days that it may have ended on the last: until then it was secret.
    const day = on === '' ? daysOf(context.when).last : on;
    return known.endedOn !== undefined && known.endedOn <= day ? [] : [{ type: 'SecrecyEnded', data: { disclosure, subject: known.subject, on: day }, ...told({}, context) }];
  },
};

/** What an officer did about a secret disclosure without justification. */
export class DealWithSecretDeviation extends SecretCommand {
  /** The event that was recorded as unjustified. */
  @IsLedgerUuid()
  event!: string;

  @IsIn(MEASURES)
  measure!: (typeof MEASURES)[number];

  /** Sealed. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(2_000)
  note?: string;
}

export const dealWithSecretDeviation: Decision<DealWithSecretDeviation, AuthorityState> = {
  seals: ({ note }) => note !== undefined,
  decide({ event, measure, note }, state, context) {
    if (![...state.disclosures.values()].some((one) => one.event === event && one.isUnjustified)) throw new Refusal('NoDeviation', { pointer: '/event' });
    if (state.dealtWith.get(event)?.includes(measure) === true) return [];
    const sealed = sealedSlot('note', 'free-text', note, context);
    return [{ type: 'SecretDeviationDealtWith', data: { event, measure }, ...told({}, context), ...(sealed.length > 0 && { sealed }) }];
  },
};

function askedOf(command: SecretDisclosureCommand, context: Context, authorisation?: { readonly id: string; readonly found: Authorisation | undefined }): Asked {
  const { authority, ground } = command;
  const person = context.required ?? initialSubject;
  const named = { ...(command.service !== undefined && { service: command.service }), ...(command.controller !== undefined && { controller: command.controller }) };
  requireAuthority(authority, answerableFor(named, context.when.latest, context.registers), context.registers);
  requireGround(ground, context.registers);
  // The authority need not be in the register of recipients: the law knows it.
  const act = { ...actOf('disclosure', command, { ...(command instanceof AuthoriseSecretDisclosure && { isAsk: true as const }), ...(ground !== undefined && { ground }) }, person, context), recipient: authority };
  const answer = asked(command, act, person, context);
  if (authorisation === undefined) return answer;
  const { found, id } = authorisation;
  // The conference follows from the data, and is not stored apart with it.
  const { conference } = answer.act;
  return asked(command, act, person, context, { id, found: found && { ...found, recipient: authority, ...(conference !== undefined && { conference }) } });
}

function dataOf({ subject, gagUntil }: SecretDisclosureCommand, answer: Asked): Readonly<Record<string, unknown>> {
  const { act, reasoning } = answer;
  return {
    subject,
    purpose: act.purpose,
    items: itemsOf(answer),
    ...(act.ground !== undefined && { ground: act.ground }),
    ...(gagUntil !== undefined && { gagUntil }),
    rules: reasoning.rules,
  };
}
