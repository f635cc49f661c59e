/**
 * Every adequacy decision of the Commission: Directive 95/46/EC Art. 25(6), then Art. 45(3) GDPR (Art. 45(9) keeps the older ones).
 * Looked up 2026-11-22; the Commission's list of September 2026 has nothing after Brazil, and case C-703/25 P (Latombe, on the
 * Data Privacy Framework) was still pending.
 *
 * `from`. A decision addressed to the Member States takes effect on notification (Art. 297(2) TFEU, before it Art. 254(3) EC).
 * `notified`: the Commission or a public register names the day. `published`: nobody prints it, so the day of the Official Journal
 * stands: from then on anyone could rely on it, and EUR-Lex gives that day as date of effect where it gives one (2002/2/EC, 2025/1382).
 * `to` is the last day it could be relied on. A judgment that annuls works from its own day, so `to` is the day before it. A date on
 * which a decision expires is still covered: Regulation 1182/71 Art. 4(3), "the expiry of the last hour of the day".
 *
 * Not here, because they are no general adequacy: agreements and decisions on passenger name records (US, Canada, Australia), the
 * decision on the United Kingdom under Directive (EU) 2016/680, and findings made by others than the Commission.
 */
import type { Dated, Provenance, Text } from '../in-force.js';
import type { LocalDate } from '../local-date.js';

/** What of the country is covered. Of `certified-organisations` and `commercial-organisations` the recipient must be one. */
export type AdequacyScope = 'whole' | 'commercial-organisations' | 'certified-organisations' | 'organisation';

export type AdequacyEnd =
  | { readonly kind: 'judgment'; readonly case: string; readonly on: LocalDate }
  | { readonly kind: 'accession'; readonly on: LocalDate }
  | { readonly kind: 'replaced'; readonly by: string; readonly on: LocalDate }
  | { readonly kind: 'expiry'; readonly on: LocalDate };

export type AdequacyDecision = Dated & Provenance & {
  /** A registered id. */
  readonly id: string;
  readonly decision: string;
  readonly celex: string;
  /** ISO 3166-1 alpha-2, or the registered id of an international organisation. */
  readonly subject: string;
  readonly scope: AdequacyScope;
  readonly limits?: Text;
  readonly adoptedOn: LocalDate;
  readonly fromIs: 'notified' | 'published';
  readonly endedBy?: AdequacyEnd;
};

const AUTOMATED: Text = { sv: 'endast automatiserad behandling', en: 'automated processing only' };
const ON_THE_LIST: Text = { sv: 'endast organisationer på det amerikanska handelsdepartementets lista den dagen', en: 'only organisations on the list of the US Department of Commerce on that day' };

