import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import { CommandRoute } from '#nest/command-route.js';
import { Told } from '#nest/recording.js';
import { For } from '#nest/roles.js';
import { commandExamples } from './notice.examples.js';
import { ServeNotice } from './serve-notice.command.js';

@ApiTags('notice')
@For('upstream', 'officer')
@Controller('v1/commands')
export class NoticeController {
  constructor(private readonly commands: CommandBus) {}

  @CommandRoute(ServeNotice, commandExamples.ServeNotice)
  serveNotice(@Told(ServeNotice) command: ServeNotice): Promise<object> {
    return this.commands.execute(command);
  }
}
