import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { readPlainYaml } from './plain-yaml.js';
import { checkPolicy } from './policy-rules.js';
import { policyShape } from './policy-shape.js';
import { describeProblem, readPolicy } from './read-policy.js';
import type { Findings } from './shape.js';

const file = readFileSync(new URL('../../../../deploy/policy/asurgent.yaml', import.meta.url), 'utf8');
const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');
const reading = readPolicy(file, { sha256Hex, instantOf: (localDate) => `${localDate}T00:00:00+02:00` });
if ('problems' in reading) throw new Error(reading.problems.map(describeProblem).join('\n'));
const { policy: model } = reading;

interface Check {
  readonly reported: { readonly field: string; readonly message: string }[];
  readonly references: Findings['references'];
}

/** The rules without the text: quick enough to be asked hundreds of times. */
function check(value: unknown): Check {
  const reported: { field: string; message: string }[] = [];
  const findings: Findings = { definitions: [], references: [], words: [], report: (field, message) => reported.push({ field, message }) };
  checkPolicy(policyShape.read(value, '', findings), findings);
  return { reported, references: findings.references };
}

function withValueAt(value: unknown, path: readonly string[], put: string): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return put;
  if (Array.isArray(value)) return value.map((item: unknown, i) => (String(i) === head ? withValueAt(item, rest, put) : item));
  const mapping = value as Readonly<Record<string, unknown>>;
  return { ...mapping, [head]: withValueAt(mapping[head], rest, put) };
}

describe('the policy of May 2018', () => {
  const plain = readPlainYaml(file).value;
  const sound = check(plain);

  it('is written as it is hashed', () => {
    expect(model.documentHash).toBe(sha256Hex(file));
  });

  it('refers in all the ways that a policy can', () => {
    const ways = new Set(sound.references.map(({ field }) => field.replace(/\[\d+\]/g, '')));
    expect([...ways].sort()).toEqual([
      'categories.parent', 'changeClasses.clause', 'changeClasses.toldBy', 'changes.changeClass', 'changes.reasons', 'clauses.over',
      'clauses.services', 'clocks.clause', 'codes.clause', 'disclosureGrounds.clause', 'disclosureGrounds.recipientKinds', 'documents.clause',
      'documents.servedAt', 'documents.services', 'ledger.accessRetention', 'ledger.logRetention', 'ledger.purpose', 'messageClasses.channels',
      'messageClasses.clause', 'messageClasses.purpose', 'notices.purposes', 'notices.recipientKinds', 'purposes.bases.assessment',
      'purposes.bases.categories', 'purposes.categories.id', 'purposes.clause', 'purposes.never', 'purposes.parent', 'purposes.personnummerGround',
      'purposes.recipientKinds', 'purposes.services', 'recipientKinds.categories', 'retention.categories', 'retention.clause',
      'retention.longerThan', 'retention.purposes', 'retention.relationships', 'rights.clause', 'services.controller', 'transfers.clause',
      'transfers.recipientKinds', 'wordings.categories', 'wordings.purposes', 'wordings.recipientKinds',
    ]);
  });

  it('is refused when any one of its references leads nowhere', () => {
    expect(sound.reported).toEqual([]);
    expect(sound.references.length).toBeGreaterThan(350);
    const unnoticed = sound.references.filter(({ field }) => {
      const changed = withValueAt(plain, field.split(/[.[\]]+/).filter((part) => part !== ''), 'leads-nowhere');
      return !check(changed).reported.some((fault) => fault.field === field && fault.message.startsWith('"leads-nowhere" is no '));
    });
    expect(unnoticed).toEqual([]);
  });

  it('has five main purposes', () => {
    expect(model.policy.purposes.filter(({ parent }) => parent === undefined).map(({ id }) => id)).toEqual([
      'service-provision', 'personalisation', 'compliance-security', 'communication', 'advertising',
    ]);
  });

  it('says who chose each basis, when and why, in both languages', () => {
    for (const basis of model.policy.purposes.flatMap(({ bases }) => bases)) {
      expect(basis.decidedBy).not.toBe('');
      expect(basis.motive.en).toBeDefined();
    }
  });

  it('keeps name and addresses out of interest-based advertising', () => {
    for (const category of ['name', 'postal', 'email', 'phone']) expect(model.allows('interest-based-advertising', category)).toBe(false);
    expect(model.allows('interest-based-advertising', 'interest')).toBe(true);
  });

  it('gives food to the caterer, under explicit consent, and never to a sponsor', () => {
    expect(model.specialOf('allergy')).toBe('health');
    expect(model.basisFor('event-diet', 'allergy')).toMatchObject({ basis: 'eu-gdpr:A6-1-a', specialBasis: 'eu-gdpr:A9-2-a' });
    expect(model.mayReceive('event-caterer', 'allergy')).toBe(true);
    expect(model.mayReceive('event-sponsor', 'allergy')).toBe(false);
    expect(model.policy.purposes.filter(({ id }) => model.allows(id, 'allergy')).map(({ id }) => id)).toEqual(['event-diet']);
  });

  it('carries the figures of the published text', () => {
    const stated = model.policy.retention.filter(({ origin }) => origin === 'stated').map(({ id, anchor, period }) => `${id} ${anchor} ${period}`);
    expect(stated).toEqual([
      'r-service-end-24m service-ended P24M', 'r-dm-24m service-ended P24M', 'r-event-b2b-36m event-ended P36M', 'r-prospect-3m first-contact P3M',
      'r-bookkeeping-7y financial-year-ended P7Y',
    ]);
    expect(model.retentionRule('r-diet')).toMatchObject({ anchor: 'event-ended', period: 'P30D', origin: 'proposed' });
  });

  it('knows what a register extract may be ordered for', () => {
    expect(model.source('spar')?.sparPurposes).toEqual(['kontroll', 'urval']);
    expect(model.source('linkedin')?.publiclyAccessible).toBe(true);
  });

  it('is a processing of the ledger too', () => {
    const { purpose, logRetention, accessRetention } = model.policy.ledger;
    expect(model.basisFor(purpose, 'access-line')?.basis).toBe('eu-gdpr:A6-1-c');
    expect(model.retentionFor(purpose, 'pseudonymous-record').map(({ id }) => id)).toEqual([logRetention]);
    expect(model.retentionFor(purpose, 'access-line').map(({ id }) => id)).toEqual([accessRetention]);
  });
});
