/**
 * The rules that judge told facts. A fact that fails one is recorded as unjustified and names it; those that take the ground away
 * also keep its values out of the vault ("data held without a basis is recorded by category, without its values").
 */
export interface Rule {
  readonly article: string;
  /** Without this there is no basis to hold the value at all. */
  readonly ground: boolean;
  /** A failed rule blocks an ask, unless the law only asks to be told of it: then it is a remark. */
  readonly effect?: 'remarks';
  /** Would tell an upstream of an objection, a dispute, a hold or a protected identity: for officers only (`architecture.md` §4). */
  readonly reveals?: true;
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
  'consent-covers-recipient': act('GDPR Art. 4(11), 13(1)(e)', 'samtycket omfattar inte mottagaren', 'the consent does not cover this recipient'),
  'consent-by-guardian': { ...act('GDPR Art. 8(1); dataskyddslagen 2 kap. 4 §', 'vårdnadshavaren har inte samtyckt för barnet', 'the guardian has not consented for the child'), ground: true, reveals: true },
  'basis-not-swapped': act('GDPR Art. 5(1)(a), 7(3)', 'grunden byttes efter ett återkallat samtycke', 'the basis was changed after consent was withdrawn'),
  'category-held': act('GDPR Art. 5(1)(d)', 'uppgiften finns inte hos oss', 'no such data is held'),
  'holding-justified': act('GDPR Art. 5(1)(a)', 'uppgiften innehas utan stöd', 'the data is held without justification'),
  'new-purpose-notice': act('GDPR Art. 13(3), 14(4)', 'personen har inte informerats om det nya ändamålet', 'the person was not told of the new purpose'),
  'interest-advertising-identity': act('GDPR Art. 5(1)(c)', 'namn, adress, e-post och telefon används aldrig för intressestyrd reklam', 'name, address, e-mail and phone are never used for interest-based advertising'),
  'combining-consent': act('GDPR Art. 6(1)(a); IMY DI-2019-11737', 'beteende får inte förenas med kund- eller köpta uppgifter för marknadsföring utan samtycke', 'behaviour may not be combined with customer or bought data for marketing without consent'),
  'analytics-apart': act('GDPR Art. 25(1), 4(5)', 'analys hålls skild från vem det gäller', 'analysis is kept apart from whom it is about'),
  'indirect-notice': act('GDPR Art. 14(3)', 'personen har inte informerats om uppgifter som hämtats från annat håll', 'the person was not told of data obtained elsewhere'),
  'source-use': act('Lag (1998:527) 3 §', 'uppgiften hämtades för annat', 'the data was obtained for something else'),
  'recipient-registered': act('GDPR Art. 13(1)(e), 30(1)(d)', 'mottagaren är inte registrerad', 'the recipient is not registered'),
  'recipient-for-purpose': act('GDPR Art. 13(1)(e)', 'policyn nämner inte sådana mottagare för ändamålet', 'the policy does not name such recipients for the purpose'),
  'recipient-role': act('GDPR Art. 4(7)–(10), 28(3)', 'mottagaren har ingen roll för ändamålet', 'the recipient has no role for the purpose'),
  'recipient-may-receive': act('GDPR Art. 5(1)(c)', 'mottagaren får inte ta emot uppgiften', 'the recipient may not receive this category'),
  'vendor-purpose': act('GDPR Art. 28(3)(a)', 'leverantören använder uppgiften till annat än uppdraget', 'the vendor uses the data for something else than its task'),
  'processor-contract': act('GDPR Art. 28(3)', 'personuppgiftsbiträdesavtal saknas', 'there is no processor contract'),
  'joint-arrangement': act('GDPR Art. 26(1)', 'inbördes arrangemang saknas', 'there is no joint controllers’ arrangement'),
  'sub-processor-accepted': act('GDPR Art. 28(2), 28(4)', 'vi har invänt mot ett underbiträde', 'we objected to a sub-processor'),
  'audit-current': { ...act('GDPR Art. 28(3)(h)', 'granskning av leverantören är försenad', 'an audit of the supplier is overdue'), effect: 'remarks' },
  'audit-passed': { ...act('GDPR Art. 28(3)(h)', 'leverantören underkändes vid granskning', 'the supplier failed its audit'), effect: 'remarks' },
  'conference-known': act('GDPR Art. 5(1)(b)', 'konferensen är inte angiven', 'no conference is named'),
  'conference-held': act('GDPR Art. 5(1)(b)', 'konferensen är inställd', 'the conference is cancelled'),
  'conference-party': act('GDPR Art. 5(1)(b), 13(1)(e)', 'mottagaren medverkar inte vid konferensen', 'the recipient is no party of the conference'),
  'conference-participant': act('GDPR Art. 5(1)(b)', 'personen deltar inte i konferensen', 'the person does not take part in the conference'),
  'sponsor-named': act('GDPR Art. 13(1)(e), 14(1)(e)', 'sponsorn är inte nämnd i den information personen fått', 'the sponsor is not named in the notice the person was served'),
  'sponsor-contact-only': act('GDPR Art. 5(1)(c), 9(1)', 'en sponsor får bara kontaktuppgifter', 'a sponsor receives contact details only'),
  'diet-to-kitchen-only': act('GDPR Art. 9(1), 5(1)(c)', 'kost och allergi går bara till kök och lokal', 'diet and allergy go to the caterer or venue only'),
  'mediation-among-participants': act('GDPR Art. 5(1)(b)', 'kontaktförmedling sker bara mellan deltagare', 'contact mediation is among participants only'),
  'authority-registered': act('GDPR Art. 4(9), 30(1)(d)', 'mottagaren är ingen registrerad myndighet', 'the recipient is no registered authority'),
  'authority-ground': act('GDPR Art. 6(1)(c), 6(3)', 'laglig grund för utlämnandet är inte angiven', 'no legal ground for the disclosure is stated'),
  'ground-for-recipient': act('GDPR Art. 5(1)(b)', 'grunden gäller inte sådana mottagare', 'the ground is not for such recipients'),
  'business-transfer-planned': act('GDPR Art. 6(1)(f)', 'ingen plan för överlåtelsen gällde', 'no plan of the transaction was in force'),
  'business-transfer-noticed': act('GDPR Art. 13(3), 14(4)', 'personerna informerades inte om överlåtelsen', 'people were not told of the transaction'),
  'transfer-ground': act('GDPR Art. 44', 'överföringen saknar stöd', 'the transfer has no ground'),
  'transfer-adequacy': act('GDPR Art. 45', 'inget gällande beslut om adekvat skyddsnivå omfattade mottagaren', 'no adequacy decision in force covered the recipient'),
  'arrangement-in-force': act('GDPR Art. 46(1)', 'inget överföringsavtal gällde', 'no transfer arrangement was in force'),
  'arrangement-suspended': act('Decision (EU) 2021/914 clause 14(f), 16(b)', 'överföringsavtalet var pausat', 'the transfer arrangement was suspended'),
  'arrangement-module': act('GDPR Art. 46(2)(c); Decision (EU) 2021/914 Art. 1', 'klausulernas modul passar inte rollerna', 'the module of the clauses does not fit the roles'),
  'arrangement-annexes': act('Decision (EU) 2021/914 annex', 'bilagor till klausulerna saknas', 'annexes of the clauses are missing'),
  'clauses-in-force': act('Decision (EU) 2021/914 Art. 4', 'klausulerna gällde inte längre', 'the clauses were no longer in force'),
  'impact-assessment': act('Decision (EU) 2021/914 clause 14; C-311/18', 'konsekvensbedömning av överföringen saknas eller är negativ', 'the transfer impact assessment is missing or negative'),
  'derogation-occasional': { ...act('GDPR Art. 49(1), EDPB 2/2018', 'undantag är inte för återkommande överföringar', 'a derogation is not for repeated transfers'), effect: 'remarks' },
  'derogation-used': { ...act('GDPR Art. 49(1)', 'överföringen vilar på ett undantag', 'the transfer rests on a derogation'), effect: 'remarks' },
  'transfer-in-policy': { ...act('GDPR Art. 13(1)(f)', 'policyn nämner inte sådana överföringar', 'the policy does not mention such transfers'), effect: 'remarks' },
  'protected-identity': { ...act('Offentlighets- och sekretesslagen 22 kap. 1 §; folkbokföringslagen 16 §', 'personen har skyddade uppgifter', 'the person has a protected identity'), reveals: true },
  'person-alive': { ...act('GDPR recital 27', 'personen är avliden', 'the person has died'), effect: 'remarks', reveals: true },
  'no-objection': { ...act('GDPR Art. 21(1), 21(3)', 'personen har invänt', 'the person has objected'), reveals: true },
  'not-restricted': { ...act('GDPR Art. 18(1)(a), 18(2)', 'uppgiften är begränsad', 'the data is restricted'), reveals: true },
  'not-merging': act('GDPR Art. 5(1)(d)', 'personens uppgifter slås just nu samman', "the person's records are being merged"),
  'marketing-to-child': { ...act('GDPR recital 38, 71', 'marknadsföring till barn', 'marketing to a child'), reveals: true },
  'authorisation-known': act('GDPR Art. 5(2)', 'tillståndet finns inte', 'there is no such authorisation'),
  'authorisation-once': act('GDPR Art. 5(2)', 'tillståndet var redan använt', 'the authorisation had been used'),
  'authorisation-fits': act('GDPR Art. 5(2)', 'tillståndet gällde något annat', 'the authorisation was for something else'),
  'authorisation-before': act('GDPR Art. 5(2)', 'tillståndet kom efter handlingen', 'the authorisation came after the act'),
  'source-purpose': { article: 'Lag (1998:527) 3 §', ground: false, sv: 'källans eget ändamål är inte angivet', en: "the source's own purpose is not stated" },
} as const satisfies Record<string, Rule>;

