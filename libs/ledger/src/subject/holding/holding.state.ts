import type { Envelope } from '../../envelope.js';
import { withEntry } from '../../persistent.js';
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
      return change(state, holding, (known) => ({ ...known, disputes: [...known.disputes, dispute] }));
    }
    case 'DisputeResolved': {
      const { holding, dispute } = event.data as HoldingData['DisputeResolved'];
      return change(state, holding, (known) => ({ ...known, disputes: known.disputes.filter((open) => open !== dispute) }));
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

function withItems(state: HoldingState, event: Envelope, origin: string, data: { relationship: string; items: readonly HeldItem[] }): HoldingState {
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
    };
    const value = valueOf(item, event.id);
    const isNew = value !== undefined && !known.current.some((old) => old.event === value.event && old.slot === value.slot);
    holdings.set(item.holding, isNew ? { ...known, current: [...known.current, value] } : known);
  }
  return { ...state, holdings };
}

function change(state: HoldingState, holding: string, how: (known: Holding) => Holding): HoldingState {
  const known = state.holdings.get(holding);
  return known === undefined ? state : { ...state, holdings: withEntry(state.holdings, holding, how(known)) };
}
