/** Whom a command is about: by id, by identifier, by claim, or somebody new (`architecture.md` §2). */
import type { IdentifierKind, Vault } from '#vault/vault.js';
import type { CatalogueEntry, Naming } from './catalogue-entry.js';
import type { Command, SubjectCommand } from './command.js';
import type { CommandIds } from './command-ids.js';
import type { Context, Fact } from './decision.js';
import { Refusal } from './refusals.js';
import type { Identifier } from './subject/identity/identity.state.js';
import { linkMissing } from './subject/identity/register-subject.command.js';
import type { SubjectState } from './subject/subject.js';
import { told } from './told.js';

export interface Target {
  readonly stream: string;
  /** Nobody was found; the stream is to begin with this command. */
  readonly isNew?: true;
  /** Named by its id; no identifier of the command fits it. */
  readonly isFoundById?: true;
  /** Further streams that were found and are part of this one. */
  readonly parts?: readonly string[];
}

export interface Lookup {
  readonly vault: Vault;
  readonly naming: Naming;
  /** The earliest instant it may have happened. */
  readonly at: string;
  readonly prefix: string;
  readonly neverRefused: boolean;
  /** The stream that this one is part of now: itself, unless it was merged away. */
  readonly survivorOf: (stream: string) => Promise<string>;
}

/** Everyone the naming fits, in a fixed order; none when it fits nobody. Several are a refusal, but for withdrawals. */
export async function findTargets({ vault, naming, at, prefix, neverRefused, survivorOf }: Lookup): Promise<readonly Target[]> {
  const owners = new Set<string>();
  for (const { kind, value, pointer } of naming.identifiers) {
    const index = vault.blindIndex(kind, value);
    if (index === undefined) {
      if (neverRefused) continue;
      throw new Refusal('IdentifierUnusable', { pointer });
    }
    for (const owner of await ownersOf(vault, kind, index, at)) if (owner.startsWith(prefix)) owners.add(owner);
  }
  const targets = owners.size > 1 ? await onePerPerson([...owners].sort(), survivorOf) : [...owners].map((stream) => ({ stream }));
  if (targets.length > 1 && !neverRefused) throw new Refusal('AmbiguousIdentifier');
  if (targets.length > 0) return targets;
  return naming.id === undefined ? [] : [{ stream: prefix + naming.id, isFoundById: true }];
}

/** Whoever was merged is one, by whichever of their identifiers they were found. */
async function onePerPerson(owners: readonly string[], survivorOf: Lookup['survivorOf']): Promise<readonly Target[]> {
  const parts = new Map<string, string[]>();
  for (const owner of owners) {
    const survivor = await survivorOf(owner);
    parts.set(survivor, [...(parts.get(survivor) ?? []), ...(owner === survivor ? [] : [owner])]);
  }
  return [...parts].map(([stream, merged]) => ({ stream, ...(merged.length > 0 && { parts: merged }) }));
}

/** Links that held at the instant, else whoever has claimed it. */
async function ownersOf(vault: Vault, kind: IdentifierKind, index: string, at: string): Promise<readonly string[]> {
  const matches = await vault.matches(kind, index, at);
  if (matches.length > 0) return matches.map(({ owner }) => owner);
  const claimant = await vault.claimant(kind, index);
  return claimant === undefined ? [] : [claimant];
}

export function newOwner(entry: CatalogueEntry, naming: Naming, ids: CommandIds): Target {
  if (!naming.create && entry.decision.neverRefused !== true) throw new Refusal('NoSuchPerson', { pointer: '/identifier' });
  return { stream: entry.kind.prefix + (naming.id ?? ids.newId('owner')), isNew: true };
}

/** The facts that register a person who is not yet: before the decision, in the same append. */
export function registrationFacts(entry: CatalogueEntry, command: Command, state: unknown, context: Context): readonly Fact[] {
  if (entry.registersItself === true || isRegistered(state)) return [];
  const naming = entry.naming(command);
  if (!naming.create && entry.decision.neverRefused !== true)
    throw naming.id === undefined ? new Refusal('NoSuchPerson', { pointer: '/identifier' }) : new Refusal('SubjectNotRegistered', { pointer: '/subject' });
  const usable = naming.links.filter(({ kind, value }) => context.isWellFormed(kind, value));
  const unusable = naming.links.filter((link) => !usable.includes(link));
  const teller = command as SubjectCommand;
  return [
    {
      type: 'SubjectRegistered',
      data: {},
      ...told(teller, context),
      ...(unusable.length > 0 && {
        sealed: unusable.map(({ value }, i) => ({ slot: `told-identifier/${i}`, holding: context.newId(`told-identifier:${i}`), category: 'free-text', value })),
      }),
    },
    ...linkMissing(usable, () => '/identifier', teller, context).map(claimed),
  ];
}

/** Whoever is registered by an address has claimed it, a shared one too: of many who tell of it at once, one registers and the rest find them. */
function claimed(fact: Fact): Fact {
  return fact.links === undefined ? fact : { ...fact, links: fact.links.map((link) => (link.change === 'link' ? { ...link, claim: true } : link)) };
}

function isRegistered(state: unknown): boolean {
  return (state as SubjectState).identity.registered;
}

export interface KnownIdentifiers {
  readonly of: (kind: IdentifierKind, value: string) => string | undefined;
  readonly add: (kind: IdentifierKind, value: string, identifier: string) => void;
}

/**
 * Which of the values are the person's own identifiers, linked at one of the instants. The events say which identifiers there are and
 * when; the vault only whose value fits, for its links may be those of an attempt that the log never took.
 */
export async function knownIdentifiers(
  vault: Vault,
  values: readonly { readonly kind: IdentifierKind; readonly value: string }[],
  own: { readonly streams: readonly string[]; readonly identifiers: ReadonlyMap<string, Identifier> },
  instants: readonly string[],
): Promise<KnownIdentifiers> {
  const linked = [...own.identifiers.values()].filter(({ from, to }) => instants.some((at) => from <= at && (to === undefined || at < to)));
  const byIndex = new Map<string, string>();
  const indexes = new Map<string, string | undefined>();
  const indexOf = (kind: IdentifierKind, value: string): string | undefined => {
    const key = `${kind} ${value}`;
    if (!indexes.has(key)) indexes.set(key, vault.blindIndex(kind, value));
    const index = indexes.get(key);
    return index === undefined ? undefined : `${kind} ${index}`;
  };
  for (const { kind, value } of values) {
    const index = indexOf(kind, value);
    if (index === undefined || byIndex.has(index)) continue;
    const ofKind = linked.filter((identifier) => identifier.kind === kind);
    // A link holds at its own beginning, whenever it ended.
    for (const at of new Set(ofKind.map(({ from }) => from))) {
      const matches = await vault.matches(kind, index.slice(kind.length + 1), at);
      const fitting = ofKind.find(({ identifier }) => matches.some((match) => own.streams.includes(match.owner) && match.identifier === identifier));
      if (fitting === undefined) continue;
      byIndex.set(index, fitting.identifier);
      break;
    }
  }
  return {
    of: (kind, value) => byIndex.get(indexOf(kind, value) ?? ''),
    add: (kind, value, identifier) => {
      const index = indexOf(kind, value);
      if (index !== undefined) byIndex.set(index, identifier);
    },
  };
}
