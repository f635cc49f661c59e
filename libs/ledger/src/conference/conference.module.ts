import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { handlerOf } from '#nest/recording.js';
import { CancelConference, EndConference, RegisterConference, RescheduleConference } from './conference.commands.js';
import { ConferenceController } from './conference.controller.js';
import { AddConferenceParty, RemoveConferenceParty } from './party.commands.js';
import { PublishConferenceNotice, PublishConferenceTerms } from './publication.commands.js';

const commands = [
  RegisterConference,
  RescheduleConference,
  EndConference,
  CancelConference,
  AddConferenceParty,
  RemoveConferenceParty,
  PublishConferenceNotice,
  PublishConferenceTerms,
];

@Module({ imports: [CqrsModule], controllers: [ConferenceController], providers: commands.map(handlerOf) })
export class ConferenceModule {}
