import { describe, expect, it } from '@jest/globals';
import { command, given, idOf, type Fields, type Happened } from '../../testing/decider.fixture.js';
import { collected, customer } from '../../testing/person-gate.fixture.js';
import { nth, registered } from '../../testing/subject.fixture.js';
import { DealWithDeviation, dealWithDeviation } from './deal-with-deviation.command.js';

const unjustified: Happened = { ...collected('email', { failed: ['category-allowed'] }), verdict: 'unjustified', failed: ['category-allowed'] };
const justified: Happened = { ...collected('name'), verdict: 'justified' };
const history = [registered, customer, unjustified, justified];
const deviation = nth(unjustified, 2);

function deal(fields: Fields<DealWithDeviation> = {}, ...more: readonly Happened[]) {
  return given(...history, ...more).when(dealWithDeviation, command(DealWithDeviation, { subject: idOf('person'), event: deviation, measure: 'erased', ...fields }));
}

const dealt: Happened = { type: 'DeviationDealtWith', data: { event: deviation, measure: 'erased' } };

describe('dealing with a deviation: recorded', () => {
  it('with what was done, and the note sealed', () => {
    deal({ note: 'raderat hos leverantören' }).then({ type: 'DeviationDealtWith', data: { event: deviation, measure: 'erased' }, sealed: [{ slot: 'note', category: 'free-text', value: 'raderat hos leverantören' }] });
    expect(deal().facts[0]).not.toHaveProperty('sealed');
    expect([dealWithDeviation.seals?.(command(DealWithDeviation, { subject: idOf('person'), event: deviation, measure: 'erased' }))]).toEqual([false]);
  });

  it('with each thing that was done', () => {
    deal({ measure: 'person-informed' }, dealt).then({ type: 'DeviationDealtWith', data: { measure: 'person-informed' } });
    deal({ note: 'en gång till' }, dealt).then({ type: 'DeviationDealtWith' });
  });
});

describe('dealing with a deviation: ignored', () => {
  it('when the same was told before', () => {
    deal({}, dealt).thenNothing();
  });
});

describe('dealing with a deviation: refused', () => {
  it('for an event that is none', () => {
    deal({ event: nth(justified, 3) }).thenRefused('NoDeviation', { pointer: '/event' });
    deal({ event: idOf('nothing') }).thenRefused('NoDeviation', { pointer: '/event' });
  });
});
