/** One invented person, made from a seed and a number alone. */
import { COMPANY_KINDS, COMPANY_WORDS, DOMAINS, FIRST_NAMES, PHONES, STREETS, SURNAME_BEGINNINGS, SURNAME_ENDINGS, TEST_PERSONNUMMER, TOWNS } from './invented.js';
import { between, pick, randomFor, uuidFrom } from './random.js';

export interface Person {
  readonly index: number;
  readonly name: string;
  readonly email: string;
  /** Reserved for fiction, so there are few: data of many, an identifier of the first few hundred. */
  readonly phone: string;
  readonly phoneIsOwn: boolean;
  readonly postal: string;
  readonly language: 'sv' | 'en';
  readonly customerNumber: string;
  readonly personnummer?: string;
}

const PERSON = 0;
const ORGANISATION = 1;
const REGISTRATION = 2;

export function personOf(seed: number, index: number): Person {
  const random = randomFor(seed, index, PERSON);
  const first = pick(random, FIRST_NAMES);
  const last = pick(random, SURNAME_BEGINNINGS) + pick(random, SURNAME_ENDINGS);
  const personnummer = TEST_PERSONNUMMER[index];
  return {
    index,
    name: `${first} ${last}`,
    email: `${plain(first)}.${plain(last)}.${index}@${pick(random, DOMAINS)}`,
    phone: PHONES[index % PHONES.length] as string,
    phoneIsOwn: index < PHONES.length,
    postal: `${pick(random, STREETS)} ${between(random, 1, 120)}, ${between(random, 100, 984)} ${between(random, 10, 99)} ${pick(random, TOWNS)}`,
    language: random() < 0.9 ? 'sv' : 'en',
    customerNumber: `K${String(100_000 + index)}`,
    ...(personnummer !== undefined && { personnummer }),
  };
}

export function isCustomer(index: number): boolean {
  return index % 9 < 4;
}

/** The few whom an officer names by id later: it is known before they are registered. */
export function isNamedLater(index: number): boolean {
  return isCustomer(index) && index % 100 === 30;
}

export function registeredAs(seed: number, index: number): { readonly subject: string } {
  return { subject: uuidFrom(randomFor(seed, index, REGISTRATION)) };
}

export interface Organisation {
  readonly id: string;
  readonly number: string;
  readonly name: string;
  readonly domain: string;
}

export function organisationOf(seed: number, index: number): Organisation {
  const random = randomFor(seed, index, ORGANISATION);
  const [word, kind] = [pick(random, COMPANY_WORDS), pick(random, COMPANY_KINDS)];
  const name = `${word} ${kind} ${index + 1} AB`;
  return { id: uuidFrom(random), number: organisationNumber(index), name, domain: `${plain(word)}-${plain(kind)}-${index + 1}.example.com` };
}

/** The end of a range that is not given out, with its check digit (modulus 10). */
function organisationNumber(index: number): string {
  const nine = `55${String(9_999_999 - index)}`;
  const sum = [...nine].reduce((total, digit, i) => {
    const weighed = Number(digit) * (i % 2 === 0 ? 2 : 1);
    return total + (weighed > 9 ? weighed - 9 : weighed);
  }, 0);
  return `${nine.slice(0, 6)}-${nine.slice(6)}${(10 - (sum % 10)) % 10}`;
}

export function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[åä]/g, 'a').replaceAll('ö', 'o').replaceAll(/[^a-z0-9-]/g, '');
}
