import type { Envelope } from '../../envelope.js';
import { withEntry } from '../../persistent.js';
import { earlier, latestOf } from '../../told-time.js';
import type { HoldingData } from '../holding/holding.events.js';
import type { NoticeData } from './notice.events.js';

/** A notice that reached the person, alone or together with the data it was about. */
export interface ServedNotice {
  readonly event: string;
  readonly id: string;
  readonly version: number;
  readonly conference?: string;
  readonly controller?: string;
  /** The latest it may have been served: it is certain only then. */
  readonly servedAt: string;
}

/** What Art. 14(3) asks for data from elsewhere. */
export interface NoticeObligation {
  readonly obligation: string;
  readonly sourcing: string;
  readonly controller?: string;
  readonly obtainedAt: string;
  readonly dueAt: string;
  /** The event that served it, and when. */
  readonly served?: { readonly event: string; readonly at: string };
}

export interface NoticeState {
  readonly served: readonly ServedNotice[];
  readonly obligations: ReadonlyMap<string, NoticeObligation>;
}

export const initialNotice: NoticeState = { served: [], obligations: new Map() };

/** Also told of the holding slice's events: notices come with data, and obligations are opened by sourcing. */
export function evolveNotice(state: NoticeState, event: Envelope): NoticeState {
  switch (event.type) {
    case 'NoticeServed': {
      const { notice, conference, obligations, servedAt } = event.data as NoticeData['NoticeServed'];
      return { served: [...state.served, servedBy(event, notice, servedAt, conference)], obligations: closed(state.obligations, obligations, event.id, servedAt) };
    }
    case 'PersonalDataCollected':
    case 'PersonalDataObserved':
    case 'PersonalDataSourced': {
      const { notice, conference } = event.data as HoldingData['PersonalDataCollected'];
      return notice === undefined ? state : { ...state, served: [...state.served, servedBy(event, notice, latestOf(event), conference)] };
    }
    case 'IndirectNoticeObligationOpened': {
      const { obligation, sourcing, obtainedAt, dueAt } = event.data as HoldingData['IndirectNoticeObligationOpened'];
      const opened: NoticeObligation = { obligation, sourcing, ...(event.controller !== undefined && { controller: event.controller }), obtainedAt, dueAt };
      return { ...state, obligations: withEntry(state.obligations, obligation, opened) };
    }
    case 'IndirectNoticeServed': {
      const { obligation, servedAt } = event.data as HoldingData['IndirectNoticeServed'];
      return { ...state, obligations: closed(state.obligations, [obligation], event.id, earlier(servedAt, event.recordedAt)) };
    }
    default:
      // The holding slice's other events say nothing of notices.
      return state;
  }
}

function servedBy(event: Envelope, notice: { id: string; version: number }, servedAt: string, conference: string | undefined): ServedNotice {
  return {
    event: event.id,
    id: notice.id,
    version: notice.version,
    ...(conference !== undefined && { conference }),
    ...(event.controller !== undefined && { controller: event.controller }),
    servedAt,
  };
}

function closed(known: NoticeState['obligations'], obligations: readonly string[], event: string, at: string): NoticeState['obligations'] {
  const next = new Map(known);
  for (const id of obligations) {
    const open = next.get(id);
    if (open !== undefined && (open.served === undefined || at < open.served.at)) next.set(id, { ...open, served: { event, at } });
  }
  return next;
}
