import { describe, expect, it } from '@jest/globals';
import { type accessEvents } from '../access/access.events.js';
import { event, idOf, type Happened } from '../testing/decider.fixture.js';
import { firstModel } from '../testing/registers.fixture.js';
import { consented, EMAIL, ended, evidence, held, HOLDING, linked, ORGANISATION, registered, related, RELATIONSHIP } from '../testing/subject.fixture.js';
import { subjectEvents } from '../subject/subject.js';
import { sentenceOf, type Label } from './sentences.js';

const AT = '2021-01-01T00:00:00.000Z';
const valueRef = { event: idOf('e'), slot: 'value/0' };

const item = { category: 'name', holding: HOLDING };
const disclosing = { recipient: 'printer', role: 'processor', purpose: 'letter', items: [item, { category: 'email' }], rules: [] };
const transferring = { recipient: 'mailer', purpose: 'letter', items: [item], country: 'US', remoteAccess: false, mechanism: 'standard-clauses', rules: [] };
const using = { kind: 'purpose', purpose: 'letter', items: [item], rules: [] };
const blocked: Happened = { type: 'DisclosureBlocked', verdict: 'unjustified', failed: ['processor-contract'], data: { ...disclosing, rules: [{ rule: 'processor-contract', result: 'failed' }] } };

/** One of each type that a trail may show. */
const examples: readonly Happened[] = [
  registered,
  linked('email', EMAIL),
  { type: 'SubjectIdentifierUnlinked', data: { identifier: idOf('i'), to: AT } },
  related(),
  { type: 'RelationshipEnded', data: { relationship: RELATIONSHIP, reason: 'unsubscribed' } },
  { type: 'OrganisationRepresentationStarted', data: { organisation: ORGANISATION } },
  { type: 'OrganisationRepresentationEnded', data: { organisation: ORGANISATION } },
  { type: 'ProtectedIdentityFlagged', data: { protection: 'secrecy-marking' } },
  { type: 'ProtectedIdentityLifted' },
  { type: 'AgeBandRecorded', data: { band: 'from-13-to-17' } },
  { type: 'DeathRecorded', data: { diedOn: '2021-01-01' } },
  { type: 'ConsentRequested', data: { purposes: ['letter'], ...evidence } },
  consented(AT),
  { ...consented(AT), type: 'RenewedConsentGiven' },
  ended('ConsentRefused', AT),
  ended('ConsentWithdrawn', AT, { purposes: ['letter'], unusable: true }),
  ended('ConsentExpired', AT),
  held(),
  { ...held(), type: 'PersonalDataObserved', data: { technology: 'cookie', relationship: RELATIONSHIP, items: [] } },
  { ...held(), type: 'PersonalDataSourced', data: { source: 'register', sourceKind: 'public-register', publiclyAccessible: false, relationship: RELATIONSHIP, items: [] } },
  { type: 'IndirectNoticeObligationOpened', data: { obligation: idOf('o'), sourcing: idOf('s'), obtainedAt: AT, dueAt: AT, dueOn: '2021-02-01', rule: 'gdpr-14-3-a', calendar: 'c' } },
  { type: 'IndirectNoticeServed', data: { obligation: idOf('o'), notice: evidence.notice, servedAt: AT } },
  { type: 'PersonalDataRectified', data: { holding: HOLDING, category: 'name', supersedes: [valueRef] } },
  { type: 'PersonalDataCompleted', data: { holding: HOLDING, category: 'name' } },
  { type: 'PersonalDataDisputed', data: { holding: HOLDING, dispute: idOf('d') } },
  { type: 'DisputeResolved', data: { holding: HOLDING, dispute: idOf('d'), outcome: 'upheld' } },
  { type: 'NoticeServed', data: { notice: evidence.notice, obligations: [idOf('o')], servedAt: AT } },
  { type: 'DataSubjectObjected', data: { kind: 'direct-marketing', at: AT } },
  { type: 'DisclosureAuthorised', data: { ...disclosing, authorisation: idOf('au'), outcome: 'allowed-with-remarks', rules: [{ rule: 'audit-current', result: 'remarked' }] } },
  blocked,
  { type: 'PersonalDataDisclosed', data: { ...disclosing, disclosure: idOf('di'), recipient: 'unregistered' } },
  { type: 'DisclosureRecalled', data: { disclosure: idOf('di'), items: [item] } },
  { type: 'DisclosureRecallConfirmed', data: { disclosure: idOf('di'), outcome: 'erased' } },
  { type: 'MatterReferredToPolice', data: { authority: 'polisen', ground: 'fraud' } },
  { type: 'TransferAuthorised', data: { ...transferring, authorisation: idOf('au'), outcome: 'allowed' } },
  { type: 'TransferBlocked', data: { ...transferring, mechanism: 'none' } },
  { type: 'TransferPerformed', data: { ...transferring, transfer: idOf('tr'), remoteAccess: true } },
  { type: 'UseAuthorised', data: { ...using, authorisation: idOf('au'), outcome: 'allowed' } },
  { type: 'UseBlocked', data: using },
  { type: 'PersonalDataUsed', data: { ...using, use: idOf('us'), recipient: 'printer' } },
  { type: 'DeviationDealtWith', data: { event: idOf('e'), measure: 'recalled' } },
  { type: 'MergeStarted', data: { merge: idOf('m'), from: idOf('q') } },
  { type: 'SubjectMergedInto', data: { merge: idOf('m'), into: idOf('p') } },
  { type: 'SubjectAbsorbed', data: { merge: idOf('m'), from: idOf('q'), revision: 3 } },
  { type: 'MergeAbandoned', data: { merge: idOf('m') } },
  { type: 'SubjectReleased', data: { merge: idOf('m'), from: idOf('q') } },
  { type: 'SubjectMergeReversed', data: { merge: idOf('m'), survivor: idOf('p') } },
  { type: 'RecordedInError', data: { event: idOf('e'), on: idOf('p'), revision: 3, code: 'wrong-person' } },
  { type: 'PersonalDataAccessed', data: { subject: idOf('p'), query: 'record', purpose: 'rights-request', categories: ['email'] } },
];

