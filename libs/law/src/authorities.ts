/** Who an authority was on a day, by its registered id or by any name it is known under. */
import type { Authority, AuthorityName } from './data/authorities.js';
import { AUTHORITIES } from './data/authorities.js';
import type { Text } from './in-force.js';
import { inForce } from './in-force.js';
import type { LocalDate } from './local-date.js';

const BY_ID: ReadonlyMap<string, Authority> = new Map(AUTHORITIES.map((authority) => [authority.id, authority]));

/** Every name and alias, and what they are a name of. An alias belongs to one authority; a spec sees to it. */
const BY_NAME: ReadonlyMap<string, Authority> = new Map(AUTHORITIES.flatMap((authority) => namesOf(authority).map((name) => [keyOf(name), authority] as const)));

export function authorityKnown(id: string): boolean {
  return BY_ID.has(id);
}

/** All ids, for a refusal that names the known alternatives. */
export function authorityIds(): readonly string[] {
  return AUTHORITIES.map(({ id }) => id);
}

/** Its name that day; undefined for an unknown id, and on days when it did not exist. */
export function authorityName(id: string, on: LocalDate): Text | undefined {
  return nameAt(BY_ID.get(id), on)?.name;
}

export interface NamedAuthority {
  readonly id: string;
  /** Its name that day; undefined when it did not exist then. */
  readonly name?: Text;
  /** Was it spelled with a name of another day? Then a text that uses it is out of date (law.md SE1). */
  readonly isFormerName: boolean;
}

/** What a name or alias means, whatever its case; undefined for one that nobody bears. */
export function authorityNamed(text: string, on: LocalDate): NamedAuthority | undefined {
  const key = keyOf(text);
  const authority = BY_NAME.get(key);
  if (authority === undefined) return undefined;
  const now = nameAt(authority, on);
  const meant = authority.names.filter(({ name }) => keyOf(name.sv) === key || keyOf(name.en) === key);
  return { id: authority.id, ...(now && { name: now.name }), isFormerName: meant.length > 0 && !meant.some((name) => name === now) };
}

function nameAt(authority: Authority | undefined, on: LocalDate): AuthorityName | undefined {
  return authority?.names.find((name) => inForce(name, on));
}

function namesOf({ names, aliases }: Authority): readonly string[] {
  return [...names.flatMap(({ name }) => [name.sv, name.en]), ...aliases];
}

function keyOf(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
