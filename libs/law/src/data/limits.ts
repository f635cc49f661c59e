/** Limits that the law itself sets, each with its article, its source and the day it began to apply. */
import type { LocalDate } from '../local-date.js';
import type { Period, PeriodKind } from '../period.js';

export interface LegalLimit {
  readonly id: string;
  readonly article: { readonly sv: string; readonly en: string };
  readonly kind: PeriodKind;
  /** None: the limit is a moment, which `moment` names. */
  readonly period?: Period;
  readonly moment?: { readonly sv: string; readonly en: string };
  readonly validFrom: LocalDate;
  readonly validTo?: LocalDate;
  readonly source: string;
}

/** The GDPR applies from this day (Art. 99(2)). */
const GDPR_APPLIES = '2018-05-25';
const SOURCE = 'Regulation (EU) 2016/679, OJ L 119, 4.5.2016, p. 1';

/** "within a reasonable period …, but at the latest within one month": the outer limit of (a) is what can be computed. */
export const NOTICE_WITHIN_A_MONTH = {
  id: 'gdpr-14-3-a',
  article: { sv: 'artikel 14.3 a i dataskyddsförordningen', en: 'Article 14(3)(a) GDPR' },
  kind: 'deadline',
  period: 'P1M',
  validFrom: GDPR_APPLIES,
  source: SOURCE,
} as const satisfies LegalLimit;

export const NOTICE_AT_FIRST_COMMUNICATION = {
  id: 'gdpr-14-3-b',
  article: { sv: 'artikel 14.3 b i dataskyddsförordningen', en: 'Article 14(3)(b) GDPR' },
  kind: 'deadline',
  moment: { sv: 'vid den första kontakten med den registrerade', en: 'at the first communication with the data subject' },
  validFrom: GDPR_APPLIES,
  source: SOURCE,
} as const satisfies LegalLimit;

export const NOTICE_AT_FIRST_DISCLOSURE = {
  id: 'gdpr-14-3-c',
  article: { sv: 'artikel 14.3 c i dataskyddsförordningen', en: 'Article 14(3)(c) GDPR' },
  kind: 'deadline',
  moment: { sv: 'när uppgifterna först lämnas ut till en annan mottagare', en: 'when the data are first disclosed to another recipient' },
  validFrom: GDPR_APPLIES,
  source: SOURCE,
} as const satisfies LegalLimit;

export const LEGAL_LIMITS: readonly LegalLimit[] = [NOTICE_WITHIN_A_MONTH, NOTICE_AT_FIRST_COMMUNICATION, NOTICE_AT_FIRST_DISCLOSURE];
