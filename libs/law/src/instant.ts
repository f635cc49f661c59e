/** Instants as milliseconds since 1970-01-01T00:00:00Z, and as the one text they are stored in: `2026-01-02T03:04:05.678Z`. */
import { FIRST_DAY, LAST_DAY, MILLISECONDS_PER_DAY, digitsAt, formatLocalDate, pad2, readDate } from './local-date.js';

export const FIRST_INSTANT = FIRST_DAY * MILLISECONDS_PER_DAY;
export const LAST_INSTANT = (LAST_DAY + 1) * MILLISECONDS_PER_DAY - 1;
const CANONICAL_LENGTH = 24;

/**
 * An RFC 3339 §5.6 date-time. Digits beyond milliseconds are cut off, never rounded up into the future.
 *
 * Undefined for anything else, for dates that do not exist, for a leap second (`:60`: which ones exist is not known beforehand),
 * and when the UTC date lies outside 1900–9999.
 */
export function parseInstant(text: string): number | undefined {
  const day = readDate(text);
  const t = text.charCodeAt(10);
  if (day === undefined || (t !== 0x54 && t !== 0x74)) return undefined;
  const hour = digitsAt(text, 11, 2);
  const minute = digitsAt(text, 14, 2);
  const second = digitsAt(text, 17, 2);
  if (text.charCodeAt(13) !== 0x3a || text.charCodeAt(16) !== 0x3a) return undefined;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return undefined;
  let at = 19;
  let milliseconds = 0;
  if (text.charCodeAt(at) === 0x2e) {
    const first = (at += 1);
    while (digitsAt(text, at, 1) >= 0) at += 1;
    if (at === first) return undefined;
    milliseconds = Number(text.slice(first, Math.min(at, first + 3)).padEnd(3, '0'));
  }
  const offsetMinutes = readOffset(text, at);
  if (offsetMinutes === undefined) return undefined;
  const ms = day * MILLISECONDS_PER_DAY + ((hour * 60 + minute - offsetMinutes) * 60 + second) * 1000 + milliseconds;
  return ms >= FIRST_INSTANT && ms <= LAST_INSTANT ? ms : undefined;
}

/** The milliseconds of an instant that our own code made or checked. Throws RangeError on any other. */
export function millisecondsOf(instant: string): number {
  const ms = parseInstant(instant);
  if (ms === undefined) throw new RangeError('expected an instant as RFC 3339 has it, years 1900 to 9999');
  return ms;
}

/** The stored form of what `parseInstant` accepted as `ms`; the text itself when it already has it. */
export function normalInstant(text: string, ms: number): string {
  return text.length === CANONICAL_LENGTH && text.charCodeAt(23) === 0x5a && text.charCodeAt(10) === 0x54 ? text : formatInstant(ms);
}

export function formatInstant(ms: number): string {
  const day = Math.floor(ms / MILLISECONDS_PER_DAY);
  const inDay = ms - day * MILLISECONDS_PER_DAY;
  return `${formatLocalDate(day)}T${formatTimeOfDay(inDay)}:${pad2(Math.floor(inDay / 1000) % 60)}.${String(inDay % 1000).padStart(3, '0')}Z`;
}

/** `HH:MM` of milliseconds into a day. */
export function formatTimeOfDay(inDay: number): string {
  return `${pad2(Math.floor(inDay / 3_600_000))}:${pad2(Math.floor(inDay / 60_000) % 60)}`;
}

/** The offset that ends the text, in minutes east of UTC. */
function readOffset(text: string, at: number): number | undefined {
  const sign = text.charCodeAt(at);
  if (sign === 0x5a || sign === 0x7a) return text.length === at + 1 ? 0 : undefined;
  const hours = digitsAt(text, at + 1, 2);
  const minutes = digitsAt(text, at + 4, 2);
  if (text.length !== at + 6 || text.charCodeAt(at + 3) !== 0x3a || hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return undefined;
  if (sign === 0x2b) return hours * 60 + minutes;
  return sign === 0x2d ? -(hours * 60 + minutes) : undefined;
}
