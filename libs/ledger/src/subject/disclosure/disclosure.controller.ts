import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import { CommandRoute } from '#nest/command-route.js';
import { Told } from '#nest/recording.js';
import { For } from '#nest/roles.js';
import { AuthoriseDisclosure, ReportDisclosure } from './disclosure.commands.js';
import { commandExamples } from './disclosure.examples.js';
import { ConfirmRecall, RecallDisclosure, ReferMatterToPolice } from './recall.commands.js';

@ApiTags('disclosure')
@For('upstream', 'officer')
@Controller('v1/commands')
export class DisclosureController {
  constructor(private readonly commands: CommandBus) {}

  @CommandRoute(AuthoriseDisclosure, commandExamples.AuthoriseDisclosure)
  authoriseDisclosure(@Told(AuthoriseDisclosure) command: AuthoriseDisclosure): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(ReportDisclosure, commandExamples.ReportDisclosure)
  reportDisclosure(@Told(ReportDisclosure) command: ReportDisclosure): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(RecallDisclosure, commandExamples.RecallDisclosure)
  recallDisclosure(@Told(RecallDisclosure) command: RecallDisclosure): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(ConfirmRecall, commandExamples.ConfirmRecall)
  confirmRecall(@Told(ConfirmRecall) command: ConfirmRecall): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(ReferMatterToPolice, commandExamples.ReferMatterToPolice)
  referMatterToPolice(@Told(ReferMatterToPolice) command: ReferMatterToPolice): Promise<object> {
    return this.commands.execute(command);
  }
}