const UNDER_THE_DIRECTIVE: readonly AdequacyDecision[] = [
  {
    id: 'ch-2000-518', decision: '2000/518/EC', celex: '32000D0518', subject: 'CH', scope: 'whole',
    adoptedOn: '2000-07-26', from: '2000-08-25', fromIs: 'published', source: 'OJ L 215, 25.8.2000, p. 1 (EUR-Lex)', confirmed: true,
  },
  {
    id: 'hu-2000-519', decision: '2000/519/EC', celex: '32000D0519', subject: 'HU', scope: 'whole',
    adoptedOn: '2000-07-26', from: '2000-08-25', fromIs: 'published', to: '2004-04-30', endedBy: { kind: 'accession', on: '2004-05-01' },
    source: 'OJ L 215, 25.8.2000, p. 4 (EUR-Lex); never repealed, without object since Hungary is a Member State', confirmed: true,
  },
  {
    id: 'us-2000-520-safe-harbour', decision: '2000/520/EC', celex: '32000D0520', subject: 'US', scope: 'certified-organisations', limits: ON_THE_LIST,
    adoptedOn: '2000-07-26', from: '2000-08-25', fromIs: 'published', to: '2015-10-05', endedBy: { kind: 'judgment', case: 'C-362/14', on: '2015-10-06' },
    source: 'Commission, SEC(2002) 196 (adopted 26.7.2000); judgment C-362/14 Schrems, 6.10.2015 (recital 1 of (EU) 2016/2295)', confirmed: false,
    doubt: 'that it stands in the Official Journal of 25 August 2000, beside 2000/518/EC and 2000/519/EC, was not found',
  },
  {
    id: 'ca-2002-2', decision: '2002/2/EC', celex: '32002D0002', subject: 'CA', scope: 'commercial-organisations',
    limits: { sv: 'endast mottagare som omfattas av PIPEDA', en: 'only recipients subject to PIPEDA' },
    adoptedOn: '2001-12-20', from: '2002-01-04', fromIs: 'notified', source: 'OJ L 2, 4.1.2002, p. 13; notification 4.1.2002 (eumonitor.eu)', confirmed: true,
  },
  {
    id: 'ar-2003-490', decision: '2003/490/EC', celex: '32003D0490', subject: 'AR', scope: 'whole',
    adoptedOn: '2003-06-30', from: '2003-07-05', fromIs: 'published', source: 'OJ L 168, 5.7.2003, p. 19 (EUR-Lex)', confirmed: true,
  },
  {
    id: 'gg-2003-821', decision: '2003/821/EC', celex: '32003D0821', subject: 'GG', scope: 'whole',
    adoptedOn: '2003-11-21', from: '2003-11-25', fromIs: 'published', source: 'OJ L 308, 25.11.2003, p. 27 (EUR-Lex)', confirmed: true,
  },
  {
    id: 'im-2004-411', decision: '2004/411/EC', celex: '32004D0411', subject: 'IM', scope: 'whole',
    adoptedOn: '2004-04-28', from: '2004-04-30', fromIs: 'published', source: 'text of the decision, C(2004) 1556 (proteuscyber.com)', confirmed: false,
    doubt: 'the day of publication, 30 April 2004, was found in a secondary list only',
  },
  {
    id: 'je-2008-393', decision: '2008/393/EC', celex: '32008D0393', subject: 'JE', scope: 'whole',
    adoptedOn: '2008-05-08', from: '2008-05-28', fromIs: 'published', source: 'OJ L 138, 28.5.2008, p. 21 (EUR-Lex)', confirmed: true,
  },
  {
    id: 'fo-2010-146', decision: '2010/146/EU', celex: '32010D0146', subject: 'FO', scope: 'whole',
    limits: { sv: 'endast mottagare som omfattas av den färöiska lagen, inte danska statens myndigheter', en: 'only recipients subject to the Faroese Act, not authorities of the Danish State' },
    adoptedOn: '2010-03-05', from: '2010-03-09', fromIs: 'published', source: 'dat.fo (the decision and its day)', confirmed: false,
    doubt: 'the day of publication, 9 March 2010, was found in a secondary list only',
  },
  {
    id: 'ad-2010-625', decision: '2010/625/EU', celex: '32010D0625', subject: 'AD', scope: 'whole',
    adoptedOn: '2010-10-19', from: '2010-10-21', fromIs: 'published', source: 'OJ L 277, 21.10.2010, p. 27 (EUR-Lex)', confirmed: true,
  },
  {
    id: 'il-2011-61', decision: '2011/61/EU', celex: '32011D0061', subject: 'IL', scope: 'whole',
    limits: {
      sv: `${AUTOMATED.sv}; Staten Israel enligt folkrätten, alltså inte Golanhöjderna och Västbanken med östra Jerusalem`,
      en: `${AUTOMATED.en}; the State of Israel as international law defines it, so not the Golan Heights and the West Bank with East Jerusalem`,
    },
    adoptedOn: '2011-01-31', from: '2011-02-01', fromIs: 'published', source: 'OJ L 27, 1.2.2011, p. 39 (EUR-Lex)', confirmed: true,
  },
  {
    id: 'uy-2012-484', decision: '2012/484/EU', celex: '32012D0484', subject: 'UY', scope: 'whole', limits: AUTOMATED,
    adoptedOn: '2012-08-21', from: '2012-08-23', fromIs: 'published', source: 'OJ L 227, 23.8.2012, p. 11 (EUR-Lex)', confirmed: true,
  },
  {
    id: 'nz-2013-65', decision: '2013/65/EU', celex: '32013D0065', subject: 'NZ', scope: 'whole',
    adoptedOn: '2012-12-19', from: '2013-01-30', fromIs: 'published', source: 'OJ L 28, 30.1.2013, p. 12 (EUR-Lex)', confirmed: true,
  },
  {
    id: 'us-2016-1250-privacy-shield', decision: '(EU) 2016/1250', celex: '32016D1250', subject: 'US', scope: 'certified-organisations',
    limits: { sv: `${ON_THE_LIST.sv}; certifiering från den 1 augusti 2016`, en: `${ON_THE_LIST.en}; certification from 1 August 2016` },
    adoptedOn: '2016-07-12', from: '2016-07-12', fromIs: 'notified', to: '2020-07-15', endedBy: { kind: 'judgment', case: 'C-311/18', on: '2020-07-16' },
    source: 'Commission press release IP/16/2461 ("notified today … enter into force immediately"); judgment C-311/18, 16.7.2020', confirmed: true,
  },
];

