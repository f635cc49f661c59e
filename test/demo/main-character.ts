/** The one whose record the demo shows: something of nearly every kind happens to them, each on its own day. */
import { byEmail, byNumber, dateOf, DAY, MINUTE, NOTICE, type Teller } from './step.js';
import { organisationOf } from './person.js';
import { sharedAddress } from './rare-stories.js';

export const MAIN_CHARACTER = 0;
/** Known before they are registered: whom the demo asks about. */
export const MAIN_SUBJECT = '1c9f6a50-3e2b-4d78-9a61-8f7e0b2d4c35';

const SUBSCRIPTION = '2b7e1516-28ae-4d2a-96f7-158809cf4f3c';
export const SPRING = '3d80477d-4716-4e37-b44e-16e3c1d2a4f5';
const AUTUMN = '5ae1d2c3-91b0-4f6e-8a7d-0c9b8e7f6a51';
const COMPANY = '7f4c3b2a-1d0e-4c9b-8a76-5e4d3c2b1a09';
const NEWSLETTER = '9c8b7a69-5847-4362-9150-4f3e2d1c0b0a';
export const LETTERS = '0d1e2f30-4152-4637-8495-a6b7c8d9eafb';

export function tellMainCharacter(teller: Teller): void {
  identity(teller);
  subscription(teller);
  newsletter(teller);
  spring(teller);
  choices(teller);
  autumn(teller);
  othersTell(teller);
  corrections(teller);
  company(teller);
}

export const day = ({ world }: Teller, n: number): number => world.from + n * DAY + 9 * 60 * MINUTE;

function identity(teller: Teller): void {
  const { person, tell } = teller;
  const at = day(teller, 2);
  tell('crm', at, 'RegisterSubject', { subject: MAIN_SUBJECT, identifiers: [{ kind: 'email', value: person.email }, { kind: 'customer-number', value: person.customerNumber }, { kind: 'phone', value: person.phone }] });
  tell('crm', at + MINUTE, 'StartRelationship', { ...byNumber(person), relationship: COMPANY, kind: 'company-representative', service: 'advertising-space', capacity: 'representative' });
  tell('crm', at + 2 * MINUTE, 'LinkIdentifier', { ...byNumber(person), added: { kind: 'email', value: sharedAddress(person.index), use: 'shared' } });
  tell('crm', day(teller, 700), 'EndRelationship', { ...byNumber(person), relationship: COMPANY, reason: 'left-organisation' });
  tell('crm', day(teller, 720), 'FlagProtectedIdentity', { ...byNumber(person), protection: 'secrecy-marking' });
  tell('crm', day(teller, 900), 'LiftProtectedIdentity', byNumber(person));
}

/** A company of their own, for a while, and the number that came with it. */
function company(teller: Teller): void {
  const { world, person, tell } = teller;
  const { id, number, name } = organisationOf(world.seed, 1_500);
  tell('crm', day(teller, 3), 'RegisterOrganisation', { organisation: id, number, name });
  tell('crm', day(teller, 3) + MINUTE, 'StartRepresentation', { ...byNumber(person), organisation: id, relationship: COMPANY, position: 'inköpschef' });
  tell('crm', day(teller, 700) - MINUTE, 'EndRepresentation', { ...byNumber(person), organisation: id });
  tell('crm', day(teller, 701), 'UnlinkIdentifier', { ...byNumber(person), ended: { kind: 'phone', value: person.phone } });
}

function subscription(teller: Teller): void {
  const { person, tell } = teller;
  tell('order-system', day(teller, 5), 'CollectPersonalData', {
    ...byNumber(person),
    service: 'subscription',
    context: 'subscription-order',
    relationship: SUBSCRIPTION,
    relationshipKind: 'subscriber',
    purposes: ['subscription-delivery'],
    order: 'P-2019-0001',
    ...NOTICE,
    values: [
      { category: 'name', value: person.name, necessity: 'required' },
      { category: 'postal', value: person.postal, necessity: 'required' },
      { category: 'email', value: person.email, necessity: 'required' },
      { category: 'language', value: person.language, necessity: 'optional' },
    ],
  });
  tell('order-system', day(teller, 610), 'EndRelationship', { ...byNumber(person), relationship: SUBSCRIPTION, reason: 'ended' });
}

