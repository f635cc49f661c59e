/**
 * The rules that judge told facts. A fact that fails one is recorded as unjustified and names it; those that take the ground away
 * also keep its values out of the vault ("data held without a basis is recorded by category, without its values").
 */
export interface Rule {
  readonly article: string;
  /** Without this there is no basis to hold the value at all. */
  readonly ground: boolean;
  readonly sv: string;
  readonly en: string;
}

export const rules = {
  'policy-in-force': { article: 'GDPR Art. 5(2), 13', ground: true, sv: 'ingen policy gällde då', en: 'no policy was in force then' },
  'purpose-for-service': { article: 'GDPR Art. 5(1)(b)', ground: true, sv: 'tjänsten har inte detta ändamål', en: 'the service does not have this purpose' },
  'purpose-of-the-day': { article: 'GDPR Art. 5(1)(b)', ground: true, sv: 'ändamålet fanns inte i dåvarande policy', en: 'the policy of the day did not have this purpose' },
  'category-allowed': { article: 'GDPR Art. 5(1)(c)', ground: true, sv: 'uppgiften behövs inte för ändamålet', en: 'the purpose does not need this category' },
  'basis-stated': { article: 'GDPR Art. 6(1)', ground: true, sv: 'rättslig grund saknas', en: 'there is no legal basis' },
  'special-basis': { article: 'GDPR Art. 9(2)', ground: true, sv: 'grund för känslig uppgift saknas', en: 'there is no basis for special category data' },
  'criminal-data': { article: 'GDPR Art. 10', ground: true, sv: 'uppgift om lagöverträdelse', en: 'data on criminal offences' },
  'consent-given': { article: 'GDPR Art. 6(1)(a)', ground: true, sv: 'samtycke har inte lämnats', en: 'consent was not given' },
  'consent-withdrawn': { article: 'GDPR Art. 7(3)', ground: true, sv: 'samtycket var återkallat', en: 'the consent had been withdrawn' },
  'consent-refused': { article: 'GDPR Art. 7', ground: true, sv: 'samtycke hade nekats', en: 'consent had been refused' },
  'consent-expired': { article: 'GDPR Art. 7(1)', ground: true, sv: 'samtycket hade gått ut', en: 'the consent had expired' },
  'consent-proven': { article: 'GDPR Art. 7(1)', ground: true, sv: 'samtycket kan inte visas', en: 'the consent cannot be demonstrated' },
  'consent-explicit': { article: 'GDPR Art. 9(2)(a)', ground: true, sv: 'samtycket var inte uttryckligt', en: 'the consent was not explicit' },
  'consent-covers-category': { article: 'GDPR Art. 4(11)', ground: true, sv: 'samtycket omfattar inte uppgiften', en: 'the consent does not cover this category' },
  'consent-stale': { article: 'GDPR Art. 7(1), 13(3)', ground: true, sv: 'villkoren hade ändrats sedan samtycket', en: 'the terms had changed since the consent' },
  'personnummer-justified': { article: 'Dataskyddslagen 3 kap. 10 §', ground: true, sv: 'skäl för personnummer saknas', en: 'the personnummer is not justified' },
  'notice-at-collection': { article: 'GDPR Art. 13(1)', ground: false, sv: 'ingen information gavs vid insamlingen', en: 'no notice was served at collection' },
  'source-registered': { article: 'GDPR Art. 14(2)(f)', ground: false, sv: 'källan är inte registrerad', en: 'the source is not registered' },
  'source-of-the-day': { article: 'GDPR Art. 14(2)(f)', ground: false, sv: 'källan användes inte då', en: 'the source was not in use then' },
  'source-purpose': { article: 'Lag (1998:527) 3 §', ground: false, sv: 'källans eget ändamål är inte angivet', en: "the source's own purpose is not stated" },
} as const satisfies Record<string, Rule>;

export type RuleCode = keyof typeof rules;

/** A failed rule as people read it, with the article that asks for it. In Swedish articles are written 6.1 a, in English 6(1)(a). */
export function ruleText(code: RuleCode, language: 'sv' | 'en'): string {
  const { article, [language]: sentence } = rules[code];
  const written = language === 'en' ? article : article.replace(/^GDPR Art\./, 'GDPR artikel').replaceAll(/\((\d+)\)/g, '.$1').replaceAll(/\(([a-z])\)/g, ' $1');
  return `${sentence} (${language === 'sv' && !article.startsWith('GDPR') ? article : written})`;
}

/** The verdict that follows from the failed rules, as envelope members. */
export function verdictOf(failed: readonly RuleCode[]): { verdict: 'justified' } | { verdict: 'unjustified'; failed: readonly RuleCode[] } {
  return failed.length === 0 ? { verdict: 'justified' } : { verdict: 'unjustified', failed: [...new Set(failed)].sort() };
}
