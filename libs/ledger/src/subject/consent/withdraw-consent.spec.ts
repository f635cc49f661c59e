import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { firstVersion } from '#policy/policy.examples.js';
import { command, given, idOf, NOW, type Fields } from '../../testing/decider.fixture.js';
import { exampleWith, registersOf } from '../../testing/registers.fixture.js';
import { CONSENT, consented, registered } from '../../testing/subject.fixture.js';
import { WithdrawConsent, withdrawConsent } from './withdraw-consent.command.js';

const subject = idOf('person');
const history = [registered, consented('2020-06-01T10:00:00.000Z')];

function withdraw(fields: Fields<WithdrawConsent>) {
  return given(...history).when(withdrawConsent, command(WithdrawConsent, { subject, ...fields }));
}

describe('withdrawing consent: recorded', () => {
  it('for the purposes, the consent and the service that were told', () => {
    withdraw({ purposes: ['letter', 'letter'], consent: CONSENT, service: 'letters', method: 'email', steps: 1, occurredAt: '2021-05-01T08:00:00Z' }).then({
      type: 'ConsentWithdrawn',
      controller: 'north',
      service: 'letters',
      occurredAt: '2021-05-01T08:00:00.000Z',
      data: { purposes: ['letter'], consent: CONSENT, method: 'email', steps: 1, at: '2021-05-01T08:00:00.000Z' },
    });
    expect(withdraw({ purposes: ['letter'], service: 'letters' }).facts[0]).not.toHaveProperty('sealed');
    expect(withdraw({ purposes: ['letter'] }).facts[0]?.data).not.toHaveProperty('unusable');
  });

  it('for everything when nothing narrower is told', () => {
    expect(withdraw({}).facts).toEqual([{ type: 'ConsentWithdrawn', data: { at: NOW }, occurredAt: NOW }]);
    expect(withdraw({ purposes: [] }).facts[0]?.data).not.toHaveProperty('purposes');
  });

  it('from the start of a day that is told by its date', () => {
    withdraw({ occurredAt: '2021-05-01' }).then({ type: 'ConsentWithdrawn', occurredAt: '2021-05-01[Europe/Stockholm]', data: { at: '2021-04-30T22:00:00.000Z' } });
  });

  it.each([
    ['purposes', { purposes: ['gossip'] }, ['gossip']],
    ['service', { service: 'cirkus Ågren' }, 'cirkus Ågren'],
    ['service', { service: 'circus' }, 'circus'],
    ['controller', { controller: 'east' }, 'east'],
    ['consent', { consent: 'the one from spring' }, 'the one from spring'],
    ['consent', { consent: idOf('another') }, idOf('another')],
    ['method', { method: 'pigeon' }, 'pigeon'],
    ['steps', { steps: -7 }, -7],
    ['steps', { steps: 2.75 }, 2.75],
    ['occurred-at', { occurredAt: 'last Tuesday' }, 'last Tuesday'],
    ['occurred-at', { occurredAt: 'long ago, '.repeat(20) }, 'long ago, '.repeat(20)],
    ['occurred-at', { occurredAt: '2031-01-01T00:00:00Z' }, '2031-01-01T00:00:00Z'],
  ] as const)('with a %s that cannot be used sealed, on receipt at the latest', (slot, fields, value) => {
    const outcome = withdraw(fields);
    outcome.then({ type: 'ConsentWithdrawn', data: { at: NOW, unusable: true }, sealed: [{ slot, category: 'free-text', value }] });
    expect(JSON.stringify(outcome.facts.map(({ sealed: _sealed, ...fact }) => fact))).not.toContain(JSON.stringify(value));
  });

  it('for the known ones of several purposes, with all that was told sealed', () => {
    withdraw({ purposes: ['letter', 'gossip'] }).then({
      type: 'ConsentWithdrawn',
      data: { purposes: ['letter'], unusable: true },
      sealed: [{ slot: 'purposes', value: ['letter', 'gossip'] }],
    });
  });

  it('for all controllers when the service is unknown, with every code sealed as told', () => {
    const outcome = withdraw({ service: 'circus', controller: 'north' });
    outcome.then({ type: 'ConsentWithdrawn', sealed: [{ slot: 'service', value: 'circus' }, { slot: 'controller', value: 'north' }] });
    expect(outcome.facts[0]).not.toHaveProperty('controller');
  });

  it('for the controller of the service, when another is named beside it', () => {
    withdraw({ service: 'letters', controller: 'south' }).then({ type: 'ConsentWithdrawn', controller: 'north', sealed: [{ slot: 'controller', value: 'south' }] });
  });

  it('for the purposes under a heading that is told', () => {
    withdraw({ purposes: ['company'] }).then({ type: 'ConsentWithdrawn', data: { purposes: ['company', 'dinner', 'letter'] } });
  });

  it('for a purpose of an earlier policy', () => {
    const later = exampleWith({ ...firstVersion, version: 'example-2', effectiveFrom: '2021-01-31T23:00:00Z' }, { '[letter]': '[post]', 'id: letter\n': 'id: post\n', '[letter, dinner]': '[post, dinner]' });
    const registers = registersOf(exampleWith(firstVersion), later);
    given(...history)
      .when(withdrawConsent, command(WithdrawConsent, { subject, purposes: ['letter'] }), { registers })
      .then({ type: 'ConsentWithdrawn', data: { purposes: ['letter'] } });
  });

  it('again and again: each time it is said', () => {
    given(...history, { type: 'ConsentWithdrawn', data: { at: '2021-01-01T00:00:00.000Z' } })
      .when(withdrawConsent, command(WithdrawConsent, { subject }))
      .then({ type: 'ConsentWithdrawn' });
  });

  it('before any policy is published', () => {
    given(registered)
      .when(withdrawConsent, command(WithdrawConsent, { subject, purposes: ['letter'], service: 'letters' }), { registers: registersOf() })
      .then({ type: 'ConsentWithdrawn', data: { at: NOW, unusable: true } });
  });
});

