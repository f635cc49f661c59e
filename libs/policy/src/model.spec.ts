import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compilePolicy, versionInForce } from './model.js';
import type { PolicyModel } from './model.js';
import { exampleModel, firstVersion, wholeModel, secondVersion } from './policy.examples.js';
import type { Basis, Category, Policy, Purpose } from './policy.js';

const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');
const first = exampleModel(firstVersion, sha256Hex);
const second = exampleModel(secondVersion, sha256Hex);

describe('the example policy', () => {
  it('answers for services, each by its own company', () => {
    expect(first.controllerOf('letters')?.id).toBe('north');
    expect(first.controllerOf('shop')?.id).toBe('south');
    expect(first.controllerOf('nothing')).toBeUndefined();
    expect(first.purposesOf('dinners').map(({ id }) => id)).toEqual(['company', 'dinner', 'account']);
  });

  it('gives each category of a purpose its own basis', () => {
    expect(first.basisFor('dinner', 'email')?.basis).toBe('eu-gdpr:A6-1-b');
    expect(first.basisFor('dinner', 'allergy')).toMatchObject({ basis: 'eu-gdpr:A6-1-a', specialBasis: 'eu-gdpr:A9-2-a' });
    expect(first.basisFor('letter', 'allergy')).toBeUndefined();
  });

  it('says how necessary a category is by its closest entry', () => {
    expect(first.necessityOf('dinner', 'name')).toBe('required');
    expect(first.necessityOf('dinner', 'email')).toBe('optional');
  });

  it('knows special categories by what they stand under', () => {
    expect(first.specialOf('allergy')).toBe('health');
    expect(first.specialOf('email')).toBeUndefined();
    expect(first.isLeaf('allergy')).toBe(true);
    expect(first.isLeaf('food')).toBe(false);
    expect(first.isLeaf('nothing')).toBe(false);
  });

  it('keeps recipients to what their kind may receive', () => {
    expect(first.mayReceive('printer', 'email')).toBe(true);
    expect(first.mayReceive('printer', 'allergy')).toBe(false);
    expect(first.mayReceive('mailer', 'allergy')).toBe(true);
    expect(first.mayReceive('stranger', 'email')).toBe(false);
  });

  it('finds the retention rules of a purpose and a category', () => {
    expect(first.retentionFor('dinner', 'email').map(({ id }) => id)).toEqual(['r-year']);
    expect(first.retentionFor('dinner', 'allergy').map(({ id }) => id)).toEqual(['r-year', 'r-food']);
    expect(first.retentionFor('letter', 'allergy')).toEqual([]);
  });

  it('names things for people, and answers with all ids of a kind', () => {
    expect(first.label('category', 'email', 'en')).toBe('e-mail');
    expect(first.label('channel', 'email', 'sv')).toBe('e-post');
    expect(first.label('controller', 'south', 'en')).toBe('Södra Exempel AB');
    expect(first.label('purpose', 'from-an-older-policy', 'sv')).toBe('from-an-older-policy');
    expect(first.alternatives('service')).toEqual(['dinners', 'letters', 'shop']);
    expect(first.alternatives('notice')).toEqual(['notice']);
    expect(first.has('service', 'shop')).toBe(true);
    expect(first.has('purpose', 'shop')).toBe(false);
  });

  it('lists each version of a notice in each language', () => {
    expect(first.noticeVersions.map(({ of, language }) => `${of.id} ${of.version} ${language}`)).toEqual(['notice 1 sv', 'notice 1 en', 'notice 2 sv', 'notice 2 en']);
  });
});

const whole = wholeModel(sha256Hex);

