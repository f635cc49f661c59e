import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import type { Context } from '../../decision.js';
import { Refusal } from '../../refusals.js';
import type { Registers } from '../../registers.js';
import { initialSubject, type SubjectState } from '../subject.js';
import { registersOf } from '../../testing/registers.fixture.js';
import { DisputePersonalData, disputePersonalData } from './correct.commands.js';

const SUBSCRIPTION = '2b7e1516-28ae-4d2a-96f7-158809cf4f3c';
const SHOP = '3d80477d-4716-4e37-b44e-16e3c1d2a4f5';
const POSTAL_OF_SUBSCRIPTION = '5ae1d2c3-91b0-4f6e-8a7d-0c9b8e7f6a51';
const POSTAL_OF_SHOP = '7f4c3b2a-1d0e-4c9b-8a76-5e4d3c2b1a09';
const NAME_OF_SHOP = '9c8b7a69-5847-4362-9150-4f3e2d1c0b0a';

/** Somebody with an address in each of two relationships, and a name in one. */
const known: SubjectState = {
  ...initialSubject,
  identity: {
    ...initialSubject.identity,
    registered: true,
    relationships: new Map(
      [
        { relationship: SUBSCRIPTION, kind: 'subscriber', capacity: 'consumer' as const, service: 'subscription', startedAt: '2019-01-15T08:00:00.000Z' },
        { relationship: SHOP, kind: 'customer', capacity: 'consumer' as const, service: 'shop', startedAt: '2019-01-15T08:00:00.000Z' },
      ].map((one) => [one.relationship, one]),
    ),
  },
  holding: {
    holdings: new Map(
      [
        { holding: POSTAL_OF_SUBSCRIPTION, category: 'postal', relationship: SUBSCRIPTION },
        { holding: POSTAL_OF_SHOP, category: 'postal', relationship: SHOP },
        { holding: NAME_OF_SHOP, category: 'name', relationship: SHOP },
      ].map((one) => [one.holding, { ...one, origin: 'collected', current: [], disputes: [], told: [], restrictions: [] }]),
    ),
  },
};

const noPolicies: Registers = registersOf();
const at = '2020-01-15T08:00:00.000Z';
const context: Context = {
  now: at,
  isFoundById: false, stream: 'subject-0f1e2d3c-4b5a-4968-8776-655443322110',
  when: { text: at, earliest: at, latest: at },
  registers: noPolicies,
  newId: () => 'b0b1b2b3-b4b5-4b6b-8b7b-b8b9babbbcbd',
  eventId: () => 'c0c1c2c3-c4c5-4c6c-8c7c-c8c9cacbcccd',
  identifierOf: () => undefined,
  person: () => undefined,
  event: () => undefined,
  isWellFormed: () => true,
  isSame: (_kind, one, other) => one === other,
};

function disputed(command: object): string {
  const [fact] = disputePersonalData.decide(plainToInstance(DisputePersonalData, command), known, context);
  return String(fact?.data['holding']);
}

function refusal(command: object): Refusal {
  try {
    disputed(command);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('it was recorded');
}

describe('a correction that names its holding by category', () => {
  it('is recorded on the only holding of the category', () => {
    expect(disputed({ category: 'name' })).toBe(NAME_OF_SHOP);
  });

  it('is recorded on the one within the service or the relationship that it names', () => {
    expect(disputed({ category: 'postal', service: 'shop' })).toBe(POSTAL_OF_SHOP);
    expect(disputed({ category: 'postal', relationship: SUBSCRIPTION })).toBe(POSTAL_OF_SUBSCRIPTION);
  });

  it('is refused where several fit, with their ids', () => {
    expect(refusal({ category: 'postal' })).toMatchObject({ code: 'HoldingNotFound', detail: { pointer: '/category', alternatives: [POSTAL_OF_SUBSCRIPTION, POSTAL_OF_SHOP] } });
  });

  it('is refused where none fits, and where id and category disagree', () => {
    expect(refusal({ category: 'phone' })).toMatchObject({ code: 'HoldingNotFound', detail: { pointer: '/category' } });
    expect(refusal({ holding: NAME_OF_SHOP, category: 'postal' })).toMatchObject({ code: 'HoldingNotFound', detail: { pointer: '/holding' } });
  });

  it('is malformed without either', () => {
    const faults = (command: object): readonly string[] => validateSync(plainToInstance(DisputePersonalData, command)).map(({ property }) => property);
    const subject = '0f1e2d3c-4b5a-4968-8776-655443322110';
    expect(faults({ subject })).toEqual(['holding']);
    expect(faults({ subject, category: 'postal' })).toEqual([]);
    expect(faults({ subject, holding: 'postal', category: 'postal' })).toEqual(['holding']);
  });
});
