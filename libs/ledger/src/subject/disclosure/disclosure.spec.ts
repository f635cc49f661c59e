import { describe, expect, it } from '@jest/globals';
import { authorityIds } from '#law/authorities.js';
import { command, given, idOf, type Happened } from '../../testing/decider.fixture.js';
import { streamOf, type RecipientFact } from '../../testing/gate.fixture.js';
import { asurgentModel, firstModel, registersWith } from '../../testing/registers.fixture.js';
import { consented, HOLDING, held, registered, related } from '../../testing/subject.fixture.js';
import { AuthoriseDisclosure, authoriseDisclosure, ReportDisclosure, reportDisclosure } from './disclosure.commands.js';
import { ConfirmRecall, confirmRecall, RecallDisclosure, recallDisclosure, ReferMatterToPolice, referMatterToPolice } from './recall.commands.js';

const facts = (country: string): readonly RecipientFact[] => [
  ['RecipientRegistered', { kind: 'printer', country, from: '2019-01-01' }],
  ['RecipientRoleAssigned', { assignment: 'letters', role: 'processor', purposes: ['letter'], from: '2019-01-01' }],
  ['RecipientAgreementSigned', { agreement: 'contract', kind: 'processor-contract', from: '2019-01-01' }],
];
const registers = registersWith({ 'recipient-danish': streamOf('recipient-danish', ...facts('DK')), 'recipient-kenyan': streamOf('recipient-kenyan', ...facts('KE')) }, firstModel);
const NOW = { now: '2021-08-01T10:00:00.000Z' };
const DISCLOSURE = idOf('disclosure');
const person: readonly Happened[] = [registered, related(), consented('2021-05-01T10:00:00.000Z'), held({}, {}, { policy: firstModel.version })];
const items = [{ category: 'name', holding: HOLDING }, { category: 'email' }];
const disclosed: Happened = { type: 'PersonalDataDisclosed', data: { disclosure: DISCLOSURE, recipient: 'danish', purpose: 'letter', items, rules: [] } };
const asking = { subject: idOf('person'), service: 'letters', purpose: 'letter', categories: ['name'] } as const;
const about = { subject: idOf('person'), disclosure: DISCLOSURE } as const;

describe('a disclosure: recorded', () => {
  const ask = (recipient: string) => given(...person).when(authoriseDisclosure, command(AuthoriseDisclosure, { ...asking, recipient }, NOW), { registers });

  it('as allowed, with every rule that was applied', () => {
    ask('danish').then({ type: 'DisclosureAuthorised', verdict: 'justified', data: { outcome: 'allowed', recipient: 'danish', role: 'processor', items: [{ category: 'name', holding: HOLDING }] } });
  });

  it('as blocked where it is a transfer that nothing carries', () => {
    const outcome = ask('kenyan');
    outcome.then({ type: 'DisclosureBlocked', verdict: 'unjustified', data: { recipient: 'kenyan', country: 'KE' } });
    expect(outcome.facts[0]?.failed).toContain('transfer-ground');
  });

  it('as told, what is said of it sealed', () => {
    const told = { ...asking, recipient: 'unregistered', recipientName: 'Okänt bolag', case: 'K-1', reason: 'misstag', disclosure: DISCLOSURE, occurredAt: '2021-07-01T10:00:00Z' };
    given(...person).when(reportDisclosure, command(ReportDisclosure, told, NOW), { registers }).then({
      type: 'PersonalDataDisclosed',
      data: { disclosure: DISCLOSURE, recipient: 'unregistered' },
      sealed: [{ slot: 'recipient-name', value: 'Okänt bolag' }, { slot: 'case', category: 'case-reference', value: 'K-1' }, { slot: 'reason', value: 'misstag' }],
    });
  });
});

describe('a disclosure: ignored', () => {
  it('when it was told before', () => {
    given(...person, disclosed).when(reportDisclosure, command(ReportDisclosure, { ...asking, categories: ['email', 'name'], recipient: 'danish', disclosure: DISCLOSURE }, NOW), { registers }).thenNothing();
  });
});