describe('what the gate reads', () => {
  const model = whole;

  it('knows what data tells by the nearest that says so', () => {
    expect(['email', 'clicks', 'device', 'allergy', 'nothing'].map((id) => model.natureOf(id))).toEqual(['identity', 'behavioural', 'identity', undefined, undefined]);
  });

  it('knows what a purpose is by the nearest that says so', () => {
    expect(['adverts', 'tailored', 'counting', 'letter', 'nothing'].map((id) => model.natureOfPurpose(id))).toEqual(['marketing', 'interest-advertising', 'analytics', undefined, undefined]);
  });

  it('knows which party of a conference a recipient has to be, and how often it is audited', () => {
    expect(model.recipientKind('cook')).toMatchObject({ conferenceRole: 'caterer', auditEvery: undefined });
    expect(model.recipientKind('mailer')).toMatchObject({ conferenceRole: undefined, auditEvery: 'P1Y' });
  });

  it('finds the grounds of disclosures, and the cases of transfers apart by remote access', () => {
    expect(model.disclosureGround('order')).toMatchObject({ kind: 'legal-duty', recipientKinds: ['court'] });
    expect(model.disclosureGround('whim')).toBeUndefined();
    expect(model.alternatives('disclosure-ground')).toEqual(['order']);
    expect(model.transferCase('mailer', false)?.id).toBe('mailing');
    expect(model.transferCase('mailer', true)?.id).toBe('reaching-in');
    expect(model.transferCase('printer', false)).toBeUndefined();
  });

  it('says of which purposes and recipients a notice tells', () => {
    expect(model.policy.notices.map(({ purposes, recipientKinds }) => ({ purposes, recipientKinds }))).toEqual([
      { purposes: undefined, recipientKinds: undefined }, { purposes: ['letter'], recipientKinds: ['printer'] },
    ]);
  });

  it('is unknown to a policy that was written without it', () => {
    expect(first.natureOfPurpose('letter')).toBeUndefined();
    expect(first.transferCase('mailer', false)).toBeUndefined();
    expect(first.alternatives('disclosure-ground')).toEqual([]);
  });
});

describe('what a policy declares', () => {
  it('finds the clause of a service before the general one', () => {
    expect(whole.clauseFor('all', 'dinners')?.id).toBe('meals');
    expect(whole.clauseFor('all', 'letters')?.id).toBe('all');
    expect(whole.clauseFor('meals', 'dinners')?.id).toBe('meals');
    expect(whole.clauseFor('nothing', 'dinners')).toBeUndefined();
  });

  it('finds codes by their kind', () => {
    expect(whole.codes('measure').map(({ id }) => id)).toEqual(['locks']);
    expect(whole.codes('safeguard')).toEqual([]);
  });

  it('is known by its ids like all else', () => {
    expect(whole.alternatives('message-class')).toEqual(['menu', 'offer', 'tailored-offer']);
    expect(whole.label('right', 'portability', 'sv')).toBe('flytta');
    expect(whole.label('change', 'example-1', 'en')).toBe('example-1');
  });
});

describe('consent terms', () => {
  it('are those of the company that is asked for', () => {
    expect(first.consentTerms('letter', 'south')).toEqual({ controller: 'south', purpose: 'letter', categories: ['email', 'name'], recipientKinds: ['printer'] });
    expect(first.consentTerms('letter', 'north')?.controller).toBe('north');
    expect(first.consentTerms('dinner', 'south')).toBeUndefined();
  });

  it('hold only what rests on consent', () => {
    expect(first.consentTerms('dinner', 'north')?.categories).toEqual(['allergy']);
    expect(first.consentTerms('account', 'north')).toBeUndefined();
    expect(first.consentTerms('company', 'north')).toBeUndefined();
  });

  it('change with a recipient kind, and with nothing else of the next version', () => {
    expect(second.consentTerms('letter', 'north')).not.toEqual(first.consentTerms('letter', 'north'));
    expect(second.consentTerms('dinner', 'north')).toEqual(first.consentTerms('dinner', 'north'));
    expect(second.documentHash).not.toEqual(first.documentHash);
  });
});

describe('the version in force', () => {
  const inForce = (at: string): string | undefined => versionInForce([second, first], at)?.version;

  it('is none before the first, and the latest from its instant on', () => {
    expect(inForce('2020-01-31T22:59:59.999Z')).toBeUndefined();
    expect(inForce('2020-01-31T23:00:00.000Z')).toBe('example-1');
    expect(inForce('2022-01-31T22:59:59.999Z')).toBe('example-1');
    expect(inForce('2022-01-31T23:00:00Z')).toBe('example-2');
    expect(inForce('2022-02-01T00:00:00+01:00')).toBe('example-2');
  });

  it('is the later published of two that take effect at once, whatever their order', () => {
    const late = exampleModel({ ...secondVersion, version: 'example-3', publishedOn: '2022-01-02' }, sha256Hex);
    expect(versionInForce([late, second], '2023-01-01T00:00:00Z')?.version).toBe('example-3');
    expect(versionInForce([second, late], '2023-01-01T00:00:00Z')?.version).toBe('example-3');
  });
});

