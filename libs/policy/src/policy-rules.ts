/** What must hold between the parts of a policy, beyond the form of each. */
import { checkDeclarations } from './declaration-rules.js';
import { checkGate } from './gate-rules.js';
import { basisOf, isAllowed, treeOf } from './trees.js';
import type { Tree } from './trees.js';
import { identifierForms, kinds } from './policy.js';
import type { Basis, Category, Kind, Policy, Purpose } from './policy.js';
import { member } from './plain-yaml.js';
import type { Findings } from './shape.js';

type Report = Findings['report'];

const maxAlternatives = 60;

/** Reports every breach, under the field that has to change. */
export function checkPolicy(policy: Policy, findings: Findings): void {
  const report: Report = (field, message, part) => findings.report(field, message, part);
  checkIds(policy, findings);
  checkLanguages(policy, findings);
  const categories = checkTree('categories', policy.categories, report);
  const purposes = checkTree('purposes', policy.purposes, report);
  checkTimes(policy, report);
  checkCategories(policy, report);
  policy.purposes.forEach((purpose, i) => checkPurpose(policy, categories, purpose, `purposes[${i}]`, report));
  checkSources(policy, report);
  checkRetention(policy, categories, report);
  checkWordings(policy, categories, report);
  checkLedger(policy, report);
  checkGate(policy, categories, purposes, report);
  checkDeclarations(policy, purposes, report);
}

function checkIds(policy: Policy, findings: Findings): void {
  const versioned: readonly Kind[] = ['notice', 'wording'];
  const first = new Map<string, string>();
  for (const { kind, id, field } of findings.definitions) {
    const element = field.replace(/\.id$/, '');
    const version = versioned.includes(kind) ? versionOf(policy, kind, element) : '';
    const key = `${kind} ${id} ${version}`;
    const before = first.get(key);
    if (before === undefined) first.set(key, field);
    else findings.report(field, `"${id}"${version && `, version ${version},`} is already ${before}`);
  }
  const known = new Set(findings.definitions.map(({ kind, id }) => `${kind} ${id}`));
  for (const { kind, id, field } of findings.references) {
    if (!known.has(`${kind} ${id}`)) findings.report(field, `"${id}" is no ${kind.replace('-', ' ')} of this policy; known: ${alternatives(policy, kind)}`);
  }
}

function versionOf(policy: Policy, kind: Kind, element: string): string {
  const index = Number(/\[(\d+)\]$/.exec(element)?.[1]);
  const list = kind === 'notice' ? policy.notices : policy.wordings;
  return String(list[index]?.version ?? '');
}

function alternatives(policy: Policy, kind: Kind): string {
  const ids = [...new Set(policy[kinds[kind]].map(({ id }) => id))].filter((id) => id !== '').sort();
  if (ids.length === 0) return 'none';
  const more = ids.length - maxAlternatives;
  return more > 0 ? `${ids.slice(0, maxAlternatives).join(', ')} and ${more} more` : ids.join(', ');
}

function checkLanguages(policy: Policy, { words, report }: Findings): void {
  if (policy.languages.length > 0 && !policy.languages.includes('sv')) report('languages', 'must have sv; people are told in Swedish (GDPR 12(1))');
  if (!policy.languages.includes('en')) return;
  for (const { words: found, field } of words) {
    if (found.en === undefined) report(member(field, 'en'), 'is missing; the policy says that it has English');
  }
}

/** Reports the members of each cycle once, and returns the tree without them. */
function checkTree(list: 'categories' | 'purposes', nodes: readonly (Category | Purpose)[], report: Report): Tree {
  const tree = treeOf(nodes);
  nodes.forEach((node, i) => {
    if (tree.cyclic.has(node.id)) report(`${list}[${i}].parent`, `"${node.id}" stands under itself`);
  });
  return tree;
}

