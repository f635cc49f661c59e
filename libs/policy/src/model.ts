/** The policy as the command side asks it: plain data, and answers looked up in tables that are built once. */
import type { Code, CodeKind } from './declarations.js';
import { kinds } from './policy.js';
import type {
  Basis, Category, CategoryNature, Clause, Controller, DisclosureGround, Kind, Language, Notice, Policy, Purpose, PurposeCategory, PurposeNature,
  RecipientKind, RetentionRule, Service, Source, SpecialKind, TransferCase, Wording, Words,
} from './policy.js';
import { basisOf, inherited, isAllowed, treeOf } from './trees.js';
import type { Tree } from './trees.js';

/** One language's text of a notice or a wording. */
export interface PublishedText<T> {
  readonly of: T;
  readonly language: Language;
  /** SHA-256 of the text in hex; the text is among those that `readPolicy` returns. */
  readonly sha256: string;
}

/** What a consent was given to. It is stale when, and only when, these change (architecture: consent). Lists are sorted. */
export interface ConsentTerms {
  readonly controller: string;
  readonly purpose: string;
  readonly categories: readonly string[];
  readonly recipientKinds: readonly string[];
}

export interface PolicyModel {
  readonly policy: Policy;
  /** Registered id of this version. */
  readonly version: string;
  /** When it takes effect: instant in UTC. */
  readonly effectiveFromAt: string;
  /** SHA-256, in hex, of the file's canonical text. */
  readonly documentHash: string;

  controller(id: string): Controller | undefined;
  service(id: string): Service | undefined;
  category(id: string): Category | undefined;
  purpose(id: string): Purpose | undefined;
  source(id: string): Source | undefined;
  recipientKind(id: string): RecipientKind | undefined;
  disclosureGround(id: string): DisclosureGround | undefined;
  /** What the policy says of data that goes to, or is reached by, recipients of this kind outside the EU and EEA. */
  transferCase(recipientKind: string, remoteAccess: boolean): TransferCase | undefined;
  retentionRule(id: string): RetentionRule | undefined;
  clause(id: string): Clause | undefined;
  /** The clause that holds for a service: the service's own where it has one that goes over the clause asked for (row S044). */
  clauseFor(id: string, service: string): Clause | undefined;
  /** Codes of a kind, in the file's order. */
  codes(kind: CodeKind): readonly Code[];
  /** Whether the policy has an element of that kind and id. */
  has(kind: Kind, id: string): boolean;

  /** Whether a category is another, or stands under it. Likewise for purposes. */
  isWithin(category: string, ancestor: string): boolean;
  isPurposeWithin(purpose: string, ancestor: string): boolean;
  /** A leaf is what a holding is in: nothing stands under it. */
  isLeaf(category: string): boolean;
  /** What kind of special category it is of, by itself or by what it stands under (GDPR 9(1)). */
  specialOf(category: string): SpecialKind | undefined;
  /** By itself or by the nearest that it stands under. Likewise for purposes. */
  natureOf(category: string): CategoryNature | undefined;
  natureOfPurpose(purpose: string): PurposeNature | undefined;

  controllerOf(service: string): Controller | undefined;
  /** Purposes that a service serves, those that serve all services included; in the file's order. */
  purposesOf(service: string): readonly Purpose[];
  allows(purpose: string, category: string): boolean;
  /** Undefined where the purpose does not allow the category. */
  basisFor(purpose: string, category: string): Basis | undefined;
  /** The entry of the allow-list that covers the category most closely. */
  necessityOf(purpose: string, category: string): PurposeCategory['necessity'] | undefined;
  /** Whether recipients of this kind may receive the category at all; the purpose is asked apart. */
  mayReceive(recipientKind: string, category: string): boolean;
  /** Rules for a purpose and a category, most closely naming ones and general ones alike; in the file's order. */
  retentionFor(purpose: string, category: string): readonly RetentionRule[];

  readonly noticeVersions: readonly PublishedText<Notice>[];
  noticeByHash(sha256: string): PublishedText<Notice> | undefined;
  wordingByHash(sha256: string): PublishedText<Wording> | undefined;
  /** Undefined where the purpose is unknown, rests on no consent, or serves no service of the controller. */
  consentTerms(purpose: string, controller: string): ConsentTerms | undefined;

  /** An element's name for people; Swedish where the language is missing, the id where the element is. */
  label(kind: Kind, id: string, language: Language): string;
  /** All ids of a kind, sorted and once each: what to answer a sender who used another. */
  alternatives(kind: Kind): readonly string[];
}

