/** The trees that categories and purposes form, and how a purpose's allow-list and bases reach down them. */
import type { Basis, Purpose } from './policy.js';

export interface Tree {
  has(id: string): boolean;
  /** Whether `id` is `ancestor` or stands somewhere under it. O(1). */
  isWithin(id: string, ancestor: string): boolean;
  /** From `id` up to its root, itself first; empty for an unknown id. */
  lineage(id: string): readonly string[];
  /** Ids that stand under themselves. */
  readonly cyclic: ReadonlySet<string>;
}

export function treeOf(nodes: readonly { readonly id: string; readonly parent: string | undefined }[]): Tree {
  const parents = new Map(nodes.map(({ id, parent }) => [id, parent]));
  const lineages = new Map<string, ReadonlySet<string>>();
  const cyclic = new Set<string>();
  for (const { id } of nodes) {
    const lineage = new Set<string>();
    let at: string | undefined = id;
    while (at !== undefined && parents.has(at) && !lineage.has(at)) {
      lineage.add(at);
      at = parents.get(at);
    }
    if (at === id && lineage.has(id)) cyclic.add(id);
    lineages.set(id, lineage);
  }
  return {
    cyclic,
    has: (id) => parents.has(id),
    isWithin: (id, ancestor) => lineages.get(id)?.has(ancestor) ?? false,
    lineage: (id) => [...(lineages.get(id) ?? [])],
  };
}

/** What an element says, or the nearest above it that says something. */
export function inherited<T>(tree: Tree, id: string, said: (level: string) => T | undefined): T | undefined {
  return tree.lineage(id).map(said).find((one) => one !== undefined);
}

/** Whether the purpose may use the category: something on its way up is listed, and nothing on it is forbidden. */
export function isAllowed(categories: Tree, purpose: Purpose, category: string): boolean {
  const covered = purpose.categories.some(({ id }) => categories.isWithin(category, id));
  return covered && !purpose.never.some((id) => categories.isWithin(category, id));
}

/**
 * The bases that carry a category within a purpose: those that name it most closely, else those that name nothing. In a sound policy
 * there is one where the purpose allows the category, and none where it does not.
 */
export function basisOf(categories: Tree, purpose: Purpose, category: string): readonly Basis[] {
  if (!isAllowed(categories, purpose, category)) return [];
  for (const level of categories.lineage(category)) {
    const naming = purpose.bases.filter((basis) => basis.categories?.includes(level));
    if (naming.length > 0) return naming;
  }
  return purpose.bases.filter((basis) => basis.categories === undefined);
}
