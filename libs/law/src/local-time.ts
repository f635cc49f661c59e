/**
 * Local dates and instants of an IANA time zone, exact over every change of offset.
 *
 * The zone rules are those of the ICU that Node carries. An `Intl` call costs microseconds, so offsets are kept per zone and UTC
 * day, and the bounds of local days per zone; the keeping changes no answer.
 */
import { MILLISECONDS_PER_DAY, dayNumber } from './local-date.js';

/** Swedish controllers, Swedish days (Regulation 1182/71 Art. 3 counts whole days; the local day is theirs). */
export const DEFAULT_ZONE = 'Europe/Stockholm';

export interface LocalDay {
  /** The first instant whose local date is this one or later. */
  readonly startMs: number;
  /** The last instant whose local date is this one or earlier. Before `startMs` where a zone skipped the day (Apia, 2011-12-30). */
  readonly endMs: number;
}

interface Zone {
  readonly format: Intl.DateTimeFormat;
  /** By UTC day; undefined where the offset changes within it. */
  readonly offsets: Map<number, number | undefined>;
  readonly days: Map<number, LocalDay>;
}

/** Callers choose zones and dates: together these bound what is kept to some ten megabytes. */
const KEPT_ZONES = 16;
const KEPT_DAYS = 8_000;
const HOUR = 3_600_000;
/** A local midnight lies within this of the same UTC midnight: offsets since 1900 are -12 to +14 hours. */
const REACH = 16 * HOUR;

const zones = new Map<string, Zone>();

/** Whether the name is one that dates may be told in: an IANA name in its usual case, no offset such as `+02:00`. */
export function isZone(name: string): boolean {
  return zoneOf(name) !== undefined;
}

/** The local date at an instant, as its day number. Throws RangeError on an unknown zone. */
export function localDayAt(ms: number, zone: string): number {
  return Math.floor(localClock(ms, zone) / MILLISECONDS_PER_DAY);
}

/** What a clock in the zone shows, as the milliseconds that a clock in UTC would show so at. */
export function localClock(ms: number, zone: string): number {
  return ms + offsetAt(ms, known(zone));
}

/** First and last instant of a local day, to the millisecond. Throws RangeError on an unknown zone. */
export function localDay(day: number, zone: string): LocalDay {
  const rules = known(zone);
  const kept = rules.days.get(day);
  if (kept !== undefined) return kept;
  const bounds = { startMs: firstInstantFrom(day, rules), endMs: lastInstantBefore(day + 1, rules) };
  if (rules.days.size >= KEPT_DAYS) rules.days.clear();
  rules.days.set(day, bounds);
  return bounds;
}

/** The first instant at which the local date is `day` or later. Midnight may not exist, or come twice: then the first. */
function firstInstantFrom(day: number, zone: Zone): number {
  const { midnight, before, after, changesAt } = around(day, zone);
  if (midnight - before < changesAt) return midnight - before;
  return Math.max(changesAt, midnight - after);
}

/** The last instant at which the local date is earlier than `day`. Where midnight comes twice, that before the second. */
function lastInstantBefore(day: number, zone: Zone): number {
  const { midnight, before, after, changesAt } = around(day, zone);
  if (midnight - after - 1 >= changesAt) return midnight - after - 1;
  return Math.min(changesAt, midnight - before) - 1;
}

/** The offsets before and after the one change that can lie near a local midnight; with none, it "changes" beyond reach. */
function around(day: number, zone: Zone): { midnight: number; before: number; after: number; changesAt: number } {
  const midnight = day * MILLISECONDS_PER_DAY;
  const before = offsetAt(midnight - REACH, zone);
  const after = offsetAt(midnight + REACH, zone);
  return { midnight, before, after, changesAt: before === after ? midnight + REACH : changeBetween(midnight - REACH, midnight + REACH, zone) };
}

/** The instant at which the offset becomes another, by halving: changes happen on whole seconds. */
function changeBetween(low: number, high: number, zone: Zone): number {
  const before = offsetAt(low, zone);
  let from = low / 1000;
  let to = high / 1000;
  while (to - from > 1) {
    const middle = Math.floor((from + to) / 2);
    if (offsetAt(middle * 1000, zone) === before) from = middle;
    else to = middle;
  }
  return to * 1000;
}

/** Milliseconds that the zone's clocks are ahead of UTC. */
function offsetAt(ms: number, zone: Zone): number {
  const day = Math.floor(ms / MILLISECONDS_PER_DAY);
  let offset = zone.offsets.get(day);
  if (offset === undefined && !zone.offsets.has(day)) {
    const atStart = askOffset(day * MILLISECONDS_PER_DAY, zone);
    offset = atStart === askOffset((day + 1) * MILLISECONDS_PER_DAY, zone) ? atStart : undefined;
    if (zone.offsets.size >= KEPT_DAYS) zone.offsets.clear();
    zone.offsets.set(day, offset);
  }
  return offset ?? askOffset(ms, zone);
}

function askOffset(ms: number, zone: Zone): number {
  const second = Math.floor(ms / 1000) * 1000;
  const shown = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
  for (const { type, value } of zone.format.formatToParts(second)) {
    if (type in shown) shown[type as keyof typeof shown] = Number(value);
  }
  const clock = dayNumber(shown.year, shown.month, shown.day) * MILLISECONDS_PER_DAY + ((shown.hour * 60 + shown.minute) * 60 + shown.second) * 1000;
  return clock - second;
}

function known(name: string): Zone {
  const zone = zoneOf(name);
  if (zone === undefined) throw new RangeError('unknown time zone (hint: an IANA name such as Europe/Stockholm)');
  return zone;
}

function zoneOf(name: string): Zone | undefined {
  const kept = zones.get(name);
  if (kept !== undefined) return kept;
  // Intl takes names in any case and offsets too; one zone should have one spelling, since it is stored.
  if (!/^[A-Z][A-Za-z0-9_+-]*(?:\/[A-Z][A-Za-z0-9_+-]*)*$/.test(name) || name.length > 40) return undefined;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: name, calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23',
      year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
    });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  const used = format.resolvedOptions().timeZone;
  if (used !== name && used.toLowerCase() === name.toLowerCase()) return undefined;
  const zone: Zone = { format, offsets: new Map(), days: new Map() };
  if (zones.size >= KEPT_ZONES) zones.clear();
  zones.set(name, zone);
  return zone;
}