describe('withdrawing consent: taken widely when it would end nothing', () => {
  it('on receipt, when its date is before any consent that it could end', () => {
    withdraw({ occurredAt: '1970-01-01T00:00:00Z', purposes: ['letter'] }).then({
      type: 'ConsentWithdrawn',
      occurredAt: NOW,
      data: { purposes: ['letter'], at: NOW, unusable: true },
      sealed: [{ slot: 'occurred-at', holding: idOf('new unusable'), category: 'free-text', value: '1970-01-01T00:00:00Z' }],
    });
  });

  it('for everything, when the consent that it names is not about the purposes that it names', () => {
    const [fact] = withdraw({ consent: CONSENT, purposes: ['dinner'] }).facts;
    expect(fact?.data).toEqual({ at: NOW, unusable: true });
    expect(fact?.sealed?.map(({ slot, value }) => [slot, value])).toEqual([['purposes', ['dinner']], ['consent', CONSENT]]);
  });

  it('but not when no consent stands, or when what it says is of another purpose alone', () => {
    expect(given(registered).when(withdrawConsent, command(WithdrawConsent, { subject, occurredAt: '1970-01-01T00:00:00Z' })).facts[0]?.data).toEqual({ at: '1970-01-01T00:00:00.000Z' });
    expect(withdraw({ purposes: ['dinner'] }).facts[0]?.data).toEqual({ purposes: ['dinner'], at: NOW });
  });
});

describe('withdrawing consent: ignored and refused', () => {
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 80 }), fc.constantFrom('letter', 'north', 'letters', 'email', CONSENT, '__proto__', 'constructor'));
  const told = fc.record(
    { purposes: fc.array(text, { maxLength: 5 }), consent: text, method: text, service: text, controller: text, occurredAt: text, steps: fc.oneof(fc.integer(), fc.double({ min: -(2 ** 53 - 1), max: 2 ** 53 - 1, noNaN: true })) },
    { requiredKeys: [] },
  );

  it('never, whatever it says', () => {
    fc.assert(
      fc.property(told, (fields) => {
        const [fact, ...more] = withdraw(fields).facts;
        expect(fact?.type).toBe('ConsentWithdrawn');
        expect(more).toEqual([]);
        expect(String(fact?.data['at']) <= NOW).toBe(true);
      }),
      { numRuns: 300, seed: 20261122 },
    );
  });
});
