/**
 * The Commission's standard contractual clauses, generation by generation. Looked up 2026-11-22.
 *
 * Repealed "from 27 September 2021" means that the 26th was the last day to sign: EUR-Lex gives it as end of validity of 2001/497/EC,
 * 2004/915/EC and 2010/87/EU. "Until 27 December 2022" (Art. 4(4) of (EU) 2021/914) includes that day: Regulation 1182/71 Art. 4(3).
 * Until then an older contract served only while "the processing operations … remain unchanged"; that is for the officer to say.
 */
import type { Dated, Provenance, Text } from '../in-force.js';
import type { LocalDate } from '../local-date.js';

export type TransferRole = 'controller' | 'processor';
export type SccModule = 1 | 2 | 3 | 4;
/** Set II (2004/915/EC) is an annex of 2001/497/EC, and a generation of its own here: its parties sign other clauses. */
export type SccGeneration = 'scc-2001-497' | 'scc-2004-915' | 'scc-2002-16' | 'scc-2010-87' | 'scc-2021-914';

export interface SccAnnex {
  readonly id: string;
  readonly about: Text;
  /** None: always. Annex III is filled in only where sub-processors are authorised one by one (clause 9(a), option 1). */
  readonly onlyWith?: 'specific-sub-processor-authorisation';
}

/** `from`: the first day a contract could be concluded; `to`: the last day a contract could be used. */
export type SccClauses = Dated & Provenance & {
  readonly generation: SccGeneration;
  readonly decision: string;
  readonly celex: string;
  readonly module?: SccModule;
  readonly exporter: TransferRole;
  readonly importer: TransferRole;
  readonly annexes: readonly SccAnnex[];
  readonly signableTo?: LocalDate;
};

const description = (id: string): SccAnnex => ({ id, about: { sv: 'beskrivning av överföringen', en: 'description of the transfer' } });
const security = (id: string): SccAnnex => ({ id, about: { sv: 'tekniska och organisatoriska åtgärder', en: 'technical and organisational measures' } });
const PARTIES: SccAnnex = { id: 'I.A', about: { sv: 'parterna', en: 'list of parties' } };
const AUTHORITY: SccAnnex = { id: 'I.C', about: { sv: 'behörig tillsynsmyndighet', en: 'competent supervisory authority' } };
const SUB_PROCESSORS: SccAnnex = { id: 'III', about: { sv: 'underbiträden', en: 'list of sub-processors' }, onlyWith: 'specific-sub-processor-authorisation' };

const BETWEEN_CONTROLLERS = { exporter: 'controller', importer: 'controller' } as const;
const TO_PROCESSOR = { exporter: 'controller', importer: 'processor' } as const;
const REPEALED_IN_2021 = { signableTo: '2021-09-26', to: '2022-12-27' } as const;

const OLDER: readonly SccClauses[] = [
  {
    generation: 'scc-2001-497', decision: '2001/497/EC', celex: '32001D0497', ...BETWEEN_CONTROLLERS, annexes: [description('1')],
    from: '2001-09-03', ...REPEALED_IN_2021, source: 'OJ L 181, 4.7.2001, p. 19; Art. 6 and Appendix 1 (legislation.gov.uk/eudn/2001/497)', confirmed: true,
  },
  {
    generation: 'scc-2004-915', decision: '2004/915/EC', celex: '32004D0915', ...BETWEEN_CONTROLLERS, annexes: [description('B')],
    from: '2005-04-01', ...REPEALED_IN_2021, source: 'OJ L 385, 29.12.2004, p. 74 (EUR-Lex)', confirmed: false,
    doubt: 'that it applied from 1 April 2005, and the letter of its annex, were not found',
  },
  {
    generation: 'scc-2002-16', decision: '2002/16/EC', celex: '32002D0016', ...TO_PROCESSOR, annexes: [description('1'), security('2')],
    from: '2002-04-03', signableTo: '2010-05-14', to: '2021-09-26', source: 'OJ L 6, 10.1.2002, p. 52 (EUR-Lex); replaced on 15 May 2010 (proskauer.com)', confirmed: false,
    doubt: 'that it applied from 3 April 2002 was not found; (EU) 2021/914 Art. 4(4) does not name contracts of 2002, so the repeal of 2010/87/EU, which had kept them, is taken as their end',
  },
  {
    generation: 'scc-2010-87', decision: '2010/87/EU', celex: '32010D0087', ...TO_PROCESSOR, annexes: [description('1'), security('2')],
    from: '2010-05-15', ...REPEALED_IN_2021, source: 'OJ L 39, 12.2.2010, p. 5 (EUR-Lex); in force 15 May 2010 (scl.org, proskauer.com)', confirmed: true,
  },
];

const OF_2021 = {
  generation: 'scc-2021-914', decision: '(EU) 2021/914', celex: '32021D0914', from: '2021-06-27',
  source: 'OJ L 199, 7.6.2021, p. 31, in force on the 20th day (twobirds.com); modules and annexes: law.md G46', confirmed: true,
} as const;
const DESCRIPTION = description('I.B');
const SECURITY = security('II');

/** Annexes I.C and II are not asked of module 4, whose exporter is a processor under the GDPR and whose importer is its controller. */
export const SCC_CLAUSES: readonly SccClauses[] = [
  ...OLDER,
  { ...OF_2021, module: 1, ...BETWEEN_CONTROLLERS, annexes: [PARTIES, DESCRIPTION, AUTHORITY, SECURITY] },
  { ...OF_2021, module: 2, ...TO_PROCESSOR, annexes: [PARTIES, DESCRIPTION, AUTHORITY, SECURITY, SUB_PROCESSORS] },
  { ...OF_2021, module: 3, exporter: 'processor', importer: 'processor', annexes: [PARTIES, DESCRIPTION, AUTHORITY, SECURITY, SUB_PROCESSORS] },
  {
    ...OF_2021, module: 4, exporter: 'processor', importer: 'controller', annexes: [PARTIES, DESCRIPTION], confirmed: false,
    doubt: 'that annexes I.C and II are headed modules one to three only was not found in print',
  },
];

/** Recital 7 and Art. 1(1) of (EU) 2021/914: the clauses are for an importer whose processing is not itself subject to the GDPR. */
export const SCC_NOT_FOR_GDPR_IMPORTERS = {
  generation: 'scc-2021-914',
  provision: { sv: 'skäl 7 och artikel 1.1 i beslut (EU) 2021/914', en: 'recital 7 and Article 1(1) of Decision (EU) 2021/914' },
  note: {
    sv: 'Klausulerna får inte användas när importörens egen behandling omfattas av dataskyddsförordningen. Någon uppsättning för det fallet har kommissionen inte antagit.',
    en: "The clauses may not be used where the importer's own processing is subject to the GDPR. The Commission has adopted no set for that case.",
  },
  source: 'Art. 1(1) of (EU) 2021/914; no further set adopted by September 2026 (Commission, SCC page)', confirmed: true,
} as const satisfies Provenance & { readonly generation: SccGeneration; readonly provision: Text; readonly note: Text };