function newsletter(teller: Teller): void {
  const { world, person, tell } = teller;
  const given = {
    ...byEmail(person),
    service: 'newsletter',
    consent: NEWSLETTER,
    purposes: ['newsletter'],
    type: 'expressed',
    ...NOTICE,
    wording: world.codes.wording('newsletter-consent', person.language),
    language: person.language,
    method: 'web',
    indicatedBy: 'subject',
    steps: 1,
  };
  const { consent: _consent, type: _type, ...asked } = given;
  tell('newsletter-system', day(teller, 20), 'RequestConsent', asked);
  tell('newsletter-system', day(teller, 21), 'GiveConsent', given);
  tell('newsletter-system', day(teller, 21) + MINUTE, 'CollectPersonalData', {
    ...byEmail(person),
    service: 'newsletter',
    context: 'newsletter-signup',
    relationship: LETTERS,
    relationshipKind: 'subscriber',
    purposes: ['newsletter'],
    ...NOTICE,
    values: [{ category: 'email', value: person.email, necessity: 'required' }],
  });
  tell('newsletter-system', day(teller, 400), 'RenewConsent', given);
  tell('newsletter-system', day(teller, 640), 'WithdrawConsent', { ...byEmail(person), service: 'newsletter', purposes: ['newsletter'], consent: NEWSLETTER, method: 'email', steps: 1 });
}

export function registration(teller: Teller, n: number, about: object, order: string): void {
  const { person, tell } = teller;
  tell('event-system', day(teller, n), 'CollectPersonalData', {
    ...byEmail(person),
    ...about,
    context: 'event-registration',
    purposes: ['event-participation'],
    order,
    ...NOTICE,
    values: [
      { category: 'name', value: person.name, necessity: 'required' },
      { category: 'event-participation-data', value: 'anmäld, båda dagarna', necessity: 'required' },
    ],
  });
}

/** Diet with an explicit yes. */
function spring(teller: Teller): void {
  const { world, person, tell } = teller;
  const about = { service: 'conferences', conference: 'vardagar-2019', relationship: SPRING, relationshipKind: 'event-visitor' };
  registration(teller, 60, about, 'E-2019-0001');
  tell('event-system', day(teller, 60) + MINUTE, 'GiveConsent', {
    ...byEmail(person),
    service: 'conferences',
    purposes: ['event-diet'],
    type: 'explicit',
    relationship: SPRING,
    conference: 'vardagar-2019',
    ...NOTICE,
    wording: world.codes.wording('event-diet-consent', person.language),
    language: person.language,
    method: 'web',
    indicatedBy: 'subject',
    steps: 2,
  });
  tell('event-system', day(teller, 60) + 2 * MINUTE, 'CollectPersonalData', {
    ...byEmail(person),
    ...about,
    context: 'event-registration',
    purposes: ['event-diet'],
    ...NOTICE,
    values: [{ category: 'allergy', value: 'skaldjur', necessity: 'optional' }],
  });
}

/** Seen by the other participants for a year, as agreed; never by a sponsor. */
function choices(teller: Teller): void {
  const { world, person, tell } = teller;
  const consent = 'a1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d';
  tell('event-system', day(teller, 60) + 5 * MINUTE, 'GiveConsent', {
    ...byEmail(person),
    service: 'conferences',
    consent,
    purposes: ['contact-mediation'],
    type: 'expressed',
    relationship: SPRING,
    conference: 'vardagar-2019',
    validUntil: dateOf(day(teller, 425)),
    ...NOTICE,
    wording: world.codes.wording('contact-mediation-consent', person.language),
    language: person.language,
    method: 'web',
    indicatedBy: 'subject',
    steps: 1,
  });
  tell('event-system', day(teller, 60) + 6 * MINUTE, 'RefuseConsent', { ...byEmail(person), service: 'conferences', purposes: ['sponsor-sharing'], method: 'web' });
  tell('event-system', day(teller, 425), 'ExpireConsent', { ...byEmail(person), consent });
}

