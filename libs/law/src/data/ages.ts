/** From what age a child may consent alone to an information society service. Looked up 2026-11-22. */
import type { Dated, Provenance, Text } from '../in-force.js';

export type AgeOfConsent = Dated & Provenance & {
  readonly country: 'SE';
  readonly years: number;
  readonly article: Text;
};

/** Art. 8(1) GDPR says 16 and lets a Member State go down to 13; Sweden did, for children who live in Sweden. */
export const AGES_OF_CONSENT: readonly AgeOfConsent[] = [
  {
    country: 'SE', years: 13, from: '2018-05-25',
    article: { sv: '2 kap. 4 § lagen (2018:218) med kompletterande bestämmelser till EU:s dataskyddsförordning', en: 'Chapter 2 Section 4 of the Act (2018:218) supplementing the GDPR' },
    source: 'law.md G08; regeringen.se, press release of December 2017 on the bill: in force 25 May 2018', confirmed: true,
  },
];