const UNDER_THE_GDPR: readonly AdequacyDecision[] = [
  {
    id: 'jp-2019-419', decision: '(EU) 2019/419', celex: '32019D0419', subject: 'JP', scope: 'commercial-organisations',
    limits: {
      sv: 'endast företag som omfattas av APPI med de kompletterande reglerna, inte press, universitet, religiösa eller politiska organ',
      en: 'only business operators subject to APPI with the Supplementary Rules, not press, universities, religious or political bodies',
    },
    adoptedOn: '2019-01-23', from: '2019-01-23', fromIs: 'notified', source: 'Commission, 23.1.2019: "will start applying as of today"; Art. 1 (legislation.gov.uk/eudn/2019/419)', confirmed: true,
  },
  {
    id: 'gb-2021-1772', decision: '(EU) 2021/1772', celex: '32021D1772', subject: 'GB', scope: 'whole',
    limits: { sv: 'inte uppgifter för brittisk migrationskontroll', en: 'not data for United Kingdom immigration control' },
    adoptedOn: '2021-06-28', from: '2021-06-28', fromIs: 'notified', to: '2025-12-22', endedBy: { kind: 'replaced', by: '(EU) 2025/2574', on: '2025-12-23' },
    source: 'Commission, 28.6.2021: "enter into force today"; to expire 27.6.2025, then by (EU) 2025/1226 of 24.6.2025 on 27.12.2025', confirmed: true,
  },
  {
    id: 'gb-2021-1772-renewed', decision: '(EU) 2021/1772 as amended by (EU) 2025/2574', celex: '32025D2574', subject: 'GB', scope: 'whole',
    adoptedOn: '2025-12-19', from: '2025-12-23', fromIs: 'published', to: '2031-12-27', endedBy: { kind: 'expiry', on: '2031-12-27' },
    source: 'OJ L, 2025/2574, 23.12.2025; Art. 4: "shall expire on 27 December 2031, unless extended"; the exception for immigration control is gone', confirmed: true,
  },
  {
    id: 'kr-2022-254', decision: '(EU) 2022/254', celex: '32022D0254', subject: 'KR', scope: 'whole',
    limits: {
      sv: 'inte kreditupplysningar under finanstillsynen (FSC), inte religiösa organisationer eller politiska partier',
      en: 'not credit information under the Financial Services Commission, not religious organisations or political parties',
    },
    adoptedOn: '2021-12-17', from: '2021-12-17', fromIs: 'notified', source: 'regjeringen.no, EEA note on (EU) 2022/254: in force in the EU on 17 December 2021; limits: cnpd.public.lu', confirmed: true,
  },
  {
    id: 'us-2023-1795-data-privacy-framework', decision: '(EU) 2023/1795', celex: '32023D1795', subject: 'US', scope: 'certified-organisations',
    limits: { sv: `${ON_THE_LIST.sv}; anställdas uppgifter bara om organisationen valt det`, en: `${ON_THE_LIST.en}; human-resources data only where the organisation chose so` },
    adoptedOn: '2023-07-10', from: '2023-07-10', fromIs: 'notified', source: 'OJ L 231, 20.9.2023, p. 118; took effect on 10 July 2023 (aoshearman.com, legal500.com)', confirmed: true,
  },
  {
    id: 'epo-2025-1382', decision: '(EU) 2025/1382', celex: '32025D1382', subject: 'european-patent-organisation', scope: 'organisation',
    adoptedOn: '2025-07-15', from: '2025-07-18', fromIs: 'published', source: 'OJ L, 2025/1382, 18.7.2025; date of effect 18.7.2025 (EUR-Lex, by lex24.ro)', confirmed: true,
  },
  {
    id: 'br-2026-179', decision: '(EU) 2026/179', celex: '32026D0179', subject: 'BR', scope: 'whole',
    limits: { sv: 'mottagare som omfattas av LGPD; inte enbart för allmän säkerhet eller brottsbekämpning', en: 'recipients subject to the LGPD; not solely for public security or law enforcement' },
    adoptedOn: '2026-01-26', from: '2026-01-28', fromIs: 'published', source: 'OJ L, 2026/179, 28.1.2026 (europalov.no, sintact.ro)', confirmed: true,
  },
];

export const ADEQUACY_DECISIONS: readonly AdequacyDecision[] = [...UNDER_THE_DIRECTIVE, ...UNDER_THE_GDPR];