/** Builds the tables: O(purposes × categories) once, so that every question is O(1). `policy` must have been found sound. */
export function compilePolicy(policy: Policy, facts: { readonly effectiveFromAt: string; readonly documentHash: string; readonly sha256Hex: (text: string) => string }): PolicyModel {
  const categories = treeOf(policy.categories);
  const purposeTree = treeOf(policy.purposes);
  const tables = {
    controller: byId(policy.controllers), service: byId(policy.services), category: byId(policy.categories), purpose: byId(policy.purposes),
    source: byId(policy.sources), recipientKind: byId(policy.recipientKinds), ground: byId(policy.disclosureGrounds), retention: byId(policy.retention), clause: byId(policy.clauses),
  };
  const labels = new Map(kindNames().map((kind) => [kind, new Map(policy[kinds[kind]].map((one) => [one.id, nameOf(one)]))]));
  const sortedIds = new Map(kindNames().map((kind) => [kind, [...(labels.get(kind)?.keys() ?? [])].sort()]));
  const uses = usesOf(policy, categories);
  const special = new Map(policy.categories.map(({ id }) => [id, inherited(categories, id, (level) => tables.category.get(level)?.special)]));
  const natures = new Map(policy.categories.map(({ id }) => [id, inherited(categories, id, (level) => tables.category.get(level)?.nature)]));
  const purposeNatures = new Map(policy.purposes.map(({ id }) => [id, inherited(purposeTree, id, (level) => tables.purpose.get(level)?.nature)]));
  const transfers = new Map(policy.transfers.flatMap((one) => one.recipientKinds.map((kind) => [`${kind} ${one.remoteAccess}`, one] as const)));
  const parents = new Set(policy.categories.map(({ parent }) => parent));
  const served = new Map(policy.services.map(({ id }) => [id, policy.purposes.filter(({ services }) => services?.includes(id) ?? true)]));
  const receivable = new Map(policy.recipientKinds.map((kind) => [kind.id, receivedBy(policy, categories, kind)]));
  const annexes = new Map(policy.clauses.flatMap((one) => (one.services ?? []).flatMap((service) => one.over.map((id) => [`${service} ${id}`, one] as const))));
  const noticeVersions = published(policy.notices, facts.sha256Hex);
  const noticeHashes = new Map(noticeVersions.map((one) => [one.sha256, one]));
  const wordingHashes = new Map(published(policy.wordings, facts.sha256Hex).map((one) => [one.sha256, one]));
  const terms = new Map(policy.purposes.map((purpose) => [purpose.id, termsOf(policy, categories, purpose)]));
  return {
    policy, version: policy.version, effectiveFromAt: facts.effectiveFromAt, documentHash: facts.documentHash,
    controller: (id) => tables.controller.get(id),
    service: (id) => tables.service.get(id),
    category: (id) => tables.category.get(id),
    purpose: (id) => tables.purpose.get(id),
    source: (id) => tables.source.get(id),
    recipientKind: (id) => tables.recipientKind.get(id),
    disclosureGround: (id) => tables.ground.get(id),
    transferCase: (kind, remoteAccess) => transfers.get(`${kind} ${remoteAccess}`),
    retentionRule: (id) => tables.retention.get(id),
    clause: (id) => tables.clause.get(id),
    clauseFor: (id, service) => annexes.get(`${service} ${id}`) ?? tables.clause.get(id),
    codes: (kind) => policy.codes.filter((code) => code.kind === kind),
    has: (kind, id) => labels.get(kind)?.has(id) ?? false,
    isWithin: categories.isWithin,
    isPurposeWithin: purposeTree.isWithin,
    isLeaf: (id) => tables.category.has(id) && !parents.has(id),
    specialOf: (id) => special.get(id),
    natureOf: (id) => natures.get(id),
    natureOfPurpose: (id) => purposeNatures.get(id),
    controllerOf: (id) => tables.controller.get(tables.service.get(id)?.controller ?? ''),
    purposesOf: (id) => served.get(id) ?? [],
    allows: (purpose, category) => uses.get(purpose)?.has(category) ?? false,
    basisFor: (purpose, category) => uses.get(purpose)?.get(category)?.basis,
    necessityOf: (purpose, category) => uses.get(purpose)?.get(category)?.necessity,
    mayReceive: (kind, category) => receivable.get(kind)?.has(category) ?? false,
    retentionFor: (purpose, category) => uses.get(purpose)?.get(category)?.retention ?? [],
    noticeVersions,
    noticeByHash: (sha256) => noticeHashes.get(sha256),
    wordingByHash: (sha256) => wordingHashes.get(sha256),
    consentTerms: (purpose, controller) => terms.get(purpose)?.get(controller),
    label: (kind, id, language) => inLanguage(labels.get(kind)?.get(id), language) ?? id,
    alternatives: (kind) => sortedIds.get(kind) ?? [],
  };
}

