/**
 * One person's record as an answer: the rows of the view as they stood at an instant, with the references that open the values.
 * Present statuses are made here, from intervals and the instant asked for; the rows hold none.
 */
import { parseWhen } from '#law/when.js';
import type { SealedRef } from '#vault/vault.js';
import type { Envelope } from '../envelope.js';
import type { Registers } from '../registers.js';
import type { RuleCode } from '../rules.js';
import type { ConsentData } from '../subject/consent/consent.events.js';
import { consentFor, ends, evolveConsent, initialConsent, type ConsentQuestion, type ConsentState, type GivenConsent } from '../subject/consent/consent.state.js';
import type { HeldItem } from '../subject/holding/holding.events.js';
import type { ActEntry, ConsentEntry, HoldingEntry, ObligationEntry, Provenance, RecordEntry, RelationshipEntry, ValueEntry } from './record.entries.js';

/** A value that the answer's caller may see once it has been opened. */
export interface Sealed {
  readonly sealed: SealedRef;
}

export interface HeldPurpose {
  readonly purpose: string;
  readonly basis?: string;
  readonly specialBasis?: string;
  readonly consent?: string;
  /** As judged on its day. */
  readonly verdict: 'justified' | 'unjustified';
  readonly failed?: readonly string[];
  /** Whether the purpose may be served at the instant asked for; a basis on consent ends with it. */
  readonly stands: boolean;
  /** The consent that carries it at that instant, where it is not the one that it was judged by: the person said yes anew. */
  readonly carriedBy?: string;
  readonly fails?: readonly RuleCode[];
}

export interface HeldValue {
  readonly event: string;
  readonly status: 'current' | 'superseded' | 'without-value';
  readonly supersededBy?: string;
  readonly value?: Sealed;
  readonly occurredAt: string;
  readonly recordedAt: string;
  readonly system: string;
  readonly onBehalfOf?: string;
  readonly policy?: string;
  readonly purposes: readonly HeldPurpose[];
  readonly provenance: Omit<Provenance, 'references'> & { readonly references?: readonly Sealed[] };
}

export interface RecordAnswer {
  readonly subject: string;
  readonly registeredAt: string;
  readonly protection?: string;
  readonly ageBand?: string;
  readonly death?: { readonly at: string; readonly diedOn?: string };
  readonly identifiers: readonly { readonly identifier: string; readonly kind: string; readonly use: string; readonly from: string; readonly to?: string; readonly value: Sealed }[];
  readonly relationships: readonly (Omit<RelationshipEntry, 'kind' | 'relationshipKind'> & { readonly kind: string; readonly ended: boolean })[];
  readonly representations: readonly { readonly organisation: string; readonly startedAt: string; readonly endedAt?: string; readonly position?: Sealed }[];
  readonly consents: readonly ConsentLine[];
  readonly withdrawals: readonly WithdrawalLine[];
  readonly holdings: readonly HoldingLine[];
  /** What was asked of the gate and what was done with the data: disclosures, transfers, uses, notices, objections. */
  readonly acts: readonly (Omit<ActEntry, 'kind' | 'references'> & { readonly references: readonly Sealed[] })[];
  readonly noticeObligations: readonly (Omit<ObligationEntry, 'kind'> & { readonly status: 'open' | 'overdue' | 'served' | 'served-late' })[];
}

export interface HoldingLine extends Omit<HoldingEntry, 'kind' | 'superseded' | 'disputes'> {
  readonly disputed: boolean;
  readonly values: readonly HeldValue[];
}

/** `event` is the act that ended it; none where its own time ran out. */
export interface ConsentEnd {
  readonly status: 'withdrawn' | 'expired' | 'refused';
  readonly at: string;
  readonly purposes: readonly string[];
  readonly event?: string;
}

/** A withdrawal as it was told; what could not be read of it is among the references. */
export interface WithdrawalLine {
  readonly event: string;
  readonly occurredAt: string;
  /** Absent: all of them. */
  readonly purposes?: readonly string[];
  readonly service?: string;
  readonly unusable: boolean;
  readonly references: readonly Sealed[];
}

export interface ConsentLine {
  readonly consent?: string;
  readonly event: string;
  readonly type: string;
  readonly purposes: readonly string[];
  /** In the words of dpv:ConsentStatus, and what makes a given one not valid. */
  readonly status: 'requested' | 'given' | 'renewed' | 'unproven' | 'stale' | 'withdrawn' | 'expired' | 'refused';
  readonly occurredAt: string;
  /** Why it is not valid any more, since when, and for which of its purposes; none while it runs. */
  readonly endings: readonly ConsentEnd[];
  readonly controller?: string;
  readonly service?: string;
  readonly onBehalfOf?: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly references: readonly Sealed[];
}

