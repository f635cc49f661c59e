import { describe, expect, it } from '@jest/globals';
import { event, type Happened } from '../testing/decider.fixture.js';
import { recipientAnswer } from './recipient.answer.js';
import { evolveRecipient, initialRecipient } from './recipient.state.js';

const signed: Happened = {
  type: 'TransferArrangementSigned',
  data: { arrangement: 'clauses', mechanism: 'standard-clauses', decision: 'scc-2021-914', module: 2, exporterRole: 'controller', importerRole: 'processor', country: 'US', annexes: ['i-a', 'ii'], signedOn: '2021-09-01', from: '2021-10-01', to: '2022-09-30' },
};

function shownOn(day: string, ...history: readonly Happened[]): object {
  const registered: Happened = { type: 'RecipientRegistered', data: { kind: 'mailer', country: 'US', from: '2021-01-01' } };
  return recipientAnswer([registered, ...history].map((one, i) => event(one, i)).reduce(evolveRecipient, initialRecipient), day, () => ['P2Y', 'P1Y']);
}

describe('a recipient on a day', () => {
  it('shows arrangements in force, whether suspended, with the assessment of that day', () => {
    const history: readonly Happened[] = [
      signed,
      { type: 'TransferImpactAssessed', data: { arrangement: 'clauses', outcome: 'sufficient', from: '2021-10-01', to: '2022-03-31' } },
      { type: 'TransferImpactAssessed', data: { arrangement: 'clauses', outcome: 'insufficient', from: '2022-04-01' } },
      { type: 'TransferArrangementSuspended', data: { arrangement: 'clauses', from: '2022-05-01' } },
      { type: 'TransferArrangementResumed', data: { arrangement: 'clauses', from: '2022-06-01' } },
    ];
    const on = (day: string) => (shownOn(day, ...history) as { readonly arrangements: readonly object[] }).arrangements;
    expect([on('2021-09-30'), on('2022-10-01')]).toEqual([[], []]);
    expect(on('2021-10-01')).toEqual([{ ...signed.data, isSuspended: false, assessment: { outcome: 'sufficient', from: '2021-10-01', to: '2022-03-31' } }]);
    expect(on('2022-04-01')).toMatchObject([{ isSuspended: false, assessment: { outcome: 'insufficient' } }]);
    expect([on('2022-04-30'), on('2022-05-01'), on('2022-05-31'), on('2022-06-01')]).toMatchObject([[{ isSuspended: false }], [{ isSuspended: true }], [{ isSuspended: true }], [{ isSuspended: false }]]);
  });

  it('shows certifications of that day', () => {
    const certified: Happened = { type: 'RecipientCertified', data: { decision: 'dpf', from: '2021-03-01' } };
    const ended: Happened = { type: 'RecipientCertificationEnded', data: { decision: 'dpf', to: '2021-08-31' } };
    for (const [day, count] of [['2021-02-28', 0], ['2021-03-01', 1], ['2021-08-31', 1], ['2021-09-01', 0]] as const)
      expect([day, (shownOn(day, certified, ended) as { readonly certifications: readonly object[] }).certifications.length]).toEqual([day, count]);
  });

  it('is to be audited by the strictest of the policies in force', () => {
    expect(shownOn('2022-01-02')).toMatchObject({ audits: [{ nextOn: '2022-01-01', isOverdue: true }] });
  });
});
