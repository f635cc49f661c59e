/** What happens to few: companies and who represents them, shared and inherited addresses, protection, youth, death, two who are one, what the police asks. */
import { addressIsUsed } from './acts.js';
import { POSITIONS } from './invented.js';
import { isCustomer, organisationOf, registeredAs } from './person.js';
import { between, pick, randomFor, uuidFrom } from './random.js';
import { byNumber, dateOf, DAY, MINUTE, NOTICE, type Teller, type World } from './step.js';

const HANDOVER = 7;
/** Their own story has another company. */
const MAIN_CHARACTER = 0;

/** Everyone who represents a company is one of its fixed few, so that an address can pass from one to the next. */
export function representativesOf(world: World, organisation: number): { readonly first: number; readonly second: number } {
  const customers = Array.from({ length: 60 }, (_, i) => (organisation * 25 + i) % world.people).filter((index) => index !== MAIN_CHARACTER && isCustomer(index));
  return { first: customers[0] ?? 0, second: customers[1] ?? 0 };
}

/** The company is told once, by the story of its first representative. */
export function represents(teller: Teller, since: number): void {
  const { world, person, random, tell } = teller;
  const organisation = Math.floor(person.index / 25) % world.organisations;
  const { first, second } = representativesOf(world, organisation);
  if (person.index !== first && person.index !== second) return;
  const company = organisationOf(world.seed, organisation);
  const address = { kind: 'email', value: `order@${company.domain}`, use: 'work' };
  const handover = world.from + 0.62 * (world.until - world.from) + between(randomFor(world.seed, organisation, HANDOVER), 0, 90) * DAY;
  const position = pick(random, POSITIONS);
  if (person.index === first) {
    const begin = Math.min(since + 2 * MINUTE, handover - 2 * DAY);
    tell('crm', begin, 'RegisterOrganisation', { organisation: company.id, number: company.number, name: company.name });
    tell('crm', since + 3 * MINUTE, 'StartRepresentation', { ...byNumber(person), organisation: company.id, position });
    tell('crm', since + 4 * MINUTE, 'LinkIdentifier', { ...byNumber(person), added: address });
    tell('crm', handover - DAY, 'UnlinkIdentifier', { ...byNumber(person), ended: { kind: 'email', value: address.value } });
    tell('crm', handover - DAY + MINUTE, 'EndRepresentation', { ...byNumber(person), organisation: company.id });
    if (random() < 0.3) tell('crm', handover + 30 * DAY, 'RenameOrganisation', { organisation: company.id, name: `${company.name.replace(' AB', '')} Nord AB` });
    if (random() < 0.5) agreements(teller, company.id, begin + DAY, handover + 60 * DAY);
    return;
  }
  const start = Math.max(since + 3 * MINUTE, handover);
  tell('crm', start, 'StartRepresentation', { ...byNumber(person), organisation: company.id, position });
  tell('crm', start + MINUTE, 'LinkIdentifier', { ...byNumber(person), added: address });
  tell('crm', start + 2 * MINUTE, 'CollectPersonalData', {
    ...byNumber(person),
    service: 'advertising-space',
    context: 'company-agreement',
    relationshipKind: 'company-representative',
    capacity: 'representative',
    purposes: ['customer-relationship'],
    ...NOTICE,
    values: [
      { category: 'name', value: person.name, necessity: 'required' },
      { category: 'company', value: company.name, necessity: 'optional' },
      { category: 'position', value: position, necessity: 'optional' },
      { category: 'organisation-number', value: company.number, necessity: 'optional' },
    ],
  });
}

/** An agreement on advertisements, for as long as it lasts. */
function agreements({ random, tell }: Teller, organisation: string, from: number, to: number): void {
  const agreement = 'advertising';
  tell('crm', from, 'SignOrganisationAgreement', { organisation, agreement, services: ['advertising-space'], reference: `A-${between(random, 1000, 9999)}`, from: dateOf(from) });
  tell('crm', from + MINUTE, 'StartOrganisationService', { organisation, service: 'advertising-space', agreement, from: dateOf(from) });
  if (random() < 0.4) {
    tell('crm', to, 'EndOrganisationService', { organisation, service: 'advertising-space', to: dateOf(to) });
    tell('crm', to + MINUTE, 'EndOrganisationAgreement', { organisation, agreement, to: dateOf(to) });
  }
}

/** One address in two homes' names: it finds neither of them by itself. The even of a pair and the one after it. */
export function sharedAddress(index: number): string {
  return `familjen.${index - (index % 2)}@example.se`;
}

export function sharesAddress(index: number): boolean {
  const pair = index - (index % 2);
  return pair % 54 === 18 && isCustomer(pair) && isCustomer(pair + 1);
}

export function shares({ person, tell }: Teller, at: number): void {
  tell('crm', at, 'LinkIdentifier', { ...byNumber(person), added: { kind: 'email', value: sharedAddress(person.index), use: 'shared' } });
}

export function isProtected(teller: Teller, at: number): void {
  const { person, random, tell } = teller;
  addressIsUsed(teller, at + 150 * DAY);
  tell('crm', at, 'FlagProtectedIdentity', { ...byNumber(person), protection: pick(random, ['secrecy-marking', 'protected-registration'] as const) });
  if (random() < 0.5) tell('crm', at + 250 * DAY, 'LiftProtectedIdentity', byNumber(person));
}

export function dies({ person, tell }: Teller, at: number): void {
  tell('crm', at, 'RecordDeath', { ...byNumber(person), diedOn: new Date(at - 9 * DAY).toISOString().slice(0, 10) });
}

export function isYoung({ person, random, tell }: Teller, at: number): void {
  tell('crm', at, 'RecordAgeBand', { ...byNumber(person), band: pick(random, ['below-13', 'from-13-to-17', 'adult'] as const) });
}

/** Registered a second time, under the old address; an officer finds that they are one, and now and then that they were two. */
export function isTwice({ world, person, random, tell }: Teller, at: number): void {
  const from = uuidFrom(random);
  const { subject } = registeredAs(world.seed, person.index);
  tell('crm', at, 'RegisterSubject', { subject: from, identifiers: [{ kind: 'email', value: `gammal.${person.index}@example.org` }] });
  tell('console', at + 90 * DAY, 'MergeSubjects', { subject, from, evidence: 'samma adress och telefon i båda systemen' });
  if (random() < 0.4) tell('console', at + 120 * DAY, 'UnmergeSubjects', { subject, from, reason: 'far och dotter med samma namn' });
}

/** The police asks, and the person may not be told; later they may. */
export function isAskedFor({ world, person, random, tell, ask }: Teller, at: number): void {
  const { subject } = registeredAs(world.seed, person.index);
  const disclosure = uuidFrom(random);
  const about = { authority: 'polismyndigheten', subject, purpose: 'security', categories: ['email'], ground: 'police-request' };
  ask('console', at, 'AuthoriseSecretDisclosure', about);
  tell('console', at + MINUTE, 'ReportSecretDisclosure', { ...about, disclosure, case: `5000-K${200_000 + person.index}-20`, gagUntil: dateOf(at + 180 * DAY) });
  // Once more, before anybody had said on what ground.
  if (random() < 0.5 || person.index === 30) tell('console', at + DAY, 'ReportSecretDisclosure', { ...about, ground: undefined, reason: 'brådskande, på telefon' });
  tell('console', at + 180 * DAY, 'EndSecrecy', { authority: 'polismyndigheten', disclosure });
}