/** Of somebody whose rows are made of the events of several: what follows from their having been several. */
export interface WholePerson {
  readonly protection?: string;
  readonly ageBand?: string;
  /** Consents that an ending covers whenever they were given, by its event. */
  readonly covers: ReadonlyMap<string, readonly string[]>;
}

/**
 * The record at `at` (UTC, milliseconds); undefined when nobody is registered, or nothing is known of them that had happened by then.
 * What happened before somebody was registered counts: systems tell it in their own order. O(rows of the person).
 */
export function recordAnswer(subject: string, rows: readonly RecordEntry[], at: string, registers: Registers, whole?: WholePerson): RecordAnswer | undefined {
  const of = <K extends RecordEntry['kind']>(kind: K): Extract<RecordEntry, { kind: K }>[] => rows.filter((row): row is Extract<RecordEntry, { kind: K }> => row.kind === kind);
  const [registered] = of('registered');
  if (registered === undefined || !rows.some((row) => startsOf(row).some((start) => hasBegun(start, at)))) return undefined;
  const consentEntries = of('consent').filter((row) => hasBegun(row.occurredAt, at));
  const consent = covering(consentEntries.reduce((state, entry) => evolveConsent(state, asEvent(entry)), initialConsent), whole);
  const values = of('value').filter((row) => hasBegun(row.occurredAt, at));
  const conferences = new Map(of('relationship').map(({ relationship, conference }) => [relationship, conference]));
  const protection = whole !== undefined ? whole.protection : lastOf(of('protection').filter((row) => hasBegun(row.at, at)))?.protection;
  const death = of('death').find((row) => hasBegun(row.at, at));
  const age = lastOf(of('age').filter((row) => hasBegun(row.at, at)));
  return {
    subject,
    registeredAt: registered.at,
    ...(protection !== undefined && { protection }),
    ...(age !== undefined && { ageBand: whole?.ageBand ?? age.band }),
    ...(death !== undefined && { death: { at: death.at, ...(death.diedOn !== undefined && { diedOn: death.diedOn }) } }),
    identifiers: of('identifier')
      .filter(({ from, to }) => from <= at && (to === undefined || to > at))
      .map(({ identifier, identifierKind, use, from, to, event }) => ({
        identifier,
        kind: identifierKind,
        use,
        from,
        ...(to !== undefined && { to }),
        value: { sealed: { event, slot: 'value', holding: identifier } },
      })),
    relationships: of('relationship')
      .filter((row) => hasBegun(row.startedAt, at))
      .map(({ kind: _kind, relationshipKind, endedAt, reason, ...row }) => {
        const ended = endedAt !== undefined && hasBegun(endedAt, at);
        return { ...row, kind: relationshipKind, ended, ...(ended && { endedAt, ...(reason !== undefined && { reason }) }) };
      }),
    representations: of('representation')
      .flatMap(({ organisation, times }) => times.map((time) => ({ organisation, ...time })))
      .filter(({ startedAt }) => hasBegun(startedAt, at))
      .map(({ organisation, startedAt, endedAt, position }) => ({
        organisation,
        startedAt,
        ...(endedAt !== undefined && hasBegun(endedAt, at) && { endedAt }),
        ...(position !== undefined && { position: { sealed: position } }),
      })),
    consents: consentEntries.filter(({ type }) => !['ConsentWithdrawn', 'ConsentExpired'].includes(type)).map((entry) => consentLine(entry, consent, at, registers)),
    withdrawals: consentEntries.filter(({ type }) => type === 'ConsentWithdrawn').map(withdrawalLine),
    holdings: of('holding')
      .map((holding) => holdingLine(holding, values.filter((value) => value.holding === holding.holding), { consent, conferences, at, registers }))
      .filter((holding) => holding.values.length > 0),
    acts: of('act')
      .filter((row) => hasBegun(row.occurredAt, at))
      .map(({ kind: _kind, references, ...row }) => ({ ...row, references: references.map((sealed) => ({ sealed })) })),
    noticeObligations: of('obligation')
      .filter(({ obtainedAt }) => obtainedAt <= at)
      .map(({ kind: _kind, ...row }) => ({ ...row, status: noticeStatus(row, at) })),
  };
}

/** A notice that came after its day does not make good that it was late (GDPR Art. 14(3)). */
function noticeStatus({ servedAt, dueAt }: Pick<ObligationEntry, 'servedAt' | 'dueAt'>, at: string): 'open' | 'overdue' | 'served' | 'served-late' {
  if (servedAt === undefined || servedAt > at) return dueAt < at ? 'overdue' : 'open';
  return servedAt > dueAt ? 'served-late' : 'served';
}

