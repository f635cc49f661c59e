/** What must hold of the parts of a policy that the gate reads: natures, parties of a conference, audits, cases of transfer. */
import { inherited, isAllowed } from './trees.js';
import type { Tree } from './trees.js';
import type { Category, Policy, Purpose, RecipientKind } from './policy.js';
import type { Findings } from './shape.js';

type Report = Findings['report'];

/** Reports every breach, under the field that has to change. A policy that says none of this has none. */
export function checkGate(policy: Policy, categories: Tree, purposes: Tree, report: Report): void {
  checkPurposeNatures(policy, categories, purposes, report);
  policy.recipientKinds.forEach((kind, i) => checkRecipientKind(policy, categories, kind, `recipientKinds[${i}]`, report));
  checkTransfers(policy, report);
}

function checkPurposeNatures(policy: Policy, categories: Tree, purposes: Tree, report: Report): void {
  const purposeOf = new Map(policy.purposes.map((purpose) => [purpose.id, purpose]));
  const categoryOf = new Map(policy.categories.map((category) => [category.id, category]));
  const isIdentity = (id: string): boolean => inherited(categories, id, (level) => categoryOf.get(level)?.nature) === 'identity';
  policy.purposes.forEach((purpose, i) => {
    const nature = inherited(purposes, purpose.id, (level) => purposeOf.get(level)?.nature);
    if (nature === undefined || purpose.categories.length === 0) return;
    if (nature === 'analytics') {
      const known = policy.categories.find(({ id }) => isIdentity(id) && isAllowed(categories, purpose, id));
      if (known !== undefined) report(`purposes[${i}].never`, `must have "${known.id}"; analysis is held apart from whose data it is (row S100)`);
      return;
    }
    if (nature === 'interest-advertising') checkInterestAdvertising(policy, categories, purpose, `purposes[${i}].never`, report);
    purpose.bases.forEach(({ basis }, j) => {
      if (basis !== 'eu-gdpr:A6-1-a' && basis !== 'eu-gdpr:A6-1-f') report(`purposes[${i}].bases[${j}].basis`, 'must be consent or a legitimate interest; marketing rests on no other (GDPR 6(1), recital 47)');
    });
  });
}

/** Said outright, so that a category listed later cannot bring one of them in (row S022). */
function checkInterestAdvertising(policy: Policy, categories: Tree, purpose: Purpose, field: string, report: Report): void {
  const missing = policy.categories.find((one) => isNameOrAddress(one) && !purpose.never.some((never) => categories.isWithin(one.id, never)));
  if (missing !== undefined) report(field, `must have "${missing.id}"; interest-based advertising takes no name, address, e-mail or phone (row S022)`);
}

/** The four that interest-based advertising never takes (row S022). */
export function isNameOrAddress({ identifier, form }: Category): boolean {
  return identifier === 'name' || identifier === 'email' || identifier === 'phone' || form === 'postal-address';
}

function checkRecipientKind(policy: Policy, tree: Tree, kind: RecipientKind, at: string, report: Report): void {
  if (kind.auditEvery !== undefined && kind.role !== 'processor') report(`${at}.auditEvery`, 'belongs to a processor (GDPR 28(3)(h))');
  if (kind.conferenceRole !== 'sponsor' && kind.conferenceRole !== 'participant') return;
  if (kind.categories === undefined) report(`${at}.categories`, `is missing; a ${kind.conferenceRole} receives contact details only (rows S013, S054)`);
  const contact = policy.categories.filter(({ dpv }) => dpv === 'pd:Contact');
  kind.categories?.forEach((id, i) => {
    if (!tree.has(id) || contact.some((one) => tree.isWithin(id, one.id))) return;
    report(`${at}.categories[${i}]`, `"${id}" does not stand under pd:Contact; a ${kind.conferenceRole} receives contact details only (rows S013, S054)`);
  });
}

function checkTransfers(policy: Policy, report: Report): void {
  const first = new Map<string, string>();
  policy.transfers.forEach(({ recipientKinds, remoteAccess }, i) => recipientKinds.forEach((kind, j) => {
    const before = first.get(`${kind} ${remoteAccess}`);
    const field = `transfers[${i}].recipientKinds[${j}]`;
    if (before === undefined) first.set(`${kind} ${remoteAccess}`, field);
    else report(field, `"${kind}" is ${before} already, ${remoteAccess ? 'with' : 'without'} remote access; one case says what holds`);
  }));
}
