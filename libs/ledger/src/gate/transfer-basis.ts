/**
 * On what a transfer to a third country rests: a decision on adequacy, an arrangement, or a named derogation (GDPR Art. 44–49, S063).
 * One ground is enough. What was named and did not carry, although another did, is remarked; when nothing does, all that was tried failed.
 */
import type { TransferData } from '../subject/transfer/transfer.events.js';
import type { Question } from './act.js';
import { adequacyFor, isInternationalOrganisation } from './adequacy.js';
import { arrangementFindings } from './arrangement.js';
import type { Applied } from './reasoning.members.js';
import { applied, failed, passed, type Grounds } from './rule.js';

/** The members of a transfer's event that the finding gives. */
export type Rest = Pick<TransferData['TransferPerformed'], 'mechanism' | 'adequacy' | 'arrangement' | 'derogation'>;

export interface TransferBasis extends Rest {
  readonly rules: readonly Applied[];
}

/** Undefined for an act that is no transfer: one that stays within the EEA, or that nobody receives. O(arrangements of the recipient). */
export function transferBasis(question: Question): TransferBasis | undefined {
  const [first, ...others] = destinationsOf(question).map((country) => basisIn(question, country));
  if (first === undefined) return question.act.kind === 'transfer' ? { mechanism: 'within-eea', rules: [passed('transfer-ground')] } : undefined;
  // Each country has to be carried; what the event names is the one that is not, else the first.
  const shown = [first, ...others].find(({ mechanism }) => mechanism === 'none') ?? first;
  return { ...shown, rules: [first, ...others].flatMap(({ rules }) => rules) };
}

function basisIn(question: Question, country: string): TransferBasis {
  const { act } = question;
  const adequacy = adequacyFor(question, country);
  const tried = triedArrangement(question, country);
  if (tried !== undefined && tried.fits && (act.arrangement !== undefined || adequacy.decision === undefined))
    return { mechanism: tried.mechanism, arrangement: tried.arrangement, rules: [passed('transfer-ground', restingOn(tried.rules)), ...tried.rules] };
  const named = act.arrangement === undefined ? [] : remarked(tried?.rules ?? []);
  if (adequacy.decision !== undefined) return { mechanism: 'adequacy', adequacy: adequacy.decision, rules: [passed('transfer-ground', restingOn(adequacy.rules)), ...adequacy.rules, ...named] };
  if (act.derogation !== undefined) return { mechanism: 'derogation', derogation: act.derogation as NonNullable<Rest['derogation']>, rules: [passed('transfer-ground', { clause: act.derogation }), ...named, ...derogationFindings(question, act.derogation)] };
  return { mechanism: 'none', rules: [failed('transfer-ground'), ...adequacy.rules, ...(tried?.rules ?? [failed('arrangement-in-force')])] };
}

/** Where it is received, and where whoever receives it is, as far as these are third countries or an international organisation. */
export function destinationsOf({ thirdCountries, act, recipient, days }: Question): readonly string[] {
  if (thirdCountries.length > 0 || !isInternationalOrganisation(act.recipient, days.last)) return thirdCountries;
  const seat = act.country ?? recipient?.state.countries.at(-1)?.country;
  return seat === undefined ? [] : [seat];
}

interface Tried {
  readonly arrangement: string;
  readonly mechanism: TransferBasis['mechanism'];
  readonly rules: readonly Applied[];
  readonly fits: boolean;
}

/** The arrangement that was named; else the recipient's that passes, or that fails least. */
function triedArrangement(question: Question, country: string): Tried | undefined {
  const { act, recipient } = question;
  const candidates = [...(recipient?.state.arrangements.values() ?? [])].filter(({ arrangement }) => act.arrangement === undefined || arrangement === act.arrangement);
  let best: (Tried & { readonly faults: number }) | undefined;
  for (const candidate of candidates) {
    const rules = arrangementFindings(question, candidate, country);
    const faults = rules.filter(({ result }) => result === 'failed').length;
    if (best === undefined || faults < best.faults) best = { arrangement: candidate.arrangement, mechanism: candidate.mechanism, rules, fits: faults === 0, faults };
  }
  return best;
}

/** For what is not repeated: how often this person's data went on it before is told (GDPR recital 111; EDPB Guidelines 2/2018). */
function derogationFindings({ state }: Question, derogation: string): readonly Applied[] {
  const count = state.transfer.derogations.get(derogation) ?? 0;
  return [failed('derogation-used', { clause: derogation }), applied('derogation-occasional', count === 0, { clause: derogation, count })];
}

/** The entry and the clause that carry it. */
function restingOn(rules: readonly Applied[]): Grounds {
  const { registers, clause } = rules.at(-1) ?? {};
  return { ...(registers !== undefined && { registers }), ...(clause !== undefined && { clause }) };
}

/** It did not stop the transfer, but the sender believes that it carries it. */
function remarked(rules: readonly Applied[]): readonly Applied[] {
  return rules.map((rule) => (rule.result === 'failed' ? { ...rule, result: 'remarked' } : rule));
}