/** When what a row tells of began; a holding begins with its values. */
function startsOf(row: RecordEntry): readonly string[] {
  switch (row.kind) {
    case 'registered':
    case 'protection':
    case 'death':
    case 'age':
      return [row.at];
    case 'identifier':
      return [row.from];
    case 'relationship':
      return [row.startedAt];
    case 'representation':
      return row.times.map(({ startedAt }) => startedAt);
    case 'consent':
    case 'act':
    case 'value':
      return [row.occurredAt];
    case 'obligation':
      return [row.obtainedAt];
    case 'holding':
      return [];
    default: {
      const never: never = row;
      return never;
    }
  }
}

/** Whether it had happened by then for certain enough to be shown: from its earliest end. */
function hasBegun(occurredAt: string, at: string): boolean {
  return (parseWhen(occurredAt)?.earliest ?? occurredAt) <= at;
}

/** What happened last; of two at once, what was told last. */
function lastOf<E extends { readonly at: string }>(entries: readonly E[]): E | undefined {
  const earliest = ({ at }: E): string => parseWhen(at)?.earliest ?? at;
  return entries.reduce<E | undefined>((last, entry) => (last === undefined || earliest(entry) >= earliest(last) ? entry : last), undefined);
}

function covering(consent: ConsentState, whole: WholePerson | undefined): ConsentState {
  if (whole === undefined || whole.covers.size === 0) return consent;
  return { ...consent, endings: consent.endings.map((ending) => ({ ...ending, covers: whole.covers.get(ending.event) ?? [] })) };
}

function asEvent({ event, type, occurredAt, recordedAt, controller, data }: ConsentEntry): Envelope {
  const rest = { version: 1, stream: '', revision: 0, system: '', correlationId: '', rules: '' };
  return { ...rest, id: event, type, occurredAt, recordedAt, ...(controller !== undefined && { controller }), data };
}

interface Standing {
  readonly consent: ConsentState;
  /** By relationship, where it is about one. */
  readonly conferences: ReadonlyMap<string, string | undefined>;
  readonly at: string;
  readonly registers: Registers;
}

function holdingLine({ kind: _kind, superseded, disputes, ...holding }: HoldingEntry, values: readonly ValueEntry[], standing: Standing): HoldingLine {
  const { at } = standing;
  const lines = values.map((value): HeldValue => {
    const old = superseded.find(({ event, slot, at: when }) => event === value.sealed?.event && slot === value.sealed.slot && hasBegun(when, at));
    const { references, ...provenance } = value.provenance;
    // A correction serves the purposes of what it corrects: those of the holding's first value.
    const collected = value.purposes.length > 0 ? value : values.find((other) => other.purposes.length > 0);
    const conference = collected?.provenance.conference ?? standing.conferences.get(holding.relationship);
    return {
      event: value.event,
      status: value.sealed === undefined ? 'without-value' : old === undefined ? 'current' : 'superseded',
      ...(old !== undefined && { supersededBy: old.by }),
      ...(value.sealed !== undefined && { value: { sealed: value.sealed } }),
      occurredAt: value.occurredAt,
      recordedAt: value.recordedAt,
      system: value.system,
      ...(value.onBehalfOf !== undefined && { onBehalfOf: value.onBehalfOf }),
      ...(value.policy !== undefined && { policy: value.policy }),
      purposes: (collected?.purposes ?? []).map((purpose) => standingOf(purpose, { ...holding, conference }, standing)),
      provenance: { ...provenance, ...(references !== undefined && { references: references.map((sealed) => ({ sealed })) }) },
    };
  });
  const disputed = disputes.some((dispute) => hasBegun(dispute.at, at) && (dispute.resolvedAt === undefined || !hasBegun(dispute.resolvedAt, at)));
  return { ...holding, disputed, values: lines };
}

function standingOf(held: HeldItem['purposes'][number], holding: Pick<HoldingEntry, 'category' | 'relationship' | 'controller'> & { conference: string | undefined }, { consent, at, registers }: Standing): HeldPurpose {
  const fails = held.verdict === 'unjustified' ? ((held.failed ?? []) as readonly RuleCode[]) : [];
  if (fails.length > 0 || !(held.basis === 'a' || held.specialBasis === 'a')) return { ...held, stands: fails.length === 0, ...(fails.length > 0 && { fails }) };
  const controller = holding.controller ?? '';
  const answer = consentFor(consent, {
    controller,
    purpose: held.purpose,
    category: holding.category,
    explicit: held.specialBasis === 'a',
    relationship: holding.relationship,
    ...(holding.conference !== undefined && { conference: holding.conference }),
    at,
    terms: termsAt(held.purpose, controller, at, registers),
  });
  return 'failed' in answer
    ? { ...held, stands: false, fails: answer.failed }
    : { ...held, stands: true, ...(answer.consent.consent !== held.consent && { carriedBy: answer.consent.consent }) };
}

