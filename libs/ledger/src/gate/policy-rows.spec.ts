import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { modelOf, policyWithout } from '#policy/without-row.fixture.js';
import { AuthoriseDisclosure } from '../subject/disclosure/disclosure.commands.js';
import { AuthoriseUse } from '../subject/use/use.commands.js';
import { AnnasLedger, asurgentYaml } from '../testing/asurgent.fixture.js';
import { unsoundly } from '../testing/person-gate.fixture.js';
import { rowChecks, type RowCheck } from './policy-rows.checks.js';

/** The file as it was published, and as a later version is in force when the tests ask. */
const published = modelOf(asurgentYaml);
const laterYaml = asurgentYaml.replaceAll('2018-05-25', '2021-05-01');
const later = modelOf(laterYaml);

async function answers({ steps, alone }: RowCheck, without?: string): Promise<readonly string[]> {
  const single = without === undefined ? published : policyWithout(without, asurgentYaml);
  const next = without === undefined ? later : policyWithout(without, laterYaml);
  const anna = await AnnasLedger.open([published], alone === true ? [single] : [published, next]);
  const given: string[] = [];
  for (const step of steps) given.push(await step(anna));
  await anna.close();
  return given;
}

const isHard = ({ whole, without }: RowCheck): boolean => JSON.stringify(whole) === JSON.stringify(without);
const rows = Object.keys(rowChecks).sort();
const ofFile = rows.filter((row) => !isHard(rowChecks[row] as RowCheck));
const ofLaw = rows.filter((row) => isHard(rowChecks[row] as RowCheck));

describe('a row that the ledger keeps', () => {
  it('is asked about somebody of whom nothing is held that may not be', async () => {
    const anna = await AnnasLedger.open([published], [published]);
    expect(new Set(await anna.verdicts())).toEqual(new Set(['justified']));
    await anna.close();
  });

  it.each(ofFile)('%s is kept with the policy file, and not with the file without it', async (row) => {
    const check = rowChecks[row] as RowCheck;
    expect([await answers(check), await answers(check, row)]).toEqual([check.whole, check.without]);
  });

  // That its words are gone from the file is for libs/policy/src/policy-rows.spec.ts to see.
  it.each(ofLaw)('%s is kept whatever the policy file says, for the law asks for it', async (row) => {
    const check = rowChecks[row] as RowCheck;
    expect([await answers(check), await answers(check, row)]).toEqual([check.whole, check.whole]);
  });

  it('is said to be in force, and to be tested here, in the table of rows', () => {
    const lines = readFileSync(new URL('../../../../../deploy/policy/README.md', import.meta.url), 'utf8').split('\n').filter((line) => /^\| S\d{3} \|/.test(line));
    const named = lines.filter((line) => line.includes('`libs/ledger/src/gate/policy-rows.spec.ts`'));
    expect(named.map((line) => line.slice(2, 6))).toEqual(rows);
    expect(named.filter((line) => !line.includes('| in force |'))).toEqual([]);
  });
});

describe('a promise that no file can take back', () => {
  it('S022: a file that lets name, address, e-mail or phone into interest-based advertising does not read', () => {
    expect(() => modelOf(asurgentYaml.replace('    never: [name, postal, email, phone]\n', ''))).toThrow('interest-based advertising');
  });

  it('S022: and were there such a policy, they would not be used for it', async () => {
    const identity = ['name', 'postal', 'email', 'phone'];
    const model = unsoundly(later, (policy) => ({ ...policy, purposes: policy.purposes.map((one) => (one.id === 'interest-based-advertising' ? { ...one, never: [], categories: [...one.categories, ...identity.map((id) => ({ id, necessity: 'optional' as const }))] } : one)) }));
    const anna = await AnnasLedger.open([published], [published, model]);
    for (const category of identity) {
      expect(model.allows('interest-based-advertising', category)).toBe(true);
      expect(await anna.answer(AuthoriseUse, { purpose: 'interest-based-advertising', ...anna.held(category) })).toContain('interest-advertising-identity');
    }
    await anna.close();
  });

  it('S054: and were sponsors to receive by the policy what people eat, they would not', async () => {
    const diet = { id: 'event-needs', necessity: 'optional' as const };
    const model = unsoundly(later, (policy) => ({
      ...policy,
      purposes: policy.purposes.map((one) => (one.id === 'sponsor-sharing' ? { ...one, never: [], categories: [...one.categories, diet] } : one)),
      recipientKinds: policy.recipientKinds.map((one) => (one.id === 'event-sponsor' ? { ...one, categories: ['contact', 'event-needs'] } : one)),
    }));
    const anna = await AnnasLedger.open([published], [published, model]);
    expect([model.allows('sponsor-sharing', 'allergy'), model.mayReceive('event-sponsor', 'allergy')]).toEqual([true, true]);
    expect(await anna.answer(AuthoriseDisclosure, { recipient: 'bank', purpose: 'sponsor-sharing', ...anna.held('allergy') })).toMatch(/diet-to-kitchen-only.*sponsor-contact-only/);
    await anna.close();
  });
});
