/** What is done with the main character's data, rightly and wrongly. What is asked about them when all is told: `asks.ts`. */
import { CATERER, EVENT_NOTICE, sponsorsOf } from './conferences.js';
import { day, LETTERS, registration, SPRING } from './main-character.js';
import { byNumber, DAY, known, MINUTE, NOTICE, type Teller } from './step.js';

export const LAST_AUTUMN = 'c4d5e6f7-0819-4a2b-8c3d-4e5f60718293';
const LIST = 'd0c1b2a3-9485-4766-8857-49382a1b0c0d';
/** An order that was somebody else's. */
export const WRONG_ORDER_ON = '2021-03-30';

export function tellMainActs(teller: Teller): void {
  letters(teller);
  springList(teller);
  lastAutumn(teller);
  mistake(teller);
}

/** On the Privacy Shield; a week after the Court struck it down; on clauses; and once more when they had said no. */
function letters(teller: Teller): void {
  const { person, tell } = teller;
  for (const n of [300, 555, 605, 660]) tell('newsletter-system', day(teller, n), 'ReportTransfer', { ...known(person), service: 'newsletter', purpose: 'newsletter', recipient: 'skickat', relationship: LETTERS, categories: ['email'] });
}

/** The kitchen was told of the allergy; the sponsor was sent the whole list, and asked to erase it. */
function springList(teller: Teller): void {
  const { person, tell } = teller;
  const about = { ...known(person), service: 'conferences', conference: 'vardagar-2019', relationship: SPRING };
  tell('event-system', day(teller, 61), 'ServeNotice', { ...known(person), service: 'conferences', conference: 'vardagar-2019', ...EVENT_NOTICE, channel: 'email' });
  tell('event-system', day(teller, 86), 'ReportDisclosure', { ...about, purpose: 'event-diet', recipient: CATERER, categories: ['allergy'] });
  tell('event-system', day(teller, 93), 'ReportDisclosure', { ...about, disclosure: LIST, purpose: 'sponsor-sharing', recipient: sponsorsOf('vardagar-2019')[0], categories: ['name'] });
  tell('event-system', day(teller, 95), 'RecallDisclosure', { ...known(person), service: 'conferences', disclosure: LIST, reason: 'listan skickades i sin helhet' });
  tell('event-system', day(teller, 99), 'ConfirmRecall', { ...known(person), service: 'conferences', disclosure: LIST, outcome: 'erased' });
}

/** This time with a yes to the sponsors that the notice names. */
function lastAutumn(teller: Teller): void {
  const { world, person, tell } = teller;
  const conference = 'hostmote-2021';
  registration(teller, 950, { service: 'conferences', conference, relationship: LAST_AUTUMN, relationshipKind: 'event-visitor' }, 'E-2021-0412');
  tell('event-system', day(teller, 950) + MINUTE, 'ServeNotice', { ...known(person), service: 'conferences', conference, ...EVENT_NOTICE, channel: 'web' });
  tell('event-system', day(teller, 950) + 2 * MINUTE, 'GiveConsent', {
    ...known(person),
    service: 'conferences',
    purposes: ['sponsor-sharing'],
    type: 'expressed',
    relationship: LAST_AUTUMN,
    conference,
    ...NOTICE,
    wording: world.codes.wording('sponsor-sharing-consent', person.language),
    language: person.language,
    method: 'web',
    indicatedBy: 'subject',
    steps: 1,
  });
}

function mistake(teller: Teller): void {
  const { person, tell } = teller;
  const at = Date.parse(`${WRONG_ORDER_ON}T09:00:00Z`);
  tell('order-system', at, 'CollectPersonalData', {
    ...byNumber(person),
    service: 'shop',
    context: 'purchase',
    relationshipKind: 'customer',
    purposes: ['purchase'],
    order: 'B2021-99999-0',
    ...NOTICE,
    values: [{ category: 'purchase-history', value: 'handbok, tolv exemplar', necessity: 'required' }],
  });
  tell('order-system', at + DAY, 'ReportDisclosure', { ...byNumber(person), service: 'shop', purpose: 'purchase', recipient: 'betalkraft', categories: ['purchase-history'] });
}