function consentLine(entry: ConsentEntry, consent: ConsentState, at: string, registers: Registers): ConsentLine {
  const { purposes, consent: id, ...details } = entry.data as Partial<ConsentData['ConsentGiven']>;
  const given = consent.given.find(({ event }) => event === entry.event);
  return {
    ...(id !== undefined && { consent: id }),
    event: entry.event,
    type: entry.type,
    purposes: purposes ?? [],
    status: statusOf(entry, given, consent, at, registers),
    occurredAt: entry.occurredAt,
    endings: given === undefined ? [] : endingsOf(given, consent, at),
    ...(entry.controller !== undefined && { controller: entry.controller }),
    ...(entry.service !== undefined && { service: entry.service }),
    ...(entry.onBehalfOf !== undefined && { onBehalfOf: entry.onBehalfOf }),
    details: details,
    references: entry.references.map((sealed) => ({ sealed })),
  };
}

function withdrawalLine({ event, occurredAt, service, data, references }: ConsentEntry): WithdrawalLine {
  const { purposes, unusable } = data as Partial<ConsentData['ConsentWithdrawn']>;
  return { event, occurredAt, ...(purposes !== undefined && { purposes }), ...(service !== undefined && { service }), unusable: unusable === true, references: references.map((sealed) => ({ sealed })) };
}

const ENDED = { 'consent-withdrawn': 'withdrawn', 'consent-refused': 'refused', 'consent-expired': 'expired' } as const;

/** What ended a consent by then, each with the purposes that it ended first. */
function endingsOf(given: GivenConsent, { endings }: ConsentState, at: string): readonly ConsentEnd[] {
  const ended = new Map<string, ConsentEnd>();
  for (const purpose of given.purposes) {
    const acts = endings.filter((ending) => ending.at <= at && ends(ending, given, purpose)).map((ending) => ({ status: ENDED[ending.kind], at: later(ending.at, given.earliest), event: ending.event }));
    const ownTime = given.validUntil !== undefined && given.validUntil <= at ? [{ status: 'expired' as const, at: given.validUntil }] : [];
    const first = [...acts, ...ownTime].reduce<Omit<ConsentEnd, 'purposes'> | undefined>((earliest, one) => (earliest === undefined || one.at < earliest.at ? one : earliest), undefined);
    if (first === undefined) continue;
    const key = first.event ?? 'own time';
    ended.set(key, { ...first, purposes: [...(ended.get(key)?.purposes ?? []), purpose] });
  }
  return [...ended.values()];
}

function later(a: string, b: string): string {
  return a > b ? a : b;
}

/** Of several purposes the first that is ended speaks for the line; each purpose by itself is asked with `consentFor`. */
function statusOf(entry: ConsentEntry, given: GivenConsent | undefined, consent: ConsentState, at: string, registers: Registers): ConsentLine['status'] {
  if (given === undefined) return entry.type === 'ConsentRefused' ? 'refused' : 'requested';
  for (const purpose of given.purposes) {
    const ending = consent.endings.find((candidate) => candidate.at <= at && ends(candidate, given, purpose));
    if (ending !== undefined) return ENDED[ending.kind];
  }
  if (given.validUntil !== undefined && given.validUntil <= at) return 'expired';
  if (!given.proven) return 'unproven';
  if (given.controller !== undefined && isStale(given, given.controller, at, registers)) return 'stale';
  return entry.type === 'RenewedConsentGiven' ? 'renewed' : 'given';
}

function isStale(given: GivenConsent, controller: string, at: string, registers: Registers): boolean {
  return given.purposes.some((purpose) => {
    const answer = consentFor(
      { given: [given], endings: [] },
      {
        controller,
        purpose,
        category: given.categories[0] ?? '',
        explicit: false,
        ...(given.relationship !== undefined && { relationship: given.relationship }),
        ...(given.conference !== undefined && { conference: given.conference }),
        at,
        terms: termsAt(purpose, controller, at, registers),
      },
    );
    return 'failed' in answer && answer.failed.includes('consent-stale');
  });
}

function termsAt(purpose: string, controller: string, at: string, registers: Registers): ConsentQuestion['terms'] {
  const inForce = registers.policyAt(controller, at);
  return inForce && (inForce.model.consentTerms(purpose, controller) ?? 'none');
}
