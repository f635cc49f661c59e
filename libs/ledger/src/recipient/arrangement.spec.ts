import { describe, expect, it } from '@jest/globals';
import { recipients } from '../catalogue-entry.js';
import { command, givenStream, type Happened } from '../testing/decider.fixture.js';
import {
  AssessTransferImpact,
  assessTransferImpact,
  CertifyRecipient,
  certifyRecipient,
  EndRecipientCertification,
  endRecipientCertification,
  EndTransferArrangement,
  endTransferArrangement,
  ResumeTransferArrangement,
  resumeTransferArrangement,
  SignTransferArrangement,
  signTransferArrangement,
  SuspendTransferArrangement,
  suspendTransferArrangement,
} from './arrangement.commands.js';
import type { RecipientData } from './recipient.events.js';

const given = (...history: readonly Happened[]) => givenStream(recipients, ...history);
const recipient = 'mailer';
const arrangement = 'clauses';
const FRAMEWORK = 'us-2023-1795-data-privacy-framework';
const registered: Happened = { type: 'RecipientRegistered', data: { kind: 'mailer', country: 'IN', from: '2018-01-01' } };
const SIGNED: RecipientData['TransferArrangementSigned'] = {
  arrangement, mechanism: 'standard-clauses', decision: 'scc-2021-914', module: 2, exporterRole: 'controller', importerRole: 'processor',
  country: 'IN', annexes: ['i-a', 'ii'], signedOn: '2021-06-27', from: '2021-06-27',
};
const signed: Happened = { type: 'TransferArrangementSigned', data: SIGNED };
const sign = { recipient, arrangement, mechanism: 'standard-clauses', decision: 'scc-2021-914', module: 2, importerRole: 'processor', annexes: ['ii', 'i-a'], signedOn: '2021-06-27' } as const;
const at = (now: string) => ({ now: `${now}T10:00:00.000Z` });
const LATER = at('2024-05-05');