/** A rule on acts: it takes no ground to hold away. */
function act<const A extends string>(article: A, sv: string, en: string): { readonly article: A; readonly ground: false; readonly sv: string; readonly en: string } {
  return { article, ground: false, sv, en };
}

export type RuleCode = keyof typeof rules;

/** A failed rule as people read it, with the article that asks for it. In Swedish articles are written 6.1 a, in English 6(1)(a). */
export function ruleText(code: RuleCode, language: 'sv' | 'en'): string {
  const { article, [language]: sentence } = rules[code];
  return `${sentence} (${articleText(article, language)})`;
}

/** An article as that language writes it; Swedish acts keep their own names. */
export function articleText(article: string, language: 'sv' | 'en'): string {
  if (language === 'en' || !/^(GDPR|Decision)/.test(article)) return article;
  return article
    .replace(/^Decision/, 'Beslut')
    .replaceAll('Decision', 'beslut')
    .replaceAll(/\bArt\./g, 'artikel')
    .replaceAll('clause', 'klausul')
    .replace(/annex$/, 'bilaga')
    .replaceAll('recital', 'skäl')
    .replaceAll(/–\((\w+)\)/g, '–$1')
    .replaceAll(/(?<=[\d.])\((\d+)\)/g, '.$1')
    .replaceAll(/(?<=\d)\(([a-z])\)/g, ' $1');
}

/** The verdict that follows from the failed rules, as envelope members. */
export function verdictOf(failed: readonly RuleCode[]): { verdict: 'justified' } | { verdict: 'unjustified'; failed: readonly RuleCode[] } {
  return failed.length === 0 ? { verdict: 'justified' } : { verdict: 'unjustified', failed: [...new Set(failed)].sort() };
}
