import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import { CommandRoute } from '#nest/command-route.js';
import { Told } from '#nest/recording.js';
import { For } from '#nest/roles.js';
import { commandExamples } from './mistake.examples.js';
import { RecordInError } from './record-in-error.command.js';

@ApiTags('mistakes')
@For('officer')
@Controller('v1/commands')
export class MistakeController {
  constructor(private readonly commands: CommandBus) {}

  @CommandRoute(RecordInError, commandExamples.RecordInError)
  recordInError(@Told(RecordInError) command: RecordInError): Promise<object> {
    return this.commands.execute(command);
  }
}
