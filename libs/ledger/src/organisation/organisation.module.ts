import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { handlerOf } from '#nest/recording.js';
import { EndOrganisationAgreement, EndOrganisationService, SignOrganisationAgreement, StartOrganisationService } from './agreement.commands.js';
import { RegisterOrganisation, RenameOrganisation } from './organisation.commands.js';
import { OrganisationController } from './organisation.controller.js';

const commands = [
  RegisterOrganisation,
  RenameOrganisation,
  SignOrganisationAgreement,
  EndOrganisationAgreement,
  StartOrganisationService,
  EndOrganisationService,
];

@Module({ imports: [CqrsModule], controllers: [OrganisationController], providers: commands.map(handlerOf) })
export class OrganisationModule {}