/** Diet told by whoever booked: nobody's consent, so the ledger keeps that it was told, and not what. */
function autumn(teller: Teller): void {
  const { person, tell } = teller;
  const about = { service: 'conferences', conference: 'hostmote-2019', relationship: AUTUMN, relationshipKind: 'event-visitor' };
  registration(teller, 240, about, 'E-2019-0777');
  tell('event-system', day(teller, 240) + MINUTE, 'CollectPersonalData', {
    ...byEmail(person),
    ...about,
    context: 'event-registration',
    purposes: ['event-diet'],
    ...NOTICE,
    onBehalfOf: 'booker',
    values: [{ category: 'dietary-requirement', value: 'vegan', necessity: 'optional' }],
  });
}

function othersTell(teller: Teller): void {
  const { person, tell } = teller;
  tell('crm', day(teller, 100), 'SourcePersonalData', {
    ...byNumber(person),
    service: 'shop',
    source: 'spar',
    sourcePurpose: 'kontroll',
    relationshipKind: 'customer',
    purposes: ['address-check'],
    values: [
      { category: 'name', value: person.name, necessity: 'required' },
      { category: 'postal', value: person.postal, necessity: 'required' },
      ...(person.personnummer === undefined ? [] : [{ category: 'personnummer', value: person.personnummer, necessity: 'optional' }]),
    ],
  });
  tell('crm', day(teller, 180), 'SourcePersonalData', {
    ...byNumber(person),
    service: 'advertising-space',
    source: 'linkedin',
    profile: 'https://social.example.com/in/huvudpersonen',
    relationship: COMPANY,
    purposes: ['customer-relationship'],
    notice: { id: 'indirect-notice', version: 1 },
    values: [{ category: 'profile-details', value: 'inköpschef, tidigare redaktör' }],
  });
  tell('broker-import', day(teller, 430), 'SourcePersonalData', {
    ...byEmail(person),
    service: 'shop',
    source: 'bisnode',
    relationshipKind: 'prospect',
    purposes: ['prospecting'],
    values: [{ category: 'position', value: 'inköpschef' }],
  });
  tell('website-log', day(teller, 300), 'ObservePersonalData', {
    ...byEmail(person),
    service: 'website',
    technology: 'server-log',
    relationshipKind: 'visitor',
    purposes: ['security'],
    ...NOTICE,
    values: [
      { category: 'ip-address', value: '192.0.2.17' },
      { category: 'push-setting', value: true, purposes: ['personalisation'] },
    ],
  });
}

function corrections(teller: Teller): void {
  const { person, tell } = teller;
  const address = { ...byNumber(person), category: 'postal', relationship: SUBSCRIPTION };
  const own = { ...byNumber(person), category: 'name', relationship: SPRING };
  tell('support-desk', day(teller, 500), 'RectifyPersonalData', { ...byNumber(person), category: 'language', relationship: SUBSCRIPTION, value: 'en', reason: 'ringde och bad om brev på engelska' });
  tell('support-desk', day(teller, 505), 'CompletePersonalData', { ...own, value: `${person.name} (Lillan)`, reason: 'tilltalsnamn' });
  tell('support-desk', day(teller, 510), 'DisputePersonalData', { ...byNumber(person), category: 'position', service: 'shop', reason: 'jag har slutat där' });
  tell('support-desk', day(teller, 530), 'ResolveDispute', { ...byNumber(person), category: 'position', service: 'shop', outcome: 'upheld', reason: 'bekräftat av företaget' });
  tell('support-desk', day(teller, 540), 'DisputePersonalData', { ...address, reason: 'den adressen är gammal' });
}
