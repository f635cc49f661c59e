import type { Position } from './event-store.js';

/** Digits enough for every safe integer, so that positions compare as strings. */
const DIGITS = 16;

/** The position of the event with `rank` others before it, on engines of our own, whose positions have no gaps. */
export function positionOf(rank: number): Position {
  return String(rank).padStart(DIGITS, '0');
}

/** Throws when the text is no position of such an engine. */
export function rankOf(position: Position): number {
  if (!/^\d{16}$/.test(position)) throw new RangeError(`"${position}" is not a position of this log`);
  return Number(position);
}
