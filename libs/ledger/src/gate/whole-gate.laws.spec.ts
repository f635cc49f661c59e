import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { StoredEvent } from '#event-store/event-store.js';
import type { PolicyModel } from '#policy/model.js';
import { modelOf, policyWithout } from '#policy/without-row.fixture.js';
import { decode } from '../encoding.js';
import { asurgentYaml } from '../testing/asurgent.fixture.js';
import { GateOracle, type Told } from '../testing/gate-oracle.fixture.js';
import { liveGate, type GateLife } from '../testing/gate-life.fixture.js';
import { turns } from '../testing/gate-turns.fixture.js';
import { unsoundly } from '../testing/person-gate.fixture.js';

/**
 * Three policies in turn: the published one; one that allows what no file may, made past the reading, so that only the gate is left to say
 * no; and one without four kinds of recipients.
 */
const models = [modelOf(asurgentYaml), lax(modelOf(asurgentYaml.replaceAll('2018-05-25', '2021-05-20'))), policyWithout('S052', asurgentYaml.replaceAll('2018-05-25', '2021-07-01'))];

function lax(model: PolicyModel): PolicyModel {
  const more: Readonly<Record<string, readonly string[]>> = {
    'interest-based-advertising': ['name', 'email', 'phone', 'postal', 'purchase-history'],
    'sponsor-sharing': ['event-needs', 'event-participation-data'],
    'business-intelligence': ['contact'],
    'direct-marketing': ['page-view'],
  };
  return unsoundly(model, (policy) => ({
    ...policy,
    purposes: policy.purposes.map((one) => (more[one.id] === undefined ? one : { ...one, never: [], categories: [...one.categories, ...(more[one.id] ?? []).map((id) => ({ id, necessity: 'optional' as const }))] })),
    recipientKinds: policy.recipientKinds.map((one) => (one.id === 'event-sponsor' ? { ...one, categories: ['contact', 'order', 'event-needs'] } : one)),
  }));
}

/** By the codes of the gate; `consent` and `transfer-ground` are all that is asked of a consent and of a transfer. */
const RESTATED = [
  'analytics-apart', 'authority-ground', 'category-allowed', 'category-held', 'combining-consent', 'conference-held', 'conference-party', 'consent', 'diet-to-kitchen-only', 'holding-justified', 'indirect-notice', 'interest-advertising-identity', 'joint-arrangement',
  'marketing-to-child', 'new-purpose-notice', 'no-objection', 'not-merging', 'not-restricted', 'processor-contract', 'protected-identity', 'recipient-for-purpose', 'recipient-may-receive', 'recipient-role', 'source-use', 'sponsor-contact-only', 'sponsor-named', 'sub-processor-accepted', 'transfer-ground', 'vendor-purpose',
];

async function toldIn({ nodes }: GateLife): Promise<readonly Told[]> {
  return (await nodes[0].teller.stored()).map((stored: StoredEvent) => ({ ...decode(stored), position: stored.position }));
}

describe('whatever happened before', () => {
  it('nothing is authorised that a rule forbids at that moment', async () => {
    const allowed = new Map<string, number>();
    const alone = new Map<string, number>();
    const count = (of: Map<string, number>, what: string): void => void of.set(what, (of.get(what) ?? 0) + 1);
    await fc.assert(
      fc.asyncProperty(turns, async (script) => {
        const life = await liveGate(script, models);
        const log = await toldIn(life);
        const oracle = new GateOracle(log, models);
        for (const event of log.filter(({ type }) => /(Authorised|Blocked)$/.test(type))) {
          const { type, data, id, registers = [] } = event;
          const forbidden = oracle.forbids(event);
          for (const { stream, revision } of life.atLeast.get(id) ?? []) expect(registers.find((one) => one.stream === stream)?.revision ?? revision).toBeGreaterThanOrEqual(revision);
          if (type.endsWith('Authorised')) {
            expect({ type, data, forbidden }).toEqual({ type, data, forbidden: [] });
            count(allowed, `${type} ${String(data['purpose'])} ${String(data['recipient'] ?? '')}`);
          } else if (forbidden.length === 1) count(alone, String(forbidden[0]));
        }
        await life.engines.close();
      }),
      { numRuns: 150, seed: 20261122, endOnFailure: true },
    );
    // The lives ask something: acts of all kinds are allowed, and each of these rules was all that forbade one, so that without it the law fails.
    expect(allowed.size).toBeGreaterThan(20);
    expect(RESTATED.filter((rule) => !alone.has(rule))).toEqual([]);
  }, 300_000);
});
