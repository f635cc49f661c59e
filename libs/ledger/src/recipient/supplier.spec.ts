import { describe, expect, it } from '@jest/globals';
import { recipients } from '../catalogue-entry.js';
import type { Command } from '../command.js';
import type { Decision } from '../decision.js';
import { command, givenStream, PERSON, type Fields, type Happened } from '../testing/decider.fixture.js';
import { EndRecipientAgreement, endRecipientAgreement, SignRecipientAgreement, signRecipientAgreement } from './agreement.commands.js';
import { AuditRecipient, auditRecipient } from './audit-recipient.command.js';
import { PlanBusinessTransfer, planBusinessTransfer } from './plan-business-transfer.command.js';
import type { RecipientState } from './recipient.state.js';
import { AddSubProcessor, addSubProcessor, ObjectToSubProcessor, objectToSubProcessor, RemoveSubProcessor, removeSubProcessor } from './sub-processor.commands.js';

const holding = `recipient-${PERSON}`;
const recipient = 'acme';
const registered: Happened = { type: 'RecipientRegistered', data: { kind: 'printer', country: 'SE', from: '2020-03-01' } };
const contract = { recipient, agreement: 'contract', kind: 'processor-contract', from: '2020-03-01' } as const;
const signed: Happened = { type: 'RecipientAgreementSigned', data: { agreement: 'contract', kind: 'processor-contract', from: '2020-03-01' } };
const contractEnded: Happened = { type: 'RecipientAgreementEnded', data: { agreement: 'contract', to: '2020-12-31' } };
const added: Happened = { type: 'SubProcessorAdded', data: { subProcessor: 'cloud', country: 'FI', from: '2020-05-01' } };
const cloud = { recipient, subProcessor: 'cloud' } as const;
const plan = { recipient, plan: 'sale', purposes: ['letter'], categories: ['contact'], from: '2021-07-01' } as const;
const planned: Happened = { type: 'BusinessTransferPlanned', data: { plan: 'sale', purposes: ['letter'], categories: ['contact'], from: '2021-07-01' } };

const tell = <C extends Command>(type: new () => C, decision: Decision<C, RecipientState>) => (fields: Fields<C>, ...history: readonly Happened[]) => givenStream(recipients, ...history).when(decision, command(type, fields));
const sign = tell(SignRecipientAgreement, signRecipientAgreement);
const endAgreement = tell(EndRecipientAgreement, endRecipientAgreement);
const add = tell(AddSubProcessor, addSubProcessor);
const objectTo = tell(ObjectToSubProcessor, objectToSubProcessor);
const remove = tell(RemoveSubProcessor, removeSubProcessor);
const audit = tell(AuditRecipient, auditRecipient);
const planSale = tell(PlanBusinessTransfer, planBusinessTransfer);

describe('a supplier: recorded', () => {
  it('with its contract, the reference sealed', () => {
    sign({ ...contract, reference: 'A-17', categories: ['email', 'contact'] }, registered).then({
      type: 'RecipientAgreementSigned',
      data: { agreement: 'contract', kind: 'processor-contract', categories: ['contact', 'email'], from: '2020-03-01' },
      sealed: [{ slot: 'reference', holding, value: 'A-17' }],
    });
    expect(sign(contract, registered).facts[0]).not.toHaveProperty('sealed');
    expect(signRecipientAgreement.seals?.(command(SignRecipientAgreement, contract))).toBe(false);
  });

  it('with a joint arrangement whose essence is published', () => {
    sign({ recipient, agreement: 'joint', kind: 'joint-arrangement', essencePublished: true }, registered).then({ type: 'RecipientAgreementSigned', data: { essencePublished: true, from: '2021-06-01' } });
  });

  it('without its contract from a day on', () => {
    endAgreement({ recipient, agreement: 'contract', to: '2020-12-31' }, registered, signed).then({ type: 'RecipientAgreementEnded', data: { agreement: 'contract', to: '2020-12-31' } });
  });

  it('with a sub-processor that comes, is objected to and goes', () => {
    add({ ...cloud, name: 'Molnet', country: 'FI', from: '2020-05-01' }, registered).then({ type: 'SubProcessorAdded', data: { subProcessor: 'cloud', country: 'FI', from: '2020-05-01' }, sealed: [{ slot: 'name', holding, value: 'Molnet' }] });
    objectTo({ ...cloud, from: '2020-04-01' }, registered, added).then({ type: 'SubProcessorObjectedTo', data: { subProcessor: 'cloud', from: '2020-04-01' } });
    remove({ ...cloud, to: '2020-08-31' }, registered, added).then({ type: 'SubProcessorRemoved', data: { subProcessor: 'cloud', to: '2020-08-31' } });
  });

  it('with an objection from the first day that it may have been made', () => {
    objectTo({ ...cloud, occurredAt: '2021-03-01/2021-03-05' }, registered, added).then({ type: 'SubProcessorObjectedTo', data: { from: '2021-03-01' } });
    const objected: Happened = { type: 'SubProcessorObjectedTo', data: { subProcessor: 'cloud', from: '2021-03-01' } };
    objectTo({ ...cloud, from: '2021-02-01' }, registered, added, objected).then({ type: 'SubProcessorObjectedTo' });
    objectTo({ ...cloud, from: '2021-04-01' }, registered, added, objected).thenNothing();
  });

  it('with audits of itself and of those it engages, another outcome of the same day too', () => {
    const audited: Happened = { type: 'RecipientAudited', data: { on: '2021-01-15', outcome: 'passed' } };
    audit({ recipient, on: '2021-01-15', outcome: 'passed', nextOn: '2022-01-15', note: 'god ordning' }, registered, audited).then({ type: 'RecipientAudited', data: { on: '2021-01-15', outcome: 'passed', nextOn: '2022-01-15' }, sealed: [{ slot: 'note', value: 'god ordning' }] });
    audit({ ...cloud, on: '2021-01-15', outcome: 'passed' }, registered, added, audited).then({ type: 'RecipientAudited', data: { subProcessor: 'cloud' } });
    audit({ recipient, on: '2021-01-15', outcome: 'passed' }, registered, audited, { ...audited, data: { ...audited.data, outcome: 'failed' } }).then({ type: 'RecipientAudited' });
  });

  it('as taking over, and its notice later', () => {
    const notice = { id: 'notice', version: 2 };
    planSale(plan, registered).then({ type: 'BusinessTransferPlanned', data: { plan: 'sale', from: '2021-07-01' } });
    planSale({ ...plan, notice }, registered, planned).then({ type: 'BusinessTransferPlanned', data: { notice } });
    planSale({ ...plan, notice, noticePublishedOn: '2021-06-01' }, registered, { ...planned, data: { ...planned.data, notice } }).then({ type: 'BusinessTransferPlanned', data: { noticePublishedOn: '2021-06-01' } });
  });
});

