/** What happens to few: companies and who represents them, shared and inherited addresses, protection, death, advertising. */
import { POSITIONS } from './invented.js';
import { organisationOf } from './person.js';
import { between, pick, randomFor, uuidFrom } from './random.js';
import { isCustomer } from './stories.js';
import { byEmail, byNumber, DAY, MINUTE, NOTICE, type Teller, type World } from './step.js';

const HANDOVER = 7;
/** Their own story has another company. */
const MAIN_CHARACTER = 0;

/** Everyone who represents a company is one of its fixed few, so that an address can pass from one to the next. */
export function representativesOf(world: World, organisation: number): { readonly first: number; readonly second: number } {
  const customers = Array.from({ length: 60 }, (_, i) => (organisation * 25 + i) % world.people).filter((index) => index !== MAIN_CHARACTER && isCustomer(index));
  return { first: customers[0] ?? 0, second: customers[1] ?? 0 };
}

/** The company is told once, by the story of its first representative. */
export function represents({ world, person, random, tell }: Teller, since: number): void {
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

export function isProtected({ person, random, tell }: Teller, at: number): void {
  tell('crm', at, 'FlagProtectedIdentity', { ...byNumber(person), protection: pick(random, ['secrecy-marking', 'protected-registration'] as const) });
  if (random() < 0.5) tell('crm', at + 250 * DAY, 'LiftProtectedIdentity', byNumber(person));
}

export function dies({ person, tell }: Teller, at: number): void {
  tell('crm', at, 'RecordDeath', { ...byNumber(person), diedOn: new Date(at - 9 * DAY).toISOString().slice(0, 10) });
}

/** A yes to advertising by interest, by cookie; some say it for their phone's place too. */
export function saysYesToAdvertising({ world, person, random, tell }: Teller, at: number): void {
  const evidence = { ...NOTICE, language: person.language, method: 'web', indicatedBy: 'subject', steps: 1 };
  const named = { ...byEmail(person), service: 'website' };
  tell('website-log', at, 'GiveConsent', {
    ...named,
    consent: uuidFrom(random),
    purposes: ['interest-based-advertising'],
    type: 'expressed',
    ...evidence,
    wording: world.codes.wording('interest-advertising-consent', person.language),
  });
  tell('website-log', at + MINUTE, 'ObservePersonalData', {
    ...named,
    technology: 'cookie',
    relationshipKind: 'visitor',
    purposes: ['interest-based-advertising'],
    ...NOTICE,
    values: [
      { category: 'page-view', value: `https://www.example.se/artiklar/${between(random, 100, 999)}` },
      { category: 'interest', value: pick(random, ['trädgård', 'offentlig upphandling', 'mat', 'it-säkerhet'] as const) },
    ],
  });
  if (random() < 0.4) tell('website-log', at + 90 * DAY, 'WithdrawConsent', { identifier: { kind: 'email', value: person.email }, service: 'website', purposes: ['interest-based-advertising'], method: 'web' });
}

