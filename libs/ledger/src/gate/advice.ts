/** What to do about a rule that failed: a sentence for each. It says what whoever asks can do, never more of the person than the rule does. */
import type { RuleCode } from '../rules.js';

export interface Advice {
  /** The rule it is about; absent: about the answer as a whole. */
  readonly rule?: string;
  readonly sv: string;
  readonly en: string;
}

/** What an upstream is told of every blocked ask, whether or not it is shown why. */
export const NOT_PERMITTED: Advice = {
  sv: 'Inte tillåtet: gör det inte. Dataskyddsfunktionen ser alla skäl; hänvisa till frågans id.',
  en: 'Not permitted: do not do it. The compliance officers see all reasons; refer to the id of the ask.',
};

const steps = {
  policy: { sv: 'Be dataskyddsfunktionen: policyn måste ändras eller gälla innan det görs.', en: 'Ask the compliance officers: the policy has to change, or be in force, before it is done.' },
  purpose: { sv: 'Ange ett ändamål som policyn har för tjänsten.', en: 'Name a purpose that the policy has for the service.' },
  data: { sv: 'Utelämna uppgiften, eller ange ett ändamål som behöver den.', en: 'Leave the category out, or name a purpose that needs it.' },
  held: { sv: 'Utelämna uppgiften: den finns inte hos oss med stöd för detta.', en: 'Leave the category out: we do not hold it with a basis for this.' },
  consent: { sv: 'Gör det inte utan personens giltiga samtycke till just detta; fråga igen när det har lämnats.', en: 'Do not do it without the person’s valid consent to just this; ask again when it has been given.' },
  final: { sv: 'Respektera valet: be inte om samma sak på en annan grund.', en: 'Respect the choice: do not ask for the same on another basis.' },
  proof: { sv: 'Komplettera det som visar samtycket, eller hämta in det på nytt.', en: 'Complete what shows the consent, or ask for it anew.' },
  notice: { sv: 'Informera personen först, och fråga sedan igen.', en: 'Inform the person first, then ask again.' },
  source: { sv: 'Registrera källan och vad den får användas till, eller utelämna uppgiften.', en: 'Register the source and what it may be used for, or leave the category out.' },
  apart: { sv: 'Använd uppgifterna var för sig, eller utan vem de gäller.', en: 'Use the data separately, or without whom it is about.' },
  recipient: { sv: 'Registrera mottagaren med roll för ändamålet, eller välj en som har den.', en: 'Register the recipient with a role for the purpose, or choose one that has it.' },
  contract: { sv: 'Teckna eller förnya avtalet med mottagaren, och registrera det.', en: 'Sign or renew the agreement with the recipient, and register it.' },
  audit: { sv: 'Granska leverantören och registrera utfallet.', en: 'Audit the supplier and register the outcome.' },
  conference: { sv: 'Ange en konferens som hålls och där både personen och mottagaren medverkar.', en: 'Name a conference that is held and in which both the person and the recipient take part.' },
  recipientData: { sv: 'Utelämna det som mottagaren inte får ta emot.', en: 'Leave out what this recipient may not receive.' },
  authority: { sv: 'Ange myndigheten och den lagliga grunden; överlåt ärendet åt dataskyddsfunktionen.', en: 'Name the authority and the legal ground; leave the matter to the compliance officers.' },
  transaction: { sv: 'Registrera planen för överlåtelsen och informera om den först.', en: 'Register the plan of the transaction and give notice of it first.' },
  transfer: { sv: 'För inte över uppgiften dit; ordna stöd för överföringen eller välj en mottagare inom EES.', en: 'Do not transfer the data there; arrange a ground for the transfer or choose a recipient within the EEA.' },
  clauses: { sv: 'Rätta överföringsavtalet (modul, bilagor, bedömning, giltighet), registrera det och fråga igen.', en: 'Mend the transfer arrangement (module, annexes, assessment, validity), register it and ask again.' },
  derogation: { sv: 'Använd undantaget bara enstaka gånger; ordna annat stöd om det upprepas.', en: 'Use the derogation occasionally only; arrange another ground if it recurs.' },
  person: { sv: 'Gör det inte. Handlägg det med personens rättigheter för ögonen.', en: 'Do not do it. Handle it with the person’s rights in view.' },
  later: { sv: 'Vänta tills uppgifterna har slagits samman, och fråga igen.', en: 'Wait until the records are merged, and ask again.' },
  ask: { sv: 'Begär ett nytt tillstånd före varje handling, för just den.', en: 'Ask for a new authorisation before each act, for just that one.' },
} as const;

