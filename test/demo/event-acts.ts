/** What is done with participants' data: the kitchen, the house, the sponsors, each other. */
import { CANCELLED, CATERER, EVENT_NOTICE, PARTICIPANTS, sponsorsOf, VENUE, type Conference } from './conferences.js';
import { pick, uuidFrom } from './random.js';
import { DAY, known, MINUTE, type Teller } from './step.js';

export interface Visit {
  readonly conference: Conference;
  readonly at: number;
  readonly opens: number;
  readonly relationship: string;
}

/** `diets`: the categories that they told. `yes`: what they said yes to besides taking part. */
export function visited(teller: Teller, visit: Visit, diets: readonly string[], yes: 'contact-mediation' | 'sponsor-sharing' | undefined): void {
  const { person, random, tell } = teller;
  const about = aboutOf(teller, visit);
  if (diets.length > 0 || yes !== undefined) tell('event-system', visit.at + 10 * MINUTE, 'ServeNotice', { ...known(person), service: 'conferences', conference: about.conference, ...EVENT_NOTICE, channel: 'email' });
  // When it is cancelled nobody cooks for it; a few lists had been sent by then.
  if (visit.conference === CANCELLED && random() < 0.9) return;
  if (diets.length > 0) toTheKitchen(teller, visit, diets);
  if (random() < 0.15) tell('event-system', visit.opens - 5 * DAY, 'ReportDisclosure', { ...about, purpose: 'event-participation', recipient: VENUE, categories: ['name', 'event-participation-data'] });
  if (yes === 'contact-mediation') tell('event-system', visit.opens - 3 * DAY, 'ReportDisclosure', { ...about, purpose: 'contact-mediation', recipient: PARTICIPANTS, categories: ['name', 'email'] });
  if (yes === 'sponsor-sharing' || random() < 0.04) toSponsors(teller, visit, yes === 'sponsor-sharing');
}

function toTheKitchen(teller: Teller, visit: Visit, categories: readonly string[]): void {
  const { random, tell, ask } = teller;
  const about = { ...aboutOf(teller, visit), purpose: 'event-diet', categories };
  const [sponsor] = sponsorsOf(visit.conference);
  if (random() < 0.6) tell('event-system', visit.opens - 4 * DAY, 'ReportDisclosure', { ...about, recipient: CATERER });
  if (random() < 0.03) ask('event-system', visit.opens - 4 * DAY, 'AuthoriseDisclosure', { ...about, recipient: sponsor });
}

/** To one that is named in the notice or to the late one. Without a yes, the whole list went: then it is asked back. */
function toSponsors(teller: Teller, visit: Visit, saidYes: boolean): void {
  const { person, random, tell } = teller;
  const disclosure = uuidFrom(random);
  const at = visit.opens + 2 * DAY;
  tell('event-system', at, 'ReportDisclosure', { ...aboutOf(teller, visit), disclosure, purpose: 'sponsor-sharing', recipient: sponsorsOf(visit.conference)[random() < 0.8 ? 0 : 1], categories: ['name', 'email'] });
  if (saidYes) return;
  tell('event-system', at + 3 * DAY, 'RecallDisclosure', { ...known(person), service: 'conferences', disclosure, reason: 'listan skickades i sin helhet' });
  if (random() < 0.8) tell('event-system', at + 9 * DAY, 'ConfirmRecall', { ...known(person), service: 'conferences', disclosure, outcome: pick(random, ['erased', 'erased', 'returned', 'refused'] as const) });
}

function aboutOf({ person }: Teller, { conference, relationship }: Visit): { readonly identifier: object; readonly service: string; readonly conference: Conference; readonly relationship: string } {
  return { ...known(person), service: 'conferences', conference, relationship };
}
