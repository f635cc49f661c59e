import { describe, expect, it } from '@jest/globals';
import { command, event, given, idOf, NOW, type Fields, type Happened, type Outcome } from '../../testing/decider.fixture.js';
import { agreed, asurgentRegisters, collected, CONTROLLER, customer, holdingId, observed } from '../../testing/person-gate.fixture.js';
import { asurgentModel, registersWith } from '../../testing/registers.fixture.js';
import { nth, registered } from '../../testing/subject.fixture.js';
import { AuthoriseUse, authoriseUse, ReportUse, reportUse } from './use.commands.js';

const subject = idOf('person');
const history = [registered, customer, collected('email'), collected('name')];
const purchase = { subject, controller: CONTROLLER, purpose: 'purchase', categories: ['email'] };
const registers = asurgentRegisters;

function ask(fields: Fields<AuthoriseUse> = {}, ...more: readonly Happened[]) {
  return given(...history, ...more).when(authoriseUse, command(AuthoriseUse, { ...purchase, ...fields }), { registers });
}
function tell(fields: Fields<ReportUse> = {}, ...more: readonly Happened[]) {
  return given(...history, ...more).when(reportUse, command(ReportUse, { ...purchase, ...fields }), { registers });
}

/** The event that an ask was answered with. */
function answerTo({ facts: [fact] }: Outcome): Happened {
  if (fact === undefined) throw new Error('it was not answered');
  const { sealed: _sealed, links: _links, ...happened } = fact;
  return happened;
}

const newsletter = { purpose: 'newsletter', service: 'newsletter', controller: undefined };
const consent = agreed('newsletter', '2021-01-10T08:00:00.000Z');
const withdrawn: Happened = { type: 'ConsentWithdrawn', occurredAt: '2021-03-10T08:00:00.000Z', data: { at: '2021-03-10T08:00:00.000Z' } };

describe('asking for a use: recorded', () => {
  it('as authorised, for one use, with the data it is about and every rule that was applied', () => {
    const outcome = ask();
    outcome.then({
      type: 'UseAuthorised',
      occurredAt: NOW,
      controller: CONTROLLER,
      policy: 'asurgent-2018-05-25',
      verdict: 'justified',
      data: { authorisation: idOf('new authorisation'), outcome: 'allowed', kind: 'purpose', purpose: 'purchase', items: [{ category: 'email', holding: holdingId('email') }] },
    });
    expect(outcome.facts[0]?.data['rules']).toContainEqual({ rule: 'category-allowed', result: 'passed', categories: ['email'], clause: 'providing' });
    expect(outcome.facts[0]).not.toHaveProperty('failed');
    expect(outcome.facts[0]?.registers).toEqual([{ stream: `policy-${CONTROLLER}`, revision: 0 }]);
  });

  it('with remarks where the law asks for no more', () => {
    ask({}, { type: 'DeathRecorded', data: {} }).then({ type: 'UseAuthorised', verdict: 'justified', data: { outcome: 'allowed-with-remarks' } });
  });

  it('as blocked, with the rules that failed and the events they rest on', () => {
    const outcome = ask(newsletter, consent, withdrawn);
    outcome.then({ type: 'UseBlocked', verdict: 'unjustified', failed: ['consent-withdrawn', 'new-purpose-notice'], service: 'newsletter' });
    expect(outcome.facts[0]?.data['rules']).toContainEqual({ rule: 'consent-withdrawn', result: 'failed', categories: ['email'], events: [nth(consent, 4), nth(withdrawn, 5)], from: '2021-03-10' });
    expect(outcome.facts[0]?.data).not.toHaveProperty('authorisation');
  });

  it('of one holding, of a combination, of analysis', () => {
    ask({ categories: undefined, holdings: [holdingId('name')] }).then({ type: 'UseAuthorised', data: { items: [{ category: 'name', holding: holdingId('name') }] } });
    ask({ kind: 'combination' }).then({ type: 'UseAuthorised', data: { kind: 'combination' } });
    ask({ kind: 'analytics' }).then({ type: 'UseBlocked', failed: ['analytics-apart'], data: { kind: 'analytics' } });
    ask({ kind: 'analytics', purpose: 'product-improvement', categories: ['page-view'] }, observed('page-view', { purposes: ['product-improvement'] })).then({ type: 'UseAuthorised' });
  });

  it('of a vendor', () => {
    const known = registersWith({ 'recipient-acme': [event({ type: 'RecipientRegistered', data: { kind: 'payment-services', country: 'SE', from: '2019-01-01' } }, 0, 'recipient-acme')] }, asurgentModel);
    const [fact] = given(...history).when(authoriseUse, command(AuthoriseUse, { ...purchase, recipient: 'acme' }), { registers: known }).facts;
    expect(fact?.data).toMatchObject({ recipient: 'acme', kind: 'purpose' });
    expect(fact?.registers).toContainEqual({ stream: 'recipient-acme', revision: 0 });
  });

  it('and answered alike when it is only asked for advice', () => {
    const { state } = given(...history, consent, withdrawn);
    const when = { text: NOW, earliest: NOW, latest: NOW };
    expect(authoriseUse.advise?.(command(AuthoriseUse, { ...purchase, ...newsletter }), state, { registers, when })).toMatchObject({ outcome: 'blocked', failed: ['consent-withdrawn', 'new-purpose-notice'] });
  });
});

