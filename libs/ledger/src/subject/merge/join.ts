/** Two people who turn out to be one: their events folded into one state, and the more restrictive choice governs (`architecture.md` §2). */
import type { Envelope } from '../../envelope.js';
import type { ConsentState, Ending } from '../consent/consent.state.js';
import { AGE_BANDS } from '../identity/identity.events.js';
import type { IdentityState } from '../identity/identity.state.js';
import { evolveSubject, subjectOf, type SubjectState } from '../subject.js';
import { mergeEvents } from './merge.events.js';

/**
 * The survivor's state with the other's events in it. `other` is the other's own state, `events` the events that made it: every slice
 * folds these as it folds any, and what order must not decide is settled here.
 */
export function joined(own: SubjectState, other: SubjectState, otherStream: string, events: readonly Envelope[]): SubjectState {
  const folded = events.filter(({ type }) => !Object.hasOwn(mergeEvents, type)).reduce(evolveSubject, own);
  return {
    ...folded,
    identity: restrictedIdentity(folded.identity, own.identity, other.identity),
    consent: restrictedConsent(folded.consent, own.consent, other.consent),
    merge: { ...own.merge, family: [...own.merge.family, subjectOf(otherStream), ...other.merge.family] },
  };
}

/**
 * A no of either side covers the consents of both, whichever came first: who says no under one address and yes under another has not
 * consented unambiguously (GDPR Art. 4(11)). A consent that is given after the merge is another matter.
 */
function restrictedConsent(folded: ConsentState, own: ConsentState, other: ConsentState): ConsentState {
  const covers = new Map<string, readonly string[]>();
  const cover = (endings: readonly Ending[], { given }: ConsentState): void => {
    for (const ending of endings) if (ending.kind !== 'consent-expired') covers.set(ending.event, [...(ending.covers ?? []), ...given.map(({ event }) => event)]);
  };
  cover(own.endings, other);
  cover(other.endings, own);
  return { ...folded, endings: folded.endings.map((ending) => ({ ...ending, ...(covers.has(ending.event) && { covers: covers.get(ending.event) ?? [] }) })) };
}

/** Protection on either side holds, and the younger age; a company that one of them still represents is represented. */
function restrictedIdentity(folded: IdentityState, own: IdentityState, other: IdentityState): IdentityState {
  const representations = new Map(folded.representations);
  for (const [organisation, known] of own.representations) if (known.endedAt === undefined) representations.set(organisation, known);
  const isProtected = own.protection !== undefined ? own : other.protection !== undefined ? other : undefined;
  const younger = [own, other].toSorted((a, b) => ageOrder(a) - ageOrder(b))[0] ?? own;
  const { protection: _last, ageBand: _age, ...rest } = folded;
  return {
    ...rest,
    representations,
    told: { ...folded.told, ...(isProtected?.told.protection !== undefined && { protection: isProtected.told.protection }), ...(younger.told.age !== undefined && { age: younger.told.age }) },
    ...(isProtected?.protection !== undefined && { protection: isProtected.protection }),
    ...(younger.ageBand !== undefined && { ageBand: younger.ageBand }),
  };
}

/** Somebody of unknown age says nothing of it. */
function ageOrder({ ageBand }: IdentityState): number {
  return ageBand === undefined ? AGE_BANDS.length : AGE_BANDS.indexOf(ageBand);
}
