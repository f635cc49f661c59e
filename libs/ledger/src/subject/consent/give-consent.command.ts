import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { parseWhen } from '#law/when.js';
import type { PolicyModel } from '#policy/model.js';
import { IsLedgerId, IsLedgerUuid } from '../../command.js';
import type { Context, Decision, Fact } from '../../decision.js';
import { Refusal } from '../../refusals.js';
import { answerableFor, type Answerable } from '../../registers.js';
import { verdictOf, type RuleCode } from '../../rules.js';
import { requireKnown, told } from '../../told.js';
import type { SubjectState } from '../subject.js';
import { evidenceOf, missingEvidence, WithEvidence } from './consent-evidence.js';
import { CONSENT_TYPES, type ConsentData } from './consent.events.js';
import { isTooYoung } from './consent.state.js';

/** Consent was given. Without full evidence it is recorded as unproven, and never valid. */
export class GiveConsent extends WithEvidence {
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @IsLedgerId(true)
  purposes!: string[];

  @IsIn(CONSENT_TYPES)
  type!: (typeof CONSENT_TYPES)[number];

  /** The consent's record id; the ledger makes one when absent. */
  @IsOptional()
  @IsLedgerUuid()
  consent?: string;

  /** What it covers. Default: all categories that these purposes use on the basis of consent. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @IsLedgerId(true)
  categories?: string[];

  /** Default: the recipient kinds of these purposes. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @IsLedgerId(true)
  recipientKinds?: string[];

  /** An instant or a date: it is not valid from then on. */
  @IsOptional()
  @IsString()
  @MaxLength(60)
  validUntil?: string;

  /** Binds it to one relationship: data of others is not covered. */
  @IsOptional()
  @IsLedgerUuid()
  relationship?: string;

  @IsOptional()
  @IsLedgerId()
  conference?: string;

  /** Number of the order it was given with; sealed. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  order?: string;
}

/** A consent was given anew before or after the first ended: the earlier one stays as it was. */
export class RenewConsent extends GiveConsent {}

export const giveConsent: Decision<GiveConsent, SubjectState> = {
  seals: (command) => command.order !== undefined,
  decide: (command, state, context) => given('ConsentGiven', command, state, context),
};

export const renewConsent: Decision<RenewConsent, SubjectState> = {
  seals: (command) => command.order !== undefined,
  decide: (command, state, context) => given('RenewedConsentGiven', command, state, context),
};

function given(type: 'ConsentGiven' | 'RenewedConsentGiven', command: GiveConsent, state: SubjectState, context: Context): readonly Fact[] {
  const answerable = answerableFor(command, context.when.latest, context.registers);
  const data = givenData(command, answerable, context);
  const known = state.consent.given.find((earlier) => earlier.consent === data.consent);
  if (known !== undefined && type === 'ConsentGiven') return [];
  const failed: RuleCode[] = [];
  if (answerable.inForce === undefined) failed.push('policy-in-force');
  if (data.missing.length > 0) failed.push('consent-proven');
  if (data.indicatedBy !== 'guardian' && isTooYoung(state.identity.ages, data.from)) failed.push('consent-by-guardian');
  return [
    {
      type,
      data,
      ...told(command, context, answerable),
      ...verdictOf(failed),
      ...(command.order !== undefined && {
        sealed: [{ slot: 'order', holding: context.newId('order'), category: 'order-reference', value: command.order }],
      }),
    },
  ];
}

function givenData(command: GiveConsent, answerable: Answerable, context: Context): ConsentData['ConsentGiven'] {
  const { model, controller } = answerable;
  requireKnown(command.purposes, '/purposes', 'UnknownPurpose', (id) => model.has('purpose', id), () => model.alternatives('purpose'));
  requireKnown(command.categories, '/categories', 'UnknownCategory', (id) => model.has('category', id), () => model.alternatives('category'));
  requireKnown(command.recipientKinds, '/recipientKinds', 'UnknownRecipientKind', (id) => model.has('recipient-kind', id), () => model.alternatives('recipient-kind'));
  const evidence = evidenceOf(command, answerable);
  const purposes = [...new Set(command.purposes)];
  const terms = purposes.flatMap((purpose) => {
    const found = model.consentTerms(purpose, controller);
    return found === undefined ? [] : [{ purpose, categories: found.categories, recipientKinds: found.recipientKinds }];
  });
  return {
    consent: command.consent ?? context.newId('consent'),
    type: command.type,
    purposes,
    categories: command.categories === undefined ? union(terms.map(({ categories }) => categories)) : leavesOf(command.categories, model),
    recipientKinds: command.recipientKinds ?? union(terms.map(({ recipientKinds }) => recipientKinds)),
    terms,
    // Told by a date alone, it is certain only from the day's end: processing needs a consent that is surely there.
    from: earlier(context.when.latest, context.now),
    ...(command.validUntil !== undefined && { validUntil: untilOf(command.validUntil) }),
    ...(command.relationship !== undefined && { relationship: command.relationship }),
    ...(command.conference !== undefined && { conference: command.conference }),
    ...evidence,
    missing: missingEvidence(evidence, command, answerable),
  };
}

/** An upper limit counts from its earliest end. */
function untilOf(text: string): string {
  const until = parseWhen(text);
  if (until === undefined) throw new Refusal('UnusableTime', { pointer: '/validUntil' });
  return until.earliest;
}

/** A consent to a category is one to each below it; data is held in leaves of the tree (`architecture.md` §1). */
function leavesOf(named: readonly string[], model: PolicyModel): readonly string[] {
  const all = model.policy.categories;
  const parents = new Set(all.map(({ parent }) => parent));
  return all.filter(({ id }) => !parents.has(id) && named.some((category) => model.isWithin(id, category))).map(({ id }) => id).sort();
}

function union(lists: readonly (readonly string[])[]): readonly string[] {
  return [...new Set(lists.flat())].sort();
}

function earlier(a: string, b: string): string {
  return a < b ? a : b;
}
