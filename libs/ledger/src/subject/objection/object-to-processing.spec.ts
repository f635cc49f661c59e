import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { command, given, idOf, NOW, type Fields } from '../../testing/decider.fixture.js';
import { Teller, memoryEngines } from '../../testing/ledger.fixture.js';
import { asurgentRegisters, CONTROLLER } from '../../testing/person-gate.fixture.js';
import { registered } from '../../testing/subject.fixture.js';
import { RegisterSubject } from '../identity/register-subject.command.js';
import { ObjectToProcessing, objectToProcessing } from './object-to-processing.command.js';

const subject = idOf('person');

function object(fields: Fields<ObjectToProcessing>) {
  return given(registered).when(objectToProcessing, command(ObjectToProcessing, { subject, kind: 'direct-marketing', ...fields }), { registers: asurgentRegisters });
}

describe('objecting: recorded', () => {
  it('for the purposes, the recipients and the service that were told, with the reason sealed', () => {
    const outcome = object({ kind: 'processing', purposes: ['security'], recipientKinds: ['system-protection'], service: 'shop', method: 'email', reason: 'det rör mig illa', occurredAt: '2021-05-01T08:00:00Z' });
    outcome.then({
      type: 'DataSubjectObjected',
      controller: CONTROLLER,
      service: 'shop',
      occurredAt: '2021-05-01T08:00:00.000Z',
      data: { kind: 'processing', purposes: ['security'], recipientKinds: ['system-protection'], method: 'email', at: '2021-05-01T08:00:00.000Z' },
      sealed: [{ slot: 'reason', category: 'free-text', value: 'det rör mig illa' }],
    });
    expect(outcome.facts[0]?.data).not.toHaveProperty('unusable');
  });

  it('for everything when nothing narrower is told', () => {
    expect(object({}).facts).toEqual([{ type: 'DataSubjectObjected', data: { kind: 'direct-marketing', at: NOW }, occurredAt: NOW }]);
    expect(object({ purposes: [], recipientKinds: [] }).facts[0]?.data).toEqual({ kind: 'direct-marketing', at: NOW });
  });

  it('for the purposes under a heading, and from the start of a day', () => {
    object({ purposes: ['direct-marketing'], occurredAt: '2021-05-01' }).then({ type: 'DataSubjectObjected', data: { purposes: ['direct-marketing', 'newsletter', 'prospecting'], at: '2021-04-30T22:00:00.000Z' } });
  });

  it.each([
    ['purposes', { purposes: ['gossip'] }, ['gossip']],
    ['recipient-kinds', { recipientKinds: ['gossips'] }, ['gossips']],
    ['service', { service: 'cirkus Ågren' }, 'cirkus Ågren'],
    ['controller', { controller: 'east' }, 'east'],
    ['method', { method: 'pigeon' }, 'pigeon'],
    ['occurred-at', { occurredAt: 'last Tuesday' }, 'last Tuesday'],
    ['occurred-at', { occurredAt: '2031-01-01T00:00:00Z' }, '2031-01-01T00:00:00Z'],
  ] as const)('with a %s that cannot be used sealed, widely and on receipt at the latest', (slot, fields, value) => {
    const outcome = object(fields);
    expect(outcome.facts).toMatchObject([{ data: { kind: 'direct-marketing', at: NOW, unusable: true }, sealed: [{ slot, category: 'free-text', value }] }]);
    expect(Object.keys(outcome.facts[0]?.data ?? {}).sort()).toEqual(['at', 'kind', 'unusable']);
  });

  it('for the known ones of several, with all that was told sealed', () => {
    object({ purposes: ['newsletter', 'gossip'], recipientKinds: ['event-sponsor', 'gossips'] }).then({
      type: 'DataSubjectObjected',
      data: { purposes: ['newsletter'], recipientKinds: ['event-sponsor'], unusable: true },
      sealed: [{ slot: 'purposes', value: ['newsletter', 'gossip'] }, { slot: 'recipient-kinds', value: ['event-sponsor', 'gossips'] }],
    });
  });

  it('to all marketing when the purposes that are named are none', () => {
    const outcome = object({ purposes: ['purchase'] });
    outcome.then({ type: 'DataSubjectObjected', data: { unusable: true }, sealed: [{ slot: 'purposes', value: ['purchase'] }] });
    expect(outcome.facts[0]?.data).not.toHaveProperty('purposes');
    object({ kind: 'processing', purposes: ['purchase'] }).then({ type: 'DataSubjectObjected', data: { purposes: ['purchase'] } });
  });

  it('whatever it says', () => {
    const text = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.constantFrom('newsletter', 'communication', 'shop', '2021-05-01', CONTROLLER, ''));
    fc.assert(
      fc.property(
        fc.record({ purposes: fc.array(text, { maxLength: 4 }), recipientKinds: fc.array(text, { maxLength: 4 }), service: text, controller: text, method: text, occurredAt: text, reason: text }, { requiredKeys: [] }),
        fc.constantFrom('processing' as const, 'direct-marketing' as const),
        (fields, kind) => {
          const { facts } = object({ ...fields, kind });
          expect(facts).toHaveLength(1);
          expect(String(facts[0]?.data['at']) <= NOW).toBe(true);
        },
      ),
      { numRuns: 300, seed: 20261122 },
    );
  });

  it('on everyone whom it fits, and on somebody new where it fits nobody', async () => {
    const engines = await memoryEngines();
    const teller = new Teller(engines, asurgentRegisters);
    const shared = { kind: 'email', value: 'shared@example.com', use: 'shared' } as const;
    for (const n of [1, 2]) await teller.tell(RegisterSubject, { subject: idOf(`person ${n}`), identifiers: [{ kind: 'customer-number', value: `S-${n}` }, shared] });
    const both = await teller.tell(ObjectToProcessing, { identifier: shared, kind: 'direct-marketing' });
    expect([...both.about].sort()).toEqual([idOf('person 1'), idOf('person 2')].sort());
    const nobody = await teller.tell(ObjectToProcessing, { identifier: { kind: 'phone', value: 'inget nummer' }, kind: 'direct-marketing' });
    expect(nobody.events.map(({ type }) => type)).toEqual(['SubjectRegistered', 'DataSubjectObjected']);
    await engines.close();
  });
});
