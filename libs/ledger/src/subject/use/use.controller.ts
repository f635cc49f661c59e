import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import { CommandRoute } from '#nest/command-route.js';
import { Told } from '#nest/recording.js';
import { For } from '#nest/roles.js';
import { AuthoriseUse, ReportUse } from './use.commands.js';
import { commandExamples } from './use.examples.js';

@ApiTags('use')
@For('upstream', 'officer')
@Controller('v1/commands')
export class UseController {
  constructor(private readonly commands: CommandBus) {}

  @CommandRoute(AuthoriseUse, commandExamples.AuthoriseUse)
  authoriseUse(@Told(AuthoriseUse) command: AuthoriseUse): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(ReportUse, commandExamples.ReportUse)
  reportUse(@Told(ReportUse) command: ReportUse): Promise<object> {
    return this.commands.execute(command);
  }
}