const words = { sv: 'x', en: undefined };
const idOf = (i: number): string => `c${i}`;
const anyIds = (n: number): fc.Arbitrary<string[]> => fc.uniqueArray(fc.nat(n - 1).map(idOf), { maxLength: 4 });

const anyCategories: fc.Arbitrary<Category[]> = fc.array(fc.option(fc.nat(100), { nil: undefined }), { minLength: 1, maxLength: 12 }).map((parents) =>
  parents.map((parent, i) => ({
    id: idOf(i), parent: i === 0 || parent === undefined ? undefined : idOf(parent % i), label: words, rows: [], dpv: undefined, special: undefined,
    criminal: false, nature: undefined, identifier: undefined, form: 'text',
  })),
);

function anyPurpose(n: number): fc.Arbitrary<Purpose> {
  const anyBasis: fc.Arbitrary<Basis> = fc.record({
    categories: fc.option(anyIds(n), { nil: undefined }), basis: fc.constantFrom('eu-gdpr:A6-1-a', 'eu-gdpr:A6-1-b'), specialBasis: fc.constant(undefined),
    decidedBy: fc.constant('lead'), decidedOn: fc.constant('2020-01-01'), motive: fc.constant(words), assessment: fc.constant(undefined),
  });
  return fc.record({ listed: anyIds(n), never: anyIds(n), bases: fc.array(anyBasis, { maxLength: 4 }) }).map(({ listed, never, bases }) => ({
    id: 'p', parent: undefined, label: words, rows: [], dpv: 'dpv:Purpose', nature: undefined, never, bases, recipientKinds: [], services: undefined,
    personnummerGround: undefined, clause: 'all', categories: listed.map((id) => ({ id, necessity: 'optional' as const })),
  }));
}

/** The same questions, answered by walking the plain data. */
function naive(policy: Policy): Pick<PolicyModel, 'isWithin' | 'allows' | 'basisFor'> {
  const isWithin = (id: string, ancestor: string): boolean => {
    const node = policy.categories.find((one) => one.id === id);
    return node !== undefined && (id === ancestor || (node.parent !== undefined && isWithin(node.parent, ancestor)));
  };
  const basisFor = (purposeId: string, id: string): Basis | undefined => {
    const purpose = policy.purposes.find((one) => one.id === purposeId);
    const allowed = purpose?.categories.some((listed) => isWithin(id, listed.id)) && !purpose.never.some((never) => isWithin(id, never));
    if (purpose === undefined || !allowed) return undefined;
    for (let at: string | undefined = id; at !== undefined; at = policy.categories.find((one) => one.id === at)?.parent) {
      const level: string = at;
      const basis = purpose.bases.find((one) => one.categories?.includes(level));
      if (basis !== undefined) return basis;
    }
    return purpose.bases.find((one) => one.categories === undefined);
  };
  return { isWithin, basisFor, allows: (purpose, id) => basisFor(purpose, id) !== undefined };
}

describe('looking up', () => {
  it('agrees with a search through the plain data', () => {
    const anyPolicy = anyCategories.chain((categories) => anyPurpose(categories.length).map((purpose): Policy => ({ ...first.policy, categories, purposes: [purpose] })));
    fc.assert(fc.property(anyPolicy, (policy) => {
      const model = compilePolicy(policy, { effectiveFromAt: '2020-01-01T00:00:00Z', documentHash: '', sha256Hex });
      const search = naive(policy);
      for (const id of [...policy.categories.map((one) => one.id), 'unknown']) {
        expect(model.allows('p', id)).toBe(search.allows('p', id));
        expect(model.basisFor('p', id)).toBe(search.basisFor('p', id));
        for (const { id: other } of policy.categories) expect(model.isWithin(id, other)).toBe(search.isWithin(id, other));
      }
      expect(model.allows('unknown', 'c0')).toBe(false);
    }), { numRuns: 150 });
  });
});