describe('a disclosure: refused', () => {
  it('when another was told under its id, for that one would be lost', () => {
    const tell = (fields: object) => given(...person, disclosed).when(reportDisclosure, command(ReportDisclosure, { ...asking, categories: ['email', 'name'], recipient: 'danish', disclosure: DISCLOSURE, ...fields }, NOW), { registers });
    for (const other of [{ recipient: 'kenyan' }, { purpose: 'account' }, { categories: ['name'] }, { occurredAt: '2021-07-01' }]) tell(other).thenRefused('OtherAct', { pointer: '/disclosure' });
  });

  it('when an ask is about another time, and with unknown codes', () => {
    const ask = (fields: object) => given(...person).when(authoriseDisclosure, command(AuthoriseDisclosure, { ...asking, recipient: 'danish', ...fields }, NOW), { registers });
    ask({ occurredAt: '2021-07-01' }).thenRefused('AskIsForNow');
    ask({ recipient: 'nobody' }).thenRefused('UnknownRecipient');
    ask({ arrangement: 'other' }).thenRefused('UnknownArrangement', { pointer: '/arrangement', alternatives: [] });
    ask({ plan: 'other' }).thenRefused('UnknownPlan', { pointer: '/plan', alternatives: [] });
    ask({ ground: 'other' }).thenRefused('UnknownGround', { pointer: '/ground', alternatives: [] });
    ask({ conference: 'other' }).thenRefused('UnknownConference', { pointer: '/conference', alternatives: [] });
  });
});

describe('a recall: recorded', () => {
  it('of all that was disclosed, the reason sealed', () => {
    given(...person, disclosed)
      .when(recallDisclosure, command(RecallDisclosure, { ...about, reason: 'fel person' }, NOW))
      .then({ type: 'DisclosureRecalled', data: { disclosure: DISCLOSURE, items }, sealed: [{ slot: 'reason', category: 'free-text', value: 'fel person' }] });
  });

  it('of a part, and then of the rest', () => {
    const part = { type: 'DisclosureRecalled', data: { disclosure: DISCLOSURE, items: [items[0]] } };
    given(...person, disclosed).when(recallDisclosure, command(RecallDisclosure, { ...about, categories: ['name'] }, NOW)).then(part);
    given(...person, disclosed, part).when(recallDisclosure, command(RecallDisclosure, about, NOW)).then({ type: 'DisclosureRecalled', data: { disclosure: DISCLOSURE, items: [items[1]] } });
  });

  it('and what the recipient answers, also when it answers otherwise later', () => {
    const refused = { type: 'DisclosureRecallConfirmed', data: { disclosure: DISCLOSURE, outcome: 'refused' } };
    given(...person, disclosed).when(confirmRecall, command(ConfirmRecall, { ...about, outcome: 'refused' }, NOW)).then(refused);
    given(...person, disclosed, refused)
      .when(confirmRecall, command(ConfirmRecall, { ...about, outcome: 'erased', on: '2021-07-30' }, NOW))
      .then({ type: 'DisclosureRecallConfirmed', data: { disclosure: DISCLOSURE, outcome: 'erased', on: '2021-07-30' } });
  });
});

describe('a recall of the rest', () => {
  it('is confirmed for itself, though the recipient says the same of it as of the first', () => {
    const recalled = (item: object) => ({ type: 'DisclosureRecalled', data: { disclosure: DISCLOSURE, items: [item] } });
    const confirmed = { type: 'DisclosureRecallConfirmed', data: { disclosure: DISCLOSURE, outcome: 'erased', on: '2021-07-30' } };
    const [first, second] = [items.slice(0, 1), items.slice(1)].map((part) => part.map(recalled));
    given(...person, disclosed, ...(first ?? []), confirmed, ...(second ?? [])).when(confirmRecall, command(ConfirmRecall, { ...about, outcome: 'erased', on: '2021-07-30' }, NOW)).then(confirmed);
  });
});

