/** The conferences: when they are held, who sponsors, cooks and houses them, and who is named in the notice that participants get. */
import { dateOf, DAY, type RegisterTeller, type World } from './step.js';

export const CONFERENCES = ['vardagar-2019', 'hostmote-2019', 'vardagar-2020', 'hostmote-2020', 'vardagar-2021', 'hostmote-2021'] as const;
export type Conference = (typeof CONFERENCES)[number];

/** Registered by the customer register; each year's sponsors are among them. */
const SPONSORS = ['segelmedia', 'polardata', 'malmbanken'] as const;
export const CATERER = 'smakfabriken';
export const VENUE = 'kongresshallen';
export const PARTICIPANTS = 'deltagarna';
export const EVENT_NOTICE = { notice: { id: 'event-notice', version: 1 } } as const;

/** Cancelled four weeks before. */
export const CANCELLED: Conference = 'vardagar-2020';
const MOVED: Conference = 'hostmote-2020';

/** Unix ms. One each half year. */
export function opensAt({ from, until }: World, conference: Conference): number {
  return from + (CONFERENCES.indexOf(conference) + 0.5) * ((until - from) / CONFERENCES.length);
}

/** Two sponsors a conference: the first of them stands in its notice, the second came too late for it. */
export function sponsorsOf(conference: Conference): readonly [named: string, late: string] {
  const first = CONFERENCES.indexOf(conference);
  return [SPONSORS[first % SPONSORS.length] ?? '', SPONSORS[(first + 1) % SPONSORS.length] ?? ''];
}

export function tellConferences(teller: RegisterTeller): void {
  for (const conference of CONFERENCES) {
    const opens = opensAt(teller.world, conference);
    const early = dateOf(opens - 150 * DAY);
    teller.tell('event-system', early, 'RegisterConference', { conference, service: 'conferences', name: `${conference.startsWith('vardagar') ? 'Vårdagar' : 'Höstmöte'} ${conference.slice(-4)}`, startsOn: dateOf(opens), endsOn: dateOf(opens + DAY) });
    parties(teller, conference, early, dateOf(opens - 40 * DAY));
    ending(teller, conference, opens);
  }
}

function parties({ tell }: RegisterTeller, conference: Conference, early: string, late: string): void {
  const [named, second] = sponsorsOf(conference);
  const take = (recipient: string, as: string, role: string, purposes: readonly string[], from: string): void => {
    if (recipient !== PARTICIPANTS) tell('event-system', from, 'AddConferenceParty', { conference, recipient, role: as, from });
    tell('event-system', from, 'AssignRecipientRole', { recipient, assignment: `${as}-${conference}`, role, purposes, conference, from });
  };
  take(named, 'sponsor', 'sponsor', ['sponsor-sharing'], early);
  take('branschforum', 'partner', 'controller', ['event-participation'], early);
  take(CATERER, 'caterer', 'processor', ['event-diet'], early);
  take(VENUE, 'venue', 'processor', ['event-participation'], early);
  take(PARTICIPANTS, 'participant', 'participant', ['contact-mediation'], early);
  tell('event-system', early, 'PublishConferenceNotice', { conference, ...EVENT_NOTICE, from: early });
  tell('event-system', early, 'PublishConferenceTerms', { conference, terms: { id: 'terms-of-participation', version: 1 }, from: early });
  take(second, 'sponsor', 'sponsor', ['sponsor-sharing'], late);
}

function ending({ tell }: RegisterTeller, conference: Conference, opens: number): void {
  const before = dateOf(opens - 28 * DAY);
  if (conference === CANCELLED) {
    tell('event-system', before, 'CancelConference', { conference, on: before });
    tell('event-system', before, 'RemoveConferenceParty', { conference, recipient: CATERER, role: 'caterer', to: before });
  } else if (conference === MOVED) {
    const [startsOn, endsOn] = [dateOf(opens + 7 * DAY), dateOf(opens + 8 * DAY)];
    tell('event-system', before, 'RescheduleConference', { conference, startsOn, endsOn });
    tell('event-system', endsOn, 'EndConference', { conference, on: endsOn });
  } else tell('event-system', dateOf(opens + DAY), 'EndConference', { conference, on: dateOf(opens + DAY) });
}
