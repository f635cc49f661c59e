/** Two people who turn out to be one: the more restrictive choice governs (`architecture.md` §2), whatever the order of what was told. */
import type { StoredEvent } from '#event-store/event-store.js';
import { parseWhen } from '#law/when.js';
import { decode } from '../../encoding.js';
import { AGE_BANDS, identityEvents, type IdentityData } from '../identity/identity.events.js';
import { ageAt, evolveIdentity, initialIdentity, type AgeTold, type IdentityState } from '../identity/identity.state.js';
import type { SubjectState } from '../subject.js';
import { everyEvent, type Annulments, type Person } from './person.js';

/** The state that follows from what was told of all, with what each of them restricted. */
export function restricted(folded: SubjectState, person: Person, annulled: Annulments): SubjectState {
  const covers = coversIn(person, annulled);
  const endings = folded.consent.endings.map((ending) => ({ ...ending, ...(covers.has(ending.event) && { covers: covers.get(ending.event) ?? [] }) }));
  return { ...folded, identity: restrictedIdentity(folded.identity, person, annulled), consent: { ...folded.consent, endings } };
}

const YES: ReadonlySet<string> = new Set(['ConsentGiven', 'RenewedConsentGiven']);
const NO: ReadonlySet<string> = new Set(['ConsentWithdrawn', 'ConsentRefused']);

/**
 * Consents, by the no that covers them whenever they were given. A no of either side covers the consents of both: who says no under one
 * address and yes under another has not consented unambiguously (GDPR Art. 4(11)). A consent given after the merge is another matter.
 */
function coversIn(person: Person, annulled: Annulments): ReadonlyMap<string, readonly string[]> {
  const covers = new Map<string, readonly string[]>();
  const cover = (noes: readonly StoredEvent[], yesses: readonly StoredEvent[]): void => {
    const given = yesses.filter(({ type }) => YES.has(type)).map(({ id }) => id);
    for (const { id, type } of noes) if (NO.has(type) && given.length > 0) covers.set(id, [...(covers.get(id) ?? []), ...given]);
  };
  const meet = ({ events, absorbed }: Person): void => {
    for (const [i, { at, other }] of absorbed.entries()) {
      const before = [...events.filter(({ position }) => position < at), ...absorbed.slice(0, i).flatMap((earlier) => everyEvent(earlier.other))];
      const theirs = everyEvent(other);
      cover(before, theirs);
      cover(theirs, before);
      meet(other);
    }
  };
  meet(person);
  for (const id of annulled.keys()) covers.delete(id);
  return covers;
}

/** What each of them restricted, from the identity slice's own fold of each stream; the rest is as it was told of all. */
function restrictedIdentity(folded: IdentityState, person: Person, annulled: Annulments): IdentityState {
  const { registered, identifiers, relationships } = folded;
  return { ...identityOf(person, annulled), registered, identifiers, relationships };
}

function identityOf({ events, absorbed }: Person, annulled: Annulments): IdentityState {
  const others = new Map(absorbed.map(({ at, other }) => [at, other]));
  let state = initialIdentity;
  for (const event of events) {
    const other = others.get(event.position);
    if (other !== undefined) state = together(state, identityOf(other, annulled));
    else if (Object.hasOwn(identityEvents, event.type) && !annulled.has(event.id)) state = evolveIdentity(state, decode(event));
  }
  return state;
}

/** Protection on either side holds until it is lifted of both, the younger age and the earlier death count, and a company that one still represents is represented. */
function together(own: IdentityState, other: IdentityState): IdentityState {
  const { protection: _protection, ageBand: _ageBand, diedAt: _diedAt, told: _told, ...rest } = own;
  const flagged = own.protection !== undefined ? own : other;
  const younger = other.ageBand !== undefined && (own.ageBand === undefined || AGE_BANDS.indexOf(other.ageBand) < AGE_BANDS.indexOf(own.ageBand)) ? other : own;
  const earlier = other.diedAt !== undefined && (own.diedAt === undefined || other.diedAt < own.diedAt) ? other : own;
  const stillRepresented = [...own.representations].filter(([, { endedAt }]) => endedAt === undefined);
  return {
    ...rest,
    representations: new Map([...own.representations, ...other.representations, ...stillRepresented]),
    died: own.died || other.died,
    told: {
      ...(flagged.told.protection !== undefined && { protection: flagged.told.protection }),
      ...(younger.told.age !== undefined && { age: younger.told.age }),
      ...(earlier.told.death !== undefined && { death: earlier.told.death }),
    },
    ...(flagged.protection !== undefined && { protection: flagged.protection }),
    ...(younger.ageBand !== undefined && { ageBand: younger.ageBand }),
    ...(earlier.diedAt !== undefined && { diedAt: earlier.diedAt }),
    protections: [...own.protections, ...other.protections],
    ages: youngerAges(own.ages, other.ages),
  };
}

/** From each time on at which either age changed, the younger of the two. */
function youngerAges(one: readonly AgeTold[], other: readonly AgeTold[]): readonly AgeTold[] {
  const changes = [...new Set([...one, ...other].map(({ from }) => from))].toSorted();
  return changes.flatMap((from) => {
    const [younger] = [ageAt(one, from), ageAt(other, from)].filter((told) => told !== undefined).toSorted((a, b) => AGE_BANDS.indexOf(a.band) - AGE_BANDS.indexOf(b.band));
    return younger === undefined ? [] : [{ ...younger, from }];
  });
}

interface Switch {
  readonly annulled: Annulments;
  /** The instant that is asked about. */
  readonly at: string;
}

/** The protection in force at an instant. What happened last stands; of two at once, what was told last. */
export function protectionAt(person: Person, annulled: Annulments, at: string): string | undefined {
  const flag = flagAt(person, { annulled, at });
  return flag && (decode(flag).data as IdentityData['ProtectedIdentityFlagged']).protection;
}

/** The person's own or, unless it was lifted after they became one, that of anybody taken in. */
function flagAt({ events, absorbed }: Person, by: Switch): StoredEvent | undefined {
  const isLift = ({ type }: StoredEvent): boolean => type === 'ProtectedIdentityLifted';
  const told = events.filter((event) => (isLift(event) || event.type === 'ProtectedIdentityFlagged') && !by.annulled.has(event.id) && earliestOf(event) <= by.at);
  const last = told.reduce<StoredEvent | undefined>((found, event) => (found === undefined || earliestOf(event) >= earliestOf(found) ? event : found), undefined);
  if (last !== undefined && !isLift(last)) return last;
  for (const { at, other } of absorbed) {
    const found = told.some((event) => isLift(event) && event.position > at) ? undefined : flagAt(other, by);
    if (found !== undefined) return found;
  }
  return undefined;
}

function earliestOf(event: StoredEvent): string {
  const { occurredAt } = decode(event);
  return parseWhen(occurredAt)?.earliest ?? occurredAt;
}
