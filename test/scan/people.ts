/** Invented people whose every value bears a marker, and the lines and requests that tell of them. */
import type { SentCommand } from '../crash/journal.js';

/** In every value that may hold letters. No word of any language, so it is found only where it leaked. */
export const STEM = 'qvaxzomblijx';

/** Of the series that PTS keeps for fiction. */
const PHONES = Array.from({ length: 20 }, (_, i) => `07017406${i + 10}`);
/** Of Skatteverket's published test numbers; nobody has or gets one. */
export const PERSONNUMMER = ['199711152398', '199711162389', '199711172396', '199711182387', '199711192394', '199711202383', '199711212390', '199711222381', '199711232398', '199711242389'];
const ORGANISATIONS = Array.from({ length: 10 }, (_, i) => withCheckDigit(`55999${String(9100 + i)}`));

/** Numbers in each writing that they are sent in or brought to. */
export const MARKERS: readonly string[] = [
  STEM,
  ...PHONES.flatMap((phone) => [phone, `46${phone.slice(1)}`, spaced(phone)]),
  ...PERSONNUMMER.flatMap((number) => [number, number.slice(2), `${number.slice(2, 8)}-${number.slice(8)}`]),
  ...ORGANISATIONS.flatMap((number) => [number, `${number.slice(0, 6)}-${number.slice(6)}`]),
];

/**
 * Of each person: an e-mail address, a name, a phone number, an address, a personnummer, an order, free text. Of every fifth also what
 * comes from elsewhere, a consent and a withdrawal in words of their own; of some, faulty lines, whose values may not stay behind either.
 */
export function* linesOf(people: number): Iterable<SentCommand> {
  for (let i = 0; i < people; i++) yield* told(i);
  for (const [i, number] of ORGANISATIONS.entries()) yield command(`o-${i}`, 'RegisterOrganisation', { number: `${number.slice(0, 6)}-${number.slice(6)}`, name: `${STEM} Handel ${i} AB` });
}

function* told(i: number): Iterable<SentCommand> {
  const email = `Anna.${STEM}${i}@Example.org`;
  const identifier = { kind: 'email', value: email };
  const about = { identifier, createIfMissing: true };
  const personnummer = PERSONNUMMER[i % PERSONNUMMER.length] ?? '';
  yield command(`${i}-1`, 'RegisterSubject', { identifiers: [identifier, { kind: 'customer-number', value: `K-${STEM}-${i}` }] });
  yield command(`${i}-2`, 'CollectPersonalData', {
    ...about,
    service: 'subscription',
    purposes: ['subscription-delivery'],
    relationshipKind: 'subscriber',
    context: 'subscription-order',
    order: `ORDER-${STEM}-${i}`,
    case: `case ${STEM} ${i}`,
    values: [
      { category: 'name', value: `Anna ${capital(STEM)}${i}` },
      { category: 'phone', value: spaced(PHONES[i % PHONES.length] ?? '') },
      { category: 'postal', value: `${capital(STEM)}gatan ${i}, 123 45 Sagåsa` },
      { category: 'personnummer', value: personnummer, purposes: ['address-check'] },
      { category: 'free-text', value: `Told us about ${STEM} and more`, purposes: ['customer-support'] },
      { category: 'company', value: `${STEM.toUpperCase()} AB ${i}` },
      { category: 'purchase-history', value: `bought ${STEM} ${i}`, purposes: ['customer-relationship'] },
    ],
  });
  if (i % 5 === 0) yield* more(i, about, personnummer);
  if (i % 50 === 0) yield* faulty(i, about, email);
}

function* more(i: number, about: Readonly<Record<string, unknown>>, personnummer: string): Iterable<SentCommand> {
  yield command(`${i}-3`, 'SourcePersonalData', {
    ...about,
    service: 'subscription',
    purposes: ['address-check'],
    relationshipKind: 'subscriber',
    source: 'spar',
    sourcePurpose: 'kontroll',
    values: [{ category: 'personnummer', value: personnummer }, { category: 'postal', value: `Nya ${STEM}vägen ${i}` }],
  });
  yield command(`${i}-4`, 'GiveConsent', { ...about, service: 'newsletter', purposes: ['newsletter'], type: 'expressed', order: `${STEM}/${i}` });
  yield command(`${i}-5`, 'WithdrawConsent', { ...about, purposes: [`everything ${STEM} ${i}`], service: `the ${STEM} letter`, method: `told ${STEM}`, occurredAt: `${STEM} last week` });
}

/** Refused for one thing or another, with a marker in the part that is wrong. */
function* faulty(i: number, about: Readonly<Record<string, unknown>>, email: string): Iterable<SentCommand> {
  yield command(`${i}-6`, 'CollectPersonalData', { ...about, service: STEM, purposes: [STEM], context: STEM, values: [{ category: STEM, value: STEM }] });
  yield command(`${i}-7`, 'GiveConsent', { ...about, service: 'newsletter', purposes: ['newsletter'], type: `${STEM}`, [STEM]: email });
  yield command(email, 'GiveConsent', { ...about, service: 'newsletter', purposes: ['newsletter'], type: 'expressed' });
  yield command(`${i}-8`, `Greet${capital(STEM)}`, about);
  yield command(`${i}-9`, 'SourcePersonalData', { ...about, service: 'subscription', purposes: ['prospecting'], relationshipKind: 'prospect', source: 'unregistered', sourceName: `The ${STEM} list`, profile: `https://example.org/${STEM}`, values: [{ category: 'name', value: `${STEM} ${i}` }] });
  yield command(`${i}-10`, 'RegisterSubject', { identifiers: [{ kind: 'personnummer', value: PERSONNUMMER[i % PERSONNUMMER.length] }, { kind: 'phone', value: PHONES[i % PHONES.length] }] });
}

function command(id: string, name: string, body: Readonly<Record<string, unknown>>): SentCommand {
  return { id: id.includes('@') ? id : `scan-${id}`, name, system: 'crm', body };
}

function capital(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}

function spaced(phone: string): string {
  return `${phone.slice(0, 3)}-${phone.slice(3, 6)} ${phone.slice(6, 8)} ${phone.slice(8)}`;
}

/** The modulus-10 method over nine digits. */
function withCheckDigit(nine: string): string {
  const sum = [...nine].reduce((total, digit, i) => {
    const product = Number(digit) * (i % 2 === 0 ? 2 : 1);
    return total + (product > 9 ? product - 9 : product);
  }, 0);
  return `${nine}${(10 - (sum % 10)) % 10}`;
}
