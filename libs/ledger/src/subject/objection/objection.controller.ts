import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import { CommandRoute } from '#nest/command-route.js';
import { Told } from '#nest/recording.js';
import { For } from '#nest/roles.js';
import { ObjectToProcessing } from './object-to-processing.command.js';
import { commandExamples } from './objection.examples.js';

@ApiTags('objection')
@For('upstream', 'officer')
@Controller('v1/commands')
export class ObjectionController {
  constructor(private readonly commands: CommandBus) {}

  @CommandRoute(ObjectToProcessing, commandExamples.ObjectToProcessing)
  objectToProcessing(@Told(ObjectToProcessing) command: ObjectToProcessing): Promise<object> {
    return this.commands.execute(command);
  }
}
