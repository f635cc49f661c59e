import { aboutStream, conferences, type CatalogueEntry } from '../catalogue-entry.js';
import {
  CancelConference,
  cancelConference,
  EndConference,
  endConference,
  RegisterConference,
  registerConference,
  RescheduleConference,
  rescheduleConference,
  type ConferenceCommand,
} from './conference.commands.js';
import { AddConferenceParty, addConferenceParty, RemoveConferenceParty, removeConferenceParty } from './party.commands.js';
import { PublishConferenceNotice, publishConferenceNotice, PublishConferenceTerms, publishConferenceTerms } from './publication.commands.js';

const idOf = ({ conference }: ConferenceCommand): string => conference;

export const conferenceEntries: readonly CatalogueEntry[] = [
  aboutStream(RegisterConference, conferences, idOf, registerConference),
  aboutStream(RescheduleConference, conferences, idOf, rescheduleConference),
  aboutStream(AddConferenceParty, conferences, idOf, addConferenceParty),
  aboutStream(PublishConferenceNotice, conferences, idOf, publishConferenceNotice),
  aboutStream(PublishConferenceTerms, conferences, idOf, publishConferenceTerms),
  aboutStream(RemoveConferenceParty, conferences, idOf, removeConferenceParty),
  aboutStream(EndConference, conferences, idOf, endConference),
  aboutStream(CancelConference, conferences, idOf, cancelConference),
];