describe('a recall: ignored', () => {
  it('when the same was recalled or confirmed before', () => {
    const recalled = { type: 'DisclosureRecalled', data: { disclosure: DISCLOSURE, items } };
    given(...person, disclosed, recalled).when(recallDisclosure, command(RecallDisclosure, { ...about, categories: ['email'] }, NOW)).thenNothing();
    const confirmed = { type: 'DisclosureRecallConfirmed', data: { disclosure: DISCLOSURE, outcome: 'erased', on: '2021-07-30' } };
    given(...person, disclosed, recalled, confirmed).when(confirmRecall, command(ConfirmRecall, { ...about, outcome: 'erased', on: '2021-07-30' }, NOW)).thenNothing();
  });
});

describe('a recall: refused', () => {
  it('of a disclosure that was never told, or of what was not in it', () => {
    given(...person).when(recallDisclosure, command(RecallDisclosure, about, NOW)).thenRefused('DisclosureNotFound', { pointer: '/disclosure' });
    given(...person).when(confirmRecall, command(ConfirmRecall, { ...about, outcome: 'erased' }, NOW)).thenRefused('DisclosureNotFound', { pointer: '/disclosure' });
    given(...person, disclosed).when(recallDisclosure, command(RecallDisclosure, { ...about, categories: ['allergy'] }, NOW)).thenRefused('UnknownCategory', { pointer: '/categories/0', alternatives: ['email', 'name'] });
  });
});

describe('a matter for the police', () => {
  const own = registersWith({ 'recipient-courthouse': streamOf('recipient-courthouse', ['RecipientRegistered', { kind: 'public-authority', country: 'SE', from: '2018-06-01' }]), 'recipient-mailer': streamOf('recipient-mailer', ['RecipientRegistered', { kind: 'newsletter-sending', country: 'SE', from: '2018-06-01' }]) }, asurgentModel);
  const told = { subject: idOf('person'), authority: 'polismyndigheten', ground: 'police-referral' } as const;
  const refer = (fields: object, ...history: readonly Happened[]) => given(registered, ...history).when(referMatterToPolice, command(ReferMatterToPolice, { ...told, ...fields }, NOW), { registers: own });

  it('is recorded, its number and reason sealed', () => {
    refer({ case: 'K-1', reason: 'bedrägeri', occurredAt: '2021-07-01' }).then({
      type: 'MatterReferredToPolice', verdict: 'justified', data: { authority: 'polismyndigheten', ground: 'police-referral' }, sealed: [{ slot: 'case', category: 'case-reference' }, { slot: 'reason', category: 'free-text' }],
    });
    refer({ authority: 'courthouse' }).then({ type: 'MatterReferredToPolice' });
    refer({ disclosure: DISCLOSURE }, disclosed).then({ type: 'MatterReferredToPolice', data: { disclosure: DISCLOSURE } });
  });

  it('is recorded as unjustified before there was a policy', () => {
    refer({ occurredAt: '2018-01-01' }).then({ type: 'MatterReferredToPolice', verdict: 'unjustified', failed: ['policy-in-force'] });
  });

  it('is ignored when the same was told before', () => {
    const before = { type: 'MatterReferredToPolice', occurredAt: '2021-07-01T10:00:00.000Z', data: { authority: 'polismyndigheten', ground: 'police-referral' } };
    refer({ occurredAt: '2021-07-01T10:00:00Z' }, before).thenNothing();
    refer({ occurredAt: '2021-07-02T10:00:00Z' }, before).then({ type: 'MatterReferredToPolice' });
  });

  it('is refused for an authority, a ground or a disclosure that nobody knows', () => {
    refer({ authority: 'mailer' }).thenRefused('UnknownAuthority', { pointer: '/authority', alternatives: [...authorityIds(), 'courthouse'].sort() });
    refer({ ground: 'curiosity' }).thenRefused('UnknownGround', { pointer: '/ground', alternatives: asurgentModel.alternatives('disclosure-ground') });
    refer({ disclosure: DISCLOSURE }).thenRefused('DisclosureNotFound', { pointer: '/disclosure' });
  });
});
