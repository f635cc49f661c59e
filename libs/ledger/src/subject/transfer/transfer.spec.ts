import { describe, expect, it } from '@jest/globals';
import type { RecipientData } from '../../recipient/recipient.events.js';
import { command, given, idOf, type Happened } from '../../testing/decider.fixture.js';
import { streamOf, type RecipientFact } from '../../testing/gate.fixture.js';
import { firstModel, registersWith } from '../../testing/registers.fixture.js';
import { consented, HOLDING, held, registered, related } from '../../testing/subject.fixture.js';
import { AuthoriseTransfer, authoriseTransfer, ReportTransfer, reportTransfer } from './transfer.commands.js';

const SIGNED: RecipientData['TransferArrangementSigned'] = {
  arrangement: 'clauses', mechanism: 'standard-clauses', decision: 'scc-2021-914', module: 2, exporterRole: 'controller', importerRole: 'processor',
  country: 'IN', annexes: ['i-a', 'i-b', 'i-c', 'ii'], signedOn: '2021-06-27', from: '2021-06-27',
};
const facts = (country: string): readonly RecipientFact[] => [
  ['RecipientRegistered', { kind: 'printer', country, from: '2019-01-01' }],
  ['RecipientRoleAssigned', { assignment: 'letters', role: 'processor', purposes: ['letter'], from: '2019-01-01' }],
  ['RecipientAgreementSigned', { agreement: 'contract', kind: 'processor-contract', from: '2019-01-01' }],
];
const registers = registersWith(
  {
    'recipient-indian': streamOf('recipient-indian', ...facts('IN'), ['TransferArrangementSigned', SIGNED], ['TransferImpactAssessed', { arrangement: 'clauses', outcome: 'sufficient', from: '2021-06-27' }]),
    'recipient-swiss': streamOf('recipient-swiss', ...facts('CH')),
    'recipient-danish': streamOf('recipient-danish', ...facts('DK')),
    'recipient-kenyan': streamOf('recipient-kenyan', ...facts('KE')),
  },
  firstModel,
);
const person: readonly Happened[] = [registered, related(), consented('2021-05-01T10:00:00.000Z'), held({}, {}, { policy: firstModel.version })];
const asking = { subject: idOf('person'), service: 'letters', purpose: 'letter', categories: ['name'] } as const;
const NOW = { now: '2021-08-01T10:00:00.000Z' };
const authorise = (fields: Readonly<Record<string, unknown>>, ...history: readonly Happened[]) =>
  given(...person, ...history).when(authoriseTransfer, command(AuthoriseTransfer, { ...asking, recipient: 'indian', ...fields }, NOW), { registers });
const report = (fields: Readonly<Record<string, unknown>>, ...history: readonly Happened[]) =>
  given(...person, ...history).when(reportTransfer, command(ReportTransfer, { ...asking, recipient: 'indian', ...fields }, NOW), { registers });

