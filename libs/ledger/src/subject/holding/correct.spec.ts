import { describe, expect, it } from '@jest/globals';
import { command, given, idOf, type Happened } from '../../testing/decider.fixture.js';
import { held, HOLDING, nth, registered, related } from '../../testing/subject.fixture.js';
import {
  CompletePersonalData,
  completePersonalData,
  DisputePersonalData,
  disputePersonalData,
  RectifyPersonalData,
  rectifyPersonalData,
  ResolveDispute,
  resolveDispute,
} from './correct.commands.js';

const subject = idOf('person');
const value = held();
const history = [registered, related(), value];
const sealedValue = { slot: 'value', holding: HOLDING, category: 'name', commitment: '' };
const first = { event: nth(value, 2), slot: 'value/0' };
const rectified: Happened = { type: 'PersonalDataRectified', data: { holding: HOLDING, category: 'name', supersedes: [first] }, sealed: [sealedValue] };
const second = { event: nth(rectified, 3), slot: 'value' };
const disputed: Happened = { type: 'PersonalDataDisputed', data: { holding: HOLDING, dispute: idOf('dispute') } };
const rectify = { subject, holding: HOLDING, value: 'Anna Exempelsson' } as const;
/** A category that was recorded without its value. */
const groundless = held({ slot: undefined } as object);

describe('rectifying: recorded', () => {
  it('with the values that it replaces, all of them unless some are named', () => {
    given(...history)
      .when(rectifyPersonalData, command(RectifyPersonalData, { ...rectify, reason: 'giftermål', request: idOf('request') }))
      .then({
        type: 'PersonalDataRectified',
        controller: 'north',
        data: { holding: HOLDING, category: 'name', supersedes: [first], request: idOf('request') },
        sealed: [{ slot: 'value', holding: HOLDING, category: 'name', value: 'Anna Exempelsson' }, { slot: 'reason', holding: HOLDING, category: 'free-text', value: 'giftermål' }],
        links: [{ change: 'link', kind: 'name', value: 'Anna Exempelsson', identifier: HOLDING, from: '2021-06-01T10:00:00.000Z', shared: true, claim: false }],
      });
    given(...history, rectified).when(rectifyPersonalData, command(RectifyPersonalData, rectify)).then({ type: 'PersonalDataRectified', data: { supersedes: [second] } });
  });

  it('with the superseded value kept apart: it stands no more', () => {
    expect(given(...history, rectified).state.holding.holdings.get(HOLDING)?.current).toEqual([second]);
  });
});

describe('correcting a category that is held without its value', () => {
  it('is recorded without the new one: there is no ground for it either', () => {
    for (const outcome of [
      given(registered, related(), groundless).when(rectifyPersonalData, command(RectifyPersonalData, { ...rectify, reason: 'giftermål' })),
      given(registered, related(), groundless).when(completePersonalData, command(CompletePersonalData, { ...rectify, reason: 'giftermål' })),
    ]) {
      expect(outcome.facts[0]?.sealed?.map(({ slot }) => slot)).toEqual(['reason']);
      expect(outcome.facts[0]).not.toHaveProperty('links');
    }
    expect(given(registered, related(), groundless, { ...rectified, sealed: [] }).state.holding.holdings.get(HOLDING)?.current).toEqual([]);
  });
});

describe('rectifying: ignored', () => {
  it('never: the ledger does not read what it holds', () => {
    given(...history, rectified).when(rectifyPersonalData, command(RectifyPersonalData, rectify)).then({ type: 'PersonalDataRectified' });
  });
});

describe('rectifying: refused', () => {
  it('for a holding that is not there, with those that are', () => {
    given(...history)
      .when(rectifyPersonalData, command(RectifyPersonalData, { ...rectify, holding: idOf('other') }))
      .thenRefused('HoldingNotFound', { pointer: '/holding', alternatives: [HOLDING] });
  });

  it('for a value that stands no more', () => {
    given(...history, rectified)
      .when(rectifyPersonalData, command(RectifyPersonalData, { ...rectify, supersedes: [first] }))
      .thenRefused('HoldingNotFound', { pointer: '/supersedes/0', alternatives: [`${second.event}/value`] });
  });
});

describe('completing: recorded, ignored, refused', () => {
  it('stands beside what was there', () => {
    const completed: Happened = { type: 'PersonalDataCompleted', data: { holding: HOLDING, category: 'name' }, sealed: [sealedValue] };
    given(...history)
      .when(completePersonalData, command(CompletePersonalData, rectify))
      .then({ type: 'PersonalDataCompleted', data: { holding: HOLDING, category: 'name' }, sealed: [{ slot: 'value', value: 'Anna Exempelsson' }] });
    expect(given(...history, completed).state.holding.holdings.get(HOLDING)?.current).toEqual([first, { event: nth(completed, 3), slot: 'value' }]);
  });

  it('is refused where nothing is held', () => {
    given(registered).when(completePersonalData, command(CompletePersonalData, rectify)).thenRefused('HoldingNotFound', { pointer: '/holding', alternatives: [] });
  });
});

describe('disputing and resolving: recorded', () => {
  it('with the reason sealed', () => {
    const outcome = given(...history).when(disputePersonalData, command(DisputePersonalData, { subject, holding: HOLDING, reason: 'så heter jag inte' }));
    outcome.then({ type: 'PersonalDataDisputed', controller: 'north', data: { holding: HOLDING, dispute: idOf('new dispute') }, sealed: [{ slot: 'reason', value: 'så heter jag inte' }] });
  });

  it('for a category without its value too', () => {
    given(registered, related(), groundless).when(disputePersonalData, command(DisputePersonalData, { subject, holding: HOLDING })).then({ type: 'PersonalDataDisputed' });
  });

  it('each open dispute once, the reason with the first', () => {
    const another: Happened = { type: 'PersonalDataDisputed', data: { holding: HOLDING, dispute: idOf('another') } };
    const outcome = given(...history, disputed, another).when(resolveDispute, command(ResolveDispute, { subject, holding: HOLDING, outcome: 'upheld', reason: 'folkbokföringen' }));
    outcome.then({ type: 'DisputeResolved', data: { dispute: idOf('dispute'), outcome: 'upheld' }, sealed: [{ slot: 'reason' }] }, { type: 'DisputeResolved', data: { dispute: idOf('another'), outcome: 'upheld' } });
    expect(outcome.facts[1]).not.toHaveProperty('sealed');
  });
});

describe('disputing and resolving: ignored', () => {
  it('never: who disputes again has more to say', () => {
    given(...history, disputed).when(disputePersonalData, command(DisputePersonalData, { subject, holding: HOLDING })).then({ type: 'PersonalDataDisputed' });
  });
});

describe('disputing and resolving: refused', () => {
  it('where nothing is held, and where nothing is disputed', () => {
    given(...history).when(disputePersonalData, command(DisputePersonalData, { subject, holding: idOf('other') })).thenRefused('HoldingNotFound');
    const resolve = command(ResolveDispute, { subject, holding: HOLDING, outcome: 'rejected' });
    given(...history).when(resolveDispute, resolve).thenRefused('NothingDisputed', { pointer: '/holding' });
    given(...history, disputed, { type: 'DisputeResolved', data: { holding: HOLDING, dispute: idOf('dispute'), outcome: 'rejected' } }).when(resolveDispute, resolve).thenRefused('NothingDisputed');
  });
});
