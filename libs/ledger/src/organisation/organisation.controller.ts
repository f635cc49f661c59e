import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import { CommandRoute } from '#nest/command-route.js';
import { Told } from '#nest/recording.js';
import { For } from '#nest/roles.js';
import { EndOrganisationAgreement, EndOrganisationService, SignOrganisationAgreement, StartOrganisationService } from './agreement.commands.js';
import { RegisterOrganisation, RenameOrganisation } from './organisation.commands.js';
import { commandExamples } from './organisation.examples.js';

@ApiTags('organisation')
@For('upstream', 'officer')
@Controller('v1/commands')
export class OrganisationController {
  constructor(private readonly commands: CommandBus) {}

  @CommandRoute(RegisterOrganisation, commandExamples.RegisterOrganisation)
  registerOrganisation(@Told(RegisterOrganisation) command: RegisterOrganisation): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(RenameOrganisation, commandExamples.RenameOrganisation)
  renameOrganisation(@Told(RenameOrganisation) command: RenameOrganisation): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(SignOrganisationAgreement, commandExamples.SignOrganisationAgreement)
  signOrganisationAgreement(@Told(SignOrganisationAgreement) command: SignOrganisationAgreement): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(EndOrganisationAgreement, commandExamples.EndOrganisationAgreement)
  endOrganisationAgreement(@Told(EndOrganisationAgreement) command: EndOrganisationAgreement): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(StartOrganisationService, commandExamples.StartOrganisationService)
  startOrganisationService(@Told(StartOrganisationService) command: StartOrganisationService): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(EndOrganisationService, commandExamples.EndOrganisationService)
  endOrganisationService(@Told(EndOrganisationService) command: EndOrganisationService): Promise<object> {
    return this.commands.execute(command);
  }
}