describe('an arrangement: recorded', () => {
  it('with our role, the recipient’s country and the day it was signed, where nothing else is told', () => {
    given(registered).when(signTransferArrangement, command(SignTransferArrangement, sign, LATER)).then({ type: 'TransferArrangementSigned', data: SIGNED });
  });

  it('as told', () => {
    const all = { exporterRole: 'controller', country: 'US', remoteAccess: true, from: '2021-08-01', to: '2023-07-31' } as const;
    given(registered).when(signTransferArrangement, command(SignTransferArrangement, { ...sign, ...all }, LATER)).then({ type: 'TransferArrangementSigned', data: { ...SIGNED, ...all } });
  });

  it('of corporate rules, which have no clauses', () => {
    given(registered)
      .when(signTransferArrangement, command(SignTransferArrangement, { recipient, arrangement, mechanism: 'binding-corporate-rules', importerRole: 'controller', occurredAt: '2020-02-03' }, LATER))
      .then({ type: 'TransferArrangementSigned', data: { arrangement, mechanism: 'binding-corporate-rules', exporterRole: 'controller', importerRole: 'controller', country: 'IN', annexes: [], signedOn: '2020-02-03', from: '2020-02-03' } });
  });

  it('that ends, is suspended and resumed, on the day told or the day it happened', () => {
    given(registered, signed).when(endTransferArrangement, command(EndTransferArrangement, { recipient, arrangement, to: '2024-06-30' }, LATER)).then({ type: 'TransferArrangementEnded', data: { arrangement, to: '2024-06-30' } });
    given(registered, signed).when(endTransferArrangement, command(EndTransferArrangement, { recipient, arrangement }, LATER)).then({ type: 'TransferArrangementEnded', data: { arrangement, to: '2024-05-05' } });
    const suspended = { type: 'TransferArrangementSuspended', data: { arrangement, from: '2024-05-05' } };
    given(registered, signed).when(suspendTransferArrangement, command(SuspendTransferArrangement, { recipient, arrangement }, LATER)).then(suspended);
    given(registered, signed, suspended).when(resumeTransferArrangement, command(ResumeTransferArrangement, { recipient, arrangement, from: '2024-06-01' }, LATER)).then({ type: 'TransferArrangementResumed', data: { arrangement, from: '2024-06-01' } });
  });

  it('is suspended from the first, and resumed from the last of the days that it may have been', () => {
    const suspended = { type: 'TransferArrangementSuspended', data: { arrangement, from: '2024-04-01' } };
    given(registered, signed).when(suspendTransferArrangement, command(SuspendTransferArrangement, { recipient, arrangement, occurredAt: '2024-04-01/2024-04-03' }, LATER)).then(suspended);
    given(registered, signed, suspended)
      .when(resumeTransferArrangement, command(ResumeTransferArrangement, { recipient, arrangement, occurredAt: '2024-05-01/2024-05-03' }, LATER))
      .then({ type: 'TransferArrangementResumed', data: { arrangement, from: '2024-05-03' } });
  });

  it('whose impact was assessed, the measures sealed', () => {
    given(registered, signed)
      .when(assessTransferImpact, command(AssessTransferImpact, { recipient, arrangement, outcome: 'sufficient-with-measures', to: '2025-05-04', measures: 'Kryptering.' }, LATER))
      .then({ type: 'TransferImpactAssessed', data: { arrangement, outcome: 'sufficient-with-measures', from: '2024-05-05', to: '2025-05-04' }, sealed: [{ slot: 'measures', category: 'free-text', value: 'Kryptering.' }] });
  });

  it('whose assessment is replaced by another of the same day', () => {
    const first = { type: 'TransferImpactAssessed', data: { arrangement, outcome: 'insufficient', from: '2024-05-05' } };
    given(registered, signed, first).when(assessTransferImpact, command(AssessTransferImpact, { recipient, arrangement, outcome: 'sufficient' }, LATER)).then({ type: 'TransferImpactAssessed', data: { arrangement, outcome: 'sufficient', from: '2024-05-05' } });
  });
});

describe('a certification: recorded', () => {
  it('with the list’s decision, and its end', () => {
    const certified = { type: 'RecipientCertified', data: { decision: FRAMEWORK, from: '2024-01-15' } };
    given(registered).when(certifyRecipient, command(CertifyRecipient, { recipient, decision: FRAMEWORK, from: '2024-01-15' }, LATER)).then(certified);
    given(registered, certified).when(endRecipientCertification, command(EndRecipientCertification, { recipient, decision: FRAMEWORK }, LATER)).then({ type: 'RecipientCertificationEnded', data: { decision: FRAMEWORK, to: '2024-05-05' } });
  });

  it('again after it ended', () => {
    const history = [registered, { type: 'RecipientCertified', data: { decision: FRAMEWORK, from: '2023-10-01', to: '2023-12-31' } }];
    given(...history).when(certifyRecipient, command(CertifyRecipient, { recipient, decision: FRAMEWORK, from: '2024-03-01' }, LATER)).then({ type: 'RecipientCertified', data: { decision: FRAMEWORK, from: '2024-03-01' } });
  });
});