function checkTimes(policy: Policy, report: Report): void {
  const effectiveOn = policy.effectiveFrom.slice(0, 10);
  if (effectiveOn === '') return;
  if (effectiveOn < policy.publishedOn) report('effectiveFrom', `is before publication on ${policy.publishedOn}`);
  policy.purposes.forEach((purpose, i) => purpose.bases.forEach(({ decidedOn }, j) => {
    // A basis is chosen before it is used (GDPR 6(1), EDPB Guidelines 05/2020 §§ 121–123).
    if (decidedOn > effectiveOn) report(`purposes[${i}].bases[${j}].decidedOn`, `is after the policy takes effect on ${effectiveOn}`);
  }));
  policy.sources.forEach((source, i) => {
    if (source.to !== undefined && source.to < source.from) report(`sources[${i}].to`, `is before ${source.from}, when its use began`);
  });
}

function checkCategories(policy: Policy, report: Report): void {
  policy.categories.forEach(({ identifier, form }, i) => {
    if (identifier === undefined || form === identifierForms[identifier]) return;
    report(`categories[${i}].form`, `must be ${identifierForms[identifier]}, as its values are indexed as ${identifier}`);
  });
}

function checkPurpose(policy: Policy, tree: Tree, purpose: Purpose, at: string, report: Report): void {
  const heading = purpose.bases.length === 0 && purpose.categories.length === 0;
  if (heading) {
    if (!policy.purposes.some(({ parent }) => parent === purpose.id)) report(at, 'has no basis and no category, and no purpose stands under it');
    return;
  }
  if (purpose.bases.length === 0) report(`${at}.bases`, 'is empty; each purpose has its basis (GDPR 6(1), 13(1)(c))');
  if (purpose.categories.length === 0) report(`${at}.categories`, 'is empty; nothing could be used for this purpose');
  checkListed(tree, purpose, at, report);
  purpose.bases.forEach((basis, i) => {
    if (basis.basis === 'eu-gdpr:A6-1-f' && basis.assessment === undefined) {
      report(`${at}.bases[${i}].assessment`, 'is missing; a legitimate interest has its assessment (GDPR 6(1)(f))');
    }
    basis.categories?.forEach((id, j) => {
      if (tree.has(id) && !purpose.categories.some((listed) => tree.isWithin(id, listed.id))) {
        report(`${at}.bases[${i}].categories[${j}]`, `"${id}" is not among the categories of this purpose`);
      }
    });
  });
  checkReached(policy, tree, purpose, at, report);
}

function checkListed(tree: Tree, purpose: Purpose, at: string, report: Report): void {
  purpose.categories.forEach(({ id }, i) => {
    const field = `${at}.categories[${i}].id`;
    if (id !== '' && purpose.categories.findIndex((other) => other.id === id) < i) report(field, `repeats "${id}"`);
    if (purpose.never.some((never) => tree.isWithin(id, never))) report(field, `"${id}" is among what this purpose never uses`);
  });
}

/** Every category that the purpose may use, leaves under a listed heading included, has one basis, and the right one. */
function checkReached(policy: Policy, tree: Tree, purpose: Purpose, at: string, report: Report): void {
  const byId = new Map(policy.categories.map((category) => [category.id, category]));
  const told = new Set<string>();
  const once: Report = (field, message) => {
    if (!told.has(field)) report(field, message);
    told.add(field);
  };
  for (const category of policy.categories) {
    const listed = purpose.categories.findIndex(({ id }) => tree.isWithin(category.id, id));
    if (listed < 0 || purpose.never.some((never) => tree.isWithin(category.id, never))) continue;
    const found = basisOf(tree, purpose, category.id);
    if (found.length > 1) once(`${at}.bases[${purpose.bases.indexOf(found[1] as Basis)}]`, `"${category.id}" has a basis already; one purpose, one basis (GDPR 6(1))`);
    const [basis] = found;
    if (basis === undefined) {
      if (purpose.bases.length > 0) once(`${at}.categories[${listed}].id`, `"${category.id}" has no basis in this purpose`);
      continue;
    }
    checkSensitive(byId, tree, category, `${at}.bases[${purpose.bases.indexOf(basis)}]`, `${at}.categories[${listed}].id`, basis, once);
    if (category.identifier === 'personnummer' && purpose.personnummerGround === undefined) {
      once(`${at}.personnummerGround`, 'is missing; a personnummer needs its ground (dataskyddslagen 3:10)');
    }
  }
}

