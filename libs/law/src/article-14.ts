/** When a person must have been told that their data came from someone else: Art. 14(3) GDPR. */
import type { Calendar } from './data/holidays.js';
import { NOTICE_AT_FIRST_COMMUNICATION, NOTICE_AT_FIRST_DISCLOSURE, NOTICE_WITHIN_A_MONTH } from './data/limits.js';
import type { LegalLimit } from './data/limits.js';
import { formatInstant } from './instant.js';
import { dayOf } from './local-date.js';
import { DEFAULT_ZONE, localDay } from './local-time.js';
import type { Explanation } from './period.js';
import { endAtMoment, endOfPeriod } from './period.js';
import type { When } from './when.js';

export interface NoticeInput {
  readonly obtained: When;
  /** The first communication with the person, and the first disclosure to another recipient, if there has been one. */
  readonly firstCommunicationAt?: When | undefined;
  readonly firstDisclosureAt?: When | undefined;
  readonly causingEventIds: readonly string[];
  readonly zone?: string;
  readonly calendar?: Calendar;
}

/**
 * The earliest of the three limits; `rule` says which binds: `gdpr-14-3-a`, `-b` or `-c`, of equal ones the first.
 *
 * Each counts from the earliest end of what was told. What happened before the GDPR applied counts from its first day: the
 * article had no earlier limit, and processing already under way was to conform by then (recital 171).
 */
export function noticeDue(input: NoticeInput): Explanation {
  const { obtained, firstCommunicationAt, firstDisclosureAt, causingEventIds, zone = DEFAULT_ZONE, calendar } = input;
  const common = { causingEventIds, zone, ...(calendar && { calendar }) };
  const { id, period, kind } = NOTICE_WITHIN_A_MONTH;
  let due = endOfPeriod({ ...common, rule: id, period, kind, start: sinceInForce(obtained, NOTICE_WITHIN_A_MONTH, zone) });
  const moments = [
    { limit: NOTICE_AT_FIRST_COMMUNICATION, at: firstCommunicationAt },
    { limit: NOTICE_AT_FIRST_DISCLOSURE, at: firstDisclosureAt },
  ];
  for (const { limit, at } of moments) {
    if (at === undefined) continue;
    const moment = endAtMoment({ ...common, rule: limit.id, at: sinceInForce(at, limit, zone) });
    if (moment.endsAt < due.endsAt) due = moment;
  }
  return due;
}

function sinceInForce(when: When, limit: LegalLimit, zone: string): When {
  const first = formatInstant(localDay(dayOf(limit.validFrom), zone).startMs);
  if (when.earliest >= first) return when;
  return { ...when, earliest: first, latest: when.latest > first ? when.latest : first };
}