describe('an arrangement: ignored', () => {
  const assessed = { type: 'TransferImpactAssessed', data: { arrangement, outcome: 'sufficient', from: '2024-05-05' } };
  const suspended = { type: 'TransferArrangementSuspended', data: { arrangement, from: '2024-05-05' } };
  const ended = { type: 'TransferArrangementEnded', data: { arrangement, to: '2024-05-05' } };
  const certified = { type: 'RecipientCertified', data: { decision: FRAMEWORK, from: '2024-01-15' } };
  const certificationEnded = { type: 'RecipientCertificationEnded', data: { decision: FRAMEWORK, to: '2024-05-05' } };

  it('when the same was told before, also after it ended', () => {
    given(registered, signed).when(signTransferArrangement, command(SignTransferArrangement, sign, LATER)).thenNothing();
    given(registered, signed, ended).when(signTransferArrangement, command(SignTransferArrangement, sign, LATER)).thenNothing();
    given(registered, signed, suspended).when(suspendTransferArrangement, command(SuspendTransferArrangement, { recipient, arrangement }, LATER)).thenNothing();
    given(registered, signed).when(resumeTransferArrangement, command(ResumeTransferArrangement, { recipient, arrangement }, LATER)).thenNothing();
    given(registered, signed, assessed).when(assessTransferImpact, command(AssessTransferImpact, { recipient, arrangement, outcome: 'sufficient' }, LATER)).thenNothing();
    given(registered, certified).when(certifyRecipient, command(CertifyRecipient, { recipient, decision: FRAMEWORK, from: '2024-01-15' }, LATER)).thenNothing();
  });

  it('when it had ended by then', () => {
    given(registered, signed, ended).when(endTransferArrangement, command(EndTransferArrangement, { recipient, arrangement }, at('2024-05-06'))).thenNothing();
    given(registered, certified, certificationEnded).when(endRecipientCertification, command(EndRecipientCertification, { recipient, decision: FRAMEWORK }, at('2024-05-06'))).thenNothing();
  });
});