function say(happened: Happened, language: 'sv' | 'en'): string {
  const label: Label = (kind, code) => firstModel.label(kind, code, language);
  return sentenceOf(event(happened, 0), language, label);
}

describe('the trail', () => {
  it('has an example of every type that a person may find in it', () => {
    const shown = [...Object.keys(subjectEvents), 'PersonalDataAccessed' satisfies keyof typeof accessEvents];
    expect(examples.map(({ type }) => type).sort()).toEqual(shown.sort());
  });

  it.each(examples.map((happened) => [happened.type, happened] as const))('says %s in Swedish and in English', (_type, happened) => {
    const [sv, en] = [say(happened, 'sv'), say(happened, 'en')];
    for (const sentence of [sv, en]) {
      expect(sentence).toMatch(/^[A-ZÅÄÖ].*\.$/);
      expect(sentence).not.toMatch(/undefined|null|\[object|@/);
      // No ids of the ledger's own: they say nothing to people.
      expect(sentence).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}/);
    }
    expect(sv).not.toBe(en);
  });

  it('names codes as the policy does', () => {
    expect(say(consented(AT), 'sv')).toBe('Samtycke lämnades: brev (e-post).');
    expect(say(held(), 'en')).toBe('Data was collected (form): name.');
    expect(say(related(), 'sv')).toBe('Relation inleddes: gäst, brev.');
  });

  it('says a code that the policy does not know as it is', () => {
    expect(say(consented(AT, { purposes: ['gossip'] }), 'en')).toContain('gossip');
  });

  it('says which rules an unjustified fact failed, and what is held without its value', () => {
    const groundless = held({ slot: undefined } as object, {}, { verdict: 'unjustified', failed: ['consent-withdrawn', 'notice-at-collection'] });
    expect(say(groundless, 'en')).toBe('Data was collected (form): name (its value is not kept). Not justified: the consent had been withdrawn (GDPR Art. 7(3)); no notice was served at collection (GDPR Art. 13(1)).');
    expect(say(groundless, 'sv')).toBe('Uppgifter samlades in (blankett): namn (värdet sparas inte). Saknar stöd: samtycket var återkallat (GDPR artikel 7.3); ingen information gavs vid insamlingen (GDPR artikel 13.1).');
  });

  it('says once why an ask was blocked', () => {
    expect(say(blocked, 'en')).toBe('Disclosure was blocked: name, e-mail to printer (letter). Not justified: there is no processor contract (GDPR Art. 28(3)).');
    expect(say(blocked, 'sv')).toBe('Utlämnande stoppades: namn, e-post till printer (brev). Saknar stöd: personuppgiftsbiträdesavtal saknas (GDPR artikel 28.3).');
  });

  it('says that something of a withdrawal could not be read, and whose behalf a consent was given on', () => {
    expect(say(ended('ConsentWithdrawn', AT, { unusable: true }), 'en')).toBe('Consent was withdrawn: all purposes (something could not be read and is kept sealed).');
    expect(say(consented(AT, { indicatedBy: 'guardian', type: 'explicit' }), 'en')).toBe('Explicit consent was given by a guardian: letter (e-mail).');
  });
});
