/**
 * On what a transfer may rest: Chapter V GDPR, applicable since 25 May 2018 (Art. 99(2)), each with the provision of Directive 95/46/EC
 * that answered the same question until the day before. Looked up 2026-11-22.
 *
 * Sources: Regulation (EU) 2016/679, OJ L 119, 4.5.2016, p. 1; Directive 95/46/EC Art. 25–26 (eulaw.online/l/dir-46-1995/article/26).
 */
import type { Dated, Text } from '../in-force.js';
import type { LocalDate } from '../local-date.js';

export interface TransferMechanism extends Dated {
  /** As DPV names articles, beside the bases of Art. 6 and 9. */
  readonly id: string;
  readonly kind: 'adequacy' | 'safeguard' | 'derogation';
  readonly article: Text;
  readonly label: Text;
  /** Art. 46(3): only with the authority's authorisation. */
  readonly needsAuthorisation?: true;
  /** Art. 49(1) second subparagraph: the authority and the person must be told. */
  readonly needsInformation?: true;
  /** The provision until the day before `from`: the directive was repealed on that day (Art. 94(1) GDPR). None where it had none. */
  readonly directive?: Text;
}

const GDPR_APPLIES: LocalDate = '2018-05-25';

/** `46-2-c` → artikel 46.2 c, Article 46(2)(c). */
function articleOf(number: string): Text {
  const [article = '', paragraph = '', letter] = number.split('-');
  return letter === undefined
    ? { sv: `artikel ${article}.${paragraph} i dataskyddsförordningen`, en: `Article ${article}(${paragraph}) GDPR` }
    : { sv: `artikel ${article}.${paragraph} ${letter} i dataskyddsförordningen`, en: `Article ${article}(${paragraph})(${letter}) GDPR` };
}

const directive = (sv: string, en: string): { readonly directive: Text } => ({ directive: { sv: `artikel ${sv} i direktiv 95/46/EG`, en: `Article ${en} of Directive 95/46/EC` } });
const mechanism = (kind: TransferMechanism['kind'], number: string, sv: string, en: string, more: Partial<TransferMechanism> = {}): TransferMechanism => ({
  id: `eu-gdpr:A${number}`, kind, article: articleOf(number), label: { sv, en }, from: GDPR_APPLIES, ...more,
});
const AD_HOC = directive('26.2', '26(2)');

export const TRANSFER_MECHANISMS: readonly TransferMechanism[] = [
  mechanism('adequacy', '45-3', 'beslut om adekvat skyddsnivå', 'adequacy decision', directive('25.6', '25(6)')),
  mechanism('safeguard', '46-2-a', 'rättsligt bindande instrument mellan myndigheter', 'legally binding instrument between public bodies', AD_HOC),
  mechanism('safeguard', '46-2-b', 'bindande företagsbestämmelser', 'binding corporate rules', AD_HOC),
  mechanism('safeguard', '46-2-c', 'standardavtalsklausuler antagna av kommissionen', 'standard contractual clauses adopted by the Commission', directive('26.4', '26(4)')),
  mechanism('safeguard', '46-2-d', 'standardavtalsklausuler antagna av en tillsynsmyndighet', 'standard clauses adopted by a supervisory authority'),
  mechanism('safeguard', '46-2-e', 'godkänd uppförandekod', 'approved code of conduct'),
  mechanism('safeguard', '46-2-f', 'godkänd certifieringsmekanism', 'approved certification mechanism'),
  mechanism('safeguard', '46-3-a', 'avtalsklausuler som tillsynsmyndigheten godkänt', 'contractual clauses authorised by the authority', { needsAuthorisation: true, ...AD_HOC }),
  mechanism('safeguard', '46-3-b', 'administrativa överenskommelser mellan myndigheter', 'administrative arrangements between public bodies', { needsAuthorisation: true, ...AD_HOC }),
  mechanism('derogation', '49-1-a', 'uttryckligt samtycke till överföringen', 'explicit consent to the transfer', directive('26.1 a', '26(1)(a)')),
  mechanism('derogation', '49-1-b', 'avtal med den registrerade', 'contract with the data subject', directive('26.1 b', '26(1)(b)')),
  mechanism('derogation', '49-1-c', 'avtal i den registrerades intresse', "contract in the data subject's interest", directive('26.1 c', '26(1)(c)')),
  mechanism('derogation', '49-1-d', 'viktiga skäl som rör allmänintresset', 'important reasons of public interest', directive('26.1 d', '26(1)(d)')),
  mechanism('derogation', '49-1-e', 'rättsliga anspråk', 'legal claims', directive('26.1 d', '26(1)(d)')),
  mechanism('derogation', '49-1-f', 'grundläggande intressen', 'vital interests', directive('26.1 e', '26(1)(e)')),
  mechanism('derogation', '49-1-g', 'offentligt register', 'public register', directive('26.1 f', '26(1)(f)')),
  {
    id: 'eu-gdpr:A49-1-subparagraph-2', kind: 'derogation', from: GDPR_APPLIES, needsInformation: true,
    article: { sv: 'artikel 49.1 andra stycket i dataskyddsförordningen', en: 'Article 49(1) second subparagraph GDPR' },
    label: { sv: 'tvingande berättigade intressen, enstaka överföring', en: 'compelling legitimate interests, not repetitive' },
  },
];