describe('an arrangement: refused', () => {
  it('of a recipient that is not registered', () => {
    given().when(signTransferArrangement, command(SignTransferArrangement, sign, LATER)).thenRefused('NotRegistered', { pointer: '/recipient' });
    given().when(endTransferArrangement, command(EndTransferArrangement, { recipient, arrangement }, LATER)).thenRefused('NotRegistered', { pointer: '/recipient' });
    given().when(certifyRecipient, command(CertifyRecipient, { recipient, decision: FRAMEWORK }, LATER)).thenRefused('NotRegistered', { pointer: '/recipient' });
  });

  it('with other content under the same id', () => {
    given(registered, signed).when(signTransferArrangement, command(SignTransferArrangement, { ...sign, annexes: ['i-a'] }, LATER)).thenRefused('OtherEntry', { pointer: '/arrangement' });
  });

  it.each([
    [{ module: 1 }, ['scc-2021-914 module 2 2021-06-27/..']],
    [{ module: 4 }, ['scc-2021-914 module 2 2021-06-27/..']],
    [{ module: 2, importerRole: 'controller' }, ['scc-2021-914 module 1 2021-06-27/..']],
    [{ module: 1, importerRole: 'controller', exporterRole: 'processor' }, ['scc-2021-914 module 4 2021-06-27/..']],
    [{ module: undefined }, ['scc-2021-914 module 2 2021-06-27/..']],
    [{ decision: 'scc-2010-87', module: 2 }, ['scc-2021-914 module 2 2021-06-27/..']],
    [{ decision: 'scc-2010-87', module: undefined, importerRole: 'controller', signedOn: '2019-01-01' }, ['scc-2001-497 2001-09-03/2021-09-26', 'scc-2004-915 2005-04-01/2021-09-26']],
    [{ module: 1, exporterRole: 'processor', signedOn: '2019-01-01' }, ['scc-2021-914 module 3 2021-06-27/..']],
  ] as const)('with a module that does not fit: %j', (change, alternatives) => {
    given(registered).when(signTransferArrangement, command(SignTransferArrangement, { ...sign, signedOn: '2023-01-01', ...change }, LATER)).thenRefused('ModuleDoesNotFit', { pointer: '/module', alternatives });
  });

  it.each([
    ['scc-2021-914', 2, '2021-06-26', ['scc-2021-914 module 2 2021-06-27/..', 'scc-2010-87 2010-05-15/2021-09-26']],
    ['scc-2010-87', undefined, '2021-09-27', ['scc-2010-87 2010-05-15/2021-09-26', 'scc-2021-914 module 2 2021-06-27/..']],
    ['scc-2010-87', undefined, '2010-05-14', ['scc-2010-87 2010-05-15/2021-09-26', 'scc-2002-16 2002-04-03/2010-05-14']],
  ] as const)('when clauses %s %s were not in force on %s', (decision, module, signedOn, alternatives) => {
    given(registered).when(signTransferArrangement, command(SignTransferArrangement, { ...sign, decision, module, signedOn }, LATER)).thenRefused('ClausesNotInForce', { pointer: '/signedOn', alternatives });
  });

  it.each([['scc-2021-914', 2, '2021-06-27'], ['scc-2021-914', 2, '2021-06-28'], ['scc-2010-87', undefined, '2021-09-25'], ['scc-2010-87', undefined, '2021-09-26'], ['scc-2010-87', undefined, '2010-05-15']] as const)('but not when clauses %s %s were, on %s', (decision, module, signedOn) => {
    expect(given(registered).when(signTransferArrangement, command(SignTransferArrangement, { ...sign, decision, module, signedOn }, LATER)).facts).toHaveLength(1);
  });

  it('when an end lies before its beginning, with the first day that would do', () => {
    const wrong = { pointer: '/to', alternatives: ['2021-06-27'] };
    given(registered).when(signTransferArrangement, command(SignTransferArrangement, { ...sign, to: '2021-06-26' }, LATER)).thenRefused('EndBeforeStart', wrong);
    given(registered, signed).when(endTransferArrangement, command(EndTransferArrangement, { recipient, arrangement, to: '2021-06-26' }, LATER)).thenRefused('EndBeforeStart', wrong);
    given(registered, signed).when(suspendTransferArrangement, command(SuspendTransferArrangement, { recipient, arrangement, from: '2021-06-26' }, LATER)).thenRefused('EndBeforeStart', { ...wrong, pointer: '/from' });
    given(registered, signed).when(assessTransferImpact, command(AssessTransferImpact, { recipient, arrangement, outcome: 'sufficient', from: '2021-06-27', to: '2021-06-26' }, LATER)).thenRefused('EndBeforeStart', wrong);
    given(registered).when(certifyRecipient, command(CertifyRecipient, { recipient, decision: FRAMEWORK, from: '2024-01-15', to: '2024-01-14' }, LATER)).thenRefused('EndBeforeStart', { pointer: '/to', alternatives: ['2024-01-15'] });
    given(registered, { type: 'RecipientCertified', data: { decision: FRAMEWORK, from: '2024-01-15' } })
      .when(endRecipientCertification, command(EndRecipientCertification, { recipient, decision: FRAMEWORK, to: '2024-01-14' }, LATER))
      .thenRefused('EndBeforeStart', { pointer: '/to', alternatives: ['2024-01-15'] });
  });

  it('when the register has none of this id', () => {
    given(registered, signed).when(endTransferArrangement, command(EndTransferArrangement, { recipient, arrangement: 'other' }, LATER)).thenRefused('UnknownArrangement', { pointer: '/arrangement', alternatives: ['clauses'] });
    const lists = ['us-2000-520-safe-harbour', 'us-2016-1250-privacy-shield', FRAMEWORK];
    given(registered).when(certifyRecipient, command(CertifyRecipient, { recipient, decision: 'ch-2000-518' }, LATER)).thenRefused('UnknownEntry', { pointer: '/decision', alternatives: lists });
    given(registered).when(endRecipientCertification, command(EndRecipientCertification, { recipient, decision: FRAMEWORK }, LATER)).thenRefused('UnknownEntry', { pointer: '/decision', alternatives: [] });
  });

  it.each([[{ decision: undefined }], [{ mechanism: 'certification' }], [{ mechanism: 'certification', decision: undefined }], [{ signedOn: '1899-12-31' }], [{ signedOn: '2021-02-30' }], [{ country: 'XX' }]] as const)('when it is malformed: %j', (change) => {
    expect(() => command(SignTransferArrangement, { ...sign, ...change }, LATER)).toThrow('is not taken');
  });
});
