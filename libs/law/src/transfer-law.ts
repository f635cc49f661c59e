/** What the law said of a transfer on a day. Pure lookups: the day comes as an argument, answers are rows of data. */
import type { AdequacyDecision } from './data/adequacy.js';
import { ADEQUACY_DECISIONS } from './data/adequacy.js';
import type { EeaStanding } from './data/eea.js';
import { EEA_STANDINGS } from './data/eea.js';
import type { SccClauses, SccGeneration, SccModule, TransferRole } from './data/scc.js';
import { SCC_CLAUSES } from './data/scc.js';
import type { TransferMechanism } from './data/transfer-mechanisms.js';
import { TRANSFER_MECHANISMS } from './data/transfer-mechanisms.js';
import type { Text } from './in-force.js';
import { inForce } from './in-force.js';
import type { LocalDate } from './local-date.js';
import { dayOf } from './local-date.js';

/** Why a country (ISO 3166-1 alpha-2) was no third country that day; undefined when it was one. */
export function eeaStandingAt(country: string, on: LocalDate): EeaStanding | undefined {
  return EEA_STANDINGS.find((standing) => standing.country === country && inForce(standing, on));
}

/** A transfer within the EEA is no transfer (Art. 44 GDPR speaks of third countries). */
export function isInEea(country: string, on: LocalDate): boolean {
  return eeaStandingAt(country, on) !== undefined;
}

/** The decisions in force that day for a country, or for an international organisation by its id. Read each one's scope and limits. */
export function adequacyAt(subject: string, on: LocalDate): readonly AdequacyDecision[] {
  return ADEQUACY_DECISIONS.filter((decision) => decision.subject === subject && inForce(decision, on));
}

export interface AdequacyNear {
  /** The last to have ended first. */
  readonly ended: readonly AdequacyDecision[];
  /** The first to begin first. */
  readonly notBegun: readonly AdequacyDecision[];
}

/** What was no longer, and not yet, in force that day: with their dates a refusal can say which days would fit. */
export function adequacyNear(subject: string, on: LocalDate): AdequacyNear {
  const day = dayOf(on);
  const ofSubject = ADEQUACY_DECISIONS.filter((decision) => decision.subject === subject);
  return {
    ended: ofSubject.filter(({ to }) => to !== undefined && dayOf(to) < day).sort((a, b) => dayOf(b.to ?? b.from) - dayOf(a.to ?? a.from)),
    notBegun: ofSubject.filter(({ from }) => dayOf(from) > day).sort((a, b) => dayOf(a.from) - dayOf(b.from)),
  };
}

/** Undefined for a module that the generation does not have; older generations have none, that of 2021 nothing without one. */
export function sccClauses(generation: SccGeneration, module?: SccModule): SccClauses | undefined {
  return SCC_CLAUSES.find((clauses) => clauses.generation === generation && clauses.module === module);
}

export interface SccStanding {
  readonly clauses: SccClauses;
  /** Could a contract be concluded on them that day? */
  readonly signable: boolean;
  /** Did a contract that was concluded in time still carry a transfer that day? */
  readonly usable: boolean;
}

/** Where the clauses stood on a day; `clauses` has the dates that would fit. */
export function sccAt(generation: SccGeneration, on: LocalDate, module?: SccModule): SccStanding | undefined {
  const clauses = sccClauses(generation, module);
  return clauses && { clauses, signable: isSignable(clauses, on), usable: inForce(clauses, on) };
}

export function sccFits(generation: SccGeneration, module: SccModule | undefined, exporter: TransferRole, importer: TransferRole): boolean {
  const clauses = sccClauses(generation, module);
  return clauses !== undefined && clauses.exporter === exporter && clauses.importer === importer;
}

/** The clauses two parties could have signed that day: what a refusal offers instead. */
export function sccFitting(exporter: TransferRole, importer: TransferRole, on: LocalDate): readonly SccClauses[] {
  return SCC_CLAUSES.filter((clauses) => clauses.exporter === exporter && clauses.importer === importer && isSignable(clauses, on));
}

export function sccGenerationsSignableOn(on: LocalDate): readonly SccGeneration[] {
  return [...new Set(SCC_CLAUSES.filter((clauses) => isSignable(clauses, on)).map(({ generation }) => generation))];
}

function isSignable({ from, to, signableTo }: SccClauses, on: LocalDate): boolean {
  const last = signableTo ?? to;
  return inForce(last === undefined ? { from } : { from, to: last }, on);
}

export function transferMechanism(id: string): TransferMechanism | undefined {
  return TRANSFER_MECHANISMS.find((mechanism) => mechanism.id === id);
}

/** The provision a mechanism rested on that day: the GDPR's, before it the directive's. Undefined where the law knew no such thing. */
export function provisionAt(mechanism: TransferMechanism, on: LocalDate): Text | undefined {
  if (inForce(mechanism, on)) return mechanism.article;
  return dayOf(on) < dayOf(mechanism.from) ? mechanism.directive : undefined;
}
