/** The verdict on holding one category for one purpose, as of the day it was told to have happened. */
import type { Basis } from '#policy/policy.js';
import type { Answerable } from '../../registers.js';
import { rules, type RuleCode } from '../../rules.js';
import { consentFor, type ConsentState } from '../consent/consent.state.js';
import type { BASES, HeldItem, SPECIAL_BASES } from './holding.events.js';

export type JudgedPurpose = HeldItem['purposes'][number];

export interface Judged {
  readonly purpose: string;
  readonly category: string;
  readonly relationship: string;
  readonly conference?: string | undefined;
  readonly consent: ConsentState;
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
  const rest = restOnConsent(basis) ? consentOf(judged) : { failed: [] };
  const failed = [...new Set([...failedBefore(judged, basis), ...('failed' in rest ? rest.failed : []), ...judged.failedAnyway])].sort();
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
function failedBefore({ purpose, category, answerable }: Judged, basis: Basis | undefined): readonly RuleCode[] {
  const model = answerable.inForce?.model;
  if (model === undefined) return ['policy-in-force'];
  const declared = model.purpose(purpose);
  if (declared === undefined) return ['purpose-of-the-day'];
  const failed: RuleCode[] = [];
  const { service } = answerable;
  if (service !== undefined && declared.services !== undefined && !declared.services.includes(service)) failed.push('purpose-for-service');
  if (!model.allows(purpose, category)) return [...failed, 'category-allowed'];
  if (basis === undefined) failed.push('basis-stated');
  if (model.specialOf(category) !== undefined && basis?.specialBasis === undefined) failed.push('special-basis');
  if (model.category(category)?.criminal === true) failed.push('criminal-data');
  if (model.category(category)?.identifier === 'personnummer' && declared.personnummerGround === undefined) failed.push('personnummer-justified');
  return failed;
}

function consentOf({ purpose, category, relationship, conference, consent, answerable, at }: Judged): ReturnType<typeof consentFor> {
  const model = answerable.inForce?.model;
  return consentFor(consent, {
    controller: answerable.controller,
    purpose,
    category,
    explicit: model?.basisFor(purpose, category)?.specialBasis === 'eu-gdpr:A9-2-a',
    relationship,
    ...(conference !== undefined && { conference }),
    at,
    terms: model && (model.consentTerms(purpose, answerable.controller) ?? 'none'),
  });
}

function restOnConsent(basis: Basis | undefined): boolean {
  return basis?.basis === 'eu-gdpr:A6-1-a' || basis?.specialBasis === 'eu-gdpr:A9-2-a';
}

/** `eu-gdpr:A9-2-a` → `a`. */
function letterOf<L extends string>(iri: string): L {
  return iri.slice(-1) as L;
}
