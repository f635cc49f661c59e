/** Two people who turn out to be one: the more restrictive choice governs (`architecture.md` §2), whatever the order of what was told. */
import type { StoredEvent } from '#event-store/event-store.js';
import { parseWhen } from '#law/when.js';
import { decode } from '../../encoding.js';
import { AGE_BANDS, type IdentityData } from '../identity/identity.events.js';
import type { IdentityState, Representation } from '../identity/identity.state.js';
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

/** Protection on either side holds, and the younger age; a company that one of them still represents is represented. */
function restrictedIdentity(folded: IdentityState, person: Person, annulled: Annulments): IdentityState {
  const flag = standing(person, { ...PROTECTION, annulled, isLater: asTold });
  const age = youngest(person, annulled);
  const { protection: _protection, ageBand: _age, ...rest } = folded;
  return {
    ...rest,
    representations: new Map([...folded.representations].map(([organisation, known]) => [organisation, stillRepresented(organisation, known, person, annulled)])),
    told: { ...folded.told, ...(flag !== undefined && { protection: flag.id }), ...(age !== undefined && { age: age.id }) },
    ...(flag !== undefined && { protection: (decode(flag).data as IdentityData['ProtectedIdentityFlagged']).protection }),
    ...(age !== undefined && { ageBand: bandOf(age) }),
  };
}

function stillRepresented(organisation: string, known: Representation, person: Person, annulled: Annulments): Representation {
  const isOf = (event: StoredEvent, type: string): boolean => event.type === type && decode(event).data['organisation'] === organisation;
  const isOn = (event: StoredEvent): boolean => isOf(event, 'OrganisationRepresentationStarted');
  const isOff = (event: StoredEvent): boolean => isOf(event, 'OrganisationRepresentationEnded');
  const started = known.endedAt === undefined ? undefined : standing(person, { isOn, isOff, annulled, isLater: asTold });
  if (started === undefined) return known;
  const { occurredAt, data } = decode(started);
  return { ...(data as IdentityData['OrganisationRepresentationStarted']), startedAt: occurredAt };
}

/** Of each the last that was told, of these the youngest; what was told after they became one is told of all of them. */
function youngest({ events, absorbed }: Person, annulled: Annulments): StoredEvent | undefined {
  const own = events.findLast(({ id, type }) => type === 'AgeBandRecorded' && !annulled.has(id));
  const theirs = absorbed.flatMap(({ at, other }) => (own !== undefined && own.position > at ? [] : (youngest(other, annulled) ?? [])));
  return [...(own === undefined ? [] : [own]), ...theirs].toSorted((a, b) => AGE_BANDS.indexOf(bandOf(a)) - AGE_BANDS.indexOf(bandOf(b)))[0];
}

function bandOf(event: StoredEvent): IdentityData['AgeBandRecorded']['band'] {
  return (decode(event).data as IdentityData['AgeBandRecorded']).band;
}

interface Switch {
  readonly isOn: (event: StoredEvent) => boolean;
  readonly isOff: (event: StoredEvent) => boolean;
  readonly annulled: Annulments;
  /** Of two events in the order in which they were told: whether the second stands. */
  readonly isLater: (first: StoredEvent, second: StoredEvent) => boolean;
  /** Which events are looked at. Default: all. */
  readonly isMeant?: (event: StoredEvent) => boolean;
}

const asTold = (): boolean => true;

const PROTECTION = {
  isOn: ({ type }: StoredEvent): boolean => type === 'ProtectedIdentityFlagged',
  isOff: ({ type }: StoredEvent): boolean => type === 'ProtectedIdentityLifted',
};

/** The event that is on: the person's own last or, unless it was put off after they became one, that of anybody taken in. */
function standing({ events, absorbed }: Person, by: Switch): StoredEvent | undefined {
  const told = events.filter((event) => (by.isOn(event) || by.isOff(event)) && !by.annulled.has(event.id) && by.isMeant?.(event) !== false);
  const last = told.reduce<StoredEvent | undefined>((found, event) => (found === undefined || by.isLater(found, event) ? event : found), undefined);
  if (last !== undefined && by.isOn(last)) return last;
  for (const { at, other } of absorbed) {
    const isOff = told.some((event) => by.isOff(event) && event.position > at);
    const found = isOff ? undefined : standing(other, by);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The protection in force at an instant. What happened last stands; of two at once, what was told last. */
export function protectionAt(person: Person, annulled: Annulments, at: string): string | undefined {
  const isLater = (first: StoredEvent, second: StoredEvent): boolean => earliestOf(second) >= earliestOf(first);
  const flag = standing(person, { ...PROTECTION, annulled, isLater, isMeant: (event) => earliestOf(event) <= at });
  return flag && (decode(flag).data as IdentityData['ProtectedIdentityFlagged']).protection;
}

function earliestOf(event: StoredEvent): string {
  const { occurredAt } = decode(event);
  return parseWhen(occurredAt)?.earliest ?? occurredAt;
}