/** The version in force at an instant: the latest that had taken effect; of two that took effect at once, the later published. */
export function versionInForce(models: readonly PolicyModel[], at: string): PolicyModel | undefined {
  const asked = Date.parse(at);
  return models
    .filter((model) => Date.parse(model.effectiveFromAt) <= asked)
    .reduce<PolicyModel | undefined>((latest, model) => (latest === undefined || succeeds(model, latest) ? model : latest), undefined);
}

function succeeds(model: PolicyModel, other: PolicyModel): boolean {
  const gap = Date.parse(model.effectiveFromAt) - Date.parse(other.effectiveFromAt);
  return gap > 0 || (gap === 0 && model.policy.publishedOn >= other.policy.publishedOn);
}

interface Use {
  readonly basis: Basis;
  readonly necessity: PurposeCategory['necessity'];
  readonly retention: readonly RetentionRule[];
}

function usesOf(policy: Policy, tree: Tree): ReadonlyMap<string, ReadonlyMap<string, Use>> {
  return new Map(policy.purposes.map((purpose) => {
    const uses = new Map<string, Use>();
    for (const { id } of policy.categories) {
      const [basis] = basisOf(tree, purpose, id);
      const listed = tree.lineage(id).map((level) => purpose.categories.find((one) => one.id === level)).find((one) => one !== undefined);
      if (basis === undefined || listed === undefined) continue;
      const retention = policy.retention.filter(
        (rule) => rule.purposes.includes(purpose.id) && (rule.categories?.some((category) => tree.isWithin(id, category)) ?? true),
      );
      uses.set(id, { basis, necessity: listed.necessity, retention });
    }
    return [purpose.id, uses];
  }));
}

function termsOf(policy: Policy, tree: Tree, purpose: Purpose): ReadonlyMap<string, ConsentTerms> {
  const parents = new Set(policy.categories.map(({ parent }) => parent));
  const leaves = policy.categories.filter(({ id }) => !parents.has(id) && isAllowed(tree, purpose, id)).map(({ id }) => id);
  const categories = leaves.filter((id) => basisOf(tree, purpose, id).some(restsOnConsent)).sort();
  if (categories.length === 0) return new Map();
  const services = policy.services.filter(({ id }) => purpose.services?.includes(id) ?? true);
  const recipientKinds = [...purpose.recipientKinds].sort();
  return new Map(services.map(({ controller }) => [controller, { controller, purpose: purpose.id, categories, recipientKinds }]));
}

/** GDPR 6(1)(a), or 9(2)(a) beside another basis. */
export function restsOnConsent({ basis, specialBasis }: Basis): boolean {
  return basis === 'eu-gdpr:A6-1-a' || specialBasis === 'eu-gdpr:A9-2-a';
}

function receivedBy(policy: Policy, tree: Tree, kind: RecipientKind): ReadonlySet<string> {
  const may = policy.categories.filter(({ id }) => kind.categories?.some((allowed) => tree.isWithin(id, allowed)) ?? true);
  return new Set(may.map(({ id }) => id));
}

function published<T extends { readonly texts: Words }>(elements: readonly T[], sha256Hex: (text: string) => string): readonly PublishedText<T>[] {
  return elements.flatMap((of) => eachText(of.texts).map(({ language, text }) => ({ of, language, sha256: sha256Hex(text) })));
}

export function eachText(words: Words): readonly { readonly language: Language; readonly text: string }[] {
  return [{ language: 'sv' as const, text: words.sv }, ...(words.en === undefined ? [] : [{ language: 'en' as const, text: words.en }])];
}

function byId<T extends { readonly id: string }>(elements: readonly T[]): ReadonlyMap<string, T> {
  return new Map(elements.map((one) => [one.id, one]));
}

function kindNames(): readonly Kind[] {
  return Object.keys(kinds) as Kind[];
}

function nameOf(element: Policy[(typeof kinds)[Kind]][number]): Words {
  if ('label' in element) return element.label;
  if ('name' in element) return { sv: element.name, en: undefined };
  return { sv: element.id, en: undefined };
}

function inLanguage(words: Words | undefined, language: Language): string | undefined {
  return words?.[language] ?? words?.sv;
}
