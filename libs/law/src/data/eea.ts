/**
 * Where a transfer is no transfer: the European Economic Area, as dated rows. Looked up 2026-11-22.
 *
 * Nothing is stated before 1995: the first common rule on transfers, Directive 95/46/EC, is of 24 October 1995. Of states that belonged
 * before, `from` is the first day of that year. A new Member State counts from its accession, not from its later accession to the EEA
 * Agreement: Union law binds it from that day. Territories with a code of their own are not here, but for Åland.
 */
import type { Dated, Provenance } from '../in-force.js';

export type EeaStanding = Dated & Provenance & {
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** `transition` and `bridge`: no longer a member, treated as one by agreement. */
  readonly as: 'member-state' | 'efta-state' | 'territory' | 'transition' | 'bridge';
};

const ENLARGEMENT = 'European Commission, history of enlargement (commission.europa.eu, neighbourhood-enlargement.ec.europa.eu)';
const EEA_AGREEMENT = 'Agreement on the European Economic Area, parties and dates (verdragen.nl/en/Treaty/Details/004981_p.html)';

const memberStates = (from: string, countries: readonly string[]): readonly EeaStanding[] =>
  countries.map((country) => ({ country, as: 'member-state', from, source: ENLARGEMENT, confirmed: true }));

export const EEA_STANDINGS: readonly EeaStanding[] = [
  ...memberStates('1995-01-01', ['AT', 'BE', 'DE', 'DK', 'ES', 'FI', 'FR', 'GR', 'IE', 'IT', 'LU', 'NL', 'PT', 'SE']),
  ...memberStates('2004-05-01', ['CY', 'CZ', 'EE', 'HU', 'LT', 'LV', 'MT', 'PL', 'SI', 'SK']),
  ...memberStates('2007-01-01', ['BG', 'RO']),
  ...memberStates('2013-07-01', ['HR']),
  { country: 'NO', as: 'efta-state', from: '1995-01-01', source: EEA_AGREEMENT, confirmed: true },
  { country: 'IS', as: 'efta-state', from: '1995-01-01', source: EEA_AGREEMENT, confirmed: true },
  { country: 'LI', as: 'efta-state', from: '1995-05-01', source: EEA_AGREEMENT, confirmed: true },
  { country: 'AX', as: 'territory', from: '1995-01-01', source: `${EEA_AGREEMENT}: extended to the Åland Islands`, confirmed: true },
  {
    // Left "at 11 p.m. on 31 January 2020" British time, which is midnight in Brussels: the day itself still counts.
    country: 'GB', as: 'member-state', from: '1995-01-01', to: '2020-01-31', source: `${ENLARGEMENT}; withdrawal 31.1.2020 (ofx.ie, wozniaklegal.com)`, confirmed: true,
  },
  { country: 'GB', as: 'transition', from: '2020-02-01', to: '2020-12-31', source: 'Withdrawal Agreement: transition period to 31.12.2020 (wozniaklegal.com)', confirmed: true },
  {
    // It would have lasted until 30 June 2021 at the longest; it ended on the day the Commission adopted (EU) 2021/1772.
    country: 'GB', as: 'bridge', from: '2021-01-01', to: '2021-06-28',
    source: 'Trade and Cooperation Agreement Art. 782 (FINPROV.10A): until adequacy is adopted, at most six months (techlaw.ie)', confirmed: true,
  },
];

/**
 * The GDPR within the EEA Agreement. Norway, Iceland and Liechtenstein were no third countries between 25 May and this day either:
 * Directive 95/46/EC remained applicable in the Agreement until then (efta.int, 5.6.2018).
 */
export const GDPR_IN_EEA_AGREEMENT = {
  from: '2018-07-20', decision: 'EEA Joint Committee Decision No 154/2018', source: 'efta.int, 6.7.2018; in force 20 July 2018 (privacyperfect.com)', confirmed: true,
} as const satisfies Dated & Provenance & { readonly decision: string };
