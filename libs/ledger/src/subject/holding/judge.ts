/** The verdict on holding one category for one purpose, as of the day it was told to have happened. */
import { restsOnConsent } from '#policy/model.js';
import { categoryChecks, purposeChecks } from '../../policy-checks.js';
import type { Answerable } from '../../registers.js';
import { rules, type RuleCode } from '../../rules.js';
import { consentQuestion } from '../consent/consent-question.js';
import { consentFor, type ConsentState } from '../consent/consent.state.js';
import type { AgeTold } from '../identity/identity.state.js';
import type { BASES, HeldItem, SPECIAL_BASES } from './holding.events.js';

export type JudgedPurpose = HeldItem['purposes'][number];

export interface Judged {
  readonly purpose: string;
  readonly category: string;
  readonly relationship: string;
  readonly conference?: string | undefined;
  readonly consent: ConsentState;
  readonly ages: readonly AgeTold[];
  readonly answerable: Answerable;
  /** The latest instant it may have been: what is surely there by then carries it, what may have ended by then does not. */
  readonly at: string;
  /** What fails whatever the purpose: no notice, an unregistered source. */
  readonly failedAnyway: readonly RuleCode[];
}

export function judge(judged: Judged): JudgedPurpose {
  const { purpose, category } = judged;
  const model = judged.answerable.inForce?.model;
  const basis = model?.basisFor(purpose, category);
  const rest = basis !== undefined && restsOnConsent(basis) ? consentOf(judged) : { failed: [] };
  const failed = [...new Set([...failedBefore(judged), ...('failed' in rest ? rest.failed : []), ...judged.failedAnyway])].sort();
  return {
    purpose,
    ...(basis !== undefined && { basis: letterOf<(typeof BASES)[number]>(basis.basis) }),
    ...(basis?.specialBasis !== undefined && { specialBasis: letterOf<(typeof SPECIAL_BASES)[number]>(basis.specialBasis) }),
    ...('consent' in rest && { consent: rest.consent.consent }),
    ...(failed.length === 0 ? { verdict: 'justified' as const } : { verdict: 'unjustified' as const, failed }),
  };
}

/** Whether any purpose gives ground to hold the value at all. */
export function hasGround(purposes: readonly JudgedPurpose[]): boolean {
  return purposes.some(({ failed }) => !(failed ?? []).some((code) => rules[code as RuleCode].ground));
}

/** The rules that need no consent to be looked at. */
function failedBefore({ purpose, category, answerable }: Judged): readonly RuleCode[] {
  const model = answerable.inForce?.model;
  const ofPurpose = purposeChecks(purpose, answerable);
  const ofCategory = model?.purpose(purpose) === undefined ? [] : categoryChecks(purpose, category, model);
  return [...ofPurpose, ...ofCategory].filter(({ isKept }) => !isKept).map(({ rule }) => rule);
}

function consentOf({ purpose, category, relationship, conference, consent, ages, answerable, at }: Judged): ReturnType<typeof consentFor> {
  const place = { relationship, ...(conference !== undefined && { conference }) };
  return consentFor(consent, consentQuestion(purpose, category, answerable, { at, ages, ...place }));
}

/** `eu-gdpr:A9-2-a` → `a`. */
function letterOf<L extends string>(iri: string): L {
  return iri.slice(-1) as L;
}
