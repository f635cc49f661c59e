/** When something happened, as it was told: an instant, a local date with its zone, or an interval when that is all that is known. */
import { LAST_INSTANT, formatInstant, normalInstant, parseInstant } from './instant.js';
import { parseLocalDate } from './local-date.js';
import { DEFAULT_ZONE, isZone, localDay } from './local-time.js';

export interface When {
  /** What was told, in the one form it is stored in; `parseWhen` gives the same `When` for it again, in any default zone. */
  readonly text: string;
  /** First and last instant it may have been: UTC, as `2026-01-02T03:04:05.678Z`, so that they compare as text. */
  readonly earliest: string;
  readonly latest: string;
}

/** Longer than two dates in the longest zone names. */
const LONGEST = 120;

/**
 * Reads an RFC 3339 instant, a date `YYYY-MM-DD` or `YYYY-MM-DD[Zone/Name]` (RFC 9557 writes zones so), or `A/B` of two of these.
 *
 * Undefined for anything else: text that is none of them, dates that do not exist in their zone, an interval that ends before it
 * begins, and times outside 1900–9999 UTC. An instant costs well under a microsecond; a date the first time a few more.
 */
export function parseWhen(text: string, zone: string = DEFAULT_ZONE): When | undefined {
  if (text.length > LONGEST) return undefined;
  const ms = parseInstant(text);
  if (ms !== undefined) {
    const instant = normalInstant(text, ms);
    return { text: instant, earliest: instant, latest: instant };
  }
  const slash = intervalSlash(text);
  if (slash === undefined) return parseDay(text, zone);
  const from = parseEnd(text.slice(0, slash), zone);
  const to = parseEnd(text.slice(slash + 1), zone);
  if (from === undefined || to === undefined || from.earliest > to.latest) return undefined;
  return { text: `${from.text}/${to.text}`, earliest: from.earliest, latest: to.latest };
}

/** When the last that was told begins: an interval's second end, else the whole. Of what has happened it does not lie ahead. */
export function lastBeginning({ text, earliest, latest }: When): string {
  const slash = intervalSlash(text);
  return slash === undefined ? earliest : (parseEnd(text.slice(slash + 1), DEFAULT_ZONE)?.earliest ?? latest);
}

/** One end of an interval: an instant or a date, not an interval again. */
function parseEnd(text: string, zone: string): When | undefined {
  return intervalSlash(text) === undefined ? parseWhen(text, zone) : undefined;
}

function parseDay(text: string, defaultZone: string): When | undefined {
  const day = parseLocalDate(text.slice(0, 10));
  if (day === undefined) return undefined;
  let zone = defaultZone;
  if (text.length > 10) {
    if (text[10] !== '[' || !text.endsWith(']')) return undefined;
    zone = text.slice(11, -1);
  }
  if (!isZone(zone)) return undefined;
  const { startMs, endMs } = localDay(day, zone);
  const earliest = formatInstant(startMs);
  if (startMs > endMs || endMs > LAST_INSTANT || parseInstant(earliest) === undefined) return undefined;
  return { text: `${text.slice(0, 10)}[${zone}]`, earliest, latest: formatInstant(endMs) };
}

/** Where the slash between two ends stands: one in brackets belongs to a zone's name. */
function intervalSlash(text: string): number | undefined {
  let inBrackets = false;
  for (let i = 0; i < text.length; i += 1) {
    const c = text[i];
    if (c === '[') inBrackets = true;
    else if (c === ']') inBrackets = false;
    else if (c === '/' && !inBrackets) return i;
  }
  return undefined;
}
