/** No event has a place for a string that somebody wrote (`architecture.md` §1): the walk over every schema that proves it. */
import type { EventType } from '#ledger/envelope.js';

/** Leaves that no free text fits: ids, numbers, times, hashes of published texts, codes of countries, and names of sealed slots. */
const LEAVES = new Set(['id', 'uuid', 'integer', 'flag', 'instant', 'date', 'when', 'sha256', 'country', 'slot']);
/** An enumeration's values are ours: ids, letters of an article, or names of members. */
const ENUMERATED = /^[a-z][a-zA-Z0-9-]{0,62}$/;

export function schemaFaults(types: ReadonlyMap<string, Pick<EventType, 'version'> & { readonly members: unknown }>): readonly string[] {
  return [...types].flatMap(([name, { members }]) => fieldsFaults(members, name));
}

function fieldsFaults(members: unknown, at: string): readonly string[] {
  if (typeof members !== 'object' || members === null) return [`${at} has no list of members`];
  return Object.entries(members).flatMap(([name, field]) => fieldFaults(field, `${at}/${name}`));
}

/** Takes anything, so that a kind that the schema's type gains later is a fault until it is judged here. */
function fieldFaults(field: unknown, at: string): readonly string[] {
  const { kind, of, members, values } = field as { kind?: unknown; of?: unknown; members?: unknown; values?: unknown };
  if (kind === 'list' || kind === 'optional') return fieldFaults(of, at);
  if (kind === 'object') return fieldsFaults(members, at);
  if (kind === 'oneOf') return isEnumeration(values) ? [] : [`${at}: an enumeration of something else than ids`];
  return LEAVES.has(String(kind)) ? [] : [`${at}: a ${String(kind)} outside a sealed slot`];
}

function isEnumeration(values: unknown): boolean {
  return Array.isArray(values) && values.length > 0 && values.every((value) => typeof value === 'string' && ENUMERATED.test(value));
}
