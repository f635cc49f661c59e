/** A filter over `$all`, and how often it tells how far it has come. */
import type { Recorded } from './log-file.js';
import { streams } from './wire.js';

export interface Filter {
  readonly takes: (event: Recorded) => boolean;
  /** How many events one page considers at most. */
  readonly windowEvents: number;
  /** A checkpoint after so many considered events; infinite without a filter. */
  readonly checkpointEvents: number;
}

const DEFAULT_WINDOW_EVENTS = 32;
const everything: Filter = { takes: () => true, windowEvents: DEFAULT_WINDOW_EVENTS, checkpointEvents: Infinity };

export function filterOf(options: streams.ReadReq.Options): Filter {
  const filter = options.getFilter();
  if (filter === undefined) return everything;
  const onStream = filter.hasStreamIdentifier();
  const expression = (onStream ? filter.getStreamIdentifier() : filter.getEventType()) ?? new streams.ReadReq.Options.FilterOptions.Expression();
  const prefixes = expression.getPrefixList();
  const regex = expression.getRegex() === '' ? undefined : new RegExp(expression.getRegex());
  const matches = regex === undefined ? (text: string) => prefixes.some((prefix) => text.startsWith(prefix)) : (text: string) => regex.test(text);
  const windowEvents = filter.hasMax() ? filter.getMax() : DEFAULT_WINDOW_EVENTS;
  return {
    takes: ({ stream, type }) => matches(onStream ? stream : type),
    windowEvents,
    checkpointEvents: windowEvents * Math.max(1, filter.getCheckpointintervalmultiplier()),
  };
}
