import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import { CommandRoute } from '#nest/command-route.js';
import { Told } from '#nest/recording.js';
import { For } from '#nest/roles.js';
import { AuthoriseTransfer, ReportTransfer } from './transfer.commands.js';
import { commandExamples } from './transfer.examples.js';

@ApiTags('transfer')
@For('upstream', 'officer')
@Controller('v1/commands')
export class TransferController {
  constructor(private readonly commands: CommandBus) {}

  @CommandRoute(AuthoriseTransfer, commandExamples.AuthoriseTransfer)
  authoriseTransfer(@Told(AuthoriseTransfer) command: AuthoriseTransfer): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(ReportTransfer, commandExamples.ReportTransfer)
  reportTransfer(@Told(ReportTransfer) command: ReportTransfer): Promise<object> {
    return this.commands.execute(command);
  }
}