const nextSteps: Readonly<Record<RuleCode, keyof typeof steps>> = {
  'policy-in-force': 'policy',
  'purpose-for-service': 'purpose',
  'purpose-of-the-day': 'purpose',
  'category-allowed': 'data',
  'basis-stated': 'policy',
  'special-basis': 'policy',
  'criminal-data': 'data',
  'consent-given': 'consent',
  'consent-withdrawn': 'final',
  'consent-refused': 'final',
  'consent-expired': 'consent',
  'consent-proven': 'proof',
  'consent-explicit': 'consent',
  'consent-covers-category': 'consent',
  'consent-stale': 'consent',
  'personnummer-justified': 'data',
  'notice-at-collection': 'notice',
  'source-registered': 'source',
  'source-of-the-day': 'source',
  'consent-covers-recipient': 'consent',
  'consent-by-guardian': 'person',
  'basis-not-swapped': 'final',
  'category-held': 'held',
  'holding-justified': 'held',
  'new-purpose-notice': 'notice',
  'interest-advertising-identity': 'data',
  'combining-consent': 'consent',
  'analytics-apart': 'apart',
  'indirect-notice': 'notice',
  'source-use': 'source',
  'recipient-registered': 'recipient',
  'recipient-for-purpose': 'recipient',
  'recipient-role': 'recipient',
  'recipient-may-receive': 'recipientData',
  'vendor-purpose': 'recipient',
  'processor-contract': 'contract',
  'joint-arrangement': 'contract',
  'sub-processor-accepted': 'contract',
  'audit-current': 'audit',
  'audit-passed': 'audit',
  'conference-known': 'conference',
  'conference-held': 'conference',
  'conference-party': 'conference',
  'conference-participant': 'conference',
  'sponsor-named': 'notice',
  'sponsor-contact-only': 'recipientData',
  'diet-to-kitchen-only': 'recipientData',
  'mediation-among-participants': 'conference',
  'authority-registered': 'authority',
  'authority-ground': 'authority',
  'ground-for-recipient': 'authority',
  'business-transfer-planned': 'transaction',
  'business-transfer-noticed': 'transaction',
  'transfer-ground': 'transfer',
  'transfer-adequacy': 'transfer',
  'arrangement-in-force': 'clauses',
  'arrangement-suspended': 'clauses',
  'arrangement-module': 'clauses',
  'arrangement-annexes': 'clauses',
  'clauses-in-force': 'clauses',
  'impact-assessment': 'clauses',
  'derogation-occasional': 'derogation',
  'derogation-used': 'derogation',
  'transfer-in-policy': 'policy',
  'protected-identity': 'person',
  'person-alive': 'person',
  'no-objection': 'person',
  'not-restricted': 'person',
  'not-merging': 'later',
  'marketing-to-child': 'person',
  'authorisation-known': 'ask',
  'authorisation-once': 'ask',
  'authorisation-fits': 'ask',
  'authorisation-before': 'ask',
  'source-purpose': 'source',
};

/** Nothing of a code that this program does not know. */
export function adviceOf(rule: string): readonly Advice[] {
  return Object.hasOwn(nextSteps, rule) ? [{ rule, ...steps[nextSteps[rule as RuleCode]] }] : [];
}
