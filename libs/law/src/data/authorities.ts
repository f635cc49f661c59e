/**
 * Authorities by registered id, with the names they have borne. Looked up 2026-11-22.
 *
 * `BEFORE` stands for "at least since": a name's first day before 1995 matters to nothing here. A body that took over another's tasks is
 * an authority of its own; a mere change of name is not (Datainspektionen is today's IMY, Rikspolisstyrelsen is not today's police).
 * Left out: authorities whose dates nobody has needed yet; they come with their source when a register names them.
 */
import type { Dated, Provenance, Text } from '../in-force.js';

export type AuthorityTask = 'data-protection' | 'electronic-communications' | 'law-enforcement' | 'prosecution' | 'taxation' | 'customs' | 'enforcement-of-debts' | 'social-insurance';

export type AuthorityName = Dated & Provenance & { readonly name: Text };

export interface Authority {
  /** A registered id. */
  readonly id: string;
  readonly task: AuthorityTask;
  /** In order of time, without gap or overlap. */
  readonly names: readonly [AuthorityName, ...AuthorityName[]];
  /** What else it is called; its names are known without being listed here. */
  readonly aliases: readonly string[];
}

const BEFORE = '1995-01-01';

export const AUTHORITIES: readonly Authority[] = [
  {
    id: 'imy', task: 'data-protection', aliases: ['IMY', 'DI', 'Data Inspection Board'],
    names: [
      { name: { sv: 'Datainspektionen', en: 'Swedish Data Protection Authority' }, from: BEFORE, to: '2020-12-31', source: 'datainspektionen.se, history: set up in 1973', confirmed: true },
      { name: { sv: 'Integritetsskyddsmyndigheten', en: 'Swedish Authority for Privacy Protection' }, from: '2021-01-01', source: 'law.md SE1; renamed on 1 January 2021', confirmed: true },
    ],
  },
  {
    id: 'edpb', task: 'data-protection', aliases: ['EDPB'],
    names: [{ name: { sv: 'Europeiska dataskyddsstyrelsen', en: 'European Data Protection Board' }, from: '2018-05-25', source: 'Art. 68 GDPR; first plenary 25 May 2018 (edpb.europa.eu)', confirmed: true }],
  },
  {
    id: 'edps', task: 'data-protection', aliases: ['EDPS'],
    names: [{
      name: { sv: 'Europeiska datatillsynsmannen', en: 'European Data Protection Supervisor' }, from: '2004-01-17', source: 'Regulation (EC) No 45/2001 Art. 41', confirmed: false,
      doubt: 'neither the regulation nor the day the first supervisor took office was found',
    }],
  },
  {
    // Supervises cookies: 9 kap. 28 § lag (2022:482) om elektronisk kommunikation, before it 6 kap. 18 § lag (2003:389).
    id: 'pts', task: 'electronic-communications', aliases: ['PTS'],
    names: [{ name: { sv: 'Post- och telestyrelsen', en: 'Swedish Post and Telecom Authority' }, from: BEFORE, source: 'law.md SE9; so named since 1994 (thomasnilsson.eu)', confirmed: true }],
  },
  {
    id: 'polismyndigheten', task: 'law-enforcement', aliases: ['Polisen', 'The Police'],
    names: [{ name: { sv: 'Polismyndigheten', en: 'Swedish Police Authority' }, from: '2015-01-01', source: 'prop. 2013/14:110', confirmed: true }],
  },
  {
    id: 'rikspolisstyrelsen', task: 'law-enforcement', aliases: ['RPS'],
    names: [{ name: { sv: 'Rikspolisstyrelsen', en: 'Swedish National Police Board' }, from: BEFORE, to: '2014-12-31', source: 'prop. 2013/14:110: merged into Polismyndigheten on 1 January 2015', confirmed: true }],
  },
  {
    id: 'sakerhetspolisen', task: 'law-enforcement', aliases: ['Säpo'],
    names: [{ name: { sv: 'Säkerhetspolisen', en: 'Swedish Security Service' }, from: '2015-01-01', source: 'prop. 2013/14:110: an authority of its own, until then part of Rikspolisstyrelsen', confirmed: true }],
  },
  {
    id: 'ekobrottsmyndigheten', task: 'prosecution', aliases: ['EBM'],
    names: [{ name: { sv: 'Ekobrottsmyndigheten', en: 'Swedish Economic Crime Authority' }, from: '1998-01-01', source: 'förordning (1997:898), in force 1 January 1998 (lagen.nu)', confirmed: true }],
  },
  {
    id: 'aklagarmyndigheten', task: 'prosecution', aliases: ['Åklagaren'],
    names: [{
      name: { sv: 'Åklagarmyndigheten', en: 'Swedish Prosecution Authority' }, from: '2005-01-01', source: 'one authority since 2005 (expowera.se, RiR 2010:3)', confirmed: false,
      doubt: 'the year was found, the day was not',
    }],
  },
  {
    id: 'skatteverket', task: 'taxation', aliases: ['SKV', 'Skattemyndigheten'],
    names: [{ name: { sv: 'Skatteverket', en: 'Swedish Tax Agency' }, from: '2004-01-01', source: 'skatteverket.se: set up on 1 January 2004', confirmed: true }],
  },
  {
    id: 'riksskatteverket', task: 'taxation', aliases: ['RSV'],
    names: [{ name: { sv: 'Riksskatteverket', en: 'National Tax Board' }, from: BEFORE, to: '2003-12-31', source: 'skatteverket.se: replaced on 1 January 2004', confirmed: true }],
  },
  {
    id: 'kronofogdemyndigheten', task: 'enforcement-of-debts', aliases: ['Kronofogden', 'KFM'],
    names: [{ name: { sv: 'Kronofogdemyndigheten', en: 'Swedish Enforcement Authority' }, from: '2006-07-01', source: 'förordning (2006:883), in force 1 July 2006', confirmed: true }],
  },
  {
    id: 'tullverket', task: 'customs', aliases: ['Tullen', 'Generaltullstyrelsen'],
    names: [{ name: { sv: 'Tullverket', en: 'Swedish Customs' }, from: BEFORE, source: 'sv.wikipedia.org/wiki/Tullverket: since 1636; its board gave way to the head office on 1 July 1999 (TFS 1999:22)', confirmed: true }],
  },
  {
    id: 'forsakringskassan', task: 'social-insurance', aliases: ['FK'],
    names: [{ name: { sv: 'Försäkringskassan', en: 'Swedish Social Insurance Agency' }, from: '2005-01-01', source: 'prop. 2003/04:69', confirmed: true }],
  },
  {
    id: 'riksforsakringsverket', task: 'social-insurance', aliases: ['RFV'],
    names: [{ name: { sv: 'Riksförsäkringsverket', en: 'National Social Insurance Board' }, from: BEFORE, to: '2004-12-31', source: 'prop. 2003/04:69: wound up on 31 December 2004', confirmed: true }],
  },
];