describe('a supplier: ignored', () => {
  it('when the same is told again, whatever ended it since', () => {
    sign(contract, registered, signed, contractEnded).thenNothing();
    endAgreement({ recipient, agreement: 'contract', to: '2021-01-31' }, registered, signed, contractEnded).thenNothing();
    add({ ...cloud, name: 'Molnet', country: 'FI' }, registered, added, { type: 'SubProcessorRemoved', data: { subProcessor: 'cloud', to: '2020-08-31' } }).thenNothing();
    audit({ recipient, on: '2021-01-15', outcome: 'passed' }, registered, { type: 'RecipientAudited', data: { on: '2021-01-15', outcome: 'passed' } }).thenNothing();
    planSale(plan, registered, planned).thenNothing();
  });
});

describe('a supplier: refused', () => {
  it('when it is not registered', () => {
    for (const outcome of [sign(contract), endAgreement({ recipient, agreement: 'contract' }), add({ ...cloud, name: 'x', country: 'FI' }), objectTo(cloud), remove(cloud), audit({ recipient, outcome: 'passed' }), planSale(plan)])
      outcome.thenRefused('NotRegistered', { pointer: '/recipient' });
  });

  it('for entries that it does not have', () => {
    endAgreement({ recipient, agreement: 'other' }, registered, signed).thenRefused('UnknownEntry', { pointer: '/agreement', alternatives: ['contract'] });
    objectTo({ recipient, subProcessor: 'other' }, registered, added).thenRefused('UnknownEntry', { pointer: '/subProcessor', alternatives: ['cloud'] });
    remove({ recipient, subProcessor: 'other' }, registered, added).thenRefused('UnknownEntry');
    audit({ recipient, subProcessor: 'other', outcome: 'passed' }, registered, added).thenRefused('UnknownEntry');
  });

  it('for entries with other content', () => {
    sign({ ...contract, kind: 'joint-arrangement' }, registered, signed).thenRefused('OtherEntry', { pointer: '/agreement' });
    add({ ...cloud, name: 'Molnet', country: 'SE' }, registered, added).thenRefused('OtherEntry', { pointer: '/subProcessor' });
    planSale({ ...plan, categories: ['name'], notice: { id: 'notice', version: 1 } }, registered, planned).thenRefused('OtherEntry', { pointer: '/plan' });
    planSale({ ...plan, notice: { id: 'notice', version: 2 }, noticePublishedOn: '2021-06-01' }, registered, { ...planned, data: { ...planned.data, notice: { id: 'notice', version: 1 } } }).thenRefused('OtherEntry');
    planSale({ ...plan, notice: { id: 'notice', version: 2 } }, registered, { ...planned, data: { ...planned.data, notice: { id: 'notice', version: 1 } } }).thenRefused('OtherEntry');
  });

  it('for ends before their beginning', () => {
    sign({ ...contract, to: '2020-02-29' }, registered).thenRefused('EndBeforeStart', { pointer: '/to', alternatives: ['2020-03-01'] });
    endAgreement({ recipient, agreement: 'contract', to: '2020-02-29' }, registered, signed).thenRefused('EndBeforeStart', { pointer: '/to', alternatives: ['2020-03-01'] });
    remove({ ...cloud, to: '2020-04-30' }, registered, added).thenRefused('EndBeforeStart', { pointer: '/to', alternatives: ['2020-05-01'] });
    audit({ recipient, outcome: 'passed', on: '2021-01-15', nextOn: '2021-01-14' }, registered).thenRefused('EndBeforeStart', { pointer: '/nextOn', alternatives: ['2021-01-15'] });
    planSale({ ...plan, to: '2021-06-30' }, registered).thenRefused('EndBeforeStart', { pointer: '/to', alternatives: ['2021-07-01'] });
  });

  it('for an audit that is to come', () => {
    audit({ recipient, outcome: 'passed', on: '2021-06-02' }, registered).thenRefused('OccurredInFuture', { pointer: '/on' });
  });

  it('for codes and notices that no policy has', () => {
    sign({ ...contract, categories: ['gossip'] }, registered).thenRefused('UnknownCategory');
    planSale({ ...plan, purposes: ['gossip'] }, registered).thenRefused('UnknownPurpose');
    planSale({ ...plan, categories: ['gossip'] }, registered).thenRefused('UnknownCategory');
    planSale({ ...plan, notice: { id: 'notice', version: 3 } }, registered).thenRefused('UnknownNotice', { pointer: '/notice', alternatives: ['notice/1', 'notice/2'] });
    expect(() => command(PlanBusinessTransfer, { ...plan, noticePublishedOn: '2021-06-01' })).toThrow('notice');
  });
});
