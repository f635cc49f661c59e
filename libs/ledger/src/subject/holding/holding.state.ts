import type { Envelope } from '../../envelope.js';
import { withEntry } from '../../persistent.js';
import { earliestOf, latestOf } from '../../told-time.js';
import type { HeldItem, HoldingData } from './holding.events.js';

export interface ValueRef {
  readonly event: string;
  readonly slot: string;
}

export interface Holding {
  readonly holding: string;
  readonly category: string;
  readonly relationship: string;
  readonly controller?: string;
  /** `collected`, `observed`, or the source's id: data from one origin stays one holding. */
  readonly origin: string;
  /** What stands now; superseded values are no longer here. */
  readonly current: readonly ValueRef[];
  readonly disputes: readonly string[];
  /** The events that told of it, each with what it was said to be for, and under which policy. */
  readonly told: readonly ToldHolding[];
  readonly conference?: string;
  /** Every dispute with its time: from the earliest it may have begun until the latest it may have been resolved (GDPR Art. 18(1)(a)). */
  readonly restrictions: readonly Restriction[];
}

export interface Restriction {
  readonly dispute: string;
  readonly event: string;
  readonly from: string;
  readonly to?: string;
}

export interface ToldHolding {
  readonly event: string;
  /** The earliest that it may have been held. */
  readonly at: string;
  readonly purposes: readonly string[];
  /** Those of the purposes for which holding it was justified then. */
  readonly justified: readonly string[];
  /** Version of the policy in force then. */
  readonly policy?: string;
  /** What the source was asked for, where it has purposes of its own (SPAR). */
  readonly sourcePurpose?: string;
  readonly sourceKind?: string;
}

export interface HoldingState {
  readonly holdings: ReadonlyMap<string, Holding>;
}

export const initialHolding: HoldingState = { holdings: new Map() };

export function evolveHolding(state: HoldingState, event: Envelope): HoldingState {
  const type = event.type as keyof HoldingData;
  switch (type) {
    case 'PersonalDataCollected':
      return withItems(state, event, 'collected', event.data as HoldingData['PersonalDataCollected']);
    case 'PersonalDataObserved':
      return withItems(state, event, 'observed', event.data as HoldingData['PersonalDataObserved']);
    case 'PersonalDataSourced': {
      const data = event.data as HoldingData['PersonalDataSourced'];
      return withItems(state, event, data.source, data);
    }
    case 'IndirectNoticeObligationOpened':
    case 'IndirectNoticeServed':
      return state;
    case 'PersonalDataRectified': {
      const { holding, supersedes } = event.data as HoldingData['PersonalDataRectified'];
      return change(state, holding, (known) => ({
        ...known,
        current: [...known.current.filter((value) => !supersedes.some((old) => old.event === value.event && old.slot === value.slot)), ...correctionIn(event)],
      }));
    }
    case 'PersonalDataCompleted':
      return change(state, (event.data as HoldingData['PersonalDataCompleted']).holding, (known) => ({
        ...known,
        current: [...known.current, ...correctionIn(event)],
      }));
    case 'PersonalDataDisputed': {
      const { holding, dispute } = event.data as HoldingData['PersonalDataDisputed'];
      const restriction: Restriction = { dispute, event: event.id, from: earliestOf(event) };
      return change(state, holding, (known) => ({ ...known, disputes: [...known.disputes, dispute], restrictions: [...known.restrictions, restriction] }));
    }
    case 'DisputeResolved': {
      const { holding, dispute } = event.data as HoldingData['DisputeResolved'];
      const to = latestOf(event);
      return change(state, holding, (known) => ({
        ...known,
        disputes: known.disputes.filter((open) => open !== dispute),
        restrictions: known.restrictions.map((one) => (one.dispute === dispute ? { ...one, to } : one)),
      }));
    }
    default: {
      const never: never = type;
      return never;
    }
  }
}

/** The holding that new data of this category, origin and relationship belongs to. */
export function holdingOf(state: HoldingState, category: string, origin: string, relationship: string): Holding | undefined {
  for (const holding of state.holdings.values())
    if (holding.category === category && holding.origin === origin && holding.relationship === relationship) return holding;
  return undefined;
}

/** Where an item's value is sealed; undefined for a category held without its value. */
export function valueOf(item: HeldItem, event: string): ValueRef | undefined {
  if (item.identifier !== undefined) return { event: item.identifier.event, slot: 'value' };
  return item.slot === undefined ? undefined : { event, slot: item.slot };
}

/** The value that a correction sealed; none for a category held without its value. */
export function correctionIn(event: Pick<Envelope, 'id' | 'sealed'>): readonly ValueRef[] {
  return event.sealed?.some(({ slot }) => slot === 'value') === true ? [{ event: event.id, slot: 'value' }] : [];
}

/** What says nothing new is not kept again: a value may be told of ten thousand times. Each sourcing has an obligation of its own. */
function withTold(known: readonly ToldHolding[], told: ToldHolding): readonly ToldHolding[] {
  const isSame = (one: ToldHolding): boolean => one.policy === told.policy && sameMembers(one.purposes, told.purposes) && sameMembers(one.justified, told.justified);
  const same = told.sourceKind === undefined ? known.findIndex(isSame) : -1;
  const before = known[same];
  if (before === undefined) return [...known, told];
  return told.at < before.at ? known.with(same, told) : known;
}

function sameMembers(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && other.every((member) => one.includes(member));
}

type HeldData = Pick<HoldingData['PersonalDataCollected'], 'relationship' | 'items' | 'conference'> & Partial<Pick<HoldingData['PersonalDataSourced'], 'sourcePurpose' | 'sourceKind'>>;

function withItems(state: HoldingState, event: Envelope, origin: string, data: HeldData): HoldingState {
  const holdings = new Map(state.holdings);
  for (const item of data.items) {
    const known = holdings.get(item.holding) ?? {
      holding: item.holding,
      category: item.category,
      relationship: data.relationship,
      ...(event.controller !== undefined && { controller: event.controller }),
      origin,
      current: [],
      disputes: [],
      told: [],
      restrictions: [],
      ...(data.conference !== undefined && { conference: data.conference }),
    };
    const told: ToldHolding = {
      event: event.id,
      at: earliestOf(event),
      purposes: item.purposes.map(({ purpose }) => purpose),
      justified: item.purposes.flatMap(({ purpose, verdict }) => (verdict === 'justified' ? [purpose] : [])),
      ...(event.policy !== undefined && { policy: event.policy }),
      ...(data.sourcePurpose !== undefined && { sourcePurpose: data.sourcePurpose }),
      ...(data.sourceKind !== undefined && { sourceKind: data.sourceKind }),
    };
    const value = valueOf(item, event.id);
    const isNew = value !== undefined && !known.current.some((old) => old.event === value.event && old.slot === value.slot);
    holdings.set(item.holding, { ...known, told: withTold(known.told, told), ...(isNew && { current: [...known.current, value] }) });
  }
  return { ...state, holdings };
}

function change(state: HoldingState, holding: string, how: (known: Holding) => Holding): HoldingState {
  const known = state.holdings.get(holding);
  return known === undefined ? state : { ...state, holdings: withEntry(state.holdings, holding, how(known)) };
}