describe('telling of a use: recorded', () => {
  const asked = answerTo(ask());
  const authorisation = idOf('new authorisation');
  const later = { occurredAt: NOW };

  it('on its authorisation, as justified', () => {
    tell({ ...later, authorisation, use: idOf('use') }, asked).then({ type: 'PersonalDataUsed', verdict: 'justified', data: { use: idOf('use'), authorisation, kind: 'purpose', items: [{ category: 'email', holding: holdingId('email') }] } });
  });

  it('as unjustified when the authorisation was used, was for something else, or never was', () => {
    const used: Happened = { type: 'PersonalDataUsed', data: { use: idOf('first'), authorisation, kind: 'purpose', purpose: 'purchase', items: [], rules: [] } };
    tell({ ...later, authorisation }, asked, used).then({ type: 'PersonalDataUsed', failed: ['authorisation-once'] });
    tell({ ...later, authorisation, purpose: 'service-provision' }, asked).then({ type: 'PersonalDataUsed', failed: ['authorisation-fits'] });
    tell({ ...later, authorisation: idOf('nothing') }).then({ type: 'PersonalDataUsed', failed: ['authorisation-known'] });
    tell({ occurredAt: '2021-05-31', authorisation }, asked).then({ type: 'PersonalDataUsed', failed: ['authorisation-before'] });
  });

  it('knows an authorisation of another kind of act, which does not fit', () => {
    const disclosed: Happened = { ...asked, type: 'DisclosureAuthorised', data: { ...asked.data, recipient: 'acme' } };
    tell({ ...later, authorisation }, disclosed).then({ type: 'PersonalDataUsed', failed: ['authorisation-fits'] });
  });

  it('on an authorisation that a withdrawal came after, as unjustified, and names the withdrawal', () => {
    const told = [collected('email', { purposes: ['newsletter'] }), consent];
    const now = '2021-03-09T08:00:00.000Z';
    const authorised = answerTo(given(registered, customer, ...told).when(authoriseUse, command(AuthoriseUse, { ...purchase, ...newsletter }, { now }), { registers }));
    expect(authorised.type).toBe('UseAuthorised');
    const [fact] = given(registered, customer, ...told, authorised, withdrawn).when(reportUse, command(ReportUse, { ...purchase, ...newsletter, authorisation, occurredAt: '2021-03-11' }), { registers }).facts;
    expect(fact).toMatchObject({ type: 'PersonalDataUsed', verdict: 'unjustified', failed: ['consent-withdrawn'] });
    expect(fact?.data['rules']).toContainEqual(expect.objectContaining({ rule: 'consent-withdrawn', result: 'failed', events: [nth(consent, 3), nth(withdrawn, 5)] }));
  });

  it('as of its own day', () => {
    const told = { ...newsletter };
    const withNotice = collected('email', { purposes: ['newsletter'] });
    const on = (day: string) => given(registered, customer, withNotice, consent, withdrawn).when(reportUse, command(ReportUse, { ...purchase, ...told, occurredAt: day }), { registers });
    on('2021-01-09').then({ type: 'PersonalDataUsed', failed: ['consent-given'] });
    on('2021-01-10').then({ type: 'PersonalDataUsed', verdict: 'justified' });
    on('2021-03-09').then({ type: 'PersonalDataUsed', verdict: 'justified' });
    on('2021-03-10').then({ type: 'PersonalDataUsed', failed: ['consent-withdrawn'] });
  });

  it('by a vendor that no register knows, whose name is sealed with the reason', () => {
    const outcome = tell({ recipient: 'unregistered', recipientName: 'Okänd Leverantör AB', reason: 'de räknade fel', occurredAt: '2021-05-01' });
    outcome.then({ type: 'PersonalDataUsed', data: { recipient: 'unregistered' }, sealed: [{ slot: 'recipient-name', category: 'free-text', value: 'Okänd Leverantör AB' }, { slot: 'reason', value: 'de räknade fel' }] });
    expect(reportUse.seals?.(command(ReportUse, purchase))).toBe(false);
    expect(reportUse.seals?.(command(ReportUse, { ...purchase, reason: 'för att' }))).toBe(true);
  });
});

describe('a use: ignored', () => {
  it('when it was told before', () => {
    const told: Happened = { type: 'PersonalDataUsed', data: { use: idOf('use'), kind: 'purpose', purpose: 'purchase', items: [{ category: 'email' }], rules: [] } };
    tell({ use: idOf('use') }, told).thenNothing();
    tell({ use: idOf('use'), categories: ['name'] }, told).thenRefused('OtherAct', { pointer: '/use' });
  });
});

describe('a use: refused', () => {
  it('for codes that neither policy nor registers know', () => {
    tell({ purpose: 'gossip' }).thenRefused('UnknownPurpose');
    tell({ categories: ['contact'] }).thenRefused('UnknownCategory');
    tell({ recipient: 'nobody' }).thenRefused('UnknownRecipient', { pointer: '/recipient', alternatives: ['unregistered'] });
    tell({ conference: 'autumn-2031' }).thenRefused('UnknownConference');
    tell({ categories: undefined, holdings: [idOf('nothing')] }).thenRefused('HoldingNotFound', { pointer: '/holdings/0' });
    tell({ relationship: idOf('nothing') }).thenRefused('RelationshipNotFound');
  });

  it('when it is asked for another time than now', () => {
    ask({ occurredAt: '2021-05-01' }).thenRefused('AskIsForNow', { pointer: '/occurredAt' });
  });
});