function checkSensitive(byId: ReadonlyMap<string, Category>, tree: Tree, category: Category, basisAt: string, listedAt: string, basis: Basis, report: Report): void {
  const above = tree.lineage(category.id).map((id) => byId.get(id)).filter((one) => one !== undefined);
  const special = above.find((one) => one.special !== undefined)?.special;
  if (special !== undefined && basis.specialBasis === undefined) {
    report(`${basisAt}.specialBasis`, `is missing; "${category.id}" is of a special kind (${special}; GDPR 9)`);
  }
  if (above.some(({ criminal }) => criminal)) report(listedAt, `"${category.id}" is about offences, which a company may not process (GDPR 10; dataskyddslagen 3:8–9)`);
}

function checkSources(policy: Policy, report: Report): void {
  policy.sources.forEach((source, i) => {
    if (source.sparPurposes.length > 0 && source.kind !== 'public-register') report(`sources[${i}].sparPurposes`, 'belongs to a public register');
  });
}

function checkRetention(policy: Policy, tree: Tree, report: Report): void {
  policy.retention.forEach((rule, i) => {
    if (rule.period === undefined && rule.noPeriod === undefined) report(`retention[${i}].period`, 'is missing; or say under noPeriod why there is none (GDPR 5(1)(e))');
    if (rule.period !== undefined && rule.noPeriod !== undefined) report(`retention[${i}].noPeriod`, 'contradicts the period');
  });
  const parents = new Set(policy.categories.map(({ parent }) => parent));
  const leaves = policy.categories.filter(({ id }) => !parents.has(id));
  policy.purposes.forEach((purpose, i) => {
    const rules = policy.retention.filter(({ kind, purposes }) => kind === 'upper' && purposes.includes(purpose.id));
    const kept = leaves.find(({ id }) => isAllowed(tree, purpose, id) && !rules.some(({ categories }) => categories?.some((one) => tree.isWithin(id, one)) ?? true));
    if (kept !== undefined) report(`purposes[${i}]`, `no upper retention rule says when "${kept.id}" goes (GDPR 5(1)(e))`);
  });
}

function checkWordings(policy: Policy, tree: Tree, report: Report): void {
  policy.wordings.forEach((wording, i) => {
    const purposes = policy.purposes.filter(({ id }) => wording.purposes.includes(id));
    purposes.forEach((purpose) => {
      if (!purpose.bases.some(({ basis, specialBasis }) => basis === 'eu-gdpr:A6-1-a' || specialBasis === 'eu-gdpr:A9-2-a')) {
        report(`wordings[${i}].purposes[${wording.purposes.indexOf(purpose.id)}]`, `"${purpose.id}" does not rest on consent`);
      }
    });
    wording.categories.forEach((id, j) => {
      if (!tree.has(id) || purposes.length === 0) return;
      const field = `wordings[${i}].categories[${j}]`;
      if (!purposes.some((purpose) => basisOf(tree, purpose, id).length > 0)) report(field, `"${id}" is not used for the purposes of this wording`);
      const special = policy.categories.some((one) => one.special !== undefined && tree.isWithin(id, one.id));
      if (special && wording.type !== 'explicit') report(`wordings[${i}].type`, `must be explicit, as "${id}" is of a special kind (GDPR 9(2)(a))`);
    });
    wording.recipientKinds.forEach((id, j) => {
      if (purposes.length > 0 && policy.recipientKinds.some((kind) => kind.id === id) && !purposes.some((purpose) => purpose.recipientKinds.includes(id))) {
        report(`wordings[${i}].recipientKinds[${j}]`, `"${id}" is no recipient for the purposes of this wording`);
      }
    });
  });
}

function checkLedger(policy: Policy, report: Report): void {
  for (const part of ['logRetention', 'accessRetention'] as const) {
    const rule = policy.retention.find(({ id }) => id === policy.ledger[part]);
    if (rule !== undefined && !rule.purposes.includes(policy.ledger.purpose)) report(`ledger.${part}`, `"${rule.id}" does not cover "${policy.ledger.purpose}"`);
  }
}
