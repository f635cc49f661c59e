import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import { CommandRoute } from '#nest/command-route.js';
import { Told } from '#nest/recording.js';
import { For } from '#nest/roles.js';
import { CancelConference, EndConference, RegisterConference, RescheduleConference } from './conference.commands.js';
import { commandExamples } from './conference.examples.js';
import { AddConferenceParty, RemoveConferenceParty } from './party.commands.js';
import { PublishConferenceNotice, PublishConferenceTerms } from './publication.commands.js';

@ApiTags('conferences')
@For('upstream', 'officer')
@Controller('v1/commands')
export class ConferenceController {
  constructor(private readonly commands: CommandBus) {}

  @CommandRoute(RegisterConference, commandExamples.RegisterConference)
  registerConference(@Told(RegisterConference) command: RegisterConference): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(RescheduleConference, commandExamples.RescheduleConference)
  rescheduleConference(@Told(RescheduleConference) command: RescheduleConference): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(EndConference, commandExamples.EndConference)
  endConference(@Told(EndConference) command: EndConference): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(CancelConference, commandExamples.CancelConference)
  cancelConference(@Told(CancelConference) command: CancelConference): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(AddConferenceParty, commandExamples.AddConferenceParty)
  addConferenceParty(@Told(AddConferenceParty) command: AddConferenceParty): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(RemoveConferenceParty, commandExamples.RemoveConferenceParty)
  removeConferenceParty(@Told(RemoveConferenceParty) command: RemoveConferenceParty): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(PublishConferenceNotice, commandExamples.PublishConferenceNotice)
  publishConferenceNotice(@Told(PublishConferenceNotice) command: PublishConferenceNotice): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(PublishConferenceTerms, commandExamples.PublishConferenceTerms)
  publishConferenceTerms(@Told(PublishConferenceTerms) command: PublishConferenceTerms): Promise<object> {
    return this.commands.execute(command);
  }
}
