import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { rowChecks } from './policy-rows.checks.js';
import { modelOf, policyWithout, rowsIn } from './without-row.fixture.js';

const repository = new URL('../../../../', import.meta.url);
const yaml = readFileSync(new URL('deploy/policy/asurgent.yaml', repository), 'utf8');
const whole = modelOf(yaml);
const carried = rowsIn(yaml);

/** The rows of the published text, S001 to S133; numbers between its sections are free. */
const sections = [[1, 25], [30, 47], [50, 65], [70, 88], [90, 104], [110, 112], [120, 128], [130, 133]] as const;
const allRows = sections.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => `S${String(from + i).padStart(3, '0')}`));

interface Line {
  readonly row: string;
  readonly lists: readonly string[];
  readonly stands: string;
  readonly proof: string;
}

const table: readonly Line[] = readFileSync(new URL('deploy/policy/README.md', repository), 'utf8').split('\n').filter((line) => /^\| S\d{3} \|/.test(line)).map((line) => {
  const [row = '', , lists = '', stands = '', proof = ''] = line.split('|').slice(1, -1).map((cell) => cell.trim());
  return { row, lists: lists.split(', ').filter((list) => list !== ''), stands, proof };
});

describe('a row of the published text', () => {
  it.each(Object.keys(rowChecks).sort())('%s holds in the policy file, and not in the file without it', (row) => {
    const holds = rowChecks[row];
    expect(holds?.(whole)).toBe(true);
    expect(holds?.(policyWithout(row, yaml))).toBe(false);
  });

  it('is checked wherever the file carries it', () => {
    expect(Object.keys(rowChecks).sort()).toEqual([...carried.keys()].filter((row) => /^S\d/.test(row)).sort());
  });

  it('takes its elements with it, and leaves the others', () => {
    const without = policyWithout('S055', yaml).policy;
    const gone = (list: 'purposes' | 'recipientKinds' | 'categories'): readonly string[] => whole.policy[list].map(({ id }) => id).filter((id) => !without[list].some((one) => one.id === id));
    expect(gone('recipientKinds')).toEqual(['social-plugin']);
    expect(gone('purposes')).toEqual(['social-sharing']);
    expect(gone('categories')).toEqual(['ip-address', 'device-type', 'operating-system', 'sharing', 'shared-at', 'shared-url', 'shared-article']);
    expect(without.retention.filter(({ id }) => id === 'left-over')).toEqual([]);
  });

  it('is missed when no element carries it', () => {
    expect(() => policyWithout('S011', yaml)).toThrow('no element carries S011');
  });

  it('is not taken out where the ledger could not keep its books without it', () => {
    expect(() => policyWithout('G05.6', yaml)).toThrow('ledger cannot be without what was taken out');
  });
});

describe('the table of rows', () => {
  const later = ['contact and objections', 'retention and erasure', 'rights', 'policy life cycle', 'access control'].map((capability) => `later: ${capability}`);

  it('has each row once, in order', () => {
    expect(table.map(({ row }) => row)).toEqual(allRows);
  });

  it('names the lists of the file that carry each row', () => {
    const told = table.map(({ row, lists }) => `${row} ${[...lists].sort().join(' ')}`);
    expect(told).toEqual(allRows.map((row) => `${row} ${[...(carried.get(row) ?? [])].sort().join(' ')}`));
  });

  it('says of each row that it is in force, declared, or carried later', () => {
    expect(table.filter(({ stands }) => !['in force', 'declared', ...later].includes(stands))).toEqual([]);
  });

  it('has in the file whatever is in force or declared', () => {
    expect(table.filter(({ row, stands }) => !later.includes(stands) && !carried.has(row))).toEqual([]);
  });

  it('names for each row in force a test that is there', () => {
    const unproven = table.filter(({ stands, proof }) => stands === 'in force' && !proofsIn(proof).some(({ path, name }) => isTest(path, name)));
    expect(unproven).toEqual([]);
    expect(table.flatMap(({ proof }) => proofsIn(proof)).filter(({ path, name }) => !isTest(path, name))).toEqual([]);
  });
});

/** `path`, or `path`: name of the test. */
function proofsIn(cell: string): readonly { readonly path: string; readonly name: string | undefined }[] {
  return [...cell.matchAll(/`([^`]+)`(?:: ([^;]+))?/g)].map(([, path = '', name]) => ({ path, name: name?.trim() }));
}

function isTest(path: string, name: string | undefined): boolean {
  const file = new URL(path, repository);
  return /\.spec\.ts$/.test(path) && existsSync(file) && (name === undefined || readFileSync(file, 'utf8').includes(name));
}