describe('a transfer: recorded', () => {
  it.each([
    ['indian', { country: 'IN', mechanism: 'standard-clauses', arrangement: 'clauses' }],
    ['swiss', { country: 'CH', mechanism: 'adequacy', adequacy: 'ch-2000-518' }],
    ['danish', { country: 'DK', mechanism: 'within-eea' }],
  ])('as allowed, on what it rests: %s', (recipient, rests) => {
    const outcome = authorise({ recipient });
    outcome.then({ type: 'TransferAuthorised', verdict: 'justified', data: { recipient, role: 'processor', purpose: 'letter', items: [{ category: 'name', holding: HOLDING }], remoteAccess: false, ...rests } });
    expect(outcome.facts[0]?.data['rules']).toContainEqual(expect.objectContaining({ rule: 'transfer-ground', result: 'passed' }));
    expect(outcome.facts[0]?.registers?.map(({ stream }) => stream)).toContain(`recipient-${recipient}`);
  });

  it('as blocked, where nothing carries it', () => {
    authorise({ recipient: 'kenyan' }).then({ type: 'TransferBlocked', verdict: 'unjustified', failed: ['arrangement-in-force', 'transfer-adequacy', 'transfer-ground'], data: { country: 'KE', mechanism: 'none' } });
  });

  it('with a remark, on a derogation that is named', () => {
    authorise({ recipient: 'kenyan', derogation: 'a49-1-c' }).then({ type: 'TransferAuthorised', data: { outcome: 'allowed-with-remarks', mechanism: 'derogation', derogation: 'a49-1-c' } });
  });

  it('when data is read from elsewhere than where the recipient is', () => {
    authorise({ recipient: 'danish', country: 'KE', remoteAccess: true }).then({ type: 'TransferBlocked', data: { country: 'KE', remoteAccess: true, mechanism: 'none' } });
  });

  it('as told, judged on its own day', () => {
    report({ recipient: 'indian', occurredAt: '2021-07-01T10:00:00Z', transfer: idOf('transfer'), reason: 'utskick' })
      .then({ type: 'TransferPerformed', verdict: 'justified', data: { transfer: idOf('transfer'), mechanism: 'standard-clauses' }, sealed: [{ slot: 'reason', category: 'free-text', value: 'utskick' }] });
    report({ recipient: 'indian', occurredAt: '2021-06-26' }).then({ type: 'TransferPerformed', verdict: 'unjustified', data: { mechanism: 'none' } });
  });

  it('to somebody whom no register knows, the name sealed', () => {
    report({ recipient: 'unregistered', country: 'KE', recipientName: 'Hemligt bolag' }).then({
      type: 'TransferPerformed', verdict: 'unjustified', data: { recipient: 'unregistered', country: 'KE', mechanism: 'none' }, sealed: [{ slot: 'recipient-name', category: 'free-text', value: 'Hemligt bolag' }],
    });
  });

  it('with the authorisation that it was done on', () => {
    const authorised = { type: 'TransferAuthorised', occurredAt: NOW.now, data: { authorisation: idOf('asked'), outcome: 'allowed', recipient: 'indian', purpose: 'letter', items: [{ category: 'name', holding: HOLDING }], country: 'IN', remoteAccess: false, mechanism: 'standard-clauses', arrangement: 'clauses', rules: [] } };
    report({ recipient: 'indian', authorisation: idOf('asked') }, authorised).then({ type: 'TransferPerformed', verdict: 'justified', data: { authorisation: idOf('asked') } });
  });
});

describe('a transfer: ignored', () => {
  it('when it was told before', () => {
    const performed = { type: 'TransferPerformed', data: { transfer: idOf('transfer'), recipient: 'indian', purpose: 'letter', items: [{ category: 'name' }], country: 'IN', remoteAccess: false, mechanism: 'none', rules: [] } };
    report({ recipient: 'indian', transfer: idOf('transfer') }, performed).thenNothing();
    report({ recipient: 'danish', transfer: idOf('transfer') }, performed).thenRefused('OtherAct', { pointer: '/transfer' });
  });
});

describe('a transfer: refused', () => {
  it('when an ask is about another time than now', () => {
    authorise({ recipient: 'indian', occurredAt: '2021-07-01' }).thenRefused('AskIsForNow', { pointer: '/occurredAt' });
  });

  it('with codes that nobody knows', () => {
    const alternatives = ['danish', 'indian', 'kenyan', 'swiss', 'unregistered'];
    authorise({ recipient: 'nobody' }).thenRefused('UnknownRecipient', { pointer: '/recipient', alternatives });
    authorise({ recipient: 'indian', arrangement: 'other' }).thenRefused('UnknownArrangement', { pointer: '/arrangement', alternatives: ['clauses'] });
    authorise({ recipient: 'indian', purpose: 'gossip' }).thenRefused('UnknownPurpose');
  });

  it('when it is malformed', () => {
    expect(() => report({ recipient: 'unregistered', recipientName: 'x' })).toThrow('is not taken');
    expect(() => report({ recipient: 'unregistered', country: 'KE' })).toThrow('is not taken');
    expect(() => authorise({ recipient: 'indian', derogation: 'a49' })).toThrow('is not taken');
  });
});
