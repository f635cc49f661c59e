import { describe, expect, it } from '@jest/globals';
import { noticeDue } from './article-14.js';
import { explain } from './explain.js';
import type { Period, PeriodInput, PeriodKind } from './period.js';
import { endAtMoment, endOfPeriod } from './period.js';
import type { When } from './when.js';
import { parseWhen } from './when.js';

const told = (text: string): When => parseWhen(text)!;
const of = (start: string, period: Period, kind: PeriodKind, more: Partial<PeriodInput> = {}) =>
  endOfPeriod({ start: told(start), period, kind, rule: 'request-answer', causingEventIds: [], ...more });

describe('an explanation', () => {
  it.each([
    [
      'a deadline that was moved', noticeDue({ obtained: told('2025-11-25'), causingEventIds: [] }),
      'Artikel 14.3 a i dataskyddsförordningen: 1 månad från tisdagen den 25 november 2025 slutar torsdagen den 25 december 2025. Tiden förlängs över juldagen, annandag jul, lördag och söndag och löper ut vid slutet av nästa arbetsdag, måndagen den 29 december 2025 (Europe/Stockholm).',
      'Article 14(3)(a) GDPR: 1 month from Tuesday 25 November 2025 ends on Thursday 25 December 2025. It is extended over Christmas Day, Boxing Day, a Saturday and a Sunday and runs out at the end of the next working day, Monday 29 December 2025 (Europe/Stockholm).',
    ],
    [
      'a moment', noticeDue({ obtained: told('2025-11-25'), firstCommunicationAt: told('2025-12-03T10:00:00+01:00'), causingEventIds: [] }),
      'Artikel 14.3 b i dataskyddsförordningen: senast vid den första kontakten med den registrerade, onsdagen den 3 december 2025 kl. 10.00 (Europe/Stockholm).',
      'Article 14(3)(b) GDPR: at the latest at the first communication with the data subject, Wednesday 3 December 2025 at 10:00 (Europe/Stockholm).',
    ],
    [
      'a moment of a rule that is not the law’s', endAtMoment({ at: told('2025-12-03T10:00:00+01:00'), rule: 'conference-start', causingEventIds: [] }),
      'Conference-start: senast onsdagen den 3 december 2025 kl. 10.00 (Europe/Stockholm).',
      'Conference-start: at the latest Wednesday 3 December 2025 at 10:00 (Europe/Stockholm).',
    ],
    [
      'a deadline that stayed', of('2026-03-03', 'P2W', 'deadline', { policyClause: 'avsnitt 7.2' }),
      'Avsnitt 7.2: 2 veckor från tisdagen den 3 mars 2026 löper ut vid slutet av tisdagen den 17 mars 2026 (Europe/Stockholm).',
      'Avsnitt 7.2: 2 weeks from Tuesday 3 March 2026 runs out at the end of Tuesday 17 March 2026 (Europe/Stockholm).',
    ],
    [
      'a deadline in hours, over a change of clocks', of('2026-03-27T15:00:00+01:00', 'PT72H', 'deadline'),
      'Request-answer: 72 timmar från fredagen den 27 mars 2026 kl. 15.00, till måndagen den 30 mars 2026 kl. 16.00 (Europe/Stockholm).',
      'Request-answer: 72 hours from Friday 27 March 2026 at 15:00, until Monday 30 March 2026 at 16:00 (Europe/Stockholm).',
    ],
    [
      'one counted backwards', of('2026-03-17', 'P1D', 'deadline', { countedBackwards: true }),
      'Request-answer: 1 dag räknat bakåt från tisdagen den 17 mars 2026 löper ut vid slutet av måndagen den 16 mars 2026 (Europe/Stockholm).',
      'Request-answer: 1 day counted backwards from Tuesday 17 March 2026 runs out at the end of Monday 16 March 2026 (Europe/Stockholm).',
    ],
    [
      'an upper limit', of('2024-02-29', 'P24M', 'upper-limit'),
      'Request-answer: 24 månader från torsdagen den 29 februari 2024, som längst till slutet av lördagen den 28 februari 2026 (Europe/Stockholm). En längsta tid förlängs inte till nästa arbetsdag.',
      'Request-answer: 24 months from Thursday 29 February 2024, at the longest until the end of Saturday 28 February 2026 (Europe/Stockholm). A longest time is not extended to the next working day.',
    ],
    [
      'a lower limit', of('2019-12-31', 'P7Y', 'lower-limit'),
      'Request-answer: 7 år från tisdagen den 31 december 2019, som kortast till slutet av torsdagen den 31 december 2026 (Europe/Stockholm).',
      'Request-answer: 7 years from Tuesday 31 December 2019, at the shortest until the end of Thursday 31 December 2026 (Europe/Stockholm).',
    ],
  ])('is a sentence: %s', (_, explanation, swedish, english) => {
    expect([explain(explanation, 'sv'), explain(explanation, 'en')]).toEqual([swedish, english]);
  });
});
