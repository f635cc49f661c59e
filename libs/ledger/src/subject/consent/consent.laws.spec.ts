import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseWhen } from '#law/when.js';
import type { Envelope } from '../../envelope.js';
import { idOf } from '../../testing/decider.fixture.js';
import { live, PEOPLE, steps } from '../../testing/history.fixture.js';
import { twoVersions } from '../../testing/registers.fixture.js';
import { evolveSubject, initialSubject } from '../subject.js';
import type { ConsentData } from './consent.events.js';
import { consentFor, type ConsentQuestion } from './consent.state.js';

/**
 * Whether consent carries a use, as a person would say who reads the events one by one: there is a consent to it that has begun, has
 * all its evidence, has not run out, whose terms are those of today, and which no later no has ended.
 */
function isCarried(events: readonly Envelope[], { controller, purpose, category, relationship, conference, at, terms }: ConsentQuestion): boolean {
  return events.some((event) => {
    if (event.type !== 'ConsentGiven' && event.type !== 'RenewedConsentGiven') return false;
    const data = event.data as ConsentData['ConsentGiven'];
    if (event.controller !== controller || !data.purposes.includes(purpose) || !data.categories.includes(category)) return false;
    if (data.missing.length > 0 || at < data.from || (data.validUntil !== undefined && at >= data.validUntil)) return false;
    if ((data.relationship ?? relationship) !== relationship || (data.conference ?? conference) !== conference) return false;
    const then = data.terms.find((one) => one.purpose === purpose);
    if (terms === 'none' || (terms !== undefined && JSON.stringify([then?.categories, then?.recipientKinds]) !== JSON.stringify([terms.categories, terms.recipientKinds]))) return false;
    return !events.some((no) => ['ConsentWithdrawn', 'ConsentRefused', 'ConsentExpired'].includes(no.type) && isNoTo(no, event, purpose, at));
  });
}

function isNoTo(no: Envelope, given: Envelope, purpose: string, at: string): boolean {
  const { consent, purposes, at: from } = no.data as { consent?: string; purposes?: readonly string[]; at: string };
  const mayHaveCome = parseWhen(no.occurredAt)?.latest ?? '';
  const cameLast = mayHaveCome < no.recordedAt ? mayHaveCome : no.recordedAt;
  const wasGiven = parseWhen(given.occurredAt)?.earliest ?? '';
  return (
    from <= at &&
    (no.controller ?? given.controller) === given.controller &&
    (consent ?? given.data['consent']) === given.data['consent'] &&
    (purposes ?? [purpose]).includes(purpose) &&
    (cameLast >= wasGiven || from >= wasGiven)
  );
}

const instants = fc.integer({ min: 0, max: 1300 * 24 }).map((hours) => new Date(Date.UTC(2020, 0, 1) + hours * 3_600_000).toISOString());

describe('consentFor', () => {
  it('says what a reader of the events would say, of every history at every time', async () => {
    let carried = 0;
    let asked = 0;
    await fc.assert(
      fc.asyncProperty(steps, fc.array(instants, { minLength: 12, maxLength: 12 }), async (script, times) => {
        const { teller, engines } = await live(script);
        for (const [person, subject] of PEOPLE.entries()) {
          const events = await teller.events(subject);
          const { consent } = events.reduce(evolveSubject, initialSubject);
          for (const at of times)
            for (const [relationship, conference] of [[undefined, undefined], [idOf(`history relationship ${person} 0`), undefined], [idOf(`history relationship ${person} 1`), 'autumn-2021']] as const) {
              const inForce = twoVersions.policyAt('north', at)?.model;
              const question: ConsentQuestion = {
                controller: 'north',
                purpose: 'letter',
                category: 'email',
                explicit: false,
                ...(relationship !== undefined && { relationship }),
                ...(conference !== undefined && { conference }),
                at,
                terms: inForce && (inForce.consentTerms('letter', 'north') ?? 'none'),
              };
              const expected = isCarried(events, question);
              expect('consent' in consentFor(consent, question)).toBe(expected);
              asked += 1;
              if (expected) carried += 1;
            }
        }
        await engines.close();
      }),
      { numRuns: 25, seed: 20261122 },
    );
    // The histories ask something: of all questions some are carried by consent, and most are not.
    expect(carried).toBeGreaterThan(asked / 50);
    expect(carried).toBeLessThan(asked / 2);
  });
});
