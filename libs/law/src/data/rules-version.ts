/**
 * The version of everything under `data/` together. It stands in every event's envelope (`rules`), so a figure that changes
 * raises it, and what has been used stays readable: rows get a `to`, they are not removed.
 *
 * - se-2026-11-01: the public holidays of lag (1989:253), the days of lag (1930:173), Article 14(3) GDPR.
 * - se-2026-11-22: adequacy decisions, the EEA, standard contractual clauses, transfer mechanisms, authorities, the age of consent.
 */
export const RULES_VERSION = 'se-2026-11-22';
